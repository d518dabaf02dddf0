import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../twins/broker.ts';
import { GateProcess } from '../twins/gate-process.ts';
import { type Mosquitto, mosquitto, mosquittoPath } from '../twins/mosquitto.ts';
import { type Postgres, startPostgres } from '../twins/postgres.ts';
import { type SignedIn, signedInAt } from '../twins/signed-in.ts';

/** Two whole districts on one PostgreSQL and one mosquitto: one leads, the other stands by and goes on when the first is gone. */

const DISTRICT = 'gaoxin';
const LEADS = 'this process leads the district now';

let folder: string;
let postgres: Postgres;
let broker: Mosquitto;
let environment: Record<string, string>;
let listener: MqttClient;
const districts: GateProcess[] = [];
const seen: Seen[] = [];

/** A document as it came over the broker. */
interface Seen {
  readonly name: string;
  readonly version: number;
}

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-take-over-'));
  environment = { MENWEI_DATABASE__URL: postgres.newDatabase() };
  broker = await mosquitto(folder, ['allow_anonymous true']);
  writeFileSync(
    join(folder, 'district.yaml'),
    [
      `district: ${DISTRICT}`,
      'dataDir: data',
      'communities: [{ id: 7 }]',
      'http: { port: 0 }',
      `broker: { type: server, url: "mqtt://127.0.0.1:${broker.port}" }`,
    ].join('\n'),
  );
  seen.length = 0;
  listener = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
  listener.on('message', (topic, payload) => {
    for (const text of textsOf(payload.toString())) seen.push(...documentOf(topic, text));
  });
  await listener.subscribeAsync('#', { qos: 1 });
});
afterEach(async () => {
  await listener.endAsync(true);
  for (const one of districts.splice(0)) if (one.running) await one.stop();
  await broker.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function textsOf(payload: string): string[] {
  return payload.startsWith('[') ? (JSON.parse(payload) as unknown[]).map(String) : [payload];
}

/** Of a compact JWS; sealed rosters and root documents have another form. */
function documentOf(topic: string, text: string): Seen[] {
  const [, claims, ...more] = text.split('.');
  if (claims === undefined || more.length !== 1) return [];
  const { aud, version, time } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<
    'aud' | 'version' | 'time',
    number | undefined
  >;
  return [{ name: `${topic} ${aud ?? ''}`, version: version ?? time ?? Number.NaN }];
}

const newest = (channel: string) =>
  Math.max(
    0,
    ...seen.filter(({ name }) => name.includes(`/trust/${channel} `)).map(({ version }) => version),
  );

function start(): GateProcess {
  const config = join(folder, 'district.yaml');
  const one = new GateProcess({ config, command: 'district', environment });
  districts.push(one);
  return one;
}

const signIn = (address: string) =>
  signedInAt(address, { config: join(folder, 'district.yaml'), environment });

function post(who: SignedIn, path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return who(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

const newResident = (room: string) => ({
  community: 7,
  room,
  display: '测*',
  needsMoreTime: false,
  minor: false,
});

async function addResident(who: SignedIn, room: string): Promise<number> {
  const answer = await post(who, '/api/residents', newResident(room));
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { index: number }).index;
}

const revoke = (who: SignedIn, index: number) =>
  post(who, `/api/residents/${index}/state`, { state: 'revoked' });

/** People sign in and read where nobody leads; what gates must hear of is refused, and it is said where to go. */
async function readsAndRefuses(waiting: SignedIn, residents: readonly [number, number]): Promise<void> {
  const shown = (await (await waiting('/api/residents')).json()) as { residents: { index: number }[] };
  expect(new Set(shown.residents.map(({ index }) => index))).toEqual(new Set(residents));
  const refused = await revoke(waiting, residents[1]);
  const words: unknown = expect.stringMatching(/another one leads.*send it there/);
  expect([refused.status, await refused.text()]).toEqual([503, words]);
  const found = await post(waiting, '/api/persons/search', { by: 'room', community: 7, room: '1-101' });
  expect(found.status).toBe(200);
}

function versionsOnlyRose(): void {
  for (const [name, versions] of Map.groupBy(seen, (each) => each.name)) {
    const rising = versions.map(({ version }) => version);
    expect(rising, name).toEqual([...rising].sort((a, b) => a - b));
  }
}

describe.skipIf(mosquittoPath === undefined)('two districts, one of which stands by', () => {
  test('the one that leads is killed: the other takes over, versions only rise, revocation goes on', async () => {
    const first = start();
    const leader = await signIn(await first.open());
    const [one, other] = [await addResident(leader, '1-101'), await addResident(leader, '1-102')];
    expect((await revoke(leader, one)).status).toBe(200);
    await until(() => newest('status-delta') > 0, 'the revocation is out');

    const second = start();
    const address = await second.open();
    await until(() => second.log.includes('this one stands by'), 'the second stands by');
    const waiting = await signIn(address);
    await readsAndRefuses(waiting, [one, other]);
    const before = newest('status-delta');
    const killedAt = Date.now();
    await first.kill();
    await until(() => second.log.includes(LEADS), 'the other leads', 45_000);
    console.log(`took over after ${Date.now() - killedAt} ms`);
    expect((await revoke(waiting, other)).status).toBe(200);
    await until(() => newest('status-delta') > before, 'the second revocation is out');
    await addResident(waiting, '1-103');
    versionsOnlyRose();
    // One that comes back stands by in its turn.
    const third = start();
    await third.open();
    await until(() => third.log.includes('this one stands by'), 'the third stands by');
  }, 400_000);
});
