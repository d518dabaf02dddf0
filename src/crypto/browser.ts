import { hashes, verify } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import type { SignatureEngine, VerifyKey } from '../verify/index.ts';
import { isProperSignature, isTorsionFree, isUsableKey } from './ed25519-rules.ts';

/**
 * The browser half: Ed25519 in JavaScript under the same strict rules as the gate's engine, so that a page and a gate never
 * disagree. Suite 2 is not offered here: `importKey` answers undefined for it.
 */
export function browserEngine(): SignatureEngine {
  hashes.sha512 = sha512;
  return { importKey: (suite, publicKey) => (suite === 1 ? importEd25519(publicKey) : undefined) };
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
