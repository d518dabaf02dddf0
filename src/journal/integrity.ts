import { setImmediate as nextTurn } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { toHex } from '../base/index.ts';
import { CHAIN_START, type ChainEnd, checkRow } from './chain.ts';
import { errorMessage } from './error-message.ts';
import { Damage } from './faults.ts';
import { READ_ROWS_MAX, VERIFY_AT_OPEN_ROWS_MAX, VERIFY_CHUNK_ROWS } from './limits.ts';
import { RowsTable } from './rows-table.ts';
import { configureReader, judgePages } from './schema.ts';
import type { Store } from './store.ts';

/** The chain, followed row by row. Finds every row that is missing, changed or out of place. */

/**
 * Rows since the last checkpoint, in one piece.
 * @returns the row before which everything is still to be verified
 * @throws Damage
 */
export function verifyTail(store: Store, head: ChainEnd): number {
  const newest = store.rows.newest();
  if (newest !== head.seq) throw new Damage(`the newest row is ${newest}, not ${head.seq}`, head.seq);
  const checkpoint = store.checkpoints.newest();
  const oldest = Math.max(1, head.seq - VERIFY_AT_OPEN_ROWS_MAX + 1);
  const from = Math.max(oldest, checkpoint?.seq ?? 1);
  const raw = store.rows.raw(checkpoint?.seq ?? 0);
  if (checkpoint !== undefined && (raw === undefined || toHex(raw.hash) !== checkpoint.hash))
    throw new Damage('the last checkpoint is not about a row of this journal', checkpoint.seq);
  let end = store.rows.endBefore(from);
  while (end.seq < head.seq) end = verifyPiece(store.rows, end, READ_ROWS_MAX);
  if (toHex(end.hash) !== toHex(head.hash)) throw new Damage('the newest row is not the head', head.seq);
  return from;
}

/** Follows the chain from `end` over at most `limit` rows. @throws Damage; also when no row follows */
export function verifyPiece(rows: RowsTable, end: ChainEnd, limit: number): ChainEnd {
  let last = end;
  for (const raw of rows.raws(end.seq + 1, limit)) {
    checkRow(last, raw);
    last = { seq: raw.seq, hash: raw.hash };
  }
  if (last.seq === end.seq) throw new Damage(`row ${end.seq + 1} is missing`, end.seq + 1);
  return last;
}

/**
 * Rows 1 to `to`, a few at every turn of the event loop.
 * @returns false when `stopped` said so before the end
 * @throws Damage, or what SQLite throws
 */
export async function verifyInBackground(
  rows: RowsTable,
  to: number,
  stopped: () => boolean,
): Promise<boolean> {
  let end = CHAIN_START;
  while (end.seq < to) {
    if (stopped()) return false;
    end = verifyPiece(rows, end, Math.min(VERIFY_CHUNK_ROWS, to - end.seq));
    await nextTurn();
  }
  return true;
}

/** As `verifyInBackground`, over a handle of its own: pages that the journal's own handle still holds hide what a disk did. */
export async function verifyFromDisk(file: string, to: number, stopped: () => boolean): Promise<boolean> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    configureReader(database);
    return await verifyInBackground(new RowsTable(database), to, stopped);
  } finally {
    database.close();
  }
}

const SQLITE_IOERR = 10;

/** Source text instead of a file, so that a bundle of one file has it too. */
const PAGE_CHECK = `
const { parentPort, workerData } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
let found;
try {
  const database = new DatabaseSync(workerData, { readOnly: true });
  found = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
  database.close();
} catch (cause) {
  found = { errcode: cause.errcode, message: cause.message };
}
parentPort.postMessage(found);
`;

/** SQLite's own check of all pages, in a thread of its own: it can take seconds. @throws Damage */
export async function checkPages(file: string): Promise<void> {
  const found = await new Promise<unknown>((resolve, reject) => {
    const worker = new Worker(PAGE_CHECK, { eval: true, workerData: file, execArgv: [] });
    worker.once('message', resolve);
    // Whatever ended the thread says nothing about the bytes.
    worker.once('error', (cause: unknown) =>
      reject(Object.assign(new Error(errorMessage(cause)), { errcode: SQLITE_IOERR })),
    );
  });
  if (typeof found === 'string') return judgePages(found);
  throw Object.assign(new Error(String((found as { message?: unknown }).message)), found);
}
