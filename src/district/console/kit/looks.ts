import type { Clock } from '../../../ports/index.ts';
import { LOOKED_EVERY_MS, LOOKS_KEPT_MAX } from '../limits.ts';

/** Answers that are costly and change slowly, kept for a moment: a page that renews itself each second asks once a minute. */
export class Looks {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #kept = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** @param key names the question, and by it the type of its answer */
  look<Answer>(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const now = this.#clock.monotonic();
    const kept = this.#kept.get(key);
    if (kept !== undefined && now - kept.at < LOOKED_EVERY_MS) return kept.answer as Promise<Answer>;
    const answer = ask();
    this.#kept.delete(key);
    this.#kept.set(key, { at: now, answer });
    // One that failed is asked again.
    answer.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > LOOKS_KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest);
    return answer;
  }
}
