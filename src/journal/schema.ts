import type { DatabaseSync } from 'node:sqlite';
import { Damage } from './faults.ts';
import { BUSY_TIMEOUT_MS, WAL_FILE_BYTES_MAX, WAL_PAGES_MAX } from './limits.ts';

/**
 * The tables of a journal file, and the settings of its connections. A file whose schema differs in one character
 * is not ours: it is damaged, or somebody changed it.
 *
 * row         the chain; content is canonical JSON, null once past its retention
 * head        one line: journal id, newest row. Written with every batch, so a vanished last row is noticed
 * memory      used codes, passes, presence, counters (wire/memory.ts)
 * cursor      how far a reader of the journal has come
 * checkpoint  signed statements about the chain
 *
 * A `seal` is the first 8 bytes of the SHA-256 of its line: against flipped bits, not against people.
 */
export const TABLES = [
  'CREATE TABLE row (seq INTEGER PRIMARY KEY, content TEXT, digest BLOB NOT NULL, hash BLOB NOT NULL) STRICT',
  'CREATE TABLE head (one INTEGER PRIMARY KEY, journal TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, seal BLOB NOT NULL) STRICT',
  'CREATE TABLE memory (key TEXT PRIMARY KEY, value TEXT NOT NULL, until INTEGER, seal BLOB NOT NULL) STRICT, WITHOUT ROWID',
  'CREATE TABLE cursor (name TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT, WITHOUT ROWID',
  'CREATE TABLE checkpoint (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, at INTEGER NOT NULL, jwt TEXT NOT NULL) STRICT',
] as const;

/** Small enough to be checked whole at every start; `row` grows with the years. */
export const SMALL_TABLES = ['head', 'memory', 'cursor', 'checkpoint'] as const;

/** `MWJ1` */
export const APPLICATION_ID = 0x4d574a31;
export const FORMAT = 1;

/** Bytes 16..23 of the file: page size 4096, WAL for writing and reading, no reserved bytes, fixed fractions. */
export const FILE_HEADER = Uint8Array.of(0x10, 0, 2, 2, 0, 64, 32, 32);
export const FILE_MAGIC = 'SQLite format 3\0';

const SQLITE_CORRUPT = 11;

/** Durable at every commit, and nothing deleted stays readable in the file. */
export function configureWriter(database: DatabaseSync): void {
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cell_size_check = ON;
    PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
    PRAGMA wal_autocheckpoint = ${WAL_PAGES_MAX};
    PRAGMA journal_size_limit = ${WAL_FILE_BYTES_MAX};
  `);
}

export function configureReader(database: DatabaseSync): void {
  database.exec(
    `PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};`,
  );
}

export function createTables(database: DatabaseSync): void {
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT};`);
  for (const table of TABLES) database.exec(table);
}

export type SchemaState = 'empty' | 'ours';

/** @throws Damage for anything but an empty file or exactly our tables */
export function schemaState(database: DatabaseSync): SchemaState {
  const tables = database
    .prepare("SELECT type, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY rowid")
    .all();
  if (tables.length === 0) return 'empty';
  const ours =
    tables.length === TABLES.length &&
    tables.every(({ type, sql }, at) => type === 'table' && sql === TABLES[at]);
  if (!ours) throw new Damage('the tables are not those of a journal');
  if (pragma(database, 'application_id') !== APPLICATION_ID || pragma(database, 'user_version') !== FORMAT)
    throw new Damage('the file is not marked as a journal');
  return 'ours';
}

/** @throws Damage when SQLite finds the small tables' pages malformed */
export function checkSmallTables(database: DatabaseSync): void {
  for (const table of SMALL_TABLES) {
    judgePages(pragma(database, 'quick_check', `('${table}')`));
  }
}

/**
 * Judges the first line of `PRAGMA quick_check`, in which a page that could not be read looks much like one that is malformed.
 * @throws Damage, or an error with SQLite's code when the disk failed
 */
export function judgePages(found: unknown): void {
  if (found === 'ok') return;
  const text = String(found);
  const errcode = Number(/error code=(\d+)/.exec(text)?.[1] ?? SQLITE_CORRUPT);
  if ((errcode & 0xff) === SQLITE_CORRUPT) throw new Damage(text);
  throw Object.assign(new Error(text), { errcode });
}

function pragma(database: DatabaseSync, name: string, argument = ''): unknown {
  const line = database.prepare(`PRAGMA ${name}${argument}`).get();
  return line === undefined ? undefined : Object.values(line)[0];
}
