/**
 * The browser half: Ed25519 in JavaScript under the same strict rules as the gate's engine, so that a page and a gate never
 * disagree. Suite 2 is not offered here: `importKey` answers undefined for it.
 */
import { getPublicKey, hashes, sign, verify } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import type { SignatureEngine, VerifyKey } from '../verify/index.ts';
import { isProperSignature, isTorsionFree, isUsableKey } from './ed25519-rules.ts';

export function browserEngine(): SignatureEngine {
  hashes.sha512 = sha512;
  return { importKey: (suite, publicKey) => (suite === 1 ? importEd25519(publicKey) : undefined) };
}

/**
 * A phone's key in JavaScript, for browsers whose WebCrypto has no Ed25519. The seed can be read by the page, unlike a
 * key that WebCrypto keeps.
 * @param seed 32 fresh random bytes
 */
export function seedSigner(seed: Uint8Array): {
  publicKey: Uint8Array;
  sign(message: Uint8Array): Promise<Uint8Array>;
} {
  hashes.sha512 = sha512;
  const secret = seed.slice();
  return { publicKey: getPublicKey(secret), sign: async (message) => sign(message, secret) };
}

function importEd25519(publicKey: Uint8Array): VerifyKey | undefined {
  if (!isUsableKey(publicKey)) return undefined;
  const key = publicKey.slice();
  return {
    suite: 1,
    verify: (message, signature) =>
      isProperSignature(signature) &&
      verify(signature, message, key, { zip215: false }) &&
      // noble multiplies the equation by the cofactor, which would forgive a torsion part in R.
      isTorsionFree(signature),
  };
}
