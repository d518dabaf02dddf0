import { nodeEngine } from '../crypto/index.ts';
import { holderKeyCache } from '../verify/index.ts';

/**
 * Signatures of gates, under the strict rules of docs/code-format.md. The check of a key takes longer than that of twenty
 * signatures, so the keys of a city's gates are checked once and kept.
 */

/** More than the gates of a city; a stranger's key that pushes one out costs one check. */
const KEYS_MAX = 20_000;

export function signatureVerifier(): (
  publicKey: Uint8Array,
  signed: { readonly message: Uint8Array; readonly signature: Uint8Array },
) => boolean {
  const keyOf = holderKeyCache(nodeEngine(), KEYS_MAX);
  return (publicKey, { message, signature }) => keyOf(publicKey).verify(message, signature);
}
