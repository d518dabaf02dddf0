import { assert } from '../base/index.ts';

/** A phone's own key. Promises that the secret is never handed out; where the browser can, it cannot be. */
export interface HolderKey {
  /** 32 bytes */
  readonly publicKey: Uint8Array;
  /** @returns 64 bytes */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** What is kept between visits (IndexedDB stores it as it is): two WebCrypto keys, the private one not extractable. */
export interface StoredKey<Key> {
  readonly privateKey: Key;
  readonly publicKey: Key;
}

/** The part of WebCrypto's `SubtleCrypto` that is needed here. */
export interface Subtle<Key> {
  generateKey(algorithm: 'Ed25519', extractable: boolean, usages: ('sign' | 'verify')[]): Promise<unknown>;
  exportKey(format: 'raw', key: Key): Promise<ArrayBuffer>;
  sign(algorithm: 'Ed25519', key: Key, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
}

/** A fresh pair in the browser's keeping. Rejects where the browser has no Ed25519: then use a seed's signer instead. */
export async function makeStoredKey<Key>(subtle: Subtle<Key>): Promise<StoredKey<Key>> {
  const pair = await subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  assert(isPair<Key>(pair), 'Ed25519 keys come in pairs');
  return { privateKey: pair.privateKey, publicKey: pair.publicKey };
}

export async function openStoredKey<Key>(subtle: Subtle<Key>, stored: StoredKey<Key>): Promise<HolderKey> {
  const publicKey = new Uint8Array(await subtle.exportKey('raw', stored.publicKey));
  return {
    publicKey,
    sign: async (message) =>
      new Uint8Array(await subtle.sign('Ed25519', stored.privateKey, new Uint8Array(message))),
  };
}

function isPair<Key>(value: unknown): value is StoredKey<Key> {
  return typeof value === 'object' && value !== null && 'privateKey' in value && 'publicKey' in value;
}
