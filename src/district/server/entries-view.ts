import { type ChainedRow, chainedRow, type DemoEntry } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';

/** Rows as screens of the district show them: masked, and with whether the district has acknowledged them. */
export interface EntryOf {
  readonly gate: string;
  readonly row: ChainedRow;
  readonly acknowledged: boolean;
}

/** Newest first. */
export async function newestEntries(database: Database, limit: number): Promise<DemoEntry[]> {
  const rows = await database
    .selectFrom('journal_row')
    .leftJoin('stream', (join) =>
      join.onRef('stream.gate', '=', 'journal_row.gate').onRef('stream.journal', '=', 'journal_row.journal'),
    )
    .select(['journal_row.gate', 'journal_row.seq', 'journal_row.content', 'stream.seq as stored'])
    .where('journal_row.content', 'is not', null)
    .orderBy('journal_row.at', 'desc')
    .orderBy('journal_row.seq', 'desc')
    .limit(limit)
    .execute();
  const entries = rows.map(({ gate, seq, content, stored }) => ({
    gate,
    row: chainedRow.parse(JSON.parse(content ?? '')),
    acknowledged: stored !== null && seq <= stored,
  }));
  return Promise.all(entries.map((entry) => entryView(database, entry)));
}

export async function entryView(
  database: Database,
  { gate, row, acknowledged }: EntryOf,
): Promise<DemoEntry> {
  const name = row.index === undefined ? undefined : await displayOf(database, row.index);
  const { seq, at, lane, decision, refusal, kind, index, door, actor } = row;
  return {
    gate,
    seq,
    at,
    ...(lane === undefined ? {} : { lane }),
    decision,
    ...(refusal === undefined ? {} : { refusal }),
    ...(kind === undefined ? {} : { kind }),
    ...(index === undefined ? {} : { index }),
    ...(door === undefined ? {} : { door }),
    ...(actor === undefined ? {} : { actor }),
    ...(name === undefined ? {} : { name }),
    acknowledged,
  };
}

async function displayOf(database: Database, place: number): Promise<string | undefined> {
  const found = await database
    .selectFrom('resident')
    .select('display')
    .where('place', '=', place)
    .executeTakeFirst();
  return found?.display ?? undefined;
}
