import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryLog, realClock } from '../../../test/twins/broker.ts';
import { batchOf, chainOf, gateOf, JOURNAL } from '../../../test/twins/chains.ts';
import { keyPair, verifySignature } from '../../../test/twins/gate.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { insertAlarms } from '../ingest/alarms.ts';
import { ChainChecks } from '../ingest/chain-checks.ts';
import { createIngest } from '../ingest/ingest.ts';
import type { ServerParts } from './parts.ts';
import { type DeskApp, deskApp } from './route.ts';
import { addEntryRoutes } from './routes-entries.ts';

/** What the routes of entries, alarms and chains take and answer; who may call them is the admission test's. */

const key = keyPair();
let database: Database;
let checks: ChainChecks;
let app: DeskApp;

beforeAll(async () => {
  database = await openDatabase(':memory:');
  const gate = gateOf('gate-1', key);
  await database.insertInto('gate').values(gate).execute();
  const parts = { district: 'd-1', database, verifySignature, clock: realClock, log: memoryLog() };
  const rows = chainOf(5, (seq) => ({
    decision: seq === 3 ? 'refused' : 'granted',
    index: seq,
    lane: 'north',
  }));
  await createIngest(parts).take(gate, batchOf(rows, { gate: 'gate-1', key }));
  const alarm = { id: 'a-1', at: '2026-01-01T00:00:00.000Z', alarm: 'forced', cleared: false } as const;
  await insertAlarms(database, { gate: 'gate-1', alarms: [alarm], now: 1 });
  checks = new ChainChecks(parts);
  app = deskApp();
  app.use(async (context, next) => {
    context.set('principal', { account: 'wang', roles: new Set(['operator'] as const) });
    await next();
  });
  const registry = { gate: (id: string) => Promise.resolve(id === 'gate-1' ? gate : undefined) };
  addEntryRoutes(app, { ...parts, registry, keeping: { checks } } as unknown as ServerParts);
});
afterAll(async () => {
  await checks.stop();
  await database.destroy();
});

const ask = async (path: string, init?: RequestInit) => {
  const answer = await app.request(path, init);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const send = (path: string, body: object) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

test('entries are searched, page by page', async () => {
  const first = await ask('/api/entries/search?limit=2&decision=granted');
  expect(first).toMatchObject({ status: 200, body: { entries: [{ row: { seq: 5 } }, { row: { seq: 4 } }] } });
  const next = String(first.body['next']);
  expect(await ask(`/api/entries/search?limit=2&decision=granted&after=${next}`)).toMatchObject({
    body: { entries: [{ row: { seq: 2 } }, { row: { seq: 1 } }] },
  });
  expect(await ask('/api/entries/search?index=3')).toMatchObject({
    body: { entries: [{ row: { seq: 3 } }] },
  });
});

test.each([
  'after=x',
  'limit=0',
  'limit=201',
  'gate=../x',
  'decision=maybe',
  'from=yesterday',
  'index=-1',
  'index=one',
  'refusal=%00',
  `after=${Buffer.from(JSON.stringify(['2026-01-01T00:00:00.000Z', 'gate\0', 'j', 1, 'h'])).toString('base64url')}`,
])('a search by %s is refused with the field’s name', async (query) => {
  const { status, body } = await ask(`/api/entries/search?${query}`);
  expect(status).toBe(400);
  expect(String(body['error'])).toMatch(new RegExp(`^${query.split('=')[0]}: `));
});

test('an alarm whose id has a zero byte is refused with the field’s name, whatever the database is', async () => {
  const { status, body } = await send('/api/alarms/acknowledge', { gate: 'gate-1', id: 'a\0b' });
  expect(status).toBe(400);
  expect(String(body['error'])).toMatch(/^id: /);
  expect(JSON.stringify(body)).not.toContain('a\\u0000b');
});

test('the story of an entry', async () => {
  const path = `/api/gates/gate-1/journals/${JOURNAL}/entries`;
  expect(await ask(`${path}/2`)).toMatchObject({ status: 200, body: { entries: [{ row: { seq: 2 } }] } });
  expect(await ask(`${path}/99`)).toMatchObject({ status: 200, body: { entries: [] } });
});

test('an alarm is acknowledged by who is signed in', async () => {
  const seen = { gate: 'gate-1', id: 'a-1' };
  expect(await send('/api/alarms/acknowledge', seen)).toMatchObject({ body: { outcome: 'acknowledged' } });
  expect(await send('/api/alarms/acknowledge', seen)).toMatchObject({ body: { outcome: 'already' } });
  expect(await send('/api/alarms/acknowledge', { ...seen, id: 'a-2' })).toMatchObject({ status: 404 });
  expect(await ask('/api/alarms?gate=gate-1')).toMatchObject({
    status: 200,
    body: { alarms: [{ alarm: { id: 'a-1' }, acknowledged: { by: 'wang' } }] },
  });
  expect(await ask('/api/alarms?open=true')).toMatchObject({ body: { alarms: [] } });
});

test('a check of a chain is begun, one at a time, and its result is asked for', async () => {
  expect(await ask('/api/gates/gate-1/chain')).toEqual({
    status: 200,
    body: { running: false, results: [] },
  });
  expect(await send('/api/gates/gate-1/chain', {})).toMatchObject({ status: 202, body: { running: true } });
  expect(await send('/api/gates/gate-1/chain', {})).toMatchObject({ status: 409 });
  await checks.idle();
  expect(await ask('/api/gates/gate-1/chain')).toMatchObject({
    body: { running: false, results: [{ journal: JOURNAL, rows: 5 }] },
  });
  expect(await ask('/api/gates/gate-2/chain')).toMatchObject({ status: 404 });
});
