import { err, ok, type Result } from '../../base/index.ts';
import type { Clock } from '../../ports/index.ts';
import {
  type AlarmPayload,
  alarmOfRow,
  type EntriesPayload,
  entriesPayload,
  GENESIS_HASH,
  type SentRow,
} from '../../wire/index.ts';
import { insertAlarms } from './alarms.ts';
import { type BatchProblem, checkBatch, type VerifySignature } from './batch-check.ts';
import type { Database, Gate } from '../database/database.ts';
import { FOLLOW_ROWS } from '../limits.ts';
import { noteMissing } from './missing.ts';
import { storingIn } from './storing.ts';
import { findTampering } from './tampering.ts';

/**
 * Stores what gates send: each row once by (gate, journal, sequence number), in one transaction a batch. What it returns
 * is on the disk. It never throws a row away: two rows under one number are both kept, and told.
 */
export interface Ingest {
  /** @param payload as it came on `entries` of that gate */
  take(gate: Gate, payload: Uint8Array): Promise<Result<Ingested, 'malformed' | BatchProblem>>;
}

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

export interface IngestOptions {
  readonly district: string;
  readonly database: Database;
  readonly verifySignature: VerifySignature;
  readonly clock: Clock;
}

interface Position {
  readonly seq: number;
  readonly hash: string;
}

export function createIngest({ district, database, verifySignature, clock }: IngestOptions): Ingest {
  const storing = storingIn<Ingested>(database, clock);
  return {
    take: async (gate, payload) => {
      const batch = parse(payload);
      if (batch === undefined) return err('malformed');
      const checked = checkBatch(
        batch,
        { district, gate: gate.id, deviceKey: gate.device_key },
        verifySignature,
      );
      if (!checked.ok) return checked;
      const now = clock.wall();
      const work = { gate: gate.id, batch, now };
      const rows = batch.rows.length;
      return ok(await storing.put({ gate: gate.id, rows, work: (transaction) => store(transaction, work) }));
    },
  };
}

interface Work {
  readonly gate: string;
  readonly batch: EntriesPayload;
  readonly now: number;
}

async function store(database: Database, work: Work): Promise<Ingested> {
  const { gate, batch, now } = work;
  const known = await knownHashes(database, work);
  const fresh = batch.rows.filter((row) => known.get(row.seq)?.has(row.hash) !== true);
  const forked = fresh.filter((row) => known.has(row.seq));
  if (fresh.length > 0) await insertRows(database, work, fresh);
  const before = await position(database, gate, batch.journal);
  const after = await follow(database, work, before);
  const first = batch.rows[0]?.seq ?? 0;
  const torn = first === before.seq + 1 && after.seq === before.seq ? batch.rows.slice(0, 1) : [];
  const differing = [...torn, ...forked.filter((row) => !torn.includes(row))];
  const found = await findTampering({ database, ...work, known, forked: differing, before, after });
  if (after.seq > before.seq)
    await savePosition(database, work, { before, after, forked: differing.length > 0 });
  const tampering = await unknownAlarms(database, gate, found.alarms);
  await insertAlarms(database, { gate, alarms: [...alarmsOf(work, fresh), ...tampering], now });
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

async function knownHashes(database: Database, { gate, batch }: Work): Promise<Map<number, Set<string>>> {
  const stored = await database
    .selectFrom('journal_row')
    .select(['seq', 'hash'])
    .where('gate', '=', gate)
    .where('journal', '=', batch.journal)
    .where('seq', '>=', (batch.rows[0]?.seq ?? 1) - 1)
    .where('seq', '<=', batch.rows.at(-1)?.seq ?? 0)
    .execute();
  const known = new Map<number, Set<string>>();
  for (const { seq, hash } of stored) known.set(seq, (known.get(seq) ?? new Set()).add(hash));
  return known;
}

async function insertRows(
  database: Database,
  { gate, batch, now }: Work,
  rows: readonly SentRow[],
): Promise<void> {
  const values = rows.map((row) => ({
    gate,
    journal: batch.journal,
    seq: row.seq,
    hash: row.hash,
    previous_hash: row.previousHash,
    digest: row.digest,
    ...findable(row),
    received_at: now,
  }));
  await database
    .insertInto('journal_row')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await insertParties(database, { gate, journal: batch.journal, rows });
}

function findable(row: SentRow) {
  if ('purged' in row)
    return { content: null, at: null, decision: null, refusal: null, place: null, pass: null };
  const { at, decision, refusal = null, index: place = null, passId: pass = null } = row;
  return { content: JSON.stringify(row), at, decision, refusal, place, pass };
}

async function insertParties(
  database: Database,
  { gate, journal, rows }: { gate: string; journal: string; rows: readonly SentRow[] },
): Promise<void> {
  const values = rows.flatMap((row) =>
    'purged' in row
      ? []
      : [...new Set(row.party)].map((place) => ({
          place,
          at: row.at,
          gate,
          journal,
          seq: row.seq,
          hash: row.hash,
        })),
  );
  if (values.length === 0) return;
  await database
    .insertInto('entry_party')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function position(database: Database, gate: string, journal: string): Promise<Position> {
  const stream = await database
    .selectFrom('stream')
    .select(['seq', 'hash'])
    .where('gate', '=', gate)
    .where('journal', '=', journal)
    .executeTakeFirst();
  return stream ?? { seq: 0, hash: GENESIS_HASH };
}

/** From a stored row on, along rows that name it and each other, as far as they go. */
async function follow(database: Database, { gate, batch }: Work, from: Position): Promise<Position> {
  let here = from;
  for (;;) {
    const page = await database
      .selectFrom('journal_row')
      .select(['seq', 'hash', 'previous_hash'])
      .where('gate', '=', gate)
      .where('journal', '=', batch.journal)
      .where('seq', '>', here.seq)
      .orderBy('seq')
      .orderBy('received_at')
      .limit(FOLLOW_ROWS)
      .execute();
    const start = here;
    for (const row of page) {
      if (row.seq === here.seq + 1 && row.previous_hash === here.hash)
        here = { seq: row.seq, hash: row.hash };
    }
    if (page.length < FOLLOW_ROWS || here.seq === start.seq) return here;
  }
}

/** A checkpoint is kept when its row lies on the way: the rows after it hang on it by the chain. */
async function savePosition(
  database: Database,
  { gate, batch, now }: Work,
  moved: { before: Position; after: Position; forked: boolean },
): Promise<void> {
  const { seq, hash } = moved.after;
  const end = batch.rows.at(-1)?.seq ?? 0;
  const isOnTheWay = !moved.forked && end > moved.before.seq && end <= seq;
  const checkpoint = isOnTheWay ? { checkpoint: batch.checkpoint } : {};
  await database
    .insertInto('stream')
    .values({
      gate,
      journal: batch.journal,
      seq,
      hash,
      checkpoint: checkpoint.checkpoint ?? null,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(['gate', 'journal']).doUpdateSet({ seq, hash, ...checkpoint, updated_at: now }),
    )
    .execute();
}

/** Alarms read out of the rows themselves, so that one lost on its way is still found. */
function alarmsOf({ batch }: Work, rows: readonly SentRow[]): AlarmPayload[] {
  return rows.flatMap((row) => {
    const alarm = 'purged' in row ? undefined : alarmOfRow(batch.journal, row);
    return alarm === undefined ? [] : [alarm];
  });
}

function parse(payload: Uint8Array): EntriesPayload | undefined {
  try {
    return entriesPayload.safeParse(JSON.parse(Buffer.from(payload).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
