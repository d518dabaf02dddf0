import { realClock } from './broker.ts';
import { batchOf } from './chains.ts';
import { chained, keyPair, verifySignature } from './gate.ts';
import { createIngest, type Database, insertAlarms, type Registry } from '../../src/district/testing.ts';
import type { Clock } from '../../src/ports/index.ts';
import type { AlarmPayload, ChainedRow, RowDraft, StatusPayload } from '../../src/wire/index.ts';

/** Gates as a district has them stored, with their last word, their journal and their alarms, but no machine behind them. */
export interface TrialPlace {
  readonly database: Database;
  readonly registry: Registry;
  readonly clock: Clock;
  /** `d-1` when left out. */
  readonly district?: string;
}

export interface TrialGate {
  readonly name: string;
  readonly community?: number;
  readonly confirmed?: boolean;
  readonly status?: Partial<StatusPayload>;
  /** Drafts of its journal's rows. */
  readonly rows?: readonly Partial<RowDraft>[];
  readonly alarms?: readonly AlarmPayload[];
}

export const TRIAL_JOURNAL: string = 'a'.repeat(32);

/** A gate with its last word, its journal and its alarms, stored as the district stores them. */
export async function addTrialGate(place: TrialPlace, given: TrialGate): Promise<readonly ChainedRow[]> {
  const { database, clock, registry, district = 'd-1' } = place;
  const { name, community = 7, confirmed = true, rows: drafts = [] } = given;
  const key = keyPair();
  await registry.enrolGate({ gate: name, community, deviceKey: key.publicKeyHex }, { confirmed });
  const rows: ChainedRow[] = [];
  for (const draft of drafts) rows.push(chained(rows.at(-1), draft));
  const last = rows.at(-1);
  if (given.status !== undefined) await registry.saw(name, JSON.stringify(statusFor(given, last)));
  if (given.alarms !== undefined)
    await insertAlarms(database, { gate: name, alarms: given.alarms, now: clock.wall() });
  if (last === undefined) return rows;
  const gate = await registry.gate(name);
  if (gate === undefined) throw new Error('the gate was not enrolled');
  const ingest = createIngest({ district, database, verifySignature, clock: realClock });
  const taken = await ingest.take(
    gate,
    batchOf(rows, { gate: name, key, journal: TRIAL_JOURNAL, claims: { iss: district } }),
  );
  if (!taken.ok) throw new Error(taken.error);
  return rows;
}

function statusFor({ status }: TrialGate, last: ChainedRow | undefined): StatusPayload {
  return {
    state: 'online',
    since: '2026-03-01T06:00:00.000Z',
    session: 'c'.repeat(32),
    software: '0.1.0',
    journal: { id: TRIAL_JOURNAL, seq: last?.seq ?? 0, hash: last?.hash ?? '0'.repeat(64) },
    documents: {},
    clock: { quality: 'synced', errorSeconds: 0.2 },
    lanes: [
      { lane: 'main', direction: 'in', mode: 'normal', door: { ok: true, relayOn: false, open: false } },
    ],
    protocol: 5,
    ...status,
  };
}
