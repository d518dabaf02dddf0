import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memoryLog } from '../../../test/twins/broker.ts';
import { SteppedClock } from '../../../test/twins/clock.ts';
import { chained, verifySignature } from '../../../test/twins/gate.ts';
import { random } from '../../../test/twins/paper-community.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { releaseText, trialMaker } from '../../../test/twins/releases.ts';
import { addTrialGate, TRIAL_JOURNAL } from '../../../test/twins/stored-gates.ts';
import { err, ok, type Result } from '../../base/index.ts';
import type { NewCommand, PublicRootKey, UpdateState } from '../../wire/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { UPDATE_STEADY_MS } from '../limits.ts';
import { Releases } from '../publishing/releases.ts';
import { Registry } from '../registry/registry.ts';
import type { OrderProblem } from './orders.ts';
import { Updates } from './updates.ts';

/** Staged updates over a real database, with gates that are only words. */

const ADDRESS = 'https://releases.example/menwei/';
const maker = await trialMaker(1);
const stranger = await trialMaker(2);

let postgres: Postgres;
let database: Database;
let clock: SteppedClock;
let registry: Registry;
let releases: Releases;
let updates: Updates;
let makers: PublicRootKey[];
let given: { gate: string; command: NewCommand; by: string | undefined }[];
let answer: (gate: string) => Result<string, OrderProblem>;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

const gateName = (at: number) => `gate-${String(at).padStart(2, '0')}`;

async function heard(gate: string, release: number, more: object = {}): Promise<void> {
  const stored = await registry.gate(gate);
  const status = { ...JSON.parse(stored?.status ?? '{}'), documents: { release }, ...more };
  await registry.saw(gate, JSON.stringify(status));
}

async function allHeard(): Promise<void> {
  for (const { id } of await registry.gates()) await registry.saw(id);
}

/** As if its journal had brought it. */
async function told(gate: string, reason: string): Promise<void> {
  const row = chained(undefined, { at: new Date(clock.wall()).toISOString(), decision: 'system', reason });
  const { seq, hash, at } = row;
  await database
    .insertInto('journal_row')
    .values({
      gate,
      journal: TRIAL_JOURNAL,
      seq,
      hash,
      previous_hash: hash,
      digest: hash,
      content: JSON.stringify(row),
      at,
      decision: 'system',
      refusal: null,
      place: null,
      pass: null,
      received_at: clock.wall(),
    })
    .execute();
}

async function states(): Promise<Record<string, UpdateState>> {
  const [newest] = (await updates.view()).releases;
  return Object.fromEntries((newest?.gates ?? []).map(({ gate, state }) => [gate, state]));
}

async function waitsFor(): Promise<string | undefined> {
  return (await updates.view()).releases[0]?.waitsFor;
}

const register = async (number: number, more: object = {}) =>
  releases.register(
    { release: await releaseText(maker, clock, { number, ...more }), address: ADDRESS },
    'li-wei',
  );

