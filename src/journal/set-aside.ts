import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { WallMs } from '../base/index.ts';
import type { JournalHead, MemoryChange } from '../wire/index.ts';
import { RowsTable } from './rows-table.ts';
import { configureReader } from './schema.ts';
import { readMemoryLine } from './seal.ts';
import { Store, wireHead } from './store.ts';
import { CHAIN_START, checkRow } from './chain.ts';

/**
 * A journal whose bytes do not hold is set aside under another name, whole, and never written again: the rows up to the
 * damage can still be read there. What the next journal needs from it is taken over: its id and newest row, and what was
 * remembered.
 */

const MARK = '.damaged-';

/** Renames the journal and its log. A power cut in between is finished by `finishSettingAside`. */
export function setAside(file: string, at: WallMs): string {
  const target = freeName(file, at);
  const note = noteOf(file);
  writeFileSync(note, basename(target), { flush: true });
  syncFolder(file);
  finishSettingAside(file);
  return target;
}

/** To be called before a journal is opened: half a rename would lose the log, or give it to another file. */
export function finishSettingAside(file: string): void {
  const note = noteOf(file);
  if (!existsSync(note)) return;
  const target = join(dirname(file), readFileSync(note, 'utf8'));
  if (target.startsWith(`${file}${MARK}`)) {
    for (const suffix of ['-wal', ''])
      if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix);
    rmSync(`${file}-shm`, { force: true });
    syncFolder(file);
  }
  rmSync(note, { force: true });
}

export interface SetAside {
  readonly file: string;
  /** Milliseconds since 1970, from its name: no row in it is younger. */
  readonly at: number;
}

/** Journals that were set aside here, newest first. */
export function listSetAside(file: string): readonly SetAside[] {
  const start = `${basename(file)}${MARK}`;
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
    .map((name) => ({ file: join(dirname(file), name), at: timeOf(name.slice(start.length)) }))
    .sort((left, right) => right.at - left.at || (right.file < left.file ? -1 : 1));
}

export function removeSetAside(file: string): void {
  for (const suffix of ['-wal', '-shm', '']) rmSync(file + suffix, { force: true });
}

export interface Salvage {
  readonly head?: JournalHead;
  readonly memory: readonly MemoryChange[];
}

/** What can still be read with certainty. Never throws: a file that says nothing salvages nothing. */
export function salvage(file: string): Salvage {
  let database: DatabaseSync | undefined;
  try {
    // A writer would bring the log into the file when it closes, and the set aside file is never written again.
    database = new DatabaseSync(file, { readOnly: true });
    configureReader(database);
    const head = newestHead(database);
    return { ...(head === undefined ? {} : { head }), memory: readableMemory(database) };
  } catch {
    return { memory: [] };
  } finally {
    database?.close();
  }
}

/** The sealed head, else the last row that still follows the one before it under the id of the head's line. */
function newestHead(database: DatabaseSync): JournalHead | undefined {
  try {
    const { id, end } = new Store(database).head();
    return wireHead(id, end);
  } catch {
    return lastWholeRow(database);
  }
}

function lastWholeRow(database: DatabaseSync): JournalHead | undefined {
  try {
    const id = database.prepare('SELECT journal FROM head').get()?.['journal'];
    const rows = new RowsTable(database);
    const raw = rows.raw(rows.newest());
    if (raw === undefined || typeof id !== 'string' || !/^[0-9a-f]{32}$/.test(id)) return undefined;
    checkRow(raw.seq === 1 ? CHAIN_START : rows.endBefore(raw.seq), raw);
    return wireHead(id, raw);
  } catch {
    return undefined;
  }
}

/** Line by line: one that is damaged must not cost the others, each of which may be a used code. */
function readableMemory(database: DatabaseSync): readonly MemoryChange[] {
  const found: MemoryChange[] = [];
  try {
    for (const line of database.prepare('SELECT key, value, until, seal FROM memory').iterate()) {
      try {
        found.push(readMemoryLine(line));
      } catch {
        // This line is lost; the next may be whole.
      }
    }
  } catch {
    // The table can not be followed any further.
  }
  return found;
}

/** Names carry milliseconds and never collide: a second damage in the same millisecond takes the next one. */
function freeName(file: string, at: WallMs): string {
  let time = Math.max(0, Math.floor(at));
  while (existsSync(`${file}${MARK}${time}`)) time += 1;
  return `${file}${MARK}${time}`;
}

function timeOf(text: string): number {
  return Number(text);
}

function noteOf(file: string): string {
  return `${file}.setting-aside`;
}

export function syncFolder(file: string): void {
  const descriptor = openSync(dirname(file), 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
