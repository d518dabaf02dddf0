import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CHAIN_START, type ChainEnd, type RawRow, readRow, type StoredRow } from './chain.ts';
import { Damage } from './faults.ts';

/** Reads of the `row` table, for the writer and for readers alike. Hands out only rows whose place in the chain holds. */
export class RowsTable {
  readonly #from: StatementSync;
  readonly #newest: StatementSync;

  constructor(database: DatabaseSync) {
    this.#from = database.prepare(
      'SELECT seq, content, digest, hash FROM row WHERE seq >= ? ORDER BY seq LIMIT ?',
    );
    this.#newest = database.prepare('SELECT max(seq) AS seq FROM row');
  }

  /** As they stand in the file, unchecked. */
  raws(from: number, limit: number): readonly RawRow[] {
    return this.#from.all(from, limit).map(rawOf);
  }

  raw(seq: number): RawRow | undefined {
    const line = this.#from.get(seq, 1);
    if (line === undefined) return undefined;
    const raw = rawOf(line);
    return raw.seq === seq ? raw : undefined;
  }

  /** @throws Damage when a row does not hold, or one is missing among them */
  rows(from: number, limit: number): readonly StoredRow[] {
    const raws = this.raws(from, limit);
    let end = raws.length === 0 ? CHAIN_START : this.endBefore(from);
    return raws.map((raw) => {
      const row = readRow(end, raw);
      end = raw;
      return row;
    });
  }

  /** The row before `seq`, on which a chain of rows from there on stands. */
  endBefore(seq: number): ChainEnd {
    if (seq <= 1) return CHAIN_START;
    const before = this.raw(seq - 1);
    if (before === undefined) throw new Damage(`row ${seq - 1} is missing`, seq - 1);
    return { seq: before.seq, hash: before.hash };
  }

  /** 0 when there is none. */
  newest(): number {
    const seq = this.#newest.get()?.['seq'];
    return typeof seq === 'number' ? seq : 0;
  }
}

function rawOf(line: Record<string, unknown>): RawRow {
  const { seq, content, digest, hash } = line;
  if (
    typeof seq === 'number' &&
    (content === null || typeof content === 'string') &&
    digest instanceof Uint8Array &&
    hash instanceof Uint8Array
  )
    return { seq, content, digest, hash };
  throw new Damage(
    `row ${String(seq)} has fields of another type`,
    typeof seq === 'number' ? seq : undefined,
  );
}
