import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExpectedJournal, storedChains } from '../../src/district/index.ts';
import { until } from '../twins/broker.ts';
import { SimulateProcess } from '../twins/simulate.ts';

/** `menwei simulate` with an embedded district: all that the gates wrote is there once, and the count can say otherwise. */

const folder = mkdtempSync(join(tmpdir(), 'menwei-simulated-'));
const file = join(folder, 'data', 'district.sqlite');

const running: SimulateProcess[] = [];

function simulate(...args: readonly string[]): SimulateProcess {
  const started = new SimulateProcess(...args);
  running.push(started);
  return started;
}

afterAll(() => {
  for (const each of running) each.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe('twenty simulated gates for five seconds, and an hour’s backlog', () => {
  let ends: readonly ExpectedJournal[] = [];

  beforeAll(async () => {
    const config = join(folder, 'district.yaml');
    const [http, broker] = [{ port: 0 }, { type: 'embedded', port: 0 }];
    const communities = [{ id: 1 }, { id: 2 }];
    writeFileSync(
      config,
      JSON.stringify({
        district: 'd-1',
        dataDir: 'data',
        timeZone: 'Asia/Shanghai',
        communities,
        http,
        broker,
      }),
    );
    const args = ['--gates', '20', '--rate', '30', '--seconds', '5', '--backlog', '1', '--revocations', '2'];
    const {
      total,
      stored,
      revocations,
      ends: ended,
    } = await simulate(
      ...args,
      '--codes',
      'phone=40,nonsense=10',
      '--config',
      config,
      '--processes',
      '2',
    ).outcome();
    expect(total.granted).toBeGreaterThan(20);
    expect(total.refused).toBeGreaterThan(2);
    expect(stored).toMatchObject({ rows: stored.expected, lost: 0, doubled: 0, broken: 0 });
    expect(revocations).toMatchObject({ revocations: 2, expected: 20, missed: 0 });
    ends = ended;
  }, 300_000);

  /** Of the database as it is then; afterwards it is as it was. */
  async function countedAfter(sql: string) {
    const database = new DatabaseSync(file);
    try {
      database.exec('CREATE TEMP TABLE kept AS SELECT * FROM journal_row;');
      database.exec(sql);
      const found = await storedChains(file, ends);
      const sum = (of: (journal: (typeof found)[number]) => number) =>
        found.reduce((total, journal) => total + of(journal), 0);
      return {
        stored: sum(({ stored }) => stored),
        lost: sum(({ lost }) => lost),
        doubled: sum(({ doubled }) => doubled),
        broken: found.filter(({ brokenAt }) => brokenAt !== undefined).map(({ gate }) => gate),
      };
    } finally {
      database.exec('DELETE FROM journal_row; INSERT INTO journal_row SELECT * FROM kept; DROP TABLE kept;');
      database.close();
    }
  }

  test('every row of every gate is stored once, the backlog’s 333 among them', async () => {
    expect(ends).toHaveLength(20);
    const expected = ends.reduce((total, { seq }) => total + seq, 0);
    expect(expected).toBeGreaterThan(433);
    expect(await countedAfter('SELECT 1')).toEqual({ stored: expected, lost: 0, doubled: 0, broken: [] });
  });

  const first = "gate = 'sim-00001'";

  test('a row that is withheld is found, in the middle and at the end', async () => {
    const middle = await countedAfter(`DELETE FROM journal_row WHERE ${first} AND seq = 2`);
    expect(middle).toMatchObject({ lost: 1, doubled: 0, broken: ['sim-00001'] });
    const newest = `seq = (SELECT max(seq) FROM journal_row WHERE ${first})`;
    expect(await countedAfter(`DELETE FROM journal_row WHERE ${first} AND ${newest}`)).toMatchObject({
      lost: 1,
    });
  });

  test('a row that is there twice is found', async () => {
    const columns = 'gate, journal, seq, previous_hash, digest, content, at, received_at';
    const twice = `INSERT INTO journal_row (hash, ${columns}) SELECT '${'f'.repeat(64)}', ${columns}
      FROM journal_row WHERE ${first} AND seq = 2`;
    expect(await countedAfter(twice)).toMatchObject({ lost: 0, doubled: 1 });
  });

  test('a row whose content was changed is found', async () => {
    const granted = `${first} AND content LIKE '%"granted"%'`;
    const changed = `UPDATE journal_row SET content = replace(content, '"granted"', '"refused"')
      WHERE ${first} AND seq = (SELECT min(seq) FROM journal_row WHERE ${granted})`;
    expect(await countedAfter(changed)).toMatchObject({ lost: 0, doubled: 0, broken: ['sim-00001'] });
  });

  test('a whole journal that is missing is found', async () => {
    const seq = ends.find(({ gate }) => gate === 'sim-00001')?.seq;
    expect(await countedAfter(`DELETE FROM journal_row WHERE ${first}`)).toMatchObject({ lost: seq });
  });
});

test('an interrupt ends the people, and what there is is counted all the same', async () => {
  const interrupted = simulate('--gates', '5', '--rate', '20', '--seconds', '600');
  await until(() => interrupted.sent > 0, 'people come', 120_000);
  interrupted.interrupt();
  const { stored } = await interrupted.outcome();
  expect(stored).toMatchObject({ rows: stored.expected, lost: 0, doubled: 0 });
  expect(stored.rows).toBeGreaterThan(0);
}, 300_000);
