import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KeyFolder, openDatabase } from '../../src/district/testing.ts';
import { until } from '../twins/broker.ts';
import { GateProcess } from '../twins/gate-process.ts';
import { type Mosquitto, mosquitto, mosquittoPath } from '../twins/mosquitto.ts';
import { type Postgres, startPostgres } from '../twins/postgres.ts';
import { type ReportingGate, reportingGate } from '../twins/reporting-gate.ts';

/** Worker processes that share eight gates: one dies, the broker goes, the database goes; no row is lost or doubled. */

const DISTRICT = 'gaoxin';
const ROWS = 1_200;

let folder: string;
let postgres: Postgres;
let broker: Mosquitto;
let url: string;
const workers: GateProcess[] = [];
let gates: ReportingGate[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-workers-'));
  url = postgres.newDatabase();
  broker = await mosquitto(folder, ['allow_anonymous true', 'max_queued_messages 10000']);
  const keys = await KeyFolder.open(join(folder, 'data', 'keys'));
  await keys.keep('role-ack-test', { suite: 1, secret: new Uint8Array(32).fill(7) });
});
afterEach(async () => {
  for (const gate of gates.splice(0)) await gate.stop();
  for (const worker of workers.splice(0)) if (worker.running) await worker.stop();
  await broker.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function worker(protocolVersion: 4 | 5): GateProcess {
  const config = join(folder, 'district.yaml');
  const lines = [
    `district: ${DISTRICT}`,
    'dataDir: data',
    'communities: [{ id: 7 }]',
    `broker: { type: server, url: "mqtt://127.0.0.1:${broker.port}", protocolVersion: ${protocolVersion} }`,
  ];
  writeFileSync(config, lines.join('\n'));
  const environment = { MENWEI_DATABASE__URL: url };
  const process = new GateProcess({ config, command: 'district', more: ['--only', 'ingest'], environment });
  workers.push(process);
  return process;
}

async function enrolGates(): Promise<void> {
  gates = Array.from({ length: 8 }, (_, at) =>
    reportingGate(`gate-${at}`, { district: DISTRICT, community: 7 }),
  );
  const database = await openDatabase(url);
  const rows = gates.map(({ id, deviceKey }) => ({
    id,
    community: 7,
    device_key: deviceKey,
    seal_key: null,
    password_hash: '',
    enrolled_at: 0,
    confirmed: 1,
    status: null,
    seen_at: null,
  }));
  await database.insertInto('gate').values(rows).execute();
  await database.destroy();
}

function startGates(protocolVersion: 4 | 5): void {
  for (const gate of gates) {
    gate.append(ROWS);
    gate.start(`mqtt://127.0.0.1:${broker.port}`, protocolVersion);
  }
}

async function query(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

const stored = async () => Number((await query('select count(*) as n from journal_row'))[0]?.['n']);
const isThere = (process: GateProcess) =>
  until(
    () => {
      if (!process.running) throw new Error(`the worker ended: ${process.complaint}${process.log}`);
      return process.log.includes('a worker of the district is there');
    },
    'the worker is there',
    60_000,
  );
const allAcked = async () => {
  const unsent = () => gates.map(({ report }) => report.state().unsent);
  await until(() => unsent().every((rows) => rows === 0), 'everything is acknowledged', 150_000).catch(
    (fault: unknown) => {
      throw new Error(`unsent: ${unsent().join(' ')}; ${workers.map(({ log }) => log).join('\n')}`, {
        cause: fault,
      });
    },
  );
};

/** Each row of each gate once, as the gate has it, and no gate's cursor ever went back. */
async function nothingLostOrDoubled(): Promise<void> {
  const rows = await query('select gate, seq, hash from journal_row order by gate, seq');
  const expected = gates.flatMap(({ id, journal }) =>
    journal.rows(1, journal.head().seq).map(({ seq, hash }) => ({ gate: id, seq: String(seq), hash })),
  );
  expect(rows).toEqual(expected);
  for (const gate of gates) expect(gate.acked()).toEqual([...gate.acked()].sort((a, b) => a - b));
  expect(await query("select id from alarm where alarm = 'tamper'")).toEqual([]);
}

describe.skipIf(mosquittoPath === undefined)('workers', () => {
  test.each([
    [5, 'the broker deals the messages out'],
    [4, 'gates are leased'],
  ] as const)(
    'over MQTT %i, where %s: one of two is killed in the middle',
    async (version, _sharing) => {
      const [first, second] = [worker(version), worker(version)];
      await Promise.all([isThere(first), isThere(second)]);
      await enrolGates();
      if (version === 4)
        await until(() => [first, second].every(({ log }) => log.includes('shared out')), 'gates are shared');
      startGates(version);
      await until(async () => (await stored()) > ROWS, 'some rows are stored', 60_000);
      await first.kill();
      await allAcked();
      await nothingLostOrDoubled();
      if (version === 4) await until(() => second.log.includes('no other worker is there'), 'it is said');
    },
    300_000,
  );

  test('broker and database go and come back: it is said, and nothing is lost', async () => {
    const [first, second] = [worker(5), worker(5)];
    await Promise.all([isThere(first), isThere(second)]);
    await enrolGates();
    startGates(5);
    await until(async () => (await stored()) > ROWS, 'some rows are stored', 60_000);
    await broker.kill('SIGKILL');
    await broker.start();
    // Everything may be stored by now: what is to be seen going on has to come afterwards.
    const before = gates.reduce((sum, { journal }) => sum + journal.head().seq, 0);
    for (const gate of gates) gate.append(3);
    await until(async () => (await stored()) > before, 'it goes on', 100_000);
    await postgres.stop();
    for (const gate of gates) gate.append(3);
    await until(
      () => workers.some(({ log }) => log.includes('the database does not take what gates send')),
      'it is said',
      // A gate whose last batch met the broker's end sends again only after its own wait.
      100_000,
    );
    await postgres.start();
    for (const gate of gates) gate.append(3);
    await allAcked();
    // It is said by whoever asks the database each second, which may be after the gates' own next try.
    const isSaid = (words: string) => workers.filter(({ log }) => log.includes(words)).length;
    await until(() => isSaid('the database takes what gates send again') > 0, 'its return is said', 60_000);
    await until(() => isSaid('the broker is gone') === workers.length, 'each says that the broker was gone');
    await nothingLostOrDoubled();
  }, 600_000);
});
