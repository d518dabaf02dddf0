import { PostgresAdapter, sql, type Transaction } from 'kysely';
import type { Database, Tables } from './database.ts';
import { TRANSACTION_ATTEMPTS_MAX } from '../limits.ts';

/**
 * One transaction as if no other ran beside it. SQLite has one at a time; PostgreSQL finds out at the end that two did not
 * fit, and then the work is done again: it must have no effect outside the database.
 */
export async function alone<Outcome>(
  database: Database,
  work: (transaction: Transaction<Tables>) => Promise<Outcome>,
): Promise<Outcome> {
  if (!isPostgres(database)) return database.transaction().execute(work);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.transaction().setIsolationLevel('serializable').execute(work);
    } catch (fault) {
      if (attempt >= TRANSACTION_ATTEMPTS_MAX || !isConflict(fault)) throw fault;
    }
  }
}

/**
 * One transaction at a time under each of these keys; others run beside it, so the work touches only what belongs to them.
 * It waits its turn in the database, which costs less than being told at the end that it was all in vain.
 */
export async function inTurn<Outcome>(
  database: Database,
  keys: string | readonly string[],
  work: (transaction: Transaction<Tables>) => Promise<Outcome>,
): Promise<Outcome> {
  if (!isPostgres(database)) return database.transaction().execute(work);
  const all = typeof keys === 'string' ? [keys] : [...keys];
  // Under read committed each statement sees what was committed before it: all of what earlier holders of the lock did.
  return database
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (transaction) => {
      // In one order for everybody: two that want the same keys never wait for each other.
      await sql`select pg_advisory_xact_lock(place) from
        (select distinct hashtextextended(key, 0) as place from unnest(${all}::text[]) as key order by place) as places`.execute(
        transaction,
      );
      return work(transaction);
    });
}

export function isPostgres(database: Database): boolean {
  return database.getExecutor().adapter instanceof PostgresAdapter;
}

/** PostgreSQL 13.5: serialization failure, deadlock, and unique violation, which may stand for the first. */
const CONFLICTS = new Set(['40001', '40P01', '23505']);

function isConflict(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && CONFLICTS.has(String(fault.code));
}
