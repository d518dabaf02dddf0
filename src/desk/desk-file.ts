import { hash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { err, ok, type Result } from '../base/index.ts';
import { FILE_BUSY_MS } from './limits.ts';

/**
 * The one file of the desk: accounts, tries to sign in, shifts. What it has taken is on the disk. A file whose bytes do not
 * hold is set aside whole and never believed again; one that cannot be read or is of a later version closes the desk, so
 * that neither ever lets anybody in.
 *
 *   account   secrets as PHC texts alone; a seal against flipped bits, not against people
 *   tried     counts by hashes of what was typed, and of addresses
 *   familiar  addresses from which a guard has signed in, as hashes
 *   shift     with its hand-over note
 */
const TABLES = [
  "CREATE TABLE account (name TEXT PRIMARY KEY, role TEXT NOT NULL CHECK (role IN ('guard', 'head')), secret TEXT, duress TEXT, invitation TEXT, invited_until INTEGER NOT NULL, disabled INTEGER NOT NULL, seal TEXT NOT NULL) STRICT, WITHOUT ROWID",
  'CREATE TABLE tried (key TEXT PRIMARY KEY, tries INTEGER NOT NULL, locks INTEGER NOT NULL, ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  'CREATE TABLE familiar (account TEXT NOT NULL, address TEXT NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY (account, address)) STRICT, WITHOUT ROWID',
  'CREATE TABLE shift (id INTEGER PRIMARY KEY, account TEXT NOT NULL, started_at INTEGER NOT NULL, started_row INTEGER, ended_at INTEGER, ended_row INTEGER, note TEXT NOT NULL) STRICT',
] as const;

/** `MWD1` */
const APPLICATION_ID = 0x4d574431;
const FORMAT = 1;
const MARK = '.damaged-';
/** Primary result codes of SQLite (sqlite.org/rescode.html): the file is malformed, or no database at all. */
const DAMAGED = new Set([11, 26]);

export interface DeskFileOptions {
  readonly file: string;
  /** Unix milliseconds, for the name of a file that is set aside. */
  readonly now: number;
}

/** `later`: of a later version of this software. `unreadable`: the disk or its permissions. */
export type DeskFileProblem = 'later' | 'unreadable';

type Values = readonly SQLInputValue[];

export class DeskFile {
  readonly #database: DatabaseSync;
  /** Statements are written in this folder alone, so there are few. */
  readonly #prepared = new Map<string, StatementSync>();
  /** Damaged files that lie beside this one, this start's included. */
  readonly setAside: readonly string[];
  readonly isNewlySetAside: boolean;

  constructor(database: DatabaseSync, found: { setAside: readonly string[]; isNewlySetAside: boolean }) {
    this.#database = database;
    this.setAside = found.setAside;
    this.isNewlySetAside = found.isNewlySetAside;
  }

  all(sql: string, ...values: Values): Record<string, unknown>[] {
    return this.#statement(sql).all(...values);
  }

  one(sql: string, ...values: Values): Record<string, unknown> | undefined {
    return this.#statement(sql).get(...values);
  }

  /** @returns how many lines changed */
  run(sql: string, ...values: Values): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  /** All of it or nothing; on the disk when it returns. */
  together<Value>(work: () => Value): Value {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const value = work();
      this.#database.exec('COMMIT');
      return value;
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw cause;
    }
  }

  close(): void {
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    const prepared = this.#prepared.get(sql) ?? this.#database.prepare(sql);
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** @returns the file, begun anew where there is none or the one that was there is damaged */
export function openDeskFile({ file, now }: DeskFileOptions): Result<DeskFile, DeskFileProblem> {
  try {
    const opened = tryOpen(file);
    if (opened === 'later') return err('later');
    if (opened !== 'damaged')
      return ok(new DeskFile(opened, { setAside: listSetAside(file), isNewlySetAside: false }));
    setAside(file, now);
    const fresh = tryOpen(file);
    return typeof fresh === 'string'
      ? err('unreadable')
      : ok(new DeskFile(fresh, { setAside: listSetAside(file), isNewlySetAside: true }));
  } catch {
    return err('unreadable');
  }
}

/** For a command beside the gate, which sets nothing aside and begins nothing. */
export function openKeptDeskFile(file: string): Result<DeskFile, DeskFileProblem | 'missing' | 'damaged'> {
  if (!existsSync(file)) return err('missing');
  try {
    const opened = tryOpen(file);
    if (typeof opened === 'string') return err(opened);
    return ok(new DeskFile(opened, { setAside: [], isNewlySetAside: false }));
  } catch {
    return err('unreadable');
  }
}

/** @throws what SQLite and the file system throw when it is not the file's bytes that are wrong */
function tryOpen(file: string): DatabaseSync | 'damaged' | 'later' {
  const database = new DatabaseSync(file);
  try {
    configure(database);
    const state = stateOf(database);
    if (state === 'empty') begin(database);
    if (state === 'empty' || state === 'ours') return database;
    database.close();
    return state;
  } catch (cause) {
    database.close();
    if (DAMAGED.has(((cause as { errcode?: number }).errcode ?? 0) & 0xff)) return 'damaged';
    throw cause;
  }
}

/** One file and, while something is written, its roll-back journal: nothing that could be given to another file. */
function configure(database: DatabaseSync): void {
  database.exec(`
    PRAGMA busy_timeout = ${FILE_BUSY_MS};
    PRAGMA journal_mode = DELETE;
    PRAGMA synchronous = EXTRA;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cell_size_check = ON;
    PRAGMA trusted_schema = OFF;
  `);
}

function stateOf(database: DatabaseSync): 'empty' | 'ours' | 'damaged' | 'later' {
  const tables = database
    .prepare("SELECT type, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY rowid")
    .all();
  if (tables.length === 0) return 'empty';
  if (pragma(database, 'application_id') !== APPLICATION_ID) return 'damaged';
  if (Number(pragma(database, 'user_version')) > FORMAT) return 'later';
  const isOurs =
    tables.length === TABLES.length &&
    tables.every(({ type, sql }, at) => type === 'table' && sql === TABLES[at]);
  const isWhole = isOurs && pragma(database, 'quick_check') === 'ok' && areSealed(database);
  return isWhole ? 'ours' : 'damaged';
}

/** First 16 hex digits of the SHA-256 of a line. */
export function sealOf(line: Values): string {
  return hash('sha256', JSON.stringify(line), 'hex').slice(0, 16);
}

function areSealed(database: DatabaseSync): boolean {
  const lines = database.prepare('SELECT * FROM account').all();
  return lines.every((line) => {
    const { seal, ...values } = line;
    return seal === sealOf(Object.values(values));
  });
}

function begin(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT};`);
  for (const table of TABLES) database.exec(table);
  database.exec('COMMIT');
}

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

/** The file itself first: a roll-back journal without it is dropped by SQLite. */
function setAside(file: string, now: number): void {
  let at = Math.max(0, Math.floor(now));
  while (existsSync(`${file}${MARK}${at}`)) at += 1;
  for (const suffix of ['', '-journal'])
    if (existsSync(file + suffix)) renameSync(file + suffix, `${file}${MARK}${at}${suffix}`);
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function listSetAside(file: string): readonly string[] {
  const start = `${basename(file)}${MARK}`;
  return readdirSync(dirname(file)).filter(
    (name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)),
  );
}
