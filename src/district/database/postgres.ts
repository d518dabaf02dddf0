import { PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import { assert } from '../../base/index.ts';
import type { Log } from '../../ports/index.ts';
import { DATABASE_CONNECT_WITHIN_MS, DATABASE_CONNECTIONS_MAX } from '../limits.ts';

/**
 * kysely over a PostgreSQL server. Whole numbers of 64 bits come as numbers, as from SQLite: none here exceeds 2^53, and
 * one that did would be told, not rounded.
 */
export function postgresDialect(url: string, log: Log | undefined): PostgresDialect {
  const pool = new Pool({
    connectionString: url,
    max: DATABASE_CONNECTIONS_MAX,
    connectionTimeoutMillis: DATABASE_CONNECT_WITHIN_MS,
    keepAlive: true,
    types: { getTypeParser: parserOf },
  });
  // A connection that waits in the pool may be cut; the next query makes a new one.
  pool.on('error', (fault: Error & { readonly code?: string }) =>
    log?.warn({ fault: fault.code ?? fault.name }, 'a connection to the database was lost'),
  );
  return new PostgresDialect({ pool });
}

/** pg_type.oid of int8. */
const INT8 = 20;

const parserOf: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  (oid === INT8 ? wholeNumber : types.getTypeParser(oid, format)) as (value: string) => unknown;

function wholeNumber(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), 'a stored number fits');
  return value;
}
