import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { memoryLog, realClock, startTestBroker, type TestBroker, until } from '../../../test/twins/broker.ts';
import { gateOf } from '../../../test/twins/chains.ts';
import { keyPair } from '../../../test/twins/gate.ts';
import { err } from '../../base/index.ts';
import { createLink, type Link } from '../../link/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { Feed } from '../server/feed.ts';
import { WAITING_MAX } from '../ingest/limits.ts';
import { Centre, type CentreOptions } from './centre.ts';

/** The district's connections: what is said, alarms and live rows get through while nothing more is read of the entries. */

const GATES = 50;
/** More than wait here at once, so that the broker is held back. */
const EACH = Math.ceil((WAITING_MAX * 1.5) / GATES);
const key = keyPair();
let broker: TestBroker;
let database: Database;
let centre: Centre;
let feed: Feed;
let gates: Link;
let release: () => void;
const answered: string[] = [];
const noted: string[] = [];

beforeEach(async () => {
  answered.length = 0;
  noted.length = 0;
  feed = new Feed();
  broker = await startTestBroker();
  database = await openDatabase(':memory:');
  const enrolled = Array.from({ length: GATES }, (_, gate) => gateOf(`gate-${gate}`, key));
  await database.insertInto('gate').values(enrolled).execute();
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const options: Partial<CentreOptions> = {
    district: 'd-1',
    settings: { url: broker.url, protocolVersion: 4 },
    database,
    feed,
    ingest: { take: () => released.then(() => err('malformed')) },
    publisher: () => ({
      publishAll: () => Promise.resolve(),
      timeFor: (gate) => released.then(() => `time for ${gate}`),
      listFor: () => Promise.resolve([]),
    }),
    photoFor: (gate, { index }) =>
      Promise.resolve(index === 7 ? `photo of 7 for ${gate.id} of ${gate.community}` : undefined),
    life: () => ({
      isHeard: ({ ended }) => Promise.resolve(ended === null),
      unbelieved: () => Promise.resolve(),
    }),
    health: { note: ({ id }, { unsentRows }) => void noted.push(`${id} has ${unsentRows} rows unsent`) },
    uptake: { heard: (gate, { documents }) => void noted.push(`${gate} holds ${documents['residents']}`) },
    group: 'g',
    clock: realClock,
    random: { bytes: (length) => new Uint8Array(length) },
    log: memoryLog(),
  };
  centre = new Centre(options as CentreOptions);
  centre.start();
  gates = createLink({
    settings: { url: broker.url, clientId: 'gates', protocolVersion: 4 },
    subscriptions: [{ topic: 'menwei/1/d-1/gates/+/commands', qos: 1 }],
    onConnect: () => undefined,
    onDisconnect: () => undefined,
    onMessage: ({ payload }) => void answered.push(Buffer.from(payload).toString()),
    clock: realClock,
    random: { bytes: (length) => new Uint8Array(length) },
    log: memoryLog(),
  });
  gates.start();
  await until(() => centre.connected && gates.connected, 'both are there');
});
afterEach(async () => {
  release();
  await gates.stop();
  await centre.stop();
  await database.destroy();
  await broker.close();
});

