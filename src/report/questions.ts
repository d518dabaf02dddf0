import { type MonotonicMs, toHex } from '../base/index.ts';
import type { Clock, Random } from '../ports/index.ts';
import type { RequestPayload } from '../wire/index.ts';
import { TIME_ANSWER_MAX_MS, TIME_EVERY_MS, TIME_UNSURE_EVERY_MS } from './limits.ts';

/**
 * The gate's questions to its district: signed time for its own nonce, and whole lists. One question for time is open
 * at a time, and its answer counts only while it is fresh.
 */
export interface QuestionsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly send: (request: RequestPayload) => Promise<unknown>;
  readonly unsure: () => boolean;
}

export class Questions {
  readonly #options: QuestionsOptions;
  readonly #wanted = new Set<'residents' | 'visitors'>();
  #open: { readonly nonce: string; readonly askedAt: MonotonicMs } | undefined;
  #cancel: (() => void) | undefined;
  #askedAt: MonotonicMs | undefined;
  #wasSure = false;
  /** Questions in a row after which the clock was still unsure. */
  #inVain = 0;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /** A connection stands: asks for time, now and then again. */
  connected(): void {
    this.#wanted.clear();
    this.#inVain = 0;
    this.#askForTime();
  }

  disconnected(): void {
    this.#cancel?.();
    this.#open = undefined;
    this.#askedAt = undefined;
  }

  /** A clock that was in order and is no more asks soon, not at the hour: until the answer the guard has to help. */
  clockMayHaveChanged(): void {
    const { clock, unsure } = this.#options;
    const isSure = !unsure();
    const lost = this.#wasSure && !isSure;
    this.#wasSure = isSure;
    if (!lost || this.#askedAt === undefined) return;
    this.#cancel?.();
    const waitMs = Math.max(0, this.#askedAt + TIME_ANSWER_MAX_MS - clock.monotonic());
    this.#cancel = clock.after(waitMs, () => this.#askForTime());
  }

  /** Asks once for a whole list, however many deltas did not fit, until one is taken in or the connection ends. */
  wantWhole(list: 'residents' | 'visitors'): void {
    if (this.#wanted.has(list)) return;
    this.#wanted.add(list);
    void this.#options.send({ want: 'snapshot', list });
  }

  gotWhole(): void {
    this.#wanted.clear();
  }

  /** The open question for time, if an answer that comes now is fresh enough. */
  takeOpen(): { readonly nonce: string; readonly askedAt: MonotonicMs } | undefined {
    const open = this.#open;
    this.#open = undefined;
    return open !== undefined && this.#options.clock.monotonic() - open.askedAt <= TIME_ANSWER_MAX_MS
      ? open
      : undefined;
  }

  /** Soon at first: after a broker's return the district may be a moment later than the gate. */
  #pauseMs(): number {
    if (!this.#options.unsure()) {
      this.#inVain = 0;
      return TIME_EVERY_MS;
    }
    this.#inVain += 1;
    return Math.min(TIME_UNSURE_EVERY_MS, TIME_ANSWER_MAX_MS * 2 ** (this.#inVain - 1));
  }

  #askForTime(): void {
    const { clock, random, send } = this.#options;
    this.#cancel?.();
    this.#cancel = clock.after(this.#pauseMs(), () => this.#askForTime());
    const nonce = toHex(random.bytes(16));
    this.#askedAt = clock.monotonic();
    this.#open = { nonce, askedAt: this.#askedAt };
    void send({ want: 'time', nonce });
  }
}
