import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { type Journal, openJournal } from '../../src/journal/index.ts';
import { openJournalReader } from '../../src/journal/reading.ts';
import { testDraft, testOptions } from '../../src/journal/testing.ts';
import { fastFolder, run, whyNoMounts } from './journal-support.ts';
import { byTier, TEST_MS_MAX } from './tier.ts';

/** A disk of 3 MiB is filled to each offset of free bytes in turn. */
const offsets = byTier({ push: 40, long: 321, release: 321 });
const RESERVE_BYTES = 256 * 1024;
const APPENDS_MAX = 2_000;

const disk = mkdtempSync(join(fastFolder(), 'menwei-full-'));
const impossible = whyNoMounts() ?? mountDisk();
if (impossible !== undefined) process.stderr.write(`a full disk is not tried: ${impossible}\n`);
const file = join(disk, 'journal.sqlite');
const filler = join(disk, 'filler');

beforeEach(() => {
  for (const name of readdirSync(disk)) rmSync(join(disk, name));
});
afterAll(() => {
  if (impossible === undefined) run('umount', '-l', disk);
  rmSync(disk, { recursive: true, force: true });
});

/** Spread over 0..320, so that forty tries reach both ends. */
const each = Array.from({ length: offsets }, (_, at) => Math.round((at * 320) / (offsets - 1)));

test.skipIf(impossible !== undefined)(
  `disk full with 0 to 320 bytes left, ${offsets} times: codes are refused, guards are not, and space heals it`,
  () => {
    for (const offset of each) {
      for (const name of readdirSync(disk)) rmSync(join(disk, name));
      fillAndHeal(offset);
    }
  },
  TEST_MS_MAX,
);

test.skipIf(impossible !== undefined)(
  'a gate that starts on a full disk keeps its journal and serves guards',
  () => {
    const first = open();
    for (let step = 0; step < 9; step += 1) first.append([testDraft(step)], memory(first), 'code');
    const { head } = first;
    first.close();
    fill(0);
    const journal = open();
    expect(journal.head).toEqual(head);
    expect(journal.loadMemory()).toHaveLength(9);
    expect(journal.append([testDraft(1)], [], 'code')).toMatchObject({
      ok: false,
      error: { code: 'disk-full' },
    });
    expect(journal.append([testDraft(1)], [], 'manual')).toMatchObject({ ok: true, value: [{ seq: 11 }] });
    journal.close();
    rmSync(filler);
    const again = open();
    expect(again.append([testDraft(1)], [], 'code')).toMatchObject({ ok: true });
    again.close();
  },
);

test.skipIf(impossible !== undefined)(
  'a gate that was never set up on a full disk starts, and works once there is space',
  () => {
    fill(0);
    const journal = open();
    expect(journal.append([testDraft(1)], [], 'code')).toMatchObject({ ok: false });
    expect(journal.health()).toMatchObject({ writable: false, reserve: 'released' });
    rmSync(filler);
    journal.loadMemory();
    expect(journal.append([testDraft(1)], [], 'code')).toMatchObject({ ok: true, value: [{ seq: 2 }] });
    journal.close();
  },
);

function fillAndHeal(offset: number): void {
  const journal = open();
  // A different place in page and log for each offset.
  for (let step = 0; step < offset % 23; step += 1)
    expect(journal.append([testDraft(step)], [], 'code').ok).toBe(true);
  const acknowledged = appendUntilFull(journal, offset);
  expect(journal.health()).toMatchObject({ writable: false, fault: { code: 'disk-full' }, reserve: 'whole' });
  for (let step = 0; step < 20; step += 1)
    keep(acknowledged, journal.append([testDraft(step)], memory(journal), 'manual'));
  expect(journal.health()).toMatchObject({ writable: true, reserve: 'released' });
  // Space that the reserve gave up is not for codes.
  expect(journal.append([testDraft(1)], [], 'code')).toMatchObject({
    ok: false,
    error: { code: 'disk-full' },
  });
  prove(acknowledged);
  rmSync(filler);
  keep(acknowledged, journal.append([testDraft(2)], memory(journal), 'code'));
  expect(journal.health()).toMatchObject({ writable: true, reserve: 'whole' });
  prove(acknowledged);
  journal.close();
  const again = open();
  expect(again.loadMemory().length).toBeGreaterThan(0);
  keep(acknowledged, again.append([testDraft(3)], [], 'code'));
  again.close();
  prove(acknowledged);
}

function open(): Journal {
  return openJournal(testOptions(file, { reserveBytes: RESERVE_BYTES }));
}

/** Fills the disk, then appends for codes until one is refused. */
function appendUntilFull(journal: Journal, freeBytes: number): Map<number, string> {
  const acknowledged = new Map<number, string>();
  fill(freeBytes);
  for (let step = 0; step < APPENDS_MAX; step += 1) {
    const done = journal.append([testDraft(step), testDraft(step)], memory(journal), 'code');
    if (!done.ok) {
      expect(done.error.code).toBe('disk-full');
      return acknowledged;
    }
    for (const { seq, hash } of done.value) acknowledged.set(seq, hash);
  }
  throw new Error('the disk does not get full');
}

function memory(journal: Journal) {
  return [{ key: `used/${journal.head?.seq}`, value: 'x'.repeat(50) }];
}

function keep(acknowledged: Map<number, string>, done: ReturnType<Journal['append']>): void {
  expect(done).toMatchObject({ ok: true });
  if (done.ok) for (const { seq, hash } of done.value) acknowledged.set(seq, hash);
}

function prove(acknowledged: ReadonlyMap<number, string>): void {
  const reader = openJournalReader(file);
  reader.verify();
  const rows = [...reader.iterate()];
  reader.close();
  for (const [seq, hash] of acknowledged) expect(rows[seq - 1]?.hash, `row ${seq}`).toBe(hash);
}

/** Leaves so many bytes: whole blocks, and the rest inside the filler's own last block. */
function fill(freeBytes: number): void {
  const descriptor = openSync(filler, 'w');
  const { bsize } = statfsSync(disk);
  const piece = new Uint8Array(bsize);
  let size = 0;
  try {
    for (;;) size += writeSync(descriptor, piece);
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
  }
  truncateSync(filler, Math.max(0, size - freeBytes));
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** @returns why not */
function mountDisk(): string | undefined {
  try {
    run('mount', '-t', 'tmpfs', '-o', 'size=3M', 'tmpfs', disk);
    return undefined;
  } catch (error) {
    return String((error as { stderr?: unknown }).stderr ?? error).trim();
  }
}
