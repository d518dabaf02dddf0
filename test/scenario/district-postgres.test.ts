import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GateProcess } from '../twins/gate-process.ts';
import { type Postgres, startPostgres } from '../twins/postgres.ts';
import { type SignedIn, signedInAt } from '../twins/signed-in.ts';

/** `menwei district` on a real PostgreSQL server, which goes away and comes back. */

let folder: string;
let postgres: Postgres;
let district: GateProcess | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-district-postgres-'));
  postgres = await startPostgres();
});
afterAll(async () => {
  await district?.stop();
  await postgres.remove();
  rmSync(folder, { recursive: true, force: true });
});

function start(url: string): GateProcess {
  const config = join(folder, 'district.yaml');
  const lines = ['district: gaoxin', 'dataDir: data', 'communities: [{ id: 7 }]', 'http: { port: 0 }'];
  writeFileSync(config, [...lines, 'broker: { type: embedded, port: 0 }'].join('\n'));
  return new GateProcess({ config, command: 'district', environment: { MENWEI_DATABASE__URL: url } });
}

const signIn = (address: string, url: string) =>
  signedInAt(address, {
    config: join(folder, 'district.yaml'),
    environment: { MENWEI_DATABASE__URL: url },
  });

const add = (operator: SignedIn, room: string) =>
  operator('/api/residents', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ community: 7, room }),
  });
const rooms = async (operator: SignedIn) => {
  const { residents } = (await (await operator('/api/residents')).json()) as {
    residents: { room: string }[];
  };
  return residents.map(({ room }) => room);
};

test('a database that goes and comes back: asked meanwhile, the district says so; afterwards it goes on', async () => {
  const url = postgres.newDatabase();
  district = start(url);
  const operator = await signIn(await district.open(), url);
  expect((await add(operator, '1-101')).status).toBe(201);
  await postgres.stop();
  for (const asked of [await add(operator, '1-102'), await operator('/api/residents')]) {
    expect(asked.status).toBe(503);
    expect(await asked.json()).toEqual({ error: expect.stringMatching(/^database: .*try again/) });
  }
  expect(district.running).toBe(true);
  await postgres.start();
  await expect.poll(async () => (await add(operator, '1-103')).status, { timeout: 20_000 }).toBe(201);
  expect(await rooms(operator)).toEqual(['1-101', '1-103']);
  expect(await district.stop()).toBe(0);
  district = start(url);
  const again = await signIn(await district.open(), url);
  expect(await rooms(again)).toEqual(['1-101', '1-103']);
  expect(district.log).not.toContain(url);
});
