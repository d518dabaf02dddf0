import { type Kysely, PostgresAdapter, type RawBuilder, sql, type SqlBool } from 'kysely';
import { chainedRow } from '../../wire/index.ts';
import type { Database, Tables } from '../database/database.ts';
import { DRILLS_LISTED_MAX } from '../limits.ts';

/** What guards did and looked up, and what was rehearsed at a gate, out of the rows that are stored. It only reads. */
export interface DrillRow {
  /** ISO 8601 */
  readonly at: string;
  readonly journal: string;
  readonly seq: number;
  readonly mode: string;
  readonly outcome: string;
}

/** As the index says it, so that it is used (migration 011). */
const ARE_DEEDS: RawBuilder<SqlBool> = sql`decision in ('manual', 'system')`;

export async function drillsOf(database: Database, gate: string): Promise<readonly DrillRow[]> {
  const rows = await database
    .selectFrom('journal_row')
    .select(['journal', 'content'])
    .where('gate', '=', gate)
    .where(ARE_DEEDS)
    .where('content', 'like', '%"reason":"drill:%')
    .orderBy('at', 'desc')
    .limit(DRILLS_LISTED_MAX)
    .execute();
  return rows.flatMap(({ journal, content }) => {
    const { at, seq, reason = '' } = chainedRow.parse(JSON.parse(content ?? ''));
    const [, mode = '', outcome = ''] = reason.split(':');
    return mode === '' ? [] : [{ at, journal, seq, mode, outcome }];
  });
}

/** One guard on one day at one gate. */
export interface GuardDay {
  readonly gate: string;
  readonly actor: string;
  /** Whole days from 1970-01-01, in the district's zone. */
  readonly day: number;
  readonly openings: number;
  readonly lookUps: number;
}

export interface DeedSpan {
  /** Unix milliseconds */
  readonly from: number;
  readonly until: number;
  /** Of the district's zone, ahead of UTC. */
  readonly offsetMs: number;
}

const DAY_MS = 86_400_000;

/**
 * Openings by hand and look-ups, by guard, gate and day. A district's own orders are no guard's deed.
 * Counted in the database, by the hour: no row leaves it.
 */
export async function guardDays(
  database: Database,
  { from, until, offsetMs }: DeedSpan,
): Promise<readonly GuardDay[]> {
  const field = (name: string) => fieldOf(database, name);
  const hour = sql<string>`substr(at, 1, 13)`;
  const isLookUp = sql<number>`case when decision = 'system' then 1 else 0 end`;
  const rows = await database
    .selectFrom('journal_row')
    .select((row) => [
      'gate',
      hour.as('hour'),
      field('actor').as('actor'),
      isLookUp.as('look_up'),
      row.fn.countAll().as('count'),
    ])
    .where(ARE_DEEDS)
    .where('at', '>=', new Date(from).toISOString())
    .where('at', '<', new Date(until).toISOString())
    .where('content', 'like', '%"actor":%')
    .where('content', 'not like', '%"command":%')
    .where((row) => row.or([row('decision', '=', 'manual'), row('content', 'like', '%"reason":"look-up%')]))
    .groupBy(['gate', hour, field('actor'), isLookUp])
    .execute();
  const days = new Map<string, GuardDay>();
  for (const { gate, hour: name, actor, look_up: lookUp, count } of rows) {
    if (actor === null) continue;
    const day = Math.floor((Date.parse(`${name}:00:00.000Z`) + offsetMs) / DAY_MS);
    const key = `${gate} ${actor} ${day}`;
    const before = days.get(key) ?? { gate, actor, day, openings: 0, lookUps: 0 };
    const more =
      Number(lookUp) === 1
        ? { lookUps: before.lookUps + Number(count) }
        : { openings: before.openings + Number(count) };
    days.set(key, { ...before, ...more });
  }
  return [...days.values()];
}

function fieldOf(database: Kysely<Tables>, name: string): RawBuilder<string | null> {
  return database.getExecutor().adapter instanceof PostgresAdapter
    ? sql<string | null>`content::json ->> ${sql.lit(name)}`
    : sql<string | null>`json_extract(content, ${sql.lit(`$.${name}`)})`;
}
