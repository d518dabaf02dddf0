import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';
import { STATEMENTS_READY_MAX } from '../limits.ts';

/**
 * kysely over node:sqlite. One connection, held by one query or transaction at a time: the driver below has no lock of its
 * own, so a statement of another caller would slip into an open transaction.
 */
export function sqliteDialect(path: string): SqliteDialect {
  return new LockedDialect(path);
}

class LockedDialect extends SqliteDialect {
  readonly #path: string;

  constructor(path: string) {
    super({ database: () => Promise.reject(new Error('invariant broken: the driver opens the database')) });
    this.#path = path;
  }

  override createDriver(): SqliteDriver {
    return new LockedDriver({ database: () => Promise.resolve(open(this.#path)) });
  }
}

class LockedDriver extends SqliteDriver {
  #tail: Promise<void> = Promise.resolve();
  #release: (() => void) | undefined;

  override async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#tail;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tail = promise;
    await before;
    this.#release = resolve;
    return super.acquireConnection();
  }

  /** Other processes write too: a transaction that began as a reader would be refused, not made to wait. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  override async releaseConnection(): Promise<void> {
    this.#release?.();
  }
}

function open(path: string) {
  const database = new DatabaseSync(path, { timeout: 5_000, enableForeignKeyConstraints: true });
  // An acknowledgement is signed after a commit: the commit must be on the disk by then.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  return { close: () => database.close(), prepare: preparer(database) };
}

/** Statements made ready once; those that change tables make what was ready before begin anew. */
function preparer(database: DatabaseSync): (sql: string) => SqliteStatement {
  const ready = new Map<string, SqliteStatement>();
  return (sql) => {
    const known = ready.get(sql);
    if (known !== undefined) return known;
    if (/^\s*(create|alter|drop|pragma|vacuum)/i.test(sql)) {
      ready.clear();
      return statement(database, sql);
    }
    if (ready.size >= STATEMENTS_READY_MAX)
      for (const oldest of [...ready.keys()].slice(0, 1)) ready.delete(oldest);
    const made = statement(database, sql);
    ready.set(sql, made);
    return made;
  };
}

function statement(database: DatabaseSync, sql: string): SqliteStatement {
  const prepared = database.prepare(sql);
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader: prepared.columns().length > 0,
    all: (parameters) => prepared.all(...values(parameters)),
    run: (parameters) => prepared.run(...values(parameters)),
    iterate: (parameters) => prepared.iterate(...values(parameters)),
  };
}
