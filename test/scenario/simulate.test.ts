import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExpectedJournal, startDistrict, storedChains } from '../../src/district/index.ts';
import { districtCrypto } from '../../src/main/district-service.ts';
import type { Ground } from '../../src/main/simulate/ground.ts';
import { summaryOf } from '../../src/main/simulate/run.ts';
import { Simulation } from '../../src/main/simulate/simulation.ts';
import { memoryLog, realClock, until } from '../twins/broker.ts';
import { random } from '../twins/paper-community.ts';

/** Twenty simulated gates at an embedded district: all that they wrote is there once, and the count can say otherwise. */

const GATES = 20;
const folder = mkdtempSync(join(tmpdir(), 'menwei-simulated-'));
const file = join(folder, 'district.sqlite');
const ends: ExpectedJournal[] = [];

async function ground(): Promise<Ground> {
  const district = await startDistrict({
    dataDir: folder,
    district: 'd-1',
    timeZone: 'Asia/Shanghai',
    communities: [{ id: 1 }, { id: 2 }],
    http: { host: '127.0.0.1', port: 0 },
    broker: { host: '127.0.0.1', port: 0 },
    crypto: districtCrypto(),
    clock: realClock,
    random: { bytes: random },
    log: memoryLog(),
  });
  return {
    district: 'd-1',
    timeZone: 'Asia/Shanghai',
    communities: [1, 2],
    broker: { url: district.brokerUrl, protocolVersion: district.protocolVersion },
    root: await district.rootDocument(),
    trial: district.trial,
    check: (journals) => storedChains(file, journals),
    stop: () => district.stop(),
  };
}

const counted = async () => summaryOf(await storedChains(file, ends));

/** With the database as it is then, and afterwards as it was. */
async function sabotaged(sql: string): Promise<Awaited<ReturnType<typeof counted>>> {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA foreign_keys = OFF; CREATE TEMP TABLE kept AS SELECT * FROM journal_row;');
    database.exec(sql);
    return await counted();
  } finally {
    database.exec('DELETE FROM journal_row; INSERT INTO journal_row SELECT * FROM kept; DROP TABLE kept;');
    database.close();
  }
}

beforeAll(async () => {
  const place = await ground();
  const mix = { phone: 40, nonsense: 10, plain: 50 };
  const simulation = await Simulation.begin(place, {
    gates: GATES,
    rate: 40,
    mix,
    backlogHours: 1,
    processes: 2,
  });
  try {
    await until(() => simulation.standing.ready === GATES - 1, 'all gates hold their documents', 30_000);
    simulation.tell({ type: 'people' });
    await until(() => simulation.standing.sent > 100, 'people come', 20_000);
    simulation.tell({ type: 'release' });
    await until(() => simulation.standing.ready === GATES, 'the gate with the backlog is there', 20_000);
    simulation.tell({ type: 'settle' });
    const left = () => simulation.standing.unsent + simulation.standing.backlogUnsent;
    await until(() => left() === 0, 'all is acknowledged', 30_000);
    const { granted, refused } = simulation.standing;
    expect(granted).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(2);
    ends.push(...(await simulation.stop()));
  } finally {
    await simulation.end();
    await place.stop();
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('twenty simulated gates and an hour’s backlog', () => {
  test('nothing is lost, nothing is doubled, every chain leads to its gate’s head', async () => {
    expect(ends).toHaveLength(GATES);
    const { rows, ...rest } = await counted();
    expect(rest).toEqual({ expected: rows, lost: 0, doubled: 0, broken: 0, gates: [] });
    expect(rows).toBeGreaterThan(433);
  });

  const first = "gate = 'sim-00001'";

  test('a row that the database does not have is found, in the middle and at the end', async () => {
    expect(await sabotaged(`DELETE FROM journal_row WHERE ${first} AND seq = 2`)).toMatchObject({
      lost: 1,
      broken: 1,
      gates: ['sim-00001'],
    });
    const last = `seq = (SELECT max(seq) FROM journal_row WHERE ${first})`;
    expect(await sabotaged(`DELETE FROM journal_row WHERE ${first} AND ${last}`)).toMatchObject({ lost: 1 });
  });

  test('a row that is there twice is found', async () => {
    const twice = `INSERT INTO journal_row (gate, journal, seq, hash, previous_hash, digest, content, at, received_at)
      SELECT gate, journal, seq, '${'f'.repeat(64)}', previous_hash, digest, content, at, received_at
      FROM journal_row WHERE ${first} AND seq = 2`;
    expect(await sabotaged(twice)).toMatchObject({ lost: 0, doubled: 1, gates: ['sim-00001'] });
  });

  test('a row whose content was changed is found', async () => {
    const changed = `UPDATE journal_row SET content = replace(content, '"granted"', '"refused"')
      WHERE ${first} AND seq = (SELECT min(seq) FROM journal_row WHERE ${first} AND content LIKE '%"granted"%')`;
    expect(await sabotaged(changed)).toMatchObject({ lost: 0, doubled: 0, broken: 1 });
  });

  test('a whole journal that is missing is found', async () => {
    const found = await sabotaged(`DELETE FROM journal_row WHERE ${first}`);
    expect(found.lost).toBeGreaterThan(1);
    expect(found.expected - found.rows).toBe(found.lost);
  });
});