describe('the centre', () => {
  test('more gates ask at once than wait here, and every one is answered', async () => {
    const ask = (gate: number) =>
      gates.publish({
        topic: `menwei/1/d-1/gates/gate-${gate}/requests`,
        payload: JSON.stringify({ want: 'time', nonce: '0'.repeat(32) }),
        qos: 0,
        retain: false,
      });
    for (let round = 0; round < EACH; round += 1) for (let gate = 0; gate < GATES; gate += 1) await ask(gate);
    // The queue is full and nobody reads on: the answers' receipts lie behind what the broker still has.
    await new Promise((resolve) => setTimeout(resolve, 500));
    release();
    await until(() => answered.length === GATES * EACH, 'all are answered');
    expect(new Set(answered).size).toBe(GATES);
    expect(centre.counts).toMatchObject({ full: 0, gateFull: 0, failed: 0 });
  });

  test('who asks for a photo is answered; one for whom none can be sealed, and one that asks for nonsense, are not', async () => {
    const ask = (gate: string, body: object) =>
      gates.publish({
        topic: `menwei/1/d-1/gates/${gate}/requests`,
        payload: JSON.stringify({ want: 'photo', nonce: '0'.repeat(32), row: 1, ...body }),
        qos: 0,
        retain: false,
      });
    await ask('gate-1', { index: 8 });
    await ask('gate-1', { index: 7, row: 0 });
    await ask('gate-9', { index: 7 });
    await ask('gate-1', { index: 7 });
    await until(() => answered.length === 2, 'both are answered');
    expect(answered.toSorted()).toEqual(['photo of 7 for gate-1 of 7', 'photo of 7 for gate-9 of 7']);
    expect(centre.counts).toMatchObject({ malformed: 1, failed: 0 });
  });

  test('an alarm waits behind no backlog: more entries came than wait here, and none of them is stored yet', async () => {
    const told: string[] = [];
    feed.watch({ heard: (event) => void told.push(`${event.type} ${event.gate}`), ended: () => undefined });
    const send = (gate: number, channel: string, body: object) =>
      gates.publish({
        topic: `menwei/1/d-1/gates/gate-${gate}/${channel}`,
        payload: JSON.stringify(body),
        qos: 0,
        retain: false,
      });
    for (let round = 0; round < EACH; round += 1)
      for (let gate = 0; gate < GATES; gate += 1) await send(gate, 'entries', { round });
    await send(3, 'alarms', { id: 'a-1', at: '2026-01-01T00:00:00.000Z', alarm: 'forced', cleared: false });
    await until(() => told.includes('alarm gate-3'), 'the alarm is told');
    expect(await database.selectFrom('alarm').select('id').execute()).toEqual([{ id: 'a-1' }]);
    release();
    await until(() => centre.connected, 'the connection of the entries stands');
    expect(centre.counts).toMatchObject({ full: 0, gateFull: 0, failed: 0 });
  });

  test('from the moment a gate is marked stolen, nothing that it says is kept or told: alarms neither', async () => {
    const told: string[] = [];
    feed.watch({ heard: (event) => void told.push(`${event.type} ${event.gate}`), ended: () => undefined });
    const life = { gate: 'gate-1', state: 'stolen', since: 1, reason: 'gone', broker_hash: null } as const;
    await database.insertInto('gate_life').values(life).execute();
    const alarm = { id: 'a-1', at: '2026-01-01T00:00:00.000Z', alarm: 'forced', cleared: false };
    for (const gate of ['gate-1', 'gate-2'])
      await gates.publish({
        topic: `menwei/1/d-1/gates/${gate}/alarms`,
        payload: JSON.stringify(alarm),
        qos: 1,
        retain: false,
      });
    const kept = () => database.selectFrom('alarm').select('gate').execute();
    await until(async () => (await kept()).length > 0, 'the living one is heard');
    expect(await kept()).toEqual([{ gate: 'gate-2' }]);
    expect(told).toEqual(['alarm gate-2']);
  });

  test('a zero byte in an alarm is malformed, and stands in nobody’s way', async () => {
    const send = (id: string) =>
      gates.publish({
        topic: 'menwei/1/d-1/gates/gate-2/alarms',
        payload: JSON.stringify({ id, at: '2026-01-01T00:00:00.000Z', alarm: 'forced', cleared: false }),
        qos: 1,
        retain: false,
      });
    await send('a\0b');
    await send('a-2');
    await until(async () => (await database.selectFrom('alarm').select('id').execute()).length > 0, 'kept');
    expect(await database.selectFrom('alarm').select('id').execute()).toEqual([{ id: 'a-2' }]);
    expect(centre.counts).toMatchObject({ malformed: 1, failed: 0 });
  });
});

test('how a gate is, and which lists it holds, is handed to who keeps and measures it', async () => {
  const say = (channel: string, body: unknown) =>
    gates.publish({
      topic: `menwei/1/d-1/gates/gate-1/${channel}`,
      payload: JSON.stringify(body),
      qos: 1,
      retain: false,
    });
  await say('status', {
    state: 'online',
    since: '2026-03-01T06:00:00.000Z',
    session: 'c'.repeat(32),
    software: '0.1.0',
    journal: { id: 'a'.repeat(32), seq: 0, hash: '0'.repeat(64) },
    documents: { residents: 7 },
    clock: { quality: 'synced', errorSeconds: 0.2 },
    lanes: [],
    protocol: 4,
  });
  const at = '2026-03-01T06:00:00.000Z';
  await say('health', { at, uptimeSeconds: 1, queueDepth: 0, unsentRows: 3, readers: [], versions: {} });
  await until(() => noted.length === 2, 'both were handed on');
  expect(noted.toSorted()).toEqual(['gate-1 has 3 rows unsent', 'gate-1 holds 7']);
});
