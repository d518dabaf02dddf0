import { assert } from '../../base/index.ts';

/**
 * Latencies counted in steps of one percent, so that those of several processes add up to one picture. It keeps counts
 * alone, whose number does not grow with what is measured.
 */

/** From 0.01 ms on, each step one percent wider than the one before: 2,300 of them reach a day. */
const LEAST_MS = 0.01;
const STEP = 1.01;
const STEPS = 2_300;

export interface LatencySummary {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Counts by step, as they travel between processes; a step without any is left out. */
export type Counts = Readonly<Record<number, number>>;

export class Histogram {
  readonly #counts = new Float64Array(STEPS);
  #count = 0;

  add(milliseconds: number): void {
    assert(!Number.isNaN(milliseconds), 'a latency is a number');
    const step = Math.ceil(Math.log(Math.max(milliseconds, LEAST_MS) / LEAST_MS) / Math.log(STEP));
    this.#put(Math.min(STEPS - 1, step), 1);
  }

  addCounts(counts: Counts): void {
    for (const [step, count] of Object.entries(counts)) this.#put(Number(step), count);
  }

  get counts(): Counts {
    return Object.fromEntries([...this.#counts.entries()].filter(([, count]) => count > 0));
  }

  clear(): void {
    this.#counts.fill(0);
    this.#count = 0;
  }

  summary(): LatencySummary {
    return {
      count: this.#count,
      p50Ms: this.#at(0.5),
      p95Ms: this.#at(0.95),
      p99Ms: this.#at(0.99),
      maxMs: this.#at(1),
    };
  }

  #put(step: number, count: number): void {
    this.#counts[step] = (this.#counts[step] ?? 0) + count;
    this.#count += count;
  }

  /** Nearest rank; 0 while nothing was counted. */
  #at(share: number): number {
    const rank = Math.max(1, Math.ceil(this.#count * share));
    let seen = 0;
    for (const [step, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= rank) return Number((LEAST_MS * STEP ** step).toPrecision(3));
    }
    return 0;
  }
}
