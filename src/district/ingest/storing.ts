import { assert } from '../../base/index.ts';
import { type AlarmPayload, alarmOfRow, type SentRow } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { insertAlarms } from './alarms.ts';
import type { Batch } from './batch.ts';
import { insertRows } from './inserting.ts';
import { noteMissing } from './missing.ts';
import { type Followed, followRows, savePositions } from './positions.ts';
import { type Stored, storedBefore } from './stored-before.ts';
import { findTampering } from './tampering.ts';

/** Stores one batch of each of several gates, in a few statements for all of them. What is unusual is looked into gate by gate. */
export interface Ingested {
  readonly journal: string;
  /** All rows up to and with this one are stored and hang together; what the acknowledgement names. */
  readonly seq: number;
  readonly hash: string;
  /** First row that is missing before the ones that came. */
  readonly missingFrom?: number;
  /** Sequence numbers under which the gate said two things. */
  readonly forked: readonly number[];
  /** Rows that are new here, in order. */
  readonly fresh: readonly SentRow[];
  /** What these rows prove against the gate, where it was not known yet. */
  readonly tampering: readonly AlarmPayload[];
}

/** One batch on its way into the database. */
interface Work extends Batch {
  readonly stored: Stored;
  readonly fresh: readonly SentRow[];
  readonly forked: readonly SentRow[];
}

/** @param batches each of another gate @returns in their order */
export async function storeBatches(database: Database, batches: readonly Batch[]): Promise<Ingested[]> {
  const before = await storedBefore(database, batches);
  const works = batches.map((each, at) => workOf(each, before[at]));
  await insertRows(database, works);
  const followed: (Work & Followed)[] = [];
  for (const work of works) followed.push({ ...work, ...(await followRows(database, work)) });
  const outcomes: Ingested[] = [];
  for (const work of followed) outcomes.push(await judge(database, work));
  await savePositions(
    database,
    followed.map((work, at) => ({ ...work, forked: (outcomes[at]?.forked.length ?? 0) > 0 })),
  );
  return outcomes;
}

function workOf(each: Batch, stored: Stored | undefined): Work {
  assert(stored !== undefined, 'each batch has what was stored before it');
  const fresh = each.batch.rows.filter((row) => stored.known.get(row.seq)?.has(row.hash) !== true);
  return { ...each, stored, fresh, forked: fresh.filter((row) => stored.known.has(row.seq)) };
}

async function judge(database: Database, work: Work & Followed): Promise<Ingested> {
  const { gate, batch, now, stored, fresh, forked, after } = work;
  const before = stored.position;
  const first = batch.rows[0]?.seq ?? 0;
  const torn = first === before.seq + 1 && after.seq === before.seq ? batch.rows.slice(0, 1) : [];
  const differing = [...torn, ...forked.filter((row) => !torn.includes(row))];
  const suspicion = { database, gate, batch, now, forked: differing, before, after };
  const found = await findTampering({ ...suspicion, ...stored });
  const tampering = await unknownAlarms(database, gate, found.alarms);
  await insertAlarms(database, { gate, alarms: [...alarmsOf(work), ...tampering], now });
  const hole = first > after.seq + 1 && !found.isForked ? after.seq + 1 : undefined;
  const missingFrom = found.askFrom ?? hole;
  if (missingFrom !== undefined)
    await noteMissing(database, {
      gate,
      journal: batch.journal,
      from: missingFrom,
      search: found.askFrom !== undefined,
      now,
    });
  return {
    journal: batch.journal,
    ...after,
    ...(missingFrom === undefined ? {} : { missingFrom }),
    forked: differing.map((row) => row.seq),
    fresh,
    tampering,
  };
}

async function unknownAlarms(
  database: Database,
  gate: string,
  alarms: readonly AlarmPayload[],
): Promise<readonly AlarmPayload[]> {
  if (alarms.length === 0) return [];
  const ids = alarms.map(({ id }) => id);
  const stored = await database
    .selectFrom('alarm')
    .select('id')
    .where('gate', '=', gate)
    .where('id', 'in', ids)
    .execute();
  return alarms.filter((alarm) => !stored.some(({ id }) => id === alarm.id));
}

/** Alarms read out of the rows themselves, so that one lost on its way is still found. */
function alarmsOf({ batch, fresh }: Work): AlarmPayload[] {
  return fresh.flatMap((row) => {
    const alarm = 'purged' in row ? undefined : alarmOfRow(batch.journal, row);
    return alarm === undefined ? [] : [alarm];
  });
}
