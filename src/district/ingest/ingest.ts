import { err, ok, type Result } from '../../base/index.ts';
import type { Clock } from '../../ports/index.ts';
import { type EntriesPayload, entriesPayload } from '../../wire/index.ts';
import type { Database, Gate } from '../database/database.ts';
import { Together } from '../database/together.ts';
import { inTurn, isPostgres } from '../database/transaction.ts';
import type { Batch } from './batch.ts';
import { type BatchProblem, checkBatch, type VerifySignature } from './batch-check.ts';
import { GROUP_BATCHES_MAX, GROUP_ROWS_MAX, GROUPS_AT_ONCE } from './limits.ts';
import { type Ingested, storeBatches } from './storing.ts';

/**
 * Stores what gates send: each row once by (gate, journal, sequence number). Batches of several gates that wait go into one
 * transaction. What it returns is on the disk. It never throws a row away: two rows under one number are both kept, and told.
 */
export interface Ingest {
  /** @param payload as it came on `entries` of that gate */
  take(gate: Gate, payload: Uint8Array): Promise<Result<Ingested, 'malformed' | BatchProblem>>;
}

export type { Ingested } from './storing.ts';

export interface IngestOptions {
  readonly district: string;
  readonly database: Database;
  readonly verifySignature: VerifySignature;
  readonly clock: Clock;
}

export function createIngest({ district, database, verifySignature, clock }: IngestOptions): Ingest {
  const storing = new Together<Batch, Ingested>({
    atOnce: isPostgres(database) ? GROUPS_AT_ONCE : 1,
    fits: groupOf,
    work: (batches) => {
      const gates = batches.map(({ gate }) => `ingest/${gate}`);
      return inTurn(database, gates, (transaction) => storeBatches(transaction, batches));
    },
  });
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
      return ok(await storing.put({ gate: gate.id, batch, now: clock.wall() }));
    },
  };
}

/** A gate's second batch builds on its first: it goes with the next group. */
function groupOf(batches: readonly Batch[]): number {
  const gates = new Set<string>();
  let rows = 0;
  for (const [at, { gate, batch }] of batches.entries()) {
    rows += batch.rows.length;
    if (gates.has(gate) || rows > GROUP_ROWS_MAX || at >= GROUP_BATCHES_MAX) return at;
    gates.add(gate);
  }
  return batches.length;
}

function parse(payload: Uint8Array): EntriesPayload | undefined {
  try {
    return entriesPayload.safeParse(JSON.parse(Buffer.from(payload).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
