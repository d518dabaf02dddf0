import { sql } from 'kysely';
import { z } from 'zod';
import type { Clock, Log } from '../../ports/index.ts';
import { clockQuality, type HealthPayload } from '../../wire/index.ts';
import type { Database, Gate } from '../database/database.ts';
import { INSERTED_ROWS_MAX } from '../limits.ts';
import { HEALTH_KEPT_MS, HEALTH_STEP_MS, HEALTH_WAITING_MAX } from './limits.ts';
import type { GateHealthTable } from './tables.ts';

/**
 * Puts the health reports of gates together, a quarter of an hour in one row, and keeps those for some days. A report
 * costs a few numbers in memory; what was not written down when the process ends is lost, a minute at most.
 */
export interface HealthBookOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** Every process of the district hears every report; the one that leads writes it down. */
  readonly leads: () => boolean;
}

type Waiting = { -readonly [Name in keyof GateHealthTable]: GateHealthTable[Name] };

const QUALITIES = clockQuality.options;
const lastClock = z.object({ clock: z.object({ quality: clockQuality }) });

export class HealthBook {
  readonly #options: HealthBookOptions;
  #waiting = new Map<string, Waiting>();

  constructor(options: HealthBookOptions) {
    this.#options = options;
  }

  /** Under the district's own time: a gate's clock may be wrong. */
  note(gate: Pick<Gate, 'id' | 'status'>, health: HealthPayload): void {
    const { clock, leads } = this.#options;
    if (!leads()) return;
    const at = clock.wall() - (clock.wall() % HEALTH_STEP_MS);
    const key = `${gate.id} ${at}`;
    const known = this.#waiting.get(key);
    if (known === undefined && this.#waiting.size >= HEALTH_WAITING_MAX) return;
    const row = known ?? emptyRow(gate.id, at);
    add(row, health);
    row.clock = Math.max(row.clock, QUALITIES.indexOf(qualityOf(gate.status)));
    this.#waiting.set(key, row);
  }

  /** Writes down what has come since the last time, and forgets what is older than it is kept. */
  async write(): Promise<void> {
    const { database, clock, log } = this.#options;
    const rows = [...this.#waiting.values()];
    this.#waiting = new Map();
    try {
      for (let from = 0; from < rows.length; from += INSERTED_ROWS_MAX)
        await insert(database, rows.slice(from, from + INSERTED_ROWS_MAX));
    } catch {
      // Of days of reports a minute is missing then; entries are what is not lost.
      log.warn({ rows: rows.length }, 'health reports could not be written down');
      return;
    }
    const before = clock.wall() - HEALTH_KEPT_MS;
    if (this.#options.leads()) await database.deleteFrom('gate_health').where('at', '<', before).execute();
  }
}

function emptyRow(gate: string, at: number): Waiting {
  const counts = { reports: 0, timed: 0, p50_sum: 0, unsent: 0, clock: 0 };
  return { gate, at, ...counts, p99_ms: null, temperature: null, free_bytes: null };
}

function add(row: Waiting, { latency, scans, temperatureC, unsentRows, storage }: HealthPayload): void {
  row.reports += 1;
  row.unsent = Math.max(row.unsent, unsentRows);
  if (temperatureC !== undefined)
    row.temperature = Math.max(row.temperature ?? Number.NEGATIVE_INFINITY, temperatureC);
  if (storage !== undefined)
    row.free_bytes = Math.min(row.free_bytes ?? Number.POSITIVE_INFINITY, Math.round(storage.freeBytes));
  if (latency === undefined) return;
  const timed = Math.max(1, scans ?? 1);
  row.timed += timed;
  row.p50_sum += latency.p50Ms * timed;
  row.p99_ms = Math.max(row.p99_ms ?? 0, latency.p99Ms);
}

function qualityOf(status: string | null) {
  try {
    return lastClock.safeParse(JSON.parse(status ?? 'null')).data?.clock.quality ?? 'synced';
  } catch {
    return 'synced';
  }
}

async function insert(database: Database, rows: readonly Waiting[]): Promise<void> {
  await database
    .insertInto('gate_health')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['gate', 'at']).doUpdateSet({
        reports: sum('reports'),
        timed: sum('timed'),
        p50_sum: sum('p50_sum'),
        p99_ms: extreme('p99_ms', '>'),
        temperature: extreme('temperature', '>'),
        unsent: extreme('unsent', '>'),
        free_bytes: extreme('free_bytes', '<'),
        clock: extreme('clock', '>'),
      }),
    )
    .execute();
}

type Column = Exclude<keyof GateHealthTable, 'gate' | 'at'>;

function sum(column: Column) {
  return sql<number>`${sql.ref(`gate_health.${column}`)} + ${sql.ref(`excluded.${column}`)}`;
}

/** The new one where there was none, or where it goes beyond; SQLite and PostgreSQL have no common `greatest`. */
function extreme(column: Column, beyond: '>' | '<') {
  const [old, fresh] = [sql.ref(`gate_health.${column}`), sql.ref(`excluded.${column}`)];
  const isBeyond = beyond === '>' ? sql`${fresh} > ${old}` : sql`${fresh} < ${old}`;
  return sql<number>`case when ${old} is null or ${isBeyond} then ${fresh} else ${old} end`;
}
