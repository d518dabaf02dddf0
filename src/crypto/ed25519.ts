import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { assert, concat } from '../base/index.ts';
import type { VerifyKey } from '../verify/index.ts';
import { isProperSignature, isUsableKey, PUBLIC_KEY_BYTES } from './ed25519-rules.ts';

/** Ed25519 through node:crypto, under the strict rules. Its equation is cofactorless, so R needs no torsion check here. */

/** RFC 8410 §4 and §7: everything of the DER structures before the 32 bytes of the key. */
const SPKI_PREFIX = Uint8Array.from([0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0]);
const PKCS8_PREFIX = Uint8Array.from([
  0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
]);

export function importEd25519(publicKey: Uint8Array): VerifyKey | undefined {
  if (!isUsableKey(publicKey)) return undefined;
  const key = publicKeyObject(publicKey);
  return {
    suite: 1,
    verify: (message, signature) => isProperSignature(signature) && verify(null, message, key, signature),
  };
}

/** @param seed 32 bytes, RFC 8032 §5.1.5 */
export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  const spki = createPublicKey(privateKeyObject(seed)).export({ format: 'der', type: 'spki' });
  return new Uint8Array(spki.subarray(-PUBLIC_KEY_BYTES));
}

/** @returns a function that signs with this seed; 64 bytes each */
export function ed25519Sign(seed: Uint8Array): (message: Uint8Array) => Uint8Array {
  const key = privateKeyObject(seed);
  return (message) => new Uint8Array(sign(null, message, key));
}

function publicKeyObject(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(concat(SPKI_PREFIX, publicKey)), format: 'der', type: 'spki' });
}

function privateKeyObject(seed: Uint8Array): KeyObject {
  assert(seed.length === 32, 'an Ed25519 seed has 32 bytes');
  return createPrivateKey({ key: Buffer.from(concat(PKCS8_PREFIX, seed)), format: 'der', type: 'pkcs8' });
}
