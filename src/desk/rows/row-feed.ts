import type { Log } from '../../ports/index.ts';
import type { ChainedRow } from '../../wire/index.ts';
import { ROWS_BACK_MAX, ROWS_WAITING_MAX } from './limits.ts';
import { eachRow, type Reading } from './read-rows.ts';

/**
 * Every row once and in order: first those of before, read back in slices, then each that becomes durable. So what was
 * open before a restart is open after it.
 */
export class RowFeed {
  readonly #reading: Reading;
  readonly #log: Log;
  readonly #see: (row: ChainedRow, journal: string) => void;
  /** Rows that came while the older ones are read; undefined once they are through. */
  #waiting: ChainedRow[] | undefined = [];
  #end: (() => void) | undefined;

  constructor(parts: Reading & { readonly log: Log }, see: (row: ChainedRow, journal: string) => void) {
    this.#reading = parts;
    this.#log = parts.log;
    this.#see = see;
  }

  /** @returns when the rows of before are through */
  async start(): Promise<void> {
    const { journal } = this.#reading;
    const { id } = journal;
    const to = journal.head().seq;
    this.#end = journal.onAppend((row) => this.#appended(row));
    try {
      const from = Math.max(1, to - ROWS_BACK_MAX + 1);
      await eachRow(this.#reading, { from, to }, (row) => this.#see(row, id));
    } catch (cause) {
      // The gate finds out what is to be believed of the file; what comes from now on is told all the same.
      this.#log.warn(
        { detail: String(cause).slice(0, 200) },
        'rows of before could not be read for the desk',
      );
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const row of waiting) this.#see(row, journal.id);
  }

  stop(): void {
    this.#end?.();
  }

  #appended(row: ChainedRow): void {
    if (this.#waiting === undefined) return this.#see(row, this.#reading.journal.id);
    this.#waiting.push(row);
    if (this.#waiting.length > ROWS_WAITING_MAX) this.#waiting.shift();
  }
}
