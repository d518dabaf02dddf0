import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { equalBytes, toHex } from '../base/index.ts';
import type { JournalHead, MemoryChange } from '../wire/index.ts';
import type { ChainEnd, RawRow } from './chain.ts';
import { CheckpointsTable } from './checkpoints-table.ts';
import { Damage } from './faults.ts';
import { WAL_PAGES_TIDY } from './limits.ts';
import { RowsTable } from './rows-table.ts';
import { FORMAT } from './schema.ts';
import { headSeal, memorySeal, readMemoryLine } from './seal.ts';

/**
 * The writer's end of an open journal file. Every statement is prepared once. `write` commits whole or not at all;
 * what it throws is for `faultOf`.
 */
export interface Batch {
  readonly id: string;
  readonly raws: readonly RawRow[];
  readonly memory: readonly MemoryChange[];
  readonly end: ChainEnd;
}

export interface CursorPosition {
  readonly seq: number;
  /** Lower-case hex. */
  readonly hash: string;
}

export class Store {
  readonly rows: RowsTable;
  readonly checkpoints: CheckpointsTable;
  readonly #database: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #insert: StatementSync;
  readonly #setHead: StatementSync;
  readonly #remember: StatementSync;
  readonly #forget: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.rows = new RowsTable(database);
    this.checkpoints = new CheckpointsTable(database);
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#insert = database.prepare('INSERT INTO row VALUES (?, ?, ?, ?)');
    this.#setHead = database.prepare('INSERT OR REPLACE INTO head VALUES (1, ?, ?, ?, ?)');
    this.#remember = database.prepare('INSERT OR REPLACE INTO memory VALUES (?, ?, ?, ?)');
    this.#forget = database.prepare('DELETE FROM memory WHERE key = ?');
  }

  /** Durable when it returns (synchronous = FULL). */
  write(batch: Batch): void {
    this.transaction(() => this.writeInside(batch));
  }

  /** The same, within a transaction that the caller holds. */
  writeInside(batch: Batch): void {
    for (const { seq, content, digest, hash } of batch.raws) this.#insert.run(seq, content, digest, hash);
    for (const change of batch.memory) this.#change(change);
    if (batch.raws.length === 0) return;
    const { seq, hash } = batch.end;
    this.#setHead.run(batch.id, seq, hash, headSeal(batch.id, seq, toHex(hash)));
  }

  transaction(work: () => void): void {
    this.#begin.run();
    try {
      work();
      this.#commit.run();
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw cause;
    }
  }

  /** @throws Damage when the head's line is missing or not what was written, or is not the newest row */
  head(): { id: string; end: ChainEnd } {
    const { journal, seq, hash, seal } =
      this.#database.prepare('SELECT journal, seq, hash, seal FROM head').get() ?? {};
    if (
      typeof journal !== 'string' ||
      typeof seq !== 'number' ||
      !(hash instanceof Uint8Array && seal instanceof Uint8Array) ||
      !equalBytes(seal, headSeal(journal, seq, toHex(hash)))
    )
      throw new Damage("the head's line is not what was written");
    return { id: journal, end: { seq, hash } };
  }

  /** @throws Damage when a line is not what was written */
  memory(): readonly MemoryChange[] {
    return this.#database.prepare('SELECT key, value, until, seal FROM memory').all().map(readMemoryLine);
  }

  /** Undefined when there is none, or it names a row that this journal does not have. */
  cursor(name: string): CursorPosition | undefined {
    const { seq, hash } =
      this.#database.prepare('SELECT seq, hash FROM cursor WHERE name = ?').get(name) ?? {};
    if (typeof seq !== 'number' || !(hash instanceof Uint8Array)) return undefined;
    const row = this.rows.raw(seq);
    return row !== undefined && equalBytes(row.hash, hash) ? { seq, hash: toHex(hash) } : undefined;
  }

  setCursor(name: string, at: ChainEnd): void {
    this.#database.prepare('INSERT OR REPLACE INTO cursor VALUES (?, ?, ?)').run(name, at.seq, at.hash);
  }

  /** Removes the content of these rows and the memory that has run out; digests and hashes stay. */
  purge(rows: { readonly from: number; readonly to: number }, nowSeconds: number): { memory: number } {
    let memory = 0;
    this.transaction(() => {
      if (rows.to >= rows.from)
        this.#database
          .prepare('UPDATE row SET content = NULL WHERE seq BETWEEN ? AND ?')
          .run(rows.from, rows.to);
      memory = Number(this.#database.prepare('DELETE FROM memory WHERE until < ?').run(nowSeconds).changes);
    });
    return { memory };
  }

  /** Brings the WAL back into the database and empties its file, so that nothing deleted stays there. */
  truncateWal(): boolean {
    const line = this.#database.prepare('PRAGMA wal_checkpoint(truncate)').get();
    return line?.['busy'] === 0;
  }

  /**
   * For idle moments. The first commit after a checkpoint begins the log anew, and syncs its header besides itself:
   * that commit is made here, of nothing, so that no row waits for it.
   */
  tidyWal(): void {
    const line = this.#database.prepare('PRAGMA wal_checkpoint(passive)').get();
    const pages = Number(line?.['log']);
    if (pages < WAL_PAGES_TIDY || line?.['checkpointed'] !== pages) return;
    // Written even when it says what it said before.
    this.transaction(() => this.#database.exec(`PRAGMA user_version = ${FORMAT}`));
  }

  close(): void {
    this.#database.close();
  }

  #change(change: MemoryChange): void {
    const { key, value, until } = change;
    if (value === undefined) this.#forget.run(key);
    else this.#remember.run(key, value, until ?? null, memorySeal(key, value, until ?? null));
  }
}

/** A head as the wire has it. */
export function wireHead(id: string, end: ChainEnd): JournalHead {
  return { id, seq: end.seq, hash: toHex(end.hash) };
}
