import { Histogram } from './histogram.ts';

/** How long a used code takes from its gate to the sister gates of the same process; those of another process are not asked. */

/** Uses whose hearing is waited for. */
const USES_MAX = 5_000;

export class Uses {
  readonly latencies = new Histogram();
  readonly #now: () => number;
  readonly #usedAt = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  used(code: string): void {
    this.#usedAt.set(code, this.#now());
    const oldest = this.#usedAt.keys().next().value;
    if (this.#usedAt.size > USES_MAX && oldest !== undefined) this.#usedAt.delete(oldest);
  }

  heard(code: string): void {
    const usedAt = this.#usedAt.get(code);
    if (usedAt !== undefined) this.latencies.add(this.#now() - usedAt);
  }
}
