import { toHex } from '../base/index.ts';
import type { Suite } from '../code/index.ts';
import type { SignatureEngine, VerifyKey } from './engine.ts';
import { HOLDER_KEYS_MAX } from './limits.ts';

/** Keys that are checked when they are first needed. A key that may not be used verifies nothing. */

/**
 * A listed key whose costly check waits until its first signature: a roster of thousands of phones is loaded at once.
 * @param publicKey is copied
 */
export function lazyKey(engine: SignatureEngine, suite: Suite, publicKey: Uint8Array): VerifyKey {
  const bytes = publicKey.slice();
  let checked: VerifyKey | undefined;
  return {
    suite,
    verify: (message, signature) => {
      checked ??= engine.importKey(suite, bytes) ?? unusableKey(suite);
      return checked.verify(message, signature);
    },
  };
}

/**
 * Ed25519 keys by their bytes, the latest used HOLDER_KEYS_MAX of them. Asked only after the district's signature
 * over a key held, so a stranger cannot fill it.
 */
export function holderKeyCache(engine: SignatureEngine, capacity = HOLDER_KEYS_MAX) {
  const known = new Map<string, VerifyKey>();
  return (publicKey: Uint8Array): VerifyKey => {
    const name = toHex(publicKey);
    const key = known.get(name) ?? engine.importKey(1, publicKey) ?? unusableKey(1);
    known.delete(name);
    known.set(name, key);
    if (known.size > capacity) {
      for (const oldest of known.keys()) {
        known.delete(oldest);
        break;
      }
    }
    return key;
  };
}

function unusableKey(suite: Suite): VerifyKey {
  return { suite, verify: () => false };
}
