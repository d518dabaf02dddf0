import type { Clock, Log } from '../ports/index.ts';
import { ABUSE_LOCKS_TOLD_MAX, ABUSE_LOGGED_MAX, ABUSE_REQUESTS, ABUSE_WINDOW_MS } from './limits.ts';

/**
 * Hears of wrong tries that lock, and of requests that no page of ours sends, and raises the alarm: a bounded number in each
 * window, however many there are. Nothing that was sent is told.
 */
export interface AbuseWatchOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly log: Log;
  /** @param detail of ours, at most 200 characters */
  readonly tell: (detail: string) => void;
}

export class AbuseWatch {
  readonly #options: AbuseWatchOptions;
  #windowEndsAt = Number.NEGATIVE_INFINITY;
  #locks = 0;
  #requests = 0;

  constructor(options: AbuseWatchOptions) {
    this.#options = options;
  }

  /** @param account of this gate; undefined: there is none of that name, which may be a PIN in the wrong field */
  locked(account: string | undefined): void {
    this.#turnWindow();
    this.#locks += 1;
    if (this.#locks > ABUSE_LOCKS_TOLD_MAX) return;
    this.#options.tell(`locked ${account ?? 'unknown account'}`);
  }

  /** @param status of the answer that refused it */
  refused(method: string, status: number): void {
    this.#turnWindow();
    this.#requests += 1;
    if (this.#requests <= ABUSE_LOGGED_MAX)
      this.#options.log.warn({ method: wordOf(method), status }, 'a request to the guard’s desk was refused');
    if (this.#requests === ABUSE_REQUESTS) this.#options.tell('requests of other pages or programs');
  }

  #turnWindow(): void {
    const now = this.#options.clock.monotonic();
    if (now < this.#windowEndsAt) return;
    this.#windowEndsAt = now + ABUSE_WINDOW_MS;
    this.#locks = 0;
    this.#requests = 0;
  }
}

function wordOf(method: string): string {
  return /^[A-Z]{3,7}$/.test(method) ? method : 'other';
}
