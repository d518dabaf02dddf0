import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { scheduler } from 'node:timers/promises';
import {
  CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
} from 'kysely';
import { WRITER_LOOK_EVERY_MS, WRITER_WITHIN_MS, STATEMENTS_READY_MAX } from '../limits.ts';
import { assert } from '../../base/index.ts';

/**
 * kysely over node:sqlite. One writer, held by one statement or transaction at a time; whoever only reads does so beside it
 * and sees what was committed last, so that a long import keeps nobody from looking. A writer of another process is waited
 * for without standing still.
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
    return new LockedDriver(this.#path);
  }

  override createAdapter(): SqliteAdapter {
    return new ManyConnections();
  }
}

/** The lock is the driver's, and finer: a reader does not wait for it. */
class ManyConnections extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class LockedDriver extends SqliteDriver {
  readonly #path: string;
  #files: Files | undefined;
  #tail: Promise<void> = Promise.resolve();

  constructor(path: string) {
    super({ database: () => Promise.reject(new Error('invariant broken: the driver opens the database')) });
    this.#path = path;
  }

  override async init(): Promise<void> {
    this.#files = openFiles(this.#path);
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    assert(this.#files !== undefined, 'a database is opened before it is asked');
    return new Connection(this.#files, () => this.#takeTurn());
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    assert(connection instanceof Connection, 'this driver made it');
    await connection.begin();
  }

  override async releaseConnection(connection?: DatabaseConnection): Promise<void> {
    if (connection instanceof Connection) connection.release();
  }

  override async destroy(): Promise<void> {
    this.#files?.close();
  }

  async #takeTurn(): Promise<() => void> {
    const before = this.#tail;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tail = promise;
    await before;
    return resolve;
  }
}

class Connection implements DatabaseConnection {
  readonly #files: Files;
  readonly #takeTurn: () => Promise<() => void>;
  /** Set while this connection is the one that writes. */
  #release: (() => void) | undefined;

  constructor(files: Files, takeTurn: () => Promise<() => void>) {
    this.#files = files;
    this.#takeTurn = takeTurn;
  }

  /** Other processes write too: a transaction that began as a reader would be refused, not made to wait. */
  async begin(): Promise<void> {
    this.#release = await this.#takeTurn();
    await patiently(() => run(this.#files.writer, CompiledQuery.raw('begin immediate')));
  }

  release(): void {
    this.#release?.();
    this.#release = undefined;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { writer, reader } = this.#files;
    if (this.#release !== undefined) return run<Row>(writer, query);
    if (reader !== undefined && READS.test(query.sql)) return run<Row>(reader, query);
    const release = await this.#takeTurn();
    try {
      return await patiently(() => run<Row>(writer, query));
    } finally {
      release();
    }
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('invariant broken: nothing is streamed from a database here');
  }
}

/** A SELECT of SQLite changes nothing (https://sqlite.org/lang_select.html); what begins otherwise takes its turn. */
const READS = /^\s*select\b/i;

/** SQLITE_BUSY: https://sqlite.org/rescode.html#busy */
const BUSY = 5;

/** Another process writes: it is asked again and again, and everybody else goes on meanwhile. */
async function patiently<Outcome>(work: () => Outcome): Promise<Outcome> {
  for (let waitedMs = 0; ; waitedMs += WRITER_LOOK_EVERY_MS) {
    try {
      return work();
    } catch (fault) {
      const isBusy = fault instanceof Error && 'errcode' in fault && fault.errcode === BUSY;
      if (!isBusy || waitedMs >= WRITER_WITHIN_MS) throw fault;
    }
    await scheduler.wait(WRITER_LOOK_EVERY_MS);
  }
}

function run<Row>({ prepare }: File, { sql, parameters }: CompiledQuery): QueryResult<Row> {
  const { reads, statement } = prepare(sql);
  const values = parameters as SQLInputValue[];
  if (reads) return { rows: statement.all(...values) as Row[] };
  const { changes, lastInsertRowid } = statement.run(...values);
  return { insertId: BigInt(lastInsertRowid), numAffectedRows: BigInt(changes), rows: [] };
}

interface File {
  readonly prepare: (sql: string) => Ready;
}

interface Files {
  readonly writer: File;
  /** Absent for a database in memory, which has one connection. */
  readonly reader: File | undefined;
  close(): void;
}

/** Another process that opens the same file holds it for a moment. */
const OPENED_WITHIN_MS = 5_000;

interface Ready {
  readonly reads: boolean;
  readonly statement: StatementSync;
}

function openFiles(path: string): Files {
  const options = { timeout: OPENED_WITHIN_MS, enableForeignKeyConstraints: true };
  const writing = new DatabaseSync(path, options);
  // An acknowledgement is signed after a commit: the commit must be on the disk by then.
  writing.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  writing.exec(`PRAGMA busy_timeout = ${WRITER_LOOK_EVERY_MS}`);
  const reading = path === ':memory:' ? undefined : new DatabaseSync(path, { ...options, readOnly: true });
  return {
    writer: { prepare: preparer(writing) },
    reader: reading === undefined ? undefined : { prepare: preparer(reading) },
    close: () => {
      reading?.close();
      writing.close();
    },
  };
}

/** Statements made ready once; those that change tables make what was ready before begin anew. */
function preparer(database: DatabaseSync): (sql: string) => Ready {
  const ready = new Map<string, Ready>();
  const make = (sql: string): Ready => {
    const statement = database.prepare(sql);
    return { reads: statement.columns().length > 0, statement };
  };
  return (sql) => {
    const known = ready.get(sql);
    if (known !== undefined) return known;
    if (/^\s*(create|alter|drop|pragma|vacuum)/i.test(sql)) {
      ready.clear();
      return make(sql);
    }
    if (ready.size >= STATEMENTS_READY_MAX)
      for (const oldest of [...ready.keys()].slice(0, 1)) ready.delete(oldest);
    const made = make(sql);
    ready.set(sql, made);
    return made;
  };
}
