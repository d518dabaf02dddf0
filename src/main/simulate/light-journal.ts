import { toHex } from '../../base/index.ts';
import { CHAIN_START, type ChainEnd, linkRow } from '../../journal/index.ts';
import type { MonotonicMs } from '../../base/index.ts';
import type { CursorStore, JournalSource } from '../../report/index.ts';
import type { ChainedRow, RowContent, SentRow } from '../../wire/index.ts';

type RowDraft = Omit<RowContent, 'seq'>;

/**
 * A gate's journal in memory, behind the port that reporting reads: rows, digests and chain are made by the journal's own
 * functions, only the disk is missing. What was acknowledged long ago is kept as a purged row.
 */
export interface LightJournalOptions {
  /** 32 hex digits */
  readonly id: string;
  readonly now: () => MonotonicMs;
  /** Told for each row that the district has acknowledged. @param tookMs from its append on */
  readonly onAcknowledged: (tookMs: number) => void;
}

/** Acknowledged rows that keep their content. */
const WHOLE_ROWS_MAX = 400;

export class LightJournal implements JournalSource, CursorStore {
  readonly id: string;
  readonly #options: LightJournalOptions;
  readonly #rows: SentRow[] = [];
  /** When a row was appended; a backlog's rows have no moment. */
  readonly #appendedAt = new Map<number, MonotonicMs>();
  readonly #listeners = new Set<(row: ChainedRow) => void>();
  #end: ChainEnd = CHAIN_START;
  #acked = 0;
  #purged = 0;

  constructor(options: LightJournalOptions) {
    this.#options = options;
    this.id = options.id;
  }

  get acked(): number {
    return this.#acked;
  }

  append(draft: RowDraft): ChainedRow {
    const row = this.#link(draft);
    this.#appendedAt.set(row.seq, this.#options.now());
    for (const listener of this.#listeners) listener(row);
    return row;
  }

  /** A row of the past, written while nobody listened. */
  prefill(draft: RowDraft): void {
    this.#link(draft);
  }

  head(): { readonly seq: number; readonly hash: string } {
    return { seq: this.#end.seq, hash: toHex(this.#end.hash) };
  }

  rows(from: number, limit: number): readonly SentRow[] {
    return this.#rows.slice(from - 1, from - 1 + limit);
  }

  onAppend(listener: (row: ChainedRow) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  load(): undefined {
    return undefined;
  }

  /** The district's acknowledgement, verified. */
  store({ seq }: { readonly seq: number }): void {
    const now = this.#options.now();
    for (let row = this.#acked + 1; row <= seq; row += 1) {
      const appendedAt = this.#appendedAt.get(row);
      if (appendedAt !== undefined) this.#options.onAcknowledged(now - appendedAt);
      this.#appendedAt.delete(row);
    }
    this.#acked = seq;
    this.#purge();
  }

  #link(draft: RowDraft): ChainedRow {
    const { raw, row } = linkRow(this.#end, { seq: this.#end.seq + 1, ...draft });
    this.#end = { seq: raw.seq, hash: raw.hash };
    this.#rows.push(row);
    return row;
  }

  #purge(): void {
    for (; this.#purged < this.#acked - WHOLE_ROWS_MAX; this.#purged += 1) {
      const row = this.#rows[this.#purged];
      if (row === undefined) return;
      const { seq, previousHash, digest, hash } = row;
      this.#rows[this.#purged] = { seq, purged: true, previousHash, digest, hash };
    }
  }
}
