import { assert } from '../base/index.ts';
import type { ChainedRow } from '../wire/index.ts';
import { LISTENERS_MAX } from './limits.ts';

/** Screens and metrics that watch appends. They are told after the commit and can neither delay nor break it. */
export class Listeners {
  readonly #listeners = new Set<(rows: readonly ChainedRow[]) => void>();
  #faults = 0;

  /** Exceptions that listeners threw so far. */
  get faults(): number {
    return this.#faults;
  }

  /** @returns a function that ends it */
  add(listener: (rows: readonly ChainedRow[]) => void): () => void {
    assert(this.#listeners.size < LISTENERS_MAX, 'so many listeners at most');
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(rows: readonly ChainedRow[]): void {
    if (rows.length === 0) return;
    for (const listener of this.#listeners) {
      try {
        listener(rows);
      } catch {
        this.#faults += 1;
      }
    }
  }
}
