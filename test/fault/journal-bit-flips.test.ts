import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { Damage, listSetAside, openJournal } from '../../src/journal/index.ts';
import { type JournalReader, openJournalReader, type StoredRow } from '../../src/journal/reading.ts';
import { TEST_START, testDraft, testOptions } from '../../src/journal/testing.ts';
import type { JournalHead, MemoryChange } from '../../src/wire/index.ts';
import { fastFolder } from './journal-support.ts';
import { byTier, seeded, TEST_MS_MAX } from './tier.ts';

const PAGE_BYTES = 4_096;
const PAGE_BITS = PAGE_BYTES * 8;
const ROWS = 90;
const signed = { sign: async () => 'head.payload.signature' };

const folder = mkdtempSync(join(fastFolder(), 'menwei-flips-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Truth {
  readonly head: JournalHead;
  readonly rows: readonly StoredRow[];
  readonly memory: ReadonlyMap<string, MemoryChange>;
}

interface Tally {
  atOpening: number;
  byVerifying: number;
  harmless: number;
}

describe('a flipped bit', () => {
  test(
    'in the database is found, or changes nothing; never a crash, never a false row',
    async () => {
      const file = join(folder, 'closed.sqlite');
      const truth = await writeJournal(file, (journal) => journal.close());
      const whole = readFileSync(file);
      const tally = { atOpening: 0, byVerifying: 0, harmless: 0 };
      for (const bit of databaseBits(whole)) await flip({ '': flipped(whole, bit) }, truth, tally);
      process.stderr.write(`bits flipped in the database: ${JSON.stringify(tally)}\n`);
      expect(tally.atOpening).toBeGreaterThan(0);
    },
    TEST_MS_MAX,
  );

  test(
    'in the write-ahead log before its last transaction is found at the opening',
    async () => {
      const file = join(folder, 'running.sqlite');
      let log = Buffer.alloc(0);
      let database = Buffer.alloc(0);
      const truth = await writeJournal(file, (journal) => {
        log = readFileSync(`${file}-wal`);
        database = readFileSync(file);
        journal.close();
      });
      const tally = { atOpening: 0, byVerifying: 0, harmless: 0 };
      const random = seeded(5);
      // The last transactions can not be told from a torn tail; a batch is at most four frames.
      const bits = (log.length - 8 * (PAGE_BYTES + 24)) * 8;
      const tries = byTier({ push: 300, long: 10_000, release: 30_000 });
      for (let turn = 0; turn < tries; turn += 1) {
        const bit = random(bits);
        await flip({ '': database, '-wal': flipped(log, bit) }, truth, tally);
      }
      expect(tally).toMatchObject({ byVerifying: 0, harmless: 0 });
    },
    TEST_MS_MAX,
  );
});

/** Push: bits of the whole file. Longer: every bit of three pages — the schema, the newest rows, the memory. */
function databaseBits(whole: Buffer): Iterable<number> {
  const tries = byTier({ push: 2_000, long: 3 * PAGE_BITS, release: 3 * PAGE_BITS });
  if (tries < PAGE_BITS) {
    const random = seeded(77);
    return Array.from({ length: tries }, () => random(whole.length * 8));
  }
  const pages = [0, pageWith(whole, `"seq":${ROWS}`), pageWith(whole, 'used/1')];
  return pages.flatMap((page) => Array.from({ length: PAGE_BITS }, (_, bit) => page * PAGE_BITS + bit));
}

function pageWith(whole: Buffer, text: string): number {
  const at = whole.lastIndexOf(text);
  expect(at, text).toBeGreaterThan(0);
  return Math.floor(at / PAGE_BYTES);
}

function flipped(whole: Buffer, bit: number): Buffer {
  const copy = Buffer.from(whole);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

async function writeJournal(
  file: string,
  end: (journal: ReturnType<typeof openJournal>) => void,
): Promise<Truth> {
  const journal = openJournal(testOptions(file, signed));
  for (let step = 1; step < ROWS; step += 1) {
    journal.append(
      [testDraft(step)],
      step % 3 === 0 ? [{ key: `used/${step}`, value: 'x', until: step }] : [],
      'code',
    );
    if (step === 40) await journal.checkpoint({ at: TEST_START, clock: 'synced' });
  }
  const { head } = journal;
  const reader = openJournalReader(file);
  const rows = [...reader.iterate()];
  const memory = new Map(journal.loadMemory().map((change) => [change.key, change]));
  reader.close();
  end(journal);
  if (head === undefined) throw new Error('the journal did not open');
  return { head, rows, memory };
}

/** Opens a journal made of these files as a gate does, and holds everything it says against the truth. */
async function flip(files: Readonly<Record<string, Buffer>>, truth: Truth, tally: Tally): Promise<void> {
  const place = join(folder, 'try');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  const file = join(place, 'journal.sqlite');
  for (const [suffix, bytes] of Object.entries(files)) writeFileSync(file + suffix, bytes);
  const journal = openJournal(testOptions(file, signed));
  try {
    onlyTrueMemory(journal.loadMemory(), truth);
    const whole =
      journal.head?.id === truth.head.id
        ? await accepted(journal, file, { truth, tally })
        : setAside(journal.head, file, { truth, tally });
    const written = journal.append([testDraft(500)], [], 'code');
    // Damage in old rows may make itself felt once; then the journal has helped itself.
    if (whole || written.ok) expect(written).toMatchObject({ ok: true });
    else expect(journal.append([testDraft(501)], [], 'code')).toMatchObject({ ok: true });
  } finally {
    journal.close();
  }
  expect(readdirSync(place).filter((name) => name.endsWith('.setting-aside'))).toEqual([]);
}

async function accepted(
  journal: ReturnType<typeof openJournal>,
  file: string,
  { truth, tally }: { truth: Truth; tally: Tally },
): Promise<boolean> {
  expect(journal.head).toEqual(truth.head);
  expect(journal.loadMemory()).toHaveLength(truth.memory.size);
  const whole = await isWhole(journal, file);
  const wrong = onlyTrueRows(file, truth);
  // What verifying calls whole is whole to the last row.
  if (whole) expect(wrong).toBe(0);
  if (whole) tally.harmless += 1;
  else tally.byVerifying += 1;
  return whole;
}

/** The command's verification, and for every tenth file that of the running gate: they must agree. */
async function isWhole(journal: ReturnType<typeof openJournal>, file: string): Promise<boolean> {
  const whole = readsWhole(file);
  opened += 1;
  if (opened % 10 === 0) expect((await journal.verifyRest()).state).toBe(whole ? 'whole' : 'damaged');
  return whole;
}

let opened = 0;

function readsWhole(file: string): boolean {
  try {
    const reader = openJournalReader(file);
    try {
      reader.verify();
      return true;
    } finally {
      reader.close();
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    return false;
  }
}

function setAside(
  head: JournalHead | undefined,
  file: string,
  { truth, tally }: { truth: Truth; tally: Tally },
): boolean {
  tally.atOpening += 1;
  expect(head?.seq).toBe(1);
  const reader = openJournalReader(file);
  const first = reader.row(1);
  reader.close();
  expect(first).toMatchObject({ decision: 'system' });
  const reason = first !== undefined && 'reason' in first ? first.reason : '';
  const [, id, seq, hash] =
    /^journal-opened after ([0-9a-f]{32}) (\d+) ([0-9a-f]{64})$/.exec(reason ?? '') ?? [];
  if (id === undefined) expect(reason).toBe('journal-opened after unknown');
  else expect(truth.rows[Number(seq) - 1]).toMatchObject({ hash });
  const [aside] = listSetAside(file);
  expect(aside).toBeDefined();
  onlyTrueRows(aside?.file ?? '', truth);
  return true;
}

/** @returns how many rows could not be read; a row that can be read and is not true fails the test */
function onlyTrueRows(file: string, truth: Truth): number {
  let wrong = 0;
  try {
    const reader = openJournalReader(file);
    try {
      wrong = readsAll(reader, truth) ? 0 : readsEach(reader, truth);
    } finally {
      reader.close();
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    wrong += 1;
  }
  return wrong;
}

/** All at once, as reporting reads them: the quick way when nothing is wrong. */
function readsAll(reader: JournalReader, truth: Truth): boolean {
  try {
    return isDeepStrictEqual(reader.rows(1, truth.rows.length), truth.rows);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return false;
  }
}

function readsEach(reader: JournalReader, truth: Truth): number {
  let wrong = 0;
  for (const row of truth.rows) {
    try {
      const found = reader.row(row.seq);
      if (found === undefined) wrong += 1;
      else expect(found).toEqual(row);
    } catch (error) {
      if (!isDamage(error)) throw error;
      wrong += 1;
    }
  }
  return wrong;
}

function isDamage(error: unknown): boolean {
  return error instanceof Damage || (error as { code?: unknown }).code === 'ERR_SQLITE_ERROR';
}

function onlyTrueMemory(found: readonly MemoryChange[], truth: Truth): void {
  for (const change of found) expect(truth.memory.get(change.key)).toEqual(change);
}
