import type { Clock } from '../ports/index.ts';

/**
 * How often each of many callers may ask: the generic cell rate algorithm (ITU-T I.371, annex A), one number a caller.
 * Memory is bounded: beyond `callersMax` the one who has waited longest is forgotten.
 */
export interface RateLimitOptions {
  /** So many at once, and so many again in each `withinMs`. */
  readonly count: number;
  readonly withinMs: number;
  readonly callersMax: number;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** The sum of many thirds is not quite one. */
const ROUNDING_MS = 0.001;

export class RateLimit {
  readonly #options: RateLimitOptions;
  /** When each caller's bucket is empty again, monotonic milliseconds; least recently used first. */
  readonly #fullUntil = new Map<string, number>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** @returns 0 when it is allowed, and counted; else the milliseconds to wait, and nothing is counted */
  take(caller: string): number {
    const { count, withinMs, clock } = this.#options;
    const now = clock.monotonic();
    const until = Math.max(this.#fullUntil.get(caller) ?? now, now) + withinMs / count;
    const waitMs = until - now - withinMs;
    if (waitMs > ROUNDING_MS) return waitMs;
    this.#fullUntil.delete(caller);
    this.#fullUntil.set(caller, until);
    this.#forget();
    return 0;
  }

  #forget(): void {
    if (this.#fullUntil.size <= this.#options.callersMax) return;
    const [oldest] = this.#fullUntil.keys();
    if (oldest !== undefined) this.#fullUntil.delete(oldest);
  }
}