/** All that are ordered come back with the release and stay in order. */
async function settle(release: number): Promise<void> {
  await updates.lookOver();
  for (const [gate, state] of Object.entries(await states()))
    if (state === 'ordered') await heard(gate, release);
  await updates.lookOver();
  clock.step(UPDATE_STEADY_MS);
  await allHeard();
  await updates.lookOver();
}

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('updates in stages on %s', (_engine, newPlace) => {
  beforeEach(async () => {
    database = await openDatabase(newPlace());
    clock = new SteppedClock();
    makers = [maker.key];
    given = [];
    answer = () => ok('jti');
    const base = { database, clock, log: memoryLog(), random: { bytes: random } };
    registry = new Registry({ ...base, places: 4_096 });
    releases = new Releases({ ...base, verifySignature, makers: () => ok(makers) });
    updates = new Updates({
      ...base,
      registry,
      releases,
      states: async () => new Map((await registry.gates()).map(({ id }) => [id, 'confirmed' as const])),
      orders: {
        give: async (gate, command, by) => {
          given.push({ gate, command, by });
          return answer(gate);
        },
      },
    });
    for (let at = 1; at <= 11; at += 1)
      await addTrialGate(
        { database, registry, clock },
        { name: gateName(at), status: { documents: { release: 6 } } },
      );
    return () => database.destroy();
  });

  test('a release counts by its makers’ signature, its date and its number alone', async () => {
    expect(await register(7)).toEqual({ ok: true, value: 7 });
    expect(await register(7)).toEqual({ ok: false, error: 'known-release' });
    expect(await register(6)).toEqual({ ok: false, error: 'older-release' });
    expect(await register(8, { exp: Math.floor(clock.wall() / 1_000) })).toEqual({
      ok: false,
      error: 'release-expired',
    });
    const strange = { release: await releaseText(stranger, clock, { number: 8 }), address: ADDRESS };
    expect(await releases.register(strange, 'li-wei')).toEqual({ ok: false, error: 'unknown-maker' });
    makers = [];
    expect(await register(8)).toEqual({ ok: false, error: 'no-makers' });
    expect((await updates.view()).releases.map(({ release }) => release)).toEqual([7]);
  });

  test('one gate, then a tenth, then all: each only when the one before is in order, and by nobody’s hand but a person’s', async () => {
    await register(7);
    expect(await updates.begin(7, { stage: 'tenth' }, 'li-wei')).toEqual({
      ok: false,
      error: 'stage-not-offered',
    });
    expect(await updates.begin(7, { stage: 'one', gate: 'gate-05' }, 'li-wei')).toEqual({
      ok: true,
      value: 1,
    });
    await updates.lookOver();
    expect(given).toEqual([
      { gate: 'gate-05', command: { verb: 'update', release: 7, reason: '7' }, by: 'li-wei' },
    ]);
    expect(await updates.begin(7, { stage: 'tenth' }, 'li-wei')).toEqual({ ok: false, error: 'stage-waits' });
    await heard('gate-05', 7);
    await updates.lookOver();
    expect(await states()).toEqual({ 'gate-05': 'back' });
    expect(await waitsFor()).toBe('running');
    clock.step(UPDATE_STEADY_MS);
    await allHeard();
    await updates.lookOver();
    expect(await states()).toEqual({ 'gate-05': 'healthy' });
    expect(given).toHaveLength(1);
    expect(await updates.begin(7, { stage: 'tenth' }, 'li-wei')).toEqual({ ok: true, value: 2 });
    await settle(7);
    expect(given).toHaveLength(3);
    expect(await updates.begin(7, { stage: 'all' }, 'li-wei')).toEqual({ ok: true, value: 8 });
    await settle(7);
    expect(new Set(given.map(({ gate }) => gate)).size).toBe(11);
    expect(await waitsFor()).toBe('nothing-left');
  });

  test('while a gate that went back is unseen nothing goes out, neither what waits nor a next stage', async () => {
    await register(7);
    await updates.begin(7, { stage: 'one', gate: 'gate-01' }, 'li-wei');
    await settle(7);
    await updates.begin(7, { stage: 'tenth' }, 'li-wei');
    await settle(7);
    answer = (gate) => (gate === 'gate-03' ? err('gate-offline') : ok('jti'));
    await updates.begin(7, { stage: 'all' }, 'li-wei');
    await updates.lookOver();
    const sent = given.length;
    await updates.lookOver();
    expect(given.length).toBe(sent);
    expect((await states())['gate-03']).toBe('failed');
    expect(Object.values(await states()).filter((state) => state === 'queued').length).toBeGreaterThan(5);
    expect(await waitsFor()).toBe('failed');
    expect(await updates.looked(7, 'gate-02', 'chen')).toEqual({ ok: false, error: 'nothing-failed' });
    expect(await updates.looked(7, 'gate-03', 'chen')).toEqual({ ok: true, value: true });
    await updates.lookOver();
    expect(given.length).toBeGreaterThan(sent);
    const looked = (await updates.view()).releases[0]?.gates.find(({ gate }) => gate === 'gate-03');
    expect(looked).toMatchObject({ state: 'failed', why: 'gate-offline', lookedBy: 'chen' });
  });

  test('what a gate’s own row says of this order counts, and an old row does not', async () => {
    await told('gate-01', 'update-outcome:7:back');
    clock.step(1_000);
    await allHeard();
    await register(7);
    await updates.begin(7, { stage: 'one', gate: 'gate-01' }, 'li-wei');
    await updates.lookOver();
    await updates.lookOver();
    expect(await states()).toEqual({ 'gate-01': 'ordered' });
    await database.deleteFrom('journal_row').where('gate', '=', 'gate-01').execute();
    await told('gate-01', 'update-outcome:7:refused:other-release');
    await updates.lookOver();
    const [view] = (await updates.view()).releases;
    expect(view?.gates).toMatchObject([{ gate: 'gate-01', state: 'failed', why: 'other-release' }]);
  });

  test('two who begin at once begin one stage, and two processes send an order once', async () => {
    await register(7);
    const begun = await Promise.all(
      ['gate-01', 'gate-02'].map((gate) => updates.begin(7, { stage: 'one', gate }, 'li-wei')),
    );
    expect(begun.filter((each) => each.ok)).toHaveLength(1);
    await Promise.all([updates.lookOver(), updates.lookOver()]);
    expect(given).toHaveLength(1);
  });

  test('a release that is stopped, or has a newer one, goes out no further', async () => {
    await register(7);
    await updates.begin(7, { stage: 'one', gate: 'gate-01' }, 'li-wei');
    await settle(7);
    expect(await updates.stop(7, 'chen')).toEqual({ ok: true, value: true });
    expect(await updates.stop(7, 'chen')).toEqual({ ok: false, error: 'release-stopped' });
    expect(await updates.begin(7, { stage: 'tenth' }, 'li-wei')).toEqual({ ok: false, error: 'stage-waits' });
    await register(8);
    const [newest, before] = (await updates.view()).releases;
    expect([newest?.offers, before?.waitsFor]).toEqual([[{ stage: 'one', gates: 1 }], 'newer']);
    expect(await updates.begin(9, { stage: 'one', gate: 'gate-01' }, 'li-wei')).toEqual({
      ok: false,
      error: 'no-such-release',
    });
  });
});
