import { PostgresAdapter, type Transaction } from 'kysely';
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
  if (!(database.getExecutor().adapter instanceof PostgresAdapter))
    return database.transaction().execute(work);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.transaction().setIsolationLevel('serializable').execute(work);
    } catch (fault) {
      if (attempt >= TRANSACTION_ATTEMPTS_MAX || !isConflict(fault)) throw fault;
    }
  }
}

/** PostgreSQL 13.5: serialization failure, deadlock, and unique violation, which may stand for the first. */
const CONFLICTS = new Set(['40001', '40P01', '23505']);

function isConflict(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && CONFLICTS.has(String(fault.code));
}
