import { afterEach, beforeEach, expect, test } from 'vitest';
import { memoryLog, realClock } from '../../../test/twins/broker.ts';
import { batchOf, chainOf, gateOf, JOURNAL } from '../../../test/twins/chains.ts';
import { keyPair, verifySignature } from '../../../test/twins/gate.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { listAlarms } from './alarms.ts';
import { ChainChecks } from './chain-checks.ts';
import { createIngest } from './ingest.ts';

const key = keyPair();
let database: Database;
let checks: ChainChecks;

beforeEach(async () => {
  database = await openDatabase(':memory:');
  const gate = gateOf('gate-1', key);
  await database.insertInto('gate').values(gate).execute();
  const parts = { district: 'd-1', database, verifySignature, clock: realClock, log: memoryLog() };
  await createIngest(parts).take(gate, batchOf(chainOf(20), { gate: 'gate-1', key }));
  checks = new ChainChecks(parts);
});
afterEach(async () => {
  await checks.stop();
  await database.destroy();
});

test('one check at a time; its result is kept', async () => {
  expect(await checks.last('gate-1')).toEqual([]);
  expect(checks.start('gate-1')).toBe(true);
  expect(checks.start('gate-1')).toBe(false);
  await checks.idle();
  expect(await checks.last('gate-1')).toMatchObject([{ journal: JOURNAL, rows: 20 }]);
  expect(checks.running).toBe(false);
});

test('a row edited in the database is named, and is an alarm, once', async () => {
  await database.updateTable('journal_row').set({ at: '2026-01-01' }).where('seq', '=', 9).execute();
  for (let round = 0; round < 2; round += 1) {
    await checks.startAll();
    await checks.idle();
  }
  expect(await checks.last('gate-1')).toMatchObject([{ problem: { seq: 9, kind: 'content' } }]);
  expect(await listAlarms(database, {})).toMatchObject([
    { gate: 'gate-1', alarm: { alarm: 'tamper', seq: 9 } },
  ]);
});

test('a journal that was taken out whole is missed', async () => {
  await checks.startAll();
  await checks.idle();
  for (const table of ['journal_row', 'stream'] as const) await database.deleteFrom(table).execute();
  for (let round = 0; round < 2; round += 1) {
    await checks.startAll();
    await checks.idle();
    expect(await checks.last('gate-1')).toMatchObject([{ problem: { seq: 1, kind: 'shrunk' } }]);
  }
});
