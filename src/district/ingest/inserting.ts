import { sql } from 'kysely';
import { assert } from '../../base/index.ts';
import type { SentRow } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { isPostgres } from '../database/transaction.ts';
import { INSERTED_ROWS_MAX } from '../limits.ts';
import type { Batch } from './batch.ts';
import type { EntryPartyTable, JournalRowTable } from './tables.ts';

/** Inserts new rows of several gates at once, and who came along in them. A row that is there already stays as it is. */
export async function insertRows(
  database: Database,
  works: readonly (Batch & { readonly fresh: readonly SentRow[] })[],
): Promise<void> {
  const rows = works.flatMap((work) => work.fresh.map((row) => rowOf(work, row)));
  if (rows.length === 0) return;
  await (isPostgres(database) ? insertArrays(database, rows) : insertSome(database, rows));
  const parties = works.flatMap((work) => work.fresh.flatMap((row) => partyOf(work, row)));
  for (const some of chunks(parties))
    await database
      .insertInto('entry_party')
      .values(some)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

function rowOf({ gate, batch, now }: Batch, row: SentRow): JournalRowTable {
  return {
    gate,
    journal: batch.journal,
    seq: row.seq,
    hash: row.hash,
    previous_hash: row.previousHash,
    digest: row.digest,
    ...findable(row),
    received_at: now,
  };
}

function findable(row: SentRow) {
  if ('purged' in row)
    return { content: null, at: null, decision: null, refusal: null, place: null, pass: null };
  const { at, decision, refusal = null, index: place = null, passId: pass = null } = row;
  return { content: JSON.stringify(row), at, decision, refusal, place, pass };
}

function partyOf({ gate, batch }: Batch, row: SentRow): EntryPartyTable[] {
  if ('purged' in row) return [];
  return [...new Set(row.party)].map((place) => ({
    place,
    at: row.at,
    gate,
    journal: batch.journal,
    seq: row.seq,
    hash: row.hash,
  }));
}

async function insertSome(database: Database, rows: readonly JournalRowTable[]): Promise<void> {
  for (const some of chunks(rows))
    await database
      .insertInto('journal_row')
      .values(some)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/**
 * One text for each column: the statement is the same for any number of rows, has few parameters, and nothing in it has
 * to be escaped, since no value of a row has a control character (JSON writes them as \u escapes) or is empty.
 */
async function insertArrays(database: Database, rows: readonly JournalRowTable[]): Promise<void> {
  const columns = (Object.keys(COLUMN_TYPES) as (keyof JournalRowTable)[]).map((name) => ({
    name: sql.ref(name),
    values: sql`string_to_array(${columnText(rows, name)}, ${BETWEEN}, '')::${sql.raw(COLUMN_TYPES[name])}[]`,
  }));
  await sql`insert into journal_row (${sql.join(columns.map(({ name }) => name))})
    select * from unnest(${sql.join(columns.map(({ values }) => values))}) on conflict do nothing`.execute(
    database,
  );
}

/** Unit separator. */
const BETWEEN = '\u001f';

/** An empty piece is no value. */
function columnText(rows: readonly JournalRowTable[], name: keyof JournalRowTable): string {
  const texts = rows.map((row) => String(row[name] ?? ''));
  const text = texts.join(BETWEEN);
  assert(text.split(BETWEEN).length === texts.length, 'no value has a separator in it');
  return text;
}

const COLUMN_TYPES: Readonly<Record<keyof JournalRowTable, string>> = {
  gate: 'text',
  journal: 'text',
  seq: 'bigint',
  hash: 'text',
  previous_hash: 'text',
  digest: 'text',
  content: 'text',
  at: 'text',
  decision: 'text',
  refusal: 'text',
  place: 'bigint',
  pass: 'bigint',
  received_at: 'bigint',
};

function* chunks<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; from += INSERTED_ROWS_MAX)
    yield rows.slice(from, from + INSERTED_ROWS_MAX);
}
