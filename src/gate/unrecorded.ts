import type { BatchDraft } from '../wire/index.ts';

/**
 * Verdicts that the journal did not take, in memory alone until it works again: counted all, the newest kept, nothing in them
 * says who it was beyond the index. The power takes them away, and whoever shows their number says so.
 */
export type Unrecorded = Pick<BatchDraft, 'at' | 'lane' | 'decision' | 'refusal' | 'kind' | 'index'>;

export const UNRECORDED_KEPT_MAX = 200;

export class UnrecordedRing {
  #kept: Unrecorded[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Oldest first. */
  get kept(): readonly Unrecorded[] {
    return this.#kept;
  }

  add({ at, lane, decision, refusal, kind, index }: Unrecorded): void {
    this.#count += 1;
    const verdict = {
      at,
      decision,
      ...(lane === undefined ? {} : { lane }),
      ...(refusal === undefined ? {} : { refusal }),
      ...(kind === undefined ? {} : { kind }),
      ...(index === undefined ? {} : { index }),
    };
    this.#kept = [...this.#kept, verdict].slice(-UNRECORDED_KEPT_MAX);
  }

  /** Their number is durable. */
  recorded(): void {
    this.#count = 0;
    this.#kept = [];
  }
}
