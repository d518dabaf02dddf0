import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wallMs } from '../base/index.ts';
import type { BatchDraft } from '../wire/index.ts';
import { openJournal } from './journal.ts';
import type { StoredRow } from './chain.ts';
import type { Journal, JournalOptions } from './journal-types.ts';
import { openJournalReader } from './reading.ts';

/** A real journal in a folder of its own, for tests of this room and of others. */

/** 2026-03-01T08:00:00Z */
export const TEST_START = wallMs(1_772_352_000_000);
/** Small, so that a test does not write megabytes. */
export const TEST_RESERVE_BYTES = 64 * 1024;

/** Never the same id twice in one process, and the same ids in every run. */
let counted = 0;
function nextBytes(length: number): Uint8Array {
  counted += 1;
  const bytes = new Uint8Array(length).fill(0xa5);
  new DataView(bytes.buffer).setUint32(0, counted);
  return bytes;
}

export function testOptions(file: string, changes: Partial<JournalOptions> = {}): JournalOptions {
  return {
    file,
    reserveBytes: TEST_RESERVE_BYTES,
    opened: { at: TEST_START, clock: 'synced' },
    random: nextBytes,
    ...changes,
  };
}

export interface JournalFolder {
  readonly folder: string;
  readonly file: string;
  open(changes?: Partial<JournalOptions>): Journal;
  remove(): void;
}

export function journalFolder(base: string = tmpdir()): JournalFolder {
  const folder = mkdtempSync(join(base, 'menwei-journal-'));
  const file = join(folder, 'journal.sqlite');
  return {
    folder,
    file,
    open: (changes) => openJournal(testOptions(file, changes)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A row as a scan makes it; `step` moves its time and its person on. */
export function testDraft(step: number, changes: Partial<BatchDraft> = {}): BatchDraft {
  return {
    at: new Date(TEST_START + step * 1_000).toISOString(),
    clock: 'synced',
    lane: 'north',
    direction: 'in',
    reader: 'north-1',
    decision: 'granted',
    kind: 1,
    index: step,
    ...changes,
  };
}

/** All rows as a reader sees them. */
export function rowsOfFile(file: string): readonly StoredRow[] {
  const reader = openJournalReader(file);
  try {
    return [...reader.iterate()];
  } finally {
    reader.close();
  }
}

/** For models of the journal in tests: the one way to a receipt without a row. */
export { mintReceipt } from './receipts.ts';
