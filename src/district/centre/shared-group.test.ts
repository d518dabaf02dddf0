import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryLog, realClock, until } from '../../../test/twins/broker.ts';
import { gateOf } from '../../../test/twins/chains.ts';
import { keyPair } from '../../../test/twins/gate.ts';
import { type Mosquitto, mosquitto, mosquittoPath } from '../../../test/twins/mosquitto.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { DISTRICT_USER, openAuthority } from '../gates/authority.ts';
import { GateCertificates } from '../gates/certificates.ts';
import { writeMosquittoFiles } from './mosquitto.ts';
import { sharedGroup } from './shared-group.ts';

/** A gate that subscribes as if it were one of the district's processes gets nothing, and takes nothing from them. */

const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
const ENTRIES = 'menwei/1/d-1/gates/+/entries';
const PASSWORD = 'trial';
const ROWS = 40;
const common = { district: 'd-1', clock: realClock, random, log: memoryLog() };

describe('the name of the shared subscription', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());

  test.each([
    ['SQLite', () => ':memory:'],
    ['PostgreSQL', () => postgres.newDatabase()],
  ])('on %s all processes of a district have the same one, and no two districts', async (_kind, newPlace) => {
    const [one, other] = [await openDatabase(newPlace()), await openDatabase(newPlace())];
    const names = await Promise.all([1, 2, 3].map(() => sharedGroup(one, random)));
    expect(new Set(names).size).toBe(1);
    expect(names[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(await sharedGroup(other, random)).not.toBe(names[0]);
    await Promise.all([one.destroy(), other.destroy()]);
  });
});

describe.skipIf(mosquittoPath === undefined)('at a real mosquitto with the district’s own rules', () => {
  let folder: string;
  let database: Database;
  let broker: Mosquitto;
  const clients: MqttClient[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'menwei-group-'));
    database = await openDatabase(':memory:');
    await database
      .insertInto('gate')
      .values(['north-1', 'south-1'].map((gate) => gateOf(gate, keyPair())))
      .execute();
    const authority = await openAuthority({ ...common, folder: join(folder, 'keys') });
    const certificates = new GateCertificates({ ...common, database, authority, signer: notHere });
    const files = { folder, names: ['localhost'], port: 8_883, homeAssistant: false };
    await writeMosquittoFiles({ ...common, ...files, database, authority, certificates });
    const passwords = join(folder, 'trial-passwords');
    for (const [at, user] of [DISTRICT_USER, 'north-1', 'south-1'].entries())
      spawnSync('mosquitto_passwd', [...(at === 0 ? ['-c'] : []), '-b', passwords, user, PASSWORD]);
    const rules = `acl_file ${join(folder, 'acl')}`;
    broker = await mosquitto(folder, ['allow_anonymous false', rules, `password_file ${passwords}`]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    await broker?.kill('SIGKILL');
    await database?.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  async function enter(username: string): Promise<MqttClient> {
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const client = await connectAsync(url, { username, password: PASSWORD, protocolVersion: 5 });
    clients.push(client);
    return client;
  }
  async function listen(username: string, topics: readonly string[]) {
    const client = await enter(username);
    const got: string[] = [];
    client.on('message', (_topic, payload) => got.push(payload.toString('utf8')));
    for (const topic of topics) await client.subscribeAsync(topic, { qos: 1 }).catch(() => undefined);
    return { client, got };
  }
  async function send(name: string): Promise<void> {
    const gate = await enter('south-1');
    for (let row = 0; row < ROWS; row += 1)
      await gate.publishAsync('menwei/1/d-1/gates/south-1/entries', `${name} ${row}`, { qos: 1 });
  }

  test('a gate that guesses gets nothing and delays nothing; one that knew the name would', async () => {
    const group = await sharedGroup(database, random);
    const workers = [
      await listen(DISTRICT_USER, [`$share/${group}/${ENTRIES}`]),
      await listen(DISTRICT_USER, [`$share/${group}/${ENTRIES}`]),
    ];
    const guesses = ['menwei-d-1', 'd-1', 'menwei', '+', '#'].map((name) => `$share/${name}/${ENTRIES}`);
    const spy = await listen('north-1', [...guesses, '$share/menwei-d-1/#', '#']);
    await send('first');
    await until(() => workers.flatMap(({ got }) => got).length === ROWS, 'all of them at the district');
    expect(new Set(workers.flatMap(({ got }) => got)).size).toBe(ROWS);
    expect(workers.every(({ got }) => got.length > 0)).toBe(true);
    expect(spy.got).toEqual([]);

    // That the name has to be a secret: the broker asks nobody who joins a group.
    await spy.client.subscribeAsync(`$share/${group}/${ENTRIES}`, { qos: 1 });
    await send('second');
    await workers[0]?.client.publishAsync('menwei/1/d-1/gates/south-1/entries', 'the end', { qos: 1 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(workers.flatMap(({ got }) => got).filter((text) => text.startsWith('second')).length).toBeLessThan(
      ROWS,
    );
    expect(spy.got).toEqual([]);
  }, 60_000);
});

function notHere(): never {
  throw new Error('nothing is signed here');
}
