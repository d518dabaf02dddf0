import { toHex } from '../../base/index.ts';
import { nodeEngine } from '../../crypto/index.ts';
import type { SignatureEngine } from '../../verify/index.ts';

/**
 * Signatures for all gates of one process. Gates of machines of their own check the same district's keys once each, beside
 * each other; here they would wait for one another, so a key that was checked is kept. Signatures are verified each time.
 */
export function sharedEngine(): SignatureEngine {
  const engine = nodeEngine();
  const kept = new Map<string, ReturnType<SignatureEngine['importKey']>>();
  return {
    importKey: (suite, publicKey) => {
      const name = `${suite} ${toHex(publicKey)}`;
      if (kept.has(name)) return kept.get(name);
      if (kept.size >= KEYS_MAX) kept.clear();
      const key = engine.importKey(suite, publicKey);
      kept.set(name, key);
      return key;
    },
  };
}

/** More than the keys of a district's documents, holders and gates. */
const KEYS_MAX = 20_000;
