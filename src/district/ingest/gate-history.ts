import { sql } from 'kysely';
import { clockQuality, type StatusPayload } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { HEALTH_STEP_MS } from './limits.ts';

/** How a gate was over the last day or week, in steps of the same length: for plots. It only reads. */
export const COUNTED = ['granted', 'refused', 'guard', 'manual'] as const;
export type Counted = (typeof COUNTED)[number];

export interface HistorySpan {
  readonly gate: string;
  /** Unix milliseconds, a whole hour. */
  readonly from: number;
  readonly hours: number;
  /** Of health: whole quarters of an hour. */
  readonly stepMs: number;
}

/** Each list has a value for each step, from the first on. */
export interface GateHistory extends HistorySpan {
  /** An hour in each step. */
  readonly entries: Readonly<Record<Counted, readonly number[]>>;
  /** The most frequent first. */
  readonly refusals: readonly { readonly refusal: string; readonly count: number }[];
  readonly health: readonly (HealthStep | undefined)[];
}

export interface HealthStep {
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly temperatureC: number | undefined;
  readonly unsentRows: number;
  readonly freeBytes: number | undefined;
  readonly clock: StatusPayload['clock']['quality'];
}

const HOUR_MS = 3_600_000;

export async function gateHistory(database: Database, span: HistorySpan): Promise<GateHistory> {
  const [counted, health] = await Promise.all([countedOf(database, span), healthOf(database, span)]);
  return { ...span, ...counted, health };
}

async function countedOf(
  database: Database,
  { gate, from, hours }: HistorySpan,
): Promise<Pick<GateHistory, 'entries' | 'refusals'>> {
  // As rows have it: ISO 8601 in UTC, whose first thirteen characters name the hour.
  const hour = sql<string>`substr(at, 1, 13)`;
  const rows = await database
    .selectFrom('journal_row')
    .select((row) => [hour.as('hour'), 'decision', 'refusal', row.fn.countAll().as('count')])
    .where('gate', '=', gate)
    .where('at', '>=', new Date(from).toISOString())
    .where('at', '<', new Date(from + hours * HOUR_MS).toISOString())
    .where('decision', 'in', [...COUNTED])
    .groupBy([hour, 'decision', 'refusal'])
    .execute();
  const entries = Object.fromEntries(
    COUNTED.map((name) => [name, Array.from({ length: hours }, () => 0)]),
  ) as Record<Counted, number[]>;
  const refusals = new Map<string, number>();
  for (const { hour: name, decision, refusal, count } of rows) {
    const step = (Date.parse(`${name}:00:00.000Z`) - from) / HOUR_MS;
    const list = entries[decision as Counted];
    list[step] = (list[step] ?? 0) + Number(count);
    if (refusal !== null) refusals.set(refusal, (refusals.get(refusal) ?? 0) + Number(count));
  }
  const listed = [...refusals].map(([refusal, count]) => ({ refusal, count }));
  return { entries, refusals: listed.sort((left, right) => right.count - left.count) };
}

async function healthOf(
  database: Database,
  { gate, from, hours, stepMs }: HistorySpan,
): Promise<GateHistory['health']> {
  const rows = await database
    .selectFrom('gate_health')
    .selectAll()
    .where('gate', '=', gate)
    .where('at', '>=', from)
    .where('at', '<', from + hours * HOUR_MS)
    .orderBy('at')
    .execute();
  const steps = Map.groupBy(rows, ({ at }) => Math.floor((at - from) / stepMs));
  return Array.from({ length: (hours * HOUR_MS) / stepMs }, (_, step) => together(steps.get(step) ?? []));
}

interface Stored {
  readonly timed: number;
  readonly p50_sum: number;
  readonly p99_ms: number | null;
  readonly temperature: number | null;
  readonly unsent: number;
  readonly free_bytes: number | null;
  readonly clock: number;
}

function together(rows: readonly Stored[]): HealthStep | undefined {
  if (rows.length === 0) return undefined;
  const timed = rows.reduce((sum, row) => sum + row.timed, 0);
  const worst = Math.max(...rows.map(({ clock }) => clock));
  return {
    p50Ms: timed === 0 ? undefined : rows.reduce((sum, row) => sum + row.p50_sum, 0) / timed,
    p99Ms: most(rows.map((row) => row.p99_ms)),
    temperatureC: most(rows.map((row) => row.temperature)),
    unsentRows: Math.max(...rows.map((row) => row.unsent)),
    freeBytes: least(rows.map((row) => row.free_bytes)),
    clock: clockQuality.options[worst] ?? 'unsure',
  };
}

function most(values: readonly (number | null)[]): number | undefined {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? undefined : Math.max(...known);
}

function least(values: readonly (number | null)[]): number | undefined {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** The last day in quarters of an hour, or the last week in hours; both end with the hour that runs. */
export function lastSpan(gate: string, days: 1 | 7, now: number): HistorySpan {
  const hours = days * 24;
  const end = now - (now % HOUR_MS) + HOUR_MS;
  return { gate, from: end - hours * HOUR_MS, hours, stepMs: days === 1 ? HEALTH_STEP_MS : HOUR_MS };
}
