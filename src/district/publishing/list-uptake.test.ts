import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memoryLog } from '../../../test/twins/broker.ts';
import { SteppedClock } from '../../../test/twins/clock.ts';
import { keyPair } from '../../../test/twins/gate.ts';
import { gateOf } from '../../../test/twins/chains.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { LIST_CHANGE_KEPT_MS, UPTAKE_RECENT_MS, UPTAKE_WARN_MS } from '../limits.ts';
import { ListUptake } from './list-uptake.ts';

/** When each gate took a change of a list. */

describe('a change of a list', () => {
  let database: Database;
  let clock: SteppedClock;
  let uptake: ListUptake;
  beforeAll(async () => {
    database = await openDatabase(':memory:');
    for (const name of ['gate-1', 'gate-2', 'gate-3'])
      await database
        .insertInto('gate')
        .values({ ...gateOf(name, keyPair()), confirmed: 1, status: statusOf('online', 0) })
        .execute();
  });
  beforeEach(async () => {
    clock = new SteppedClock();
    uptake = new ListUptake({ database, clock, log: memoryLog() });
    for (const table of ['list_change', 'list_uptake'] as const) await database.deleteFrom(table).execute();
    for (const gate of ['gate-1', 'gate-2', 'gate-3']) await say(gate, 4);
  });
  afterAll(() => database.destroy());

  async function say(gate: string, residents: number, state: 'online' | 'offline' = 'online') {
    const status = statusOf(state, residents);
    await database.updateTable('gate').set({ status }).where('id', '=', gate).execute();
    uptake.heard(gate, { state, documents: { residents } });
  }

  test('is followed to each gate, with the time it took and who lacks it', async () => {
    await uptake.changed({ list: 'residents', places: [9], version: 5 });
    clock.step(300);
    await say('gate-1', 5);
    clock.step(300);
    await say('gate-2', 6);
    await say('gate-3', 4, 'offline');
    expect(await uptake.of('residents', 9)).toEqual({
      changedAt: expect.any(Number),
      version: 5,
      p95Ms: 600,
      gates: [
        { gate: 'gate-1', isOnline: true, hasIt: true, afterMs: 300 },
        { gate: 'gate-2', isOnline: true, hasIt: true, afterMs: 600 },
        { gate: 'gate-3', isOnline: false, hasIt: false },
      ],
    });
  });

  test('is known after a restart with the times that were heard, and by the version that gates hold', async () => {
    await uptake.changed({ list: 'residents', places: [9], version: 5 });
    clock.step(250);
    await say('gate-1', 5);
    await uptake.settled();
    const after = new ListUptake({ database, clock, log: memoryLog() });
    await database
      .updateTable('gate')
      .set({ status: statusOf('online', 6) })
      .where('id', '=', 'gate-2')
      .execute();
    const told = await after.of('residents', 9);
    expect(told?.gates.map(({ hasIt, afterMs }) => [hasIt, afterMs])).toEqual([
      [true, 250],
      [true, undefined],
      [false, undefined],
    ]);
    expect([told?.p95Ms, await after.of('residents', 10), await after.of('visitors', 9)]).toEqual([
      250,
      undefined,
      undefined,
    ]);
  });

  test('that a connected gate lacks for too long is told; a gate that is away is not waited for', async () => {
    await uptake.changed({ list: 'residents', places: [9], version: 5 });
    await say('gate-1', 5);
    await say('gate-2', 5);
    clock.step(UPTAKE_WARN_MS + 1);
    expect(uptake.recent()).toEqual({ p95Ms: UPTAKE_WARN_MS + 1, missing: 1 });
    expect(uptake.warnings().map(({ name }) => name)).toEqual(['list-uptake']);
    await say('gate-3', 4, 'offline');
    expect(uptake.recent()).toEqual({ p95Ms: 0, missing: 0 });
    expect(uptake.warnings()).toEqual([]);
    clock.step(UPTAKE_RECENT_MS);
    expect(uptake.recent()).toBeUndefined();
  });

  test('is forgotten when it is old', async () => {
    await uptake.changed({ list: 'residents', places: [9], version: 5 });
    clock.step(LIST_CHANGE_KEPT_MS + 1);
    await uptake.changed({ list: 'residents', places: [10], version: 6 });
    expect(await uptake.of('residents', 9)).toBeUndefined();
    expect((await uptake.of('residents', 10))?.version).toBe(6);
  });
});

function statusOf(state: 'online' | 'offline', residents: number): string {
  return JSON.stringify({
    state,
    since: '2026-03-01T06:00:00.000Z',
    session: 'c'.repeat(32),
    software: '0.1.0',
    journal: { id: 'a'.repeat(32), seq: 0, hash: '0'.repeat(64) },
    documents: { residents },
    clock: { quality: 'synced', errorSeconds: 0.2 },
    lanes: [],
    protocol: 5,
  });
}
