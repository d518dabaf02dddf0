import type { Freshness, TrustSnapshot } from '../trust/index.ts';

/**
 * A trouble that is only played, so that a gate shows what it would do: it can take openings away and can give none. One at a
 * time; whoever began it ends it.
 */
export const REHEARSALS = ['clock', 'key-set', 'journal'] as const;
export type RehearsedTrouble = (typeof REHEARSALS)[number];

export class Rehearsal {
  #trouble: RehearsedTrouble | undefined;

  get trouble(): RehearsedTrouble | undefined {
    return this.#trouble;
  }

  /** @returns what ends it; undefined while another one is on */
  begin(trouble: RehearsedTrouble): (() => void) | undefined {
    if (this.#trouble !== undefined) return undefined;
    this.#trouble = trouble;
    return () => {
      this.#trouble = undefined;
    };
  }

  /** As if the key set had expired. */
  trust(snapshot: TrustSnapshot): TrustSnapshot {
    return this.#trouble === 'key-set' ? { ...snapshot, freshness: () => EXPIRED } : snapshot;
  }
}

const EXPIRED: Freshness = {
  kinds: { 1: 'none', 2: 'none', 3: 'none', 4: 'none', 5: 'none' },
  reasons: [{ document: 'keyset', state: 'expired' }],
};
