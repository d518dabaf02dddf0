import type { WallMs } from '../../base/index.ts';
import type { Guard } from '../guard.ts';
import { PHOTO_TRIES_MAX, SHOW_MS, SHOWN_KEPT_MAX } from './limits.ts';

/**
 * Who is on a guard's screen at this moment, by the look-up's row: a face is shown of these alone, to the session that asked,
 * for as long as the answer stands there.
 */
export class Shown {
  readonly #byRow = new Map<number, OneAnswer>();

  note(row: number, indices: readonly number[], { guard, now }: Asked): void {
    this.#byRow.set(row, { session: guard.session, until: now + SHOW_MS, triesLeft: triesFor(indices) });
    const [oldest] = this.#byRow.keys();
    if (this.#byRow.size > SHOWN_KEPT_MAX && oldest !== undefined) this.#byRow.delete(oldest);
  }

  /** @returns whether that one is shown to this guard, and has not been asked for too often */
  take(row: number, index: number, { guard, now }: Asked): boolean {
    const answer = this.#byRow.get(row);
    const left = answer?.triesLeft.get(index) ?? 0;
    if (answer === undefined || answer.session !== guard.session || answer.until < now || left === 0)
      return false;
    answer.triesLeft.set(index, left - 1);
    return true;
  }
}

interface Asked {
  readonly guard: Guard;
  readonly now: WallMs;
}

interface OneAnswer {
  readonly session: string;
  readonly until: number;
  readonly triesLeft: Map<number, number>;
}

function triesFor(indices: readonly number[]): Map<number, number> {
  return new Map(indices.map((index) => [index, PHOTO_TRIES_MAX]));
}
