import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './lib/bench.ts';
import { bareAppend, bareInsert, ROW_TEXT } from './lib/disk.ts';
import { NOW_SECONDS } from './lib/district.ts';
import { append, fill, granted, memoryOf, openAt } from './lib/journal-rows.ts';
import { isMemoryDisk } from './lib/machine.ts';
import { atLeast, atMost, comparisonTable, plain, type Report } from './lib/report.ts';
import { type Comparison, type Contestant, compare, comparisonOf, measure } from './lib/rounds.ts';

/** What a durable, chained row costs beside the least that any durable record costs, and whether that grows with age. */

const APPEND = 'bare append + fdatasync';
const INSERT = 'bare node:sqlite insert, FULL';
const ROW = 'journal: one row';
const GRANT = 'journal: a grant (row and two memories)';
const ASIDE = 'bare append, beside these';
const YOUNG = 'a grant at 1,000 rows';
/** In one round: many enough that a round sees its share of the log's checkpoints. */
const CALLS = 16;
const YOUNG_ROWS = 1_000;

export const benchJournal: Bench = async ({ quick }) => {
  const folder = mkdtempSync(join(tmpdir(), 'menwei-bench-'));
  try {
    if (isMemoryDisk(folder))
      return { skipped: `${tmpdir()} lies in memory: nothing is durable there; set TMPDIR` };
    const beside = await besideBare(folder, quick ? 40 : 200);
    const oldRows = quick ? 100_000 : 1_000_000;
    const aged = await byAge(folder, oldRows, quick ? 60 : 300);
    return report(beside, aged, oldRows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

async function besideBare(folder: string, rounds: number): Promise<Comparison[]> {
  const file = bareAppend(join(folder, 'bare.log'));
  const database = bareInsert(join(folder, 'bare.sqlite'));
  const rowJournal = openAt(join(folder, 'row.sqlite'), NOW_SECONDS);
  const grantJournal = openAt(join(folder, 'grant.sqlite'), NOW_SECONDS);
  const contestants: Contestant[] = [
    { name: APPEND, calls: CALLS, run: (call) => file.write(call) },
    { name: INSERT, calls: CALLS, run: (call) => database.write(call) },
    { name: ROW, calls: CALLS, run: (call) => append(rowJournal, [granted(call, NOW_SECONDS)], []) },
    {
      name: GRANT,
      calls: CALLS,
      run: (call) => append(grantJournal, [granted(call, NOW_SECONDS)], memoryOf(call, NOW_SECONDS)),
    },
  ];
  const samples = await measure(contestants, { rounds, warmUp: 10, meter: 'wall' });
  file.close();
  for (const each of [database, rowJournal, grantJournal]) each.close();
  return compare(samples, APPEND);
}

async function byAge(folder: string, oldRows: number, rounds: number): Promise<Comparison[]> {
  const [young, old] = [
    openAt(join(folder, 'young.sqlite'), NOW_SECONDS),
    openAt(join(folder, 'old.sqlite'), NOW_SECONDS),
  ];
  fill(young, YOUNG_ROWS, NOW_SECONDS);
  fill(old, oldRows, NOW_SECONDS);
  for (const journal of [young, old]) journal.maintain();
  const file = bareAppend(join(folder, 'aside.log'));
  const contestants: Contestant[] = [
    { name: ASIDE, calls: CALLS, run: (call) => file.write(call) },
    {
      name: YOUNG,
      calls: CALLS,
      run: (call) => append(young, [granted(call, NOW_SECONDS)], memoryOf(call, NOW_SECONDS)),
    },
    {
      name: oldName(oldRows),
      calls: CALLS,
      run: (call) => append(old, [granted(call, NOW_SECONDS)], memoryOf(call, NOW_SECONDS)),
    },
  ];
  const samples = await measure(contestants, { rounds, warmUp: 10, meter: 'wall' });
  file.close();
  young.close();
  old.close();
  return compare(samples, YOUNG);
}

function report(beside: readonly Comparison[], aged: readonly Comparison[], oldRows: number): Report {
  const grant = comparisonOf(beside, GRANT).ratio;
  const old = comparisonOf(aged, oldName(oldRows)).ratio;
  const insert = comparisonOf(beside, INSERT).ratio;
  return {
    name: 'journal',
    title: 'Journal: a durable row in a hash chain',
    about: `Rows as a scan makes them, ${ROW_TEXT.length} bytes in the bare append; each call is durable before the next begins; wall time, because the disk is what is waited for.`,
    table: {
      ...comparisonTable(beside, 'anchor'),
      rows: [...comparisonTable(beside, 'anchor').rows, ...comparisonTable(aged, 'anchor').rows],
    },
    goals: [
      atLeast('rate of a grant with the chain, by bare append + fdatasync', 0.45, 1 / grant),
      atLeast(
        'rate of one row with the chain, by bare append + fdatasync',
        0.45,
        1 / comparisonOf(beside, ROW).ratio,
      ),
      atMost(`cost at ${oldRows.toLocaleString('en-GB')} rows by cost at 1,000`, 1.1, old),
    ],
    notes: [
      `Anchor of the first four lines: ${APPEND}; of the last three: ${YOUNG}. A grant is ${plain(grant / insert)} × a bare insert.`,
    ],
    plot: {
      unit: 'multiples of a bare append + fdatasync; last bar: multiples of a young journal',
      bars: [
        ...beside.map(({ name, ratio }) => ({
          label: name,
          value: ratio,
          ...(name === GRANT || name === ROW ? { goal: 1 / 0.45 } : {}),
        })),
        { label: oldName(oldRows), value: old, goal: 1.1 },
      ],
    },
    packages: [],
  };
}

function oldName(rows: number): string {
  return `a grant at ${rows.toLocaleString('en-GB')} rows`;
}
