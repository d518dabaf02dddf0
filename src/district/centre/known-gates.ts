import { sql, type Transaction } from 'kysely';
import type { Clock } from '../../ports/index.ts';
import type { GateState } from '../../wire/index.ts';
import type { Database, Gate, Tables } from '../database/database.ts';
import { Together } from '../database/together.ts';
import { inTurn, isPostgres } from '../database/transaction.ts';
import { GATES_TOGETHER_MAX, LOOKUPS_AT_ONCE } from '../ingest/limits.ts';
import { type Head, noteBehind } from '../ingest/missing.ts';

/**
 * Gates as they speak: who is enrolled, and when each was last heard. It asks and writes for all that wait at once, so that
 * a thousand gates that come together cost a few statements; what it says is never older than the question.
 */
export interface HeardGate extends Gate {
  /** How its life ended; null while it lives. */
  readonly ended: GateState | null;
}

export interface Sighting {
  readonly gate: string;
  /** Its `status`, as JSON, and the newest row that it named. */
  readonly status?: string;
  readonly head?: Omit<Head, 'gate' | 'now'>;
}

export class KnownGates {
  readonly #lookups: Together<string, HeardGate | undefined>;
  readonly #sightings: Together<Sighting, undefined>;

  constructor(database: Database, clock: Pick<Clock, 'wall'>) {
    const fits = (some: { readonly length: number }) => Math.min(some.length, GATES_TOGETHER_MAX);
    this.#lookups = new Together({
      atOnce: LOOKUPS_AT_ONCE,
      fits,
      work: (ids: readonly string[]) => gatesOf(database, ids),
    });
    this.#sightings = new Together({
      atOnce: 1,
      fits,
      work: (sightings: readonly Sighting[]) => noteAll(database, { sightings, now: clock.wall() }),
    });
  }

  gate(id: string): Promise<HeardGate | undefined> {
    return this.#lookups.put(id);
  }

  /** Kept when it is in the database. */
  async saw(sighting: Sighting): Promise<void> {
    await this.#sightings.put(sighting);
  }
}

async function gatesOf(database: Database, ids: readonly string[]): Promise<(HeardGate | undefined)[]> {
  const rows = await database
    .selectFrom('gate')
    .leftJoin('gate_life', 'gate_life.gate', 'gate.id')
    .selectAll('gate')
    .select('gate_life.state as ended')
    .where('gate.id', 'in', [...new Set(ids)])
    .execute();
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id));
}

async function noteAll(
  database: Database,
  { sightings, now }: { sightings: readonly Sighting[]; now: number },
): Promise<undefined[]> {
  // A status outlives the health report that came after it.
  const newest = new Map<string, string | null>();
  for (const { gate, status } of sightings) newest.set(gate, status ?? newest.get(gate) ?? null);
  const heads = sightings.flatMap(({ gate, head }) => (head === undefined ? [] : [{ ...head, gate, now }]));
  await inTurn(database, 'sightings', async (transaction) => {
    await updateSeen(transaction, { newest, now });
    await noteBehind(transaction, heads);
  });
  return sightings.map(() => undefined);
}

async function updateSeen(
  transaction: Transaction<Tables>,
  { newest, now }: { newest: ReadonlyMap<string, string | null>; now: number },
): Promise<void> {
  if (isPostgres(transaction)) {
    const [gates, statuses] = [[...newest.keys()], [...newest.values()]];
    await sql`update gate set seen_at = ${now}, status = coalesce(seen.status, gate.status)
      from unnest(${gates}::text[], ${statuses}::text[]) as seen(id, status) where gate.id = seen.id`.execute(
      transaction,
    );
    return;
  }
  for (const [gate, status] of newest)
    await transaction
      .updateTable('gate')
      .set({ seen_at: now, ...(status === null ? {} : { status }) })
      .where('id', '=', gate)
      .execute();
}
