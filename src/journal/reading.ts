import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { JournalHead } from '../wire/index.ts';
import type { StoredRow } from './chain.ts';
import type { Checkpoint } from './checkpoints-table.ts';
import { CheckpointsTable } from './checkpoints-table.ts';
import { CHAIN_START } from './chain.ts';
import { Damage } from './faults.ts';
import { verifyPiece } from './integrity.ts';
import { READ_ROWS_MAX } from './limits.ts';
import { RowsTable } from './rows-table.ts';
import { configureReader, judgePages, schemaState } from './schema.ts';
import { Store, wireHead } from './store.ts';

/**
 * The reading side of the journal: a connection that can not write, usable beside a running gate and from another process.
 * Every row is checked against its digest and the row before it; one that does not hold is thrown as `Damage`, never returned.
 */

export type { StoredRow } from './chain.ts';
export type { Checkpoint } from './checkpoints-table.ts';
export { Damage } from './faults.ts';
export { READ_ROWS_MAX } from './limits.ts';
export { listSetAside, type SetAside } from './set-aside.ts';

export interface JournalReader {
  readonly file: string;
  /** Newest row. @throws Damage */
  head(): JournalHead;
  /** Rows `from` and following, oldest first, at most `limit` (≤ READ_ROWS_MAX). @throws Damage */
  rows(from: number, limit: number): readonly StoredRow[];
  row(seq: number): StoredRow | undefined;
  /** Rows `from` to the newest of now, read in pieces. @throws Damage */
  iterate(from?: number): Generator<StoredRow, void>;
  /** Newest checkpoint about a row up to `seq`. */
  checkpoint(seq?: number): Checkpoint | undefined;
  /** How far a reader of the journal has come, by its name: the newest row that it needs no more. */
  cursor(name: string): number | undefined;
  /** Follows the whole chain and asks SQLite about its pages. @throws Damage naming the first bad row */
  verify(): JournalHead;
  close(): void;
}

/** @throws what SQLite throws when there is no journal or it can not be read; Damage when it is no journal */
export function openJournalReader(file: string): JournalReader {
  return new SqliteJournalReader(file);
}

interface Opened {
  readonly database: DatabaseSync;
  readonly inode: bigint;
  readonly rows: RowsTable;
  readonly checkpoints: CheckpointsTable;
  readonly store: Store;
}

class SqliteJournalReader implements JournalReader {
  readonly file: string;
  #opened: Opened;

  constructor(file: string) {
    this.file = file;
    this.#opened = open(file);
  }

  head(): JournalHead {
    const { id, end } = this.#present().store.head();
    return wireHead(id, end);
  }

  rows(from: number, limit: number): readonly StoredRow[] {
    return this.#present().rows.rows(Math.max(1, from), Math.min(limit, READ_ROWS_MAX));
  }

  row(seq: number): StoredRow | undefined {
    const [row] = this.rows(seq, 1);
    return row?.seq === seq ? row : undefined;
  }

  *iterate(from = 1): Generator<StoredRow, void> {
    const { seq: last } = this.head();
    for (let next = Math.max(1, from); next <= last; ) {
      const piece = this.rows(next, Math.min(READ_ROWS_MAX, last - next + 1));
      const newest = piece.at(-1);
      if (newest === undefined) throw new Damage(`row ${next} is missing`, next);
      yield* piece;
      next = newest.seq + 1;
    }
  }

  checkpoint(seq?: number): Checkpoint | undefined {
    return this.#present().checkpoints.newest(seq);
  }

  cursor(name: string): number | undefined {
    return this.#present().store.cursor(name)?.seq;
  }

  verify(): JournalHead {
    const { rows, database, store } = this.#present();
    const { id, end } = store.head();
    let last = CHAIN_START;
    while (last.seq < end.seq) last = verifyPiece(rows, last, Math.min(READ_ROWS_MAX, end.seq - last.seq));
    if (wireHead(id, last).hash !== wireHead(id, end).hash)
      throw new Damage('the newest row is not the head', end.seq);
    store.memory();
    judgePages(Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0]);
    return wireHead(id, end);
  }

  close(): void {
    this.#opened.database.close();
  }

  /** The gate may have set the file aside and begun another one under the same name. */
  #present(): Opened {
    const inode = inodeOf(this.file);
    if (inode !== undefined && inode !== this.#opened.inode) {
      const opened = open(this.file);
      this.#opened.database.close();
      this.#opened = opened;
    }
    return this.#opened;
  }
}

function open(file: string): Opened {
  const inode = inodeOf(file);
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    configureReader(database);
    if (schemaState(database) !== 'ours') throw new Damage('there is no journal in this file yet');
    return {
      database,
      inode: inode ?? 0n,
      rows: new RowsTable(database),
      checkpoints: new CheckpointsTable(database),
      store: new Store(database),
    };
  } catch (cause) {
    database.close();
    throw cause;
  }
}

function inodeOf(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}
