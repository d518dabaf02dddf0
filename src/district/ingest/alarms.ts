import { err, ok, type Result } from '../../base/index.ts';
import { type AlarmPayload, alarmPayload } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { LISTED_ROWS_MAX } from '../limits.ts';

/** Alarms of gates: each stored once, listed newest first, and acknowledged by somebody who is named. None is removed here. */
export interface StoredAlarm {
  readonly gate: string;
  readonly alarm: AlarmPayload;
  /** Unix milliseconds */
  readonly receivedAt: number;
  readonly acknowledged?: { readonly at: number; readonly by: string };
}

export interface AlarmQuery {
  readonly gates?: readonly string[];
  readonly alarm?: string;
  /** true: only those that nobody has acknowledged */
  readonly open?: boolean;
  /** ISO 8601: only older ones; `at` of the last one listed. */
  readonly before?: string;
  readonly limit?: number;
}

/** Each alarm once, however often it comes. */
export async function insertAlarms(
  database: Database,
  { gate, alarms, now }: { gate: string; alarms: readonly AlarmPayload[]; now: number },
): Promise<void> {
  if (alarms.length === 0) return;
  const values = alarms.map((alarm) => ({
    gate,
    id: alarm.id,
    alarm: alarm.alarm,
    cleared: alarm.cleared ? 1 : 0,
    at: alarm.at,
    payload: JSON.stringify(alarm),
    received_at: now,
  }));
  await database
    .insertInto('alarm')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function listAlarms(database: Database, query: AlarmQuery): Promise<readonly StoredAlarm[]> {
  const { gates, alarm, open, before, limit } = query;
  let select = database.selectFrom('alarm').selectAll();
  if (gates !== undefined) select = select.where('gate', 'in', [...gates, '']);
  if (alarm !== undefined) select = select.where('alarm', '=', alarm);
  if (open === true) select = select.where('acknowledged_at', 'is', null);
  if (before !== undefined) select = select.where('at', '<', before);
  const rows = await select
    .orderBy('at', 'desc')
    .orderBy('gate', 'desc')
    .orderBy('id', 'desc')
    .orderBy('cleared', 'desc')
    .limit(Math.min(limit ?? LISTED_ROWS_MAX, LISTED_ROWS_MAX))
    .execute();
  return rows.map(({ gate, payload, received_at, acknowledged_at: at, acknowledged_by: by }) => ({
    gate,
    alarm: alarmPayload.parse(JSON.parse(payload)),
    receivedAt: received_at,
    ...(at === null || by === null ? {} : { acknowledged: { at, by } }),
  }));
}

/**
 * How many alarms of each gate stand: nobody has acknowledged them, and they have not cleared. However many there are.
 * @param gates of all, when left out
 */
export async function standingAlarms(
  database: Database,
  gates?: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const all = database.selectFrom('alarm');
  const rows = await (gates === undefined ? all : all.where('gate', 'in', [...gates, '']))
    .select((alarm) => ['gate', alarm.fn.countAll().as('count')])
    .where('acknowledged_at', 'is', null)
    .where('cleared', '=', 0)
    .where((alarm) =>
      alarm.not(
        alarm.exists(
          alarm
            .selectFrom('alarm as end')
            .select('end.id')
            .whereRef('end.gate', '=', 'alarm.gate')
            .whereRef('end.id', '=', 'alarm.id')
            .where('end.cleared', '=', 1),
        ),
      ),
    )
    .groupBy('gate')
    .execute();
  return new Map(rows.map(({ gate, count }) => [gate, Number(count)]));
}

/** Somebody has seen it. The first one stays named. */
export async function acknowledgeAlarm(
  database: Database,
  { gate, id, by, now }: { gate: string; id: string; by: string; now: number },
): Promise<Result<'acknowledged' | 'already', 'no-such-alarm'>> {
  const done = await database
    .updateTable('alarm')
    .set({ acknowledged_at: now, acknowledged_by: by })
    .where('gate', '=', gate)
    .where('id', '=', id)
    .where('acknowledged_at', 'is', null)
    .executeTakeFirst();
  if (done.numUpdatedRows > 0n) return ok('acknowledged');
  const found = await database
    .selectFrom('alarm')
    .select('id')
    .where('gate', '=', gate)
    .where('id', '=', id)
    .executeTakeFirst();
  return found === undefined ? err('no-such-alarm') : ok('already');
}
