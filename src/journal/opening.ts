import { closeSync, openSync, readSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type ClockQuality, equalBytes, isoTime, toHex, utf8, type WallMs } from '../base/index.ts';
import type { JournalHead } from '../wire/index.ts';
import { CHAIN_START, type ChainEnd, linkBatch } from './chain.ts';
import { Damage } from './faults.ts';
import { verifyTail } from './integrity.ts';
import {
  checkSmallTables,
  configureWriter,
  createTables,
  FILE_HEADER,
  FILE_MAGIC,
  schemaState,
} from './schema.ts';
import { finishSettingAside, listSetAside, type Salvage, salvage, syncFolder } from './set-aside.ts';
import { Store } from './store.ts';
import { checkWal } from './wal.ts';

/** Opens a journal file and proves its newest part, or begins a new journal where there is none. */

export interface OpenedAt {
  readonly at: WallMs;
  readonly clock: ClockQuality;
}

export interface OpeningOptions {
  readonly file: string;
  readonly opened: OpenedAt;
  readonly random: (bytes: number) => Uint8Array;
  /** Head of the journal before this one, where somebody else remembers it (a new card in an old gate). */
  readonly previous?: JournalHead;
}

export interface OpenedStore {
  readonly store: Store;
  readonly id: string;
  readonly end: ChainEnd;
  /** Rows before this one are still to be verified. */
  readonly verifiedFrom: number;
}

/** 16 random bytes. */
const JOURNAL_ID_BYTES = 16;

/** @throws Damage when the file can not be believed, else what SQLite and the file system throw */
export function openStore(options: OpeningOptions): OpenedStore {
  finishSettingAside(options.file);
  checkWal(options.file);
  checkFileHeader(options.file);
  const database = new DatabaseSync(options.file);
  try {
    configureWriter(database);
    return schemaState(database) === 'ours' ? existing(database) : begin(database, options);
  } catch (cause) {
    database.close();
    throw cause;
  }
}

function existing(database: DatabaseSync): OpenedStore {
  checkSmallTables(database);
  const store = new Store(database);
  const { id, end } = store.head();
  const verifiedFrom = verifyTail(store, end);
  store.memory();
  return { store, id, end, verifiedFrom };
}

/** Tables, first row and what the journal before it remembered: in one transaction, so that no half journal exists. */
function begin(database: DatabaseSync, options: OpeningOptions): OpenedStore {
  const before = predecessor(options);
  const id = toHex(options.random(JOURNAL_ID_BYTES));
  const { at, clock } = options.opened;
  const reason = openingReason(before);
  const { raws, end } = linkBatch(CHAIN_START, [{ at: isoTime(at), clock, decision: 'system', reason }]);
  database.exec('BEGIN IMMEDIATE');
  createTables(database);
  const store = new Store(database);
  store.writeInside({ id, raws, memory: before?.memory ?? [], end });
  database.exec('COMMIT');
  syncFolder(options.file);
  return { store, id, end, verifiedFrom: 1 };
}

function predecessor(options: OpeningOptions): Salvage | undefined {
  const [newest] = listSetAside(options.file);
  const found = newest === undefined ? undefined : salvage(newest.file);
  if (options.previous === undefined || found?.head !== undefined) return found;
  return { memory: found?.memory ?? [], head: options.previous };
}

/** At most 140 characters. */
function openingReason(before: Salvage | undefined): string {
  if (before === undefined) return 'journal-opened';
  const { head } = before;
  return head === undefined
    ? 'journal-opened after unknown'
    : `journal-opened after ${head.id} ${head.seq} ${head.hash}`;
}

/**
 * The first bytes decide how SQLite takes the file: with a flipped one it may well open it, and leave the log aside.
 * @throws Damage
 */
function checkFileHeader(file: string): void {
  const header = firstBytes(file, FILE_MAGIC.length + FILE_HEADER.length);
  if (header === undefined || header.length === 0) return;
  const magic = header.subarray(0, FILE_MAGIC.length);
  if (!equalBytes(magic, utf8(FILE_MAGIC)) || !equalBytes(header.subarray(FILE_MAGIC.length), FILE_HEADER))
    throw new Damage("the file's header is not that of a journal");
}

function firstBytes(file: string, count: number): Uint8Array | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
  try {
    const bytes = new Uint8Array(count);
    let read = 0;
    // A read may give less than was asked for without being at the end.
    for (let more = -1; read < count && more !== 0; read += more)
      more = readSync(descriptor, bytes, read, count - read, read);
    return bytes.subarray(0, read);
  } finally {
    closeSync(descriptor);
  }
}
