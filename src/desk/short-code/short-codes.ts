import type { ClockQuality } from '../../base/index.ts';
import { acceptedSteps, readShortCode } from '../../code/index.ts';
import { CodeBook, type CodedRoster, type Computing } from './code-book.ts';
import { USED_MAX, WAITING_MAX, WRONG_IN_A_ROW_MAX } from './limits.ts';

/**
 * Finds a person of this community by the eight digits beneath their code (docs/code-format.md, Short code). It shows that
 * somebody holds that phone and opens nothing: what follows is the guard's deed, with its own row.
 */
export interface ShortCodesOptions extends Computing {
  readonly roster: () => CodedRoster;
  readonly now: () => {
    readonly seconds: number;
    readonly quality: ClockQuality;
    readonly errorSeconds: number;
  };
  /** So many wrong codes came in a row that somebody may be guessing. */
  readonly guessed: (wrong: number) => void;
}

export type ShortCodeFound =
  | {
      readonly outcome: 'member';
      readonly index: number;
      /** false: the gate does not know the time well, so the code may be an old one. */
      readonly clockSure: boolean;
    }
  | { readonly outcome: ShortCodeProblem };

/**
 * `nobody`: no member has it now. `several`: the next code tells them apart. `used`: it was shown here before. `no-key`: this
 * roster has no short codes. `busy`: too many are asking at once.
 */
export type ShortCodeProblem = 'nobody' | 'several' | 'used' | 'no-key' | 'busy';

export class ShortCodes {
  readonly #options: ShortCodesOptions;
  #book: CodeBook | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #wrongInARow = 0;
  /** In memory alone: a code lives for minutes, opens nothing, and each look-up has its row in the journal. */
  readonly #used = new Set<string>();

  constructor(options: ShortCodesOptions) {
    this.#options = options;
  }

  /** One at a time, so that the work of a crowd of requests is the work of one. @param typed eight digits */
  async find(typed: string): Promise<ShortCodeFound> {
    if (this.#waiting >= WAITING_MAX) return { outcome: 'busy' };
    this.#waiting += 1;
    const found = this.#tail.then(() => this.#found(typed));
    this.#tail = found.catch(() => undefined);
    try {
      return await found;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #found(typed: string): Promise<ShortCodeFound> {
    const roster = this.#options.roster();
    const key = roster.shortCodeKey;
    if (key === undefined) {
      this.#book = undefined;
      return { outcome: 'no-key' };
    }
    const code = readShortCode(typed);
    if (code === undefined) return { outcome: 'nobody' };
    // A snapshot that changed without its roster goes on with the same one.
    if (this.#book?.roster !== roster) this.#book = new CodeBook(roster, key, this.#options);
    const now = this.#options.now();
    const holders = await this.#holders(this.#book, code, acceptedSteps(now.seconds, now.errorSeconds));
    const indices = new Set(holders.map(({ index }) => index));
    if (indices.size === 0) return this.#wrong();
    this.#wrongInARow = 0;
    const [holder] = holders;
    if (holder === undefined || indices.size > 1) return { outcome: 'several' };
    if (!this.#use(`${holder.step}/${holder.index}`)) return { outcome: 'used' };
    return { outcome: 'member', index: holder.index, clockSure: now.quality !== 'unsure' };
  }

  async #holders(book: CodeBook, code: number, steps: readonly number[]) {
    book.forgetAllBut(steps);
    const holders: { readonly step: number; readonly index: number }[] = [];
    for (const step of steps)
      for (const index of await book.membersOf(code, step)) holders.push({ step, index });
    return holders;
  }

  #wrong(): ShortCodeFound {
    this.#wrongInARow += 1;
    if (this.#wrongInARow % WRONG_IN_A_ROW_MAX === 0) this.#options.guessed(this.#wrongInARow);
    return { outcome: 'nobody' };
  }

  /** @returns false: it was used before */
  #use(name: string): boolean {
    if (this.#used.has(name)) return false;
    this.#used.add(name);
    const [oldest] = this.#used;
    if (this.#used.size > USED_MAX && oldest !== undefined) this.#used.delete(oldest);
    return true;
  }
}
