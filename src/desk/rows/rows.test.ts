import { describe, expect, it } from 'vitest';
import { memoryLog } from '../../../test/twins/broker.ts';
import { wallMs } from '../../base/index.ts';
import type { ChainedRow, PurgedRow } from '../../wire/index.ts';
import { DeskTwin } from '../testing.ts';
import { ROWS_PER_SLICE, ROWS_WAITING_MAX } from './limits.ts';
import { eachRow, spanOf } from './read-rows.ts';
import { RowFeed } from './row-feed.ts';

function filled(count: number) {
  const twin = new DeskTwin();
  for (let row = 0; row < count; row += 1) {
    twin.row({ decision: 'granted', index: row });
    twin.gate.advance(1_000);
  }
  return twin;
}

function purged({ seq, previousHash, digest, hash }: ChainedRow): PurgedRow {
  return { seq, purged: true, previousHash, digest, hash };
}

describe('a part of the journal', () => {
  it('is found by its time, in a few steps', () => {
    const twin = filled(500);
    const from = twin.rows()[99];
    const since = wallMs(Date.parse(from?.at ?? ''));
    let reads = 0;
    const journal = {
      ...twin.work.journal,
      rows: (...asked: [number, number]) => {
        reads += 1;
        return twin.work.journal.rows(...asked);
      },
    };
    expect(spanOf({ journal }, { since })).toEqual({ from: 100, to: 500 });
    expect(reads).toBeLessThan(20);
    expect(spanOf({ journal }, { since, until: wallMs(since + 10_000) })).toEqual({ from: 100, to: 109 });
    expect(spanOf({ journal }, { since: wallMs(since + 86_400_000) })).toEqual({ from: 501, to: 500 });
  });

  it('is read in slices, between which everything else has its turn; emptied rows are left out', async () => {
    const twin = filled(3 * ROWS_PER_SLICE);
    let pauses = 0;
    const reading = {
      journal: {
        ...twin.work.journal,
        rows: (from: number, limit: number) => {
          expect(limit).toBeLessThanOrEqual(ROWS_PER_SLICE);
          return twin
            .rows()
            .slice(from - 1, from - 1 + limit)
            .map((row) => (row.seq <= 10 ? purged(row) : row));
        },
      },
      pause: () => {
        pauses += 1;
        return Promise.resolve();
      },
    };
    const seen: number[] = [];
    await eachRow(reading, { from: 1, to: 250 }, ({ seq }) => seen.push(seq));
    expect([seen[0], seen.at(-1), seen.length, pauses]).toEqual([11, 250, 240, 3]);
    expect(spanOf(reading, { since: wallMs(0) }).from).toBe(11);
  });
});

describe('the feed of rows', () => {
  it('brings each row once and in order, those that come meanwhile after those of before', async () => {
    const twin = filled(2 * ROWS_PER_SLICE);
    const seen: number[] = [];
    let pauses = 0;
    const pause = () => {
      pauses += 1;
      if (pauses === 1) twin.row({ decision: 'granted' });
      return Promise.resolve();
    };
    const feed = new RowFeed({ journal: twin.work.journal, pause, log: memoryLog() }, ({ seq }) =>
      seen.push(seq),
    );
    await feed.start();
    twin.row({ decision: 'granted' });
    const all = Array.from({ length: 2 * ROWS_PER_SLICE + 2 }, (_, at) => at + 1);
    expect(seen).toEqual(all);
    feed.stop();
    twin.row({ decision: 'granted' });
    expect(seen).toHaveLength(all.length);
  });

  it('goes on with what comes when rows of before cannot be read', async () => {
    const twin = filled(3);
    const broken = {
      ...twin.work.journal,
      rows: () => {
        throw new Error('damaged');
      },
    };
    const log = memoryLog();
    const seen: number[] = [];
    const feed = new RowFeed({ journal: broken, pause: twin.work.pause, log }, ({ seq }) => seen.push(seq));
    await feed.start();
    twin.row({ decision: 'granted' });
    expect(seen).toEqual([4]);
  });

  it('keeps so many that come meanwhile, the newest', async () => {
    const twin = filled(1);
    const seen: number[] = [];
    const pause = () => {
      for (let row = 0; row < ROWS_WAITING_MAX + 5; row += 1) twin.row({ decision: 'granted' });
      return Promise.resolve();
    };
    await new RowFeed({ journal: twin.work.journal, pause, log: memoryLog() }, ({ seq }) =>
      seen.push(seq),
    ).start();
    expect([seen.length, seen.at(-1)]).toEqual([ROWS_WAITING_MAX + 1, ROWS_WAITING_MAX + 6]);
  });
});
