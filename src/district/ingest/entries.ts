import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { z } from 'zod';
import { assert, err, ok, type Result } from '../../base/index.ts';
import { type ChainedRow, chainedRow, type Decision, keepableText } from '../../wire/index.ts';
import type { Database, Tables } from '../database/database.ts';
import { LISTED_ROWS_MAX } from '../limits.ts';

/**
 * Finds entries among the stored rows, newest first, page by page: a page begins where the one before it ended, however
 * many rows came in between. A row past its retention is not found. It never changes anything.
 */
export interface EntryQuery {
  readonly gates?: readonly string[];
  readonly decisions?: readonly Decision[];
  readonly refusal?: string;
  /** ISO 8601, UTC, as rows have it: from and with … */
  readonly from?: string;
  /** … until and without. */
  readonly until?: string;
  /** A resident's index: also as one who came along on a family code. */
  readonly place?: number;
  readonly pass?: number;
  /** `next` of the page before. */
  readonly after?: string;
  /** 1..LISTED_ROWS_MAX */
  readonly limit?: number;
}

export interface StoredEntry {
  readonly gate: string;
  readonly journal: string;
  readonly row: ChainedRow;
  /** Unix milliseconds */
  readonly receivedAt: number;
  /** The gate was told that this row is stored without a gap before it. */
  readonly acknowledged: boolean;
}

export interface EntryPage {
  readonly entries: readonly StoredEntry[];
  /** Absent: this is the last page. */
  readonly next?: string;
}

export async function findEntries(
  database: Database,
  query: EntryQuery,
): Promise<Result<EntryPage, 'bad-cursor'>> {
  const after = query.after === undefined ? undefined : readCursor(query.after);
  if (query.after !== undefined && after === undefined) return err('bad-cursor');
  const limit = query.limit ?? LISTED_ROWS_MAX;
  assert(limit >= 1 && limit <= LISTED_ROWS_MAX, 'a page has a size');
  const found = await select(database, { query, after, limit: limit + 1 });
  const party =
    query.place === undefined ? [] : await select(database, { query, after, limit: limit + 1, party: true });
  const merged = [...found, ...party].sort(newestFirst);
  const page = merged.filter((row, at) => at === 0 || !isSame(row, merged[at - 1])).slice(0, limit + 1);
  const last = page.length > limit ? page[limit - 1] : undefined;
  return ok({
    entries: page.slice(0, limit).map(entryOf),
    ...(last === undefined ? {} : { next: writeCursor(last) }),
  });
}

/** The rows of one entry: its own and those that tell more about it (opened, passed, undone), in order. */
export async function entryStory(
  database: Database,
  { gate, journal, seq }: { gate: string; journal: string; seq: number },
): Promise<readonly StoredEntry[]> {
  const rows = await joined(database)
    .where('journal_row.gate', '=', gate)
    .where('journal_row.journal', '=', journal)
    .where('journal_row.seq', '>=', seq)
    .where('journal_row.content', 'is not', null)
    .orderBy('journal_row.seq')
    .limit(LISTED_ROWS_MAX)
    .execute();
  return rows
    .filter(isFound)
    .map(entryOf)
    .filter(({ row }) => row.seq === seq || row.entry === seq);
}

/** Place in the order of pages; two rows under one number differ in their hash. */
const cursor = z.tuple([
  keepableText.max(32),
  keepableText.max(32),
  keepableText.max(32),
  z.int().min(0),
  keepableText.max(64),
]);
type Cursor = z.infer<typeof cursor>;

interface Found {
  readonly gate: string;
  readonly journal: string;
  readonly seq: number;
  readonly hash: string;
  readonly at: string;
  readonly content: string;
  readonly received_at: number;
  readonly stored: number | null;
}

interface Selection {
  readonly query: EntryQuery;
  readonly after: Cursor | undefined;
  readonly limit: number;
  /** Those who came along, instead of those who showed the code. */
  readonly party?: true;
}

