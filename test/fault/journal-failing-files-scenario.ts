import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Journal, listSetAside, openJournal } from '../../src/journal/index.ts';
import { openJournalReader } from '../../src/journal/reading.ts';
import { TEST_START, testDraft, testOptions } from '../../src/journal/testing.ts';
import { wallMs } from '../../src/base/index.ts';

/**
 * Run under failing-files.c: lets every single file operation of a short life of a journal fail, and proves after each
 * that nothing acknowledged is lost, nothing is half there, and the journal works again as soon as the disk does.
 * Prints one JSON line: how many operations failed, by kind and mode.
 */
const [base = ''] = process.argv.slice(2);
const KINDS = ['eio', 'enospc', 'emfile', 'short'] as const;
const MODES = ['once', 'ever'] as const;
const DAY_MS = 86_400_000;
const OPERATIONS_MAX = 5_000;

const counts: Record<string, number> = {};
for (const kind of KINDS) for (const mode of MODES) counts[`${kind} ${mode}`] = failEach(kind, mode);
writeSync(1, `${JSON.stringify(counts)}\n`);

function failEach(kind: string, mode: string): number {
  for (let at = 1; at < OPERATIONS_MAX; at += 1) {
    try {
      if (!failAt(`${kind}/${mode}/${at}`)) return at - 1;
    } catch (error) {
      control('disarm');
      throw new Error(`${kind} ${mode} at operation ${at}`, { cause: error });
    }
  }
  throw new Error('the scenario does not end');
}

/** @returns whether that many operations were there to fail */
function failAt(what: string): boolean {
  const folder = mkdtempSync(join(base, 'fail-'));
  const file = join(folder, 'journal.sqlite');
  const acknowledged = new Map<number, { hash: string; key: string }>();
  control(`arm/${what}`);
  let { journal } = life(file, acknowledged);
  const fired = control('fired');
  control('disarm');
  // The same process, the disk whole again: at the latest the third append works, whatever the handle went through.
  const again = [901, 902, 903].some((step) => keep(journal, step, acknowledged));
  check(again, `works again: ${JSON.stringify(journal.health())}`);
  prove(journal, file, acknowledged);
  journal.close();
  // And after a restart.
  journal = openJournal(testOptions(file));
  check(keep(journal, 904, acknowledged), 'works after a restart');
  prove(journal, file, acknowledged);
  journal.close();
  check(listSetAside(file).length === 0, 'no file is set aside for a failure of the disk');
  rmSync(folder, { recursive: true });
  return fired;
}

type Acknowledged = Map<number, { hash: string; key: string }>;

/** Open, append, rotate the log, purge, close, open, append: with faults as values all the way. */
function life(file: string, acknowledged: Acknowledged): { journal: Journal } {
  const first = openJournal(testOptions(file));
  for (let step = 1; step <= 4; step += 1) keep(first, step, acknowledged);
  first.maintain();
  const [newest] = [...acknowledged].at(-1) ?? [0];
  first.moveCursor('district', { seq: newest, hash: acknowledged.get(newest)?.hash ?? '' });
  first.purge({
    now: wallMs(TEST_START + 40 * DAY_MS),
    acknowledgedUpTo: 2,
    olderThan: wallMs(TEST_START + DAY_MS),
  });
  keep(first, 5, acknowledged);
  first.close();
  const second = openJournal(testOptions(file));
  second.loadMemory();
  keep(second, 6, acknowledged);
  keep(second, 7, acknowledged);
  return { journal: second };
}

function keep(journal: Journal, step: number, acknowledged: Acknowledged): boolean {
  const key = `used/${step}`;
  if (!journal.health().memoryKnown) journal.loadMemory();
  const done = journal.append([testDraft(step), testDraft(step)], [{ key, value: '1' }], 'code');
  if (done.ok) for (const { seq, hash } of done.value) acknowledged.set(seq, { hash, key });
  return done.ok;
}

function prove(journal: Journal, file: string, acknowledged: Acknowledged): void {
  const remembered = new Set(journal.loadMemory().map(({ key }) => key));
  const reader = openJournalReader(file);
  const head = reader.verify();
  check(head.seq === journal.head?.seq && head.hash === journal.head.hash, 'the head is the newest row');
  const rows = [...reader.iterate()];
  reader.close();
  for (const [seq, { hash, key }] of acknowledged) {
    check(rows[seq - 1]?.hash === hash, `row ${seq} is there`);
    check(remembered.has(key), `memory of row ${seq} is there`);
  }
  // Batches are two rows and one change of memory: whatever was not acknowledged is there whole or not at all.
  check((rows.length - 1) % 2 === 0, 'no half batch');
  check(remembered.size === (rows.length - 1) / 2, 'memory is there for every batch and for no other');
}

function control(command: string): boolean {
  try {
    closeSync(openSync(`/failing-files/${command}`, 'r'));
    return true;
  } catch {
    return false;
  }
}

function check(condition: boolean, promise: string): void {
  if (!condition) throw new Error(`not so: ${promise}`);
}
