import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type District, enrolmentPicture, startDistrict } from '../../src/district/index.ts';
import { somebody } from '../../src/district/registry/testing.ts';
import { memoryLog, realClock, until } from '../twins/broker.ts';
import { districtCrypto } from '../twins/district-crypto.ts';
import { GateProcess } from '../twins/gate-process.ts';
import { RelayTrace } from '../twins/relay-trace.ts';
import { type SignedIn, signedIn } from '../twins/signed-in.ts';
import { canariesOf, found } from './canaries.ts';
import { type Heard, isOfContract } from './listening-in.ts';

/** The embedded broker carries no person's data either: an observer with the district's own rights hears all of it. */

const COMMUNITY = 7;
const BROKER_PASSWORD_BYTES = 24;
const log = memoryLog();
const heard: Heard[] = [];
const drawn: string[] = [];
let folder: string;
let district: District;
let operator: SignedIn;
let observer: MqttClient;
let gate: GateProcess;
let relay: RelayTrace;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-canaries-'));
  district = await startDistrict({
    dataDir: join(folder, 'district'),
    district: 'gaoxin',
    timeZone: 'Asia/Shanghai',
    communities: [{ id: COMMUNITY }],
    places: 4_096,
    http: { host: '127.0.0.1', port: 0 },
    broker: { host: '127.0.0.1', port: 0 },
    crypto: districtCrypto,
    clock: realClock,
    random: {
      bytes: (length) => {
        const bytes = new Uint8Array(randomBytes(length));
        if (length === BROKER_PASSWORD_BYTES) drawn.push(Buffer.from(bytes).toString('hex'));
        return bytes;
      },
    },
    log,
  });
  operator = await signedIn(district);
  observer = await listen();
  observer.on('message', (topic, payload) => void heard.push({ topic, payload: payload.toString('utf8') }));
  await observer.subscribeAsync('#', { qos: 1 });
  await until(() => heard.some(({ topic }) => topic.endsWith('/trust/time')), 'the observer hears all');
  ({ gate, relay } = startGate());
}, 180_000);
afterAll(async () => {
  await observer?.endAsync();
  await gate?.stop();
  await district?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}, 180_000);

/** The district's own password is in nobody's hands but its own: here its random numbers were seen. */
async function listen(): Promise<MqttClient> {
  for (const password of drawn) {
    const settings = { username: 'DISTRICT', password, reconnectPeriod: 0, clientId: 'observer' };
    const client = await connectAsync(district.brokerUrl, settings).catch(() => undefined);
    if (client !== undefined) return client;
  }
  throw new Error('the district draws its broker password another way');
}

function startGate() {
  const place = join(folder, 'gate');
  mkdirSync(join(place, 'pictures'), { recursive: true });
  const door = { driver: 'folder', chip: 'door', relay: { pulseMs: 200 } };
  const lane = { id: 'main', readers: [{ id: 'pictures', type: 'directory', path: 'pictures' }], door };
  const config = join(place, 'gate.yaml');
  writeFileSync(
    config,
    JSON.stringify({ dataDir: 'data', http: { port: 0 }, clock: { battery: true }, lanes: [lane] }),
  );
  return { gate: new GateProcess({ config }), relay: new RelayTrace(join(place, 'door')) };
}

let shown = 0;
function show(text: string): void {
  shown += 1;
  const at = (name: string) => join(folder, 'gate/pictures', name);
  writeFileSync(at(`.${shown}.png`), enrolmentPicture(text).png);
  renameSync(at(`.${shown}.png`), at(`${shown}.png`));
}

async function ask<Answer>(path: string, body?: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const answer = await operator(
    `/api${path}`,
    body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) },
  );
  const said = (await answer.json()) as Answer;
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return said;
}

async function install(): Promise<void> {
  await gate.open();
  show((await ask<{ text: string }>('/enrolments', { gate: 'north-1', community: COMMUNITY })).text);
  type Listed = { gates: { fingerprint: string; status: { documents: Record<string, number> } | null }[] };
  const listed = async () => (await ask<Listed>('/gates')).gates[0];
  await until(async () => (await listed())?.fingerprint !== undefined, 'it is enrolled', 60_000);
  await ask('/gates/north-1/confirm', { fingerprint: (await listed())?.fingerprint });
  const holds = async () => (await listed())?.status?.documents['roster'] !== undefined;
  await until(holds, 'it has its documents', 60_000);
}

test('no topic, payload or log line holds a name, a document number, a telephone number or a plate', async () => {
  await install();
  const people = ['木子', '川山', '云青'].map((name, at) =>
    somebody({ name: `测试${name}`, plate: `陕A8${at}72T` }),
  );
  const canaries = canariesOf(people);
  for (const [at, person] of people.entries()) {
    const { index } = await ask<{ index: number }>('/residents', {
      community: COMMUNITY,
      room: `9-${100 + at}`,
      person,
    });
    await ask('/persons/search', { by: 'name', name: person.name });
    const before = relay.openings().length;
    await until(
      async () => {
        show((await ask<{ code: string }>(`/residents/${index}/token`, {})).code);
        await new Promise((resolve) => setTimeout(resolve, 500));
        return relay.openings().length > before;
      },
      'a code opens',
      60_000,
    );
  }
  const messages = () => heard.filter(({ payload }) => payload !== '');
  const channels = ['entries', 'roster', 'live', 'ack', 'status'];
  for (const channel of channels)
    await until(() => messages().some(({ topic }) => topic.endsWith(`/${channel}`)), channel, 60_000);
  expect(messages().filter(({ topic, payload }) => !isOfContract(topic, payload))).toEqual([]);
  expect(messages().flatMap(({ topic, payload }) => found(`${topic}\n${payload}`, canaries))).toEqual([]);
  const logs = [log.lines.join('\n'), gate.log, gate.complaint];
  expect(logs[0]?.length).toBeGreaterThan(100);
  expect(logs.flatMap((each) => found(each, canaries))).toEqual([]);
}, 300_000);
