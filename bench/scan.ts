import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { issueToken } from '../src/issue/index.ts';
import type { Bench } from './lib/bench.ts';
import { bareAppend, bareInsert } from './lib/disk.ts';
import { issuer, residentsList, validPlaces } from './lib/district.ts';
import { documentsOf } from './lib/documents.ts';
import { benchGate } from './lib/gate.ts';
import { isMemoryDisk } from './lib/machine.ts';
import { atMost, plain, type Report, time } from './lib/report.ts';
import { quantile } from './lib/rounds.ts';

/** From the end of a reader's line to the relay command, the row durable first, through a whole gate. */

const CAMERA_FRAME_US = 33_000;
/** Between scans, so that the row about the opening is written and the lane rests. */
const TURNS = 3;
const WARM_UP = 100;

const APPEND = 'bare append + fdatasync';
const INSERT = 'bare node:sqlite insert, FULL';
const SCAN = 'reader’s end of line → relay command';

export const benchScan: Bench = async ({ quick }) => {
  const folder = mkdtempSync(join(tmpdir(), 'menwei-bench-'));
  try {
    if (isMemoryDisk(folder))
      return { skipped: `${tmpdir()} lies in memory: nothing is durable there; set TMPDIR` };
    return report(await passes(folder, quick ? 500 : 4_000));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Figures {
  readonly append: readonly number[];
  readonly insert: readonly number[];
  readonly scan: readonly number[];
}

/** One of each in turn, so that the disk's moods fall on all alike. */
async function passes(folder: string, count: number): Promise<Figures> {
  const list = residentsList();
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const gate = await benchGate(folder, await documentsOf(list, nowSeconds));
  const [append, insert] = [bareAppend(join(folder, 'bare.log')), bareInsert(join(folder, 'bare.sqlite'))];
  const figures = { append: [] as number[], insert: [] as number[], scan: [] as number[] };
  const texts = tokens(list, WARM_UP + count, nowSeconds);
  for (const [call, text] of texts.entries()) {
    const appendUs = timed(() => append.write(call));
    const insertUs = timed(() => insert.write(call));
    const scanUs = await gate.pass(text);
    for (let turns = 0; turns < TURNS; turns += 1) await turn();
    if (call < WARM_UP) continue;
    figures.append.push(appendUs);
    figures.insert.push(insertUs);
    figures.scan.push(scanUs);
  }
  await gate.stop();
  append.close();
  insert.close();
  return figures;
}

function tokens(list: Uint8Array, count: number, nowSeconds: number): string[] {
  const fields = { iat: nowSeconds, ttlMinutes: 63, assurance: 1 } as const;
  return validPlaces(count, list).map((index) => issueToken(issuer, { ...fields, index }).canonical);
}

function timed(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1_000;
}

function report({ append, insert, scan }: Figures): Report {
  const [insertP99, scanP99] = [quantile(insert, 0.99), quantile(scan, 0.99)];
  const line = (name: string, figures: readonly number[]) => [
    name,
    `${plain(quantile(figures, 0.5) / quantile(insert, 0.5))} ×`,
    `${plain(quantile(figures, 0.99) / insertP99)} ×`,
    time(quantile(figures, 0.5)),
    time(quantile(figures, 0.99)),
  ];
  return {
    name: 'scan',
    title: 'Scan to relay, the row durable first',
    about: `${scan.length.toLocaleString('en-GB')} issuer tokens through a whole gate (13 million residents in its list, real journal and trust cache), each beside a bare durable insert and a bare append; wall time. The reader’s own driver and the relay’s electricity are not in it.`,
    table: {
      head: ['', 'median, by bare insert', 'p99, by bare insert', 'median here', 'p99 here'],
      rows: [line(APPEND, append), line(INSERT, insert), line(SCAN, scan)],
    },
    goals: [
      atMost('p99, by the p99 of a bare durable insert', 1.5, scanP99 / insertP99),
      atMost('p99, of one camera frame (33 ms)', 0.1, scanP99 / CAMERA_FRAME_US),
    ],
    notes: ['The frame goal is meant for a quiet disk; the goal beside the insert holds on any.'],
    plot: {
      unit: 'multiples of a bare durable insert',
      bars: [
        { label: 'bare insert, median', value: 1 },
        { label: 'scan to relay, median', value: quantile(scan, 0.5) / quantile(insert, 0.5) },
        { label: 'bare insert, p99', value: insertP99 / quantile(insert, 0.5) },
        {
          label: 'scan to relay, p99',
          value: scanP99 / quantile(insert, 0.5),
          goal: (1.5 * insertP99) / quantile(insert, 0.5),
        },
      ],
    },
    packages: [],
  };
}
