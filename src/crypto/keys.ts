import { equalBytes } from '../base/index.ts';
import type { VerifyKey } from '../verify/index.ts';
import { ed25519PublicKey, ed25519Sign } from './ed25519.ts';
import { isUsableSecret, sm2PublicKey, sm2Sign } from './sm2.ts';

/**
 * Key pairs of both suites: made, turned into JWK and back, and into something that signs.
 * Randomness is an argument; where secrets are kept, and who may read them, is the caller's.
 */

type Suite = VerifyKey['suite'];

/** Fresh, unpredictable bytes. */
export type RandomBytes = (length: number) => Uint8Array;

export interface KeyPair {
  readonly suite: Suite;
  /** Suite 1: 32 bytes; suite 2: 65 bytes, 04‖x‖y. */
  readonly publicKey: Uint8Array;
  /** 32 bytes: the Ed25519 seed, or SM2's d. */
  readonly secret: Uint8Array;
}

/** Signs messages of one suite. The secret never leaves it. */
export interface MessageSigner {
  readonly suite: Suite;
  readonly publicKey: Uint8Array;
  /** @returns 64 bytes */
  sign(message: Uint8Array): Uint8Array;
}

/** RFC 8037 for Ed25519; `kty` EC with `crv` SM2 for SM2. */
export interface Jwk {
  readonly kty: 'OKP' | 'EC';
  readonly crv: 'Ed25519' | 'SM2';
  readonly x: string;
  readonly y?: string;
  readonly d?: string;
}

export function makeKeyPair(suite: Suite, random: RandomBytes): KeyPair {
  for (;;) {
    const pair = keyPairOf(suite, random(32));
    if (pair !== undefined) return pair;
  }
}

/** @returns undefined for bytes that are no secret of that suite */
export function keyPairOf(suite: Suite, secret: Uint8Array): KeyPair | undefined {
  if (secret.length !== 32) return undefined;
  if (suite === 1) return { suite, publicKey: ed25519PublicKey(secret), secret };
  return isUsableSecret(secret) ? { suite, publicKey: sm2PublicKey(secret), secret } : undefined;
}

/** @param random is used by suite 2 only, one call a signature */
export function signerOf(pair: KeyPair, random: RandomBytes): MessageSigner {
  return pair.suite === 1 ? ed25519Signer(pair.secret) : sm2Signer(pair.secret, random);
}

/** @param seed 32 bytes */
export function ed25519Signer(seed: Uint8Array): MessageSigner {
  return { suite: 1, publicKey: ed25519PublicKey(seed), sign: ed25519Sign(seed) };
}

/** @param secret 32 bytes */
export function sm2Signer(secret: Uint8Array, random: RandomBytes): MessageSigner {
  return { suite: 2, publicKey: sm2PublicKey(secret), sign: sm2Sign(secret, random) };
}

export function toPublicJwk(key: Pick<KeyPair, 'suite' | 'publicKey'>): Jwk {
  const { suite, publicKey } = key;
  if (suite === 1) return { kty: 'OKP', crv: 'Ed25519', x: toBase64url(publicKey) };
  return {
    kty: 'EC',
    crv: 'SM2',
    x: toBase64url(publicKey.subarray(1, 33)),
    y: toBase64url(publicKey.subarray(33)),
  };
}

export function toPrivateJwk(pair: KeyPair): Jwk {
  return { ...toPublicJwk(pair), d: toBase64url(pair.secret) };
}

/** The shape only: whether the key may be used is what an engine's `importKey` says. */
export function fromPublicJwk(jwk: unknown): Pick<KeyPair, 'suite' | 'publicKey'> | undefined {
  const { kty, crv, x: xText, y: yText } = members(jwk);
  const x = fromBase64url(xText);
  if (x === undefined) return undefined;
  if (kty === 'OKP' && crv === 'Ed25519') return { suite: 1, publicKey: x };
  const y = fromBase64url(yText);
  if (kty !== 'EC' || crv !== 'SM2' || y === undefined) return undefined;
  const publicKey = Uint8Array.of(4, ...x, ...y);
  return { suite: 2, publicKey };
}

/** @returns undefined also when the public half does not belong to the secret one */
export function fromPrivateJwk(jwk: unknown): KeyPair | undefined {
  const stated = fromPublicJwk(jwk);
  const secret = fromBase64url(members(jwk)['d']);
  if (stated === undefined || secret === undefined) return undefined;
  const pair = keyPairOf(stated.suite, secret);
  return pair !== undefined && equalBytes(pair.publicKey, stated.publicKey) ? pair : undefined;
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

/** 32 bytes in base64url without padding (RFC 7517 members are all of that length here). */
function fromBase64url(text: unknown): Uint8Array | undefined {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(text)) return undefined;
  const bytes = new Uint8Array(Buffer.from(text, 'base64url'));
  return toBase64url(bytes) === text ? bytes : undefined;
}