async function select(database: Database, selection: Selection): Promise<Found[]> {
  const rows = await joined(database)
    .where((where) => where.and(conditions(where, selection)))
    .orderBy('journal_row.at', 'desc')
    .orderBy('journal_row.gate', 'desc')
    .orderBy('journal_row.journal', 'desc')
    .orderBy('journal_row.seq', 'desc')
    .orderBy('journal_row.hash', 'desc')
    .limit(selection.limit)
    .execute();
  return rows.filter(isFound);
}

function joined(database: Database) {
  return database
    .selectFrom('journal_row')
    .leftJoin('stream', (join) =>
      join.onRef('stream.gate', '=', 'journal_row.gate').onRef('stream.journal', '=', 'journal_row.journal'),
    )
    .select([
      'journal_row.gate',
      'journal_row.journal',
      'journal_row.seq',
      'journal_row.hash',
      'journal_row.at',
      'journal_row.content',
      'journal_row.received_at',
      'stream.seq as stored',
    ]);
}

type Builder = ExpressionBuilder<Tables & { stream: Partial<Tables['stream']> }, 'journal_row' | 'stream'>;

function conditions(where: Builder, { query, after, party }: Selection): Expression<SqlBool>[] {
  const { gates, decisions, refusal, from, until, place, pass } = query;
  const found: Expression<SqlBool>[] = [where('journal_row.at', 'is not', null)];
  if (gates !== undefined) found.push(where('journal_row.gate', 'in', [...gates, '']));
  if (decisions !== undefined) found.push(where('journal_row.decision', 'in', [...decisions, '']));
  if (refusal !== undefined) found.push(where('journal_row.refusal', '=', refusal));
  if (from !== undefined) found.push(where('journal_row.at', '>=', from));
  if (until !== undefined) found.push(where('journal_row.at', '<', until));
  if (pass !== undefined) found.push(where('journal_row.pass', '=', pass));
  if (place !== undefined) found.push(party === true ? cameAlong(where, place) : isOf(where, place));
  if (after !== undefined) found.push(isAfter(where, after));
  return found;
}

const isOf = (where: Builder, place: number) => where('journal_row.place', '=', place);

function cameAlong(where: Builder, place: number): Expression<SqlBool> {
  const party = where
    .selectFrom('entry_party')
    .select(['gate', 'journal', 'seq', 'hash'])
    .where('entry_party.place', '=', place);
  const row = where.refTuple(
    'journal_row.gate',
    'journal_row.journal',
    'journal_row.seq',
    'journal_row.hash',
  );
  return where(row, 'in', party.$asTuple('gate', 'journal', 'seq', 'hash'));
}

function isAfter(where: Builder, after: Cursor): Expression<SqlBool> {
  const [at, gate, journal, seq, hash] = after;
  const row = where.refTuple(
    'journal_row.at',
    'journal_row.gate',
    'journal_row.journal',
    'journal_row.seq',
    'journal_row.hash',
  );
  return where(row, '<', where.tuple(at, gate, journal, seq, hash));
}

function isFound<Row extends { at: string | null; content: string | null }>(
  row: Row,
): row is Row & { at: string; content: string } {
  return row.at !== null && row.content !== null;
}

function entryOf({ gate, journal, seq, content, received_at, stored }: Found): StoredEntry {
  return {
    gate,
    journal,
    row: chainedRow.parse(JSON.parse(content)),
    receivedAt: received_at,
    acknowledged: stored !== null && seq <= stored,
  };
}

const orderOf = ({ at, gate, journal, seq, hash }: Found): Cursor => [at, gate, journal, seq, hash];

function newestFirst(a: Found, b: Found): number {
  const [one, other] = [orderOf(a), orderOf(b)];
  const differs = one.findIndex((part, at) => part !== other[at]);
  return differs < 0 ? 0 : (one[differs] ?? 0) < (other[differs] ?? 0) ? 1 : -1;
}

function isSame(a: Found, b: Found | undefined): boolean {
  return b !== undefined && newestFirst(a, b) === 0;
}

function writeCursor(row: Found): string {
  return Buffer.from(JSON.stringify(orderOf(row))).toString('base64url');
}

function readCursor(text: string): Cursor | undefined {
  try {
    return cursor.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
