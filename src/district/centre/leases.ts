import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { isPostgres } from '../database/transaction.ts';

/**
 * What one process holds for a while: the lead of the district, a gate, its own presence. Time is the database's own, so
 * that clocks of several machines need not agree. A lease that is not renewed is free when its time is over.
 */
export interface Lease {
  readonly name: string;
  readonly worker: string;
  readonly lifeMs: number;
}

/** Takes or renews it. @returns false while another holds it */
export async function takeLease(database: Database, { name, worker, lifeMs }: Lease): Promise<boolean> {
  const now = nowOf(database);
  const until = sql<number>`${now} + ${sql.lit(lifeMs)}`;
  const done = await database
    .insertInto('lease')
    .values({ name, worker, until })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ worker, until })
        .where((where) => where.or([where('lease.worker', '=', worker), where('lease.until', '<=', now)])),
    )
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function releaseLeases(
  database: Database,
  worker: string,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  await database
    .deleteFrom('lease')
    .where('worker', '=', worker)
    .where('name', 'in', [...names])
    .execute();
}

/** Leases of one kind that are in force: `gate/` or `worker/`. */
export function leasesOf(
  database: Database,
  kind: 'gate' | 'worker',
): Promise<{ name: string; worker: string }[]> {
  return database
    .selectFrom('lease')
    .select(['name', 'worker'])
    .where('name', 'like', `${kind}/%`)
    .where('until', '>', nowOf(database))
    .orderBy('name')
    .execute();
}

/** All of this worker's, at once. */
export async function renewLeases(database: Database, worker: string, lifeMs: number): Promise<void> {
  await database
    .updateTable('lease')
    .set({ until: sql<number>`${nowOf(database)} + ${sql.lit(lifeMs)}` })
    .where('worker', '=', worker)
    .where('name', 'like', 'gate/%')
    .execute();
}

function nowOf(database: Database) {
  return isPostgres(database)
    ? sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`
    : sql<number>`cast(unixepoch('subsec') * 1000 as integer)`;
}
