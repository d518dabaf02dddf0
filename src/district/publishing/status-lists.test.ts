import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { SteppedClock } from '../../../test/twins/clock.ts';
import { statusListHash, statusListOf } from '../../issue/index.ts';
import { DISTRICT, NOW, now, open, SimulatedDisk, TestDistrict } from '../../trust/testing.ts';
import type { StatusBits } from '../../wire/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { DELTA_CHANGES_MAX } from '../limits.ts';
import { Shelf } from './shelf.ts';
import { StatusLists, type StatusListsOptions } from './status-lists.ts';

/** The registry as a Map: the naive model against which the kept list is held. */
class Model {
  readonly states = new Map<number, number>();
  length: number;

  constructor(length: number) {
    this.length = length;
  }

  readonly statuses = async () => ({
    length: this.length,
    named: [...this.states].filter(([, state]) => state !== 0).map(([place, state]) => ({ place, state })),
  });

  readonly statesOf = async (_list: string, places: readonly number[]) => ({
    length: this.length,
    states: new Map(
      places.flatMap((place) => (this.states.has(place) ? [[place, this.states.get(place) ?? 0]] : [])),
    ),
  });

  bytes(): Uint8Array {
    const named = [...this.states].map(([place, state]) => ({ place, state: (state & 3) as StatusBits }));
    return statusListOf(this.length, named);
  }
}

let database: Database | undefined;
afterEach(async () => {
  await database?.destroy();
  database = undefined;
});

async function bed(length: number) {
  const district = new TestDistrict();
  await district.root();
  database = await openDatabase(':memory:');
  const shelf = new Shelf({ district: DISTRICT, database, clock: new SteppedClock(NOW * 1_000) });
  const model = new Model(length);
  const keys = { signers: { status: await district.by('status') } } as unknown as StatusListsOptions['keys'];
  const lists = () => new StatusLists({ district: DISTRICT, registry: model, keys, shelf });
  const gate = await open(district, { disk: new SimulatedDisk() });
  const listen = async (name: 'residents' | 'residents-delta') => {
    const document = await shelf.get(name);
    if (document === undefined) throw new Error(`there is no ${name}`);
    const taken = await gate.accept(document.text, now);
    expect(taken.ok ? '' : taken.error.reason).toBe('');
  };
  return { shelf, model, lists, gate, listen };
}

const state = fc.constantFrom(0, 1, 2, 3);
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('change' as const),
      places: fc.array(fc.nat(699), { minLength: 1, maxLength: 9 }),
      state,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('whole' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('restart' as const),
      lost: fc.array(fc.nat(699), { maxLength: 5 }),
      state,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('grow' as const), by: fc.nat(40) }) },
);

test('A2, T6: after any changes, whole lists, growth and restarts a gate holds what the registry says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const { shelf, model, lists, gate, listen } = await bed(700);
      let kept = lists();
      await kept.refresh('residents');
      await listen('residents');
      for (const each of steps) {
        if (each.type === 'change') {
          for (const place of each.places) model.states.set(place, each.state);
          await kept.change('residents', each.places);
          await listen('residents-delta');
        } else if (each.type === 'whole') {
          const packed = await kept.pack('residents');
          expect(await kept.signWhole('residents', packed)).toBe(true);
          await listen('residents');
        } else if (each.type === 'grow') model.length += each.by;
        else {
          // Changed in the registry, and the power went before it was signed.
          for (const place of each.lost) model.states.set(place, each.state);
          kept = lists();
          await kept.refresh('residents');
          if ((await shelf.get('residents-delta')) !== undefined) await listen('residents-delta');
        }
      }
      await kept.change('residents', [0]);
      await listen('residents-delta');
      expect(gate.snapshot().versions.get('residents-delta')?.hash).toBe(statusListHash(model.bytes()));
      for (let place = 0; place < model.length; place += 1)
        expect(gate.snapshot().residents.at(place)).toBe(model.states.get(place) ?? 0);
      expect(gate.snapshot().residents.at(model.length)).toBe(1);
      await database?.destroy();
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('13,000,000 places: a day’s changes in deltas of 2 kB, each right at the gate; a change reads no list', async () => {
  const PLACES = 13_000_000;
  const { shelf, model, lists, gate, listen } = await bed(PLACES);
  let seed = 7;
  const draw = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % PLACES;
  };
  for (let at = 0; at < 130_000; at += 1) model.states.set(draw(), 1);
  const kept = lists();
  await kept.refresh('residents');
  await listen('residents');
  const read = model.statuses;
  let reads = 0;
  Object.assign(model, {
    statuses: () => {
      reads += 1;
      return read();
    },
  });
  const changed: number[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    const places = Array.from({ length: 20 }, draw);
    for (const place of places) model.states.set(place, 1 + (turn % 3));
    changed.push(...places);
    await kept.change('residents', places);
  }
  expect(reads).toBe(0);
  await listen('residents-delta');
  const delta = await shelf.get('residents-delta');
  const payload = Buffer.from(delta?.text.split('.')[1] ?? '', 'base64url');
  expect(payload.length).toBeLessThanOrEqual(2_048);
  expect(delta?.hash).toBe(statusListHash(model.bytes()));
  for (const place of [...changed, ...Array.from({ length: 1_000 }, draw)])
    expect(gate.snapshot().residents.at(place)).toBe(model.states.get(place) ?? 0);
}, 120_000);

test('a delta that has grown asks for a whole list, and one that was overtaken is not signed', async () => {
  const { model, lists, listen } = await bed(40_000);
  const kept = lists();
  await kept.refresh('residents');
  await listen('residents');
  const many = Array.from({ length: DELTA_CHANGES_MAX + 1 }, (_, at) => at * 3);
  for (const place of many) model.states.set(place, 2);
  await kept.change('residents', many.slice(0, 100));
  expect(await kept.wantsWhole('residents')).toBe(false);
  await kept.change('residents', many);
  expect(await kept.wantsWhole('residents')).toBe(true);
  const early = await kept.pack('residents');
  await kept.change('residents', [5]);
  expect(await kept.signWhole('residents', early)).toBe(false);
  expect(await kept.signWhole('residents', await kept.pack('residents'))).toBe(true);
  expect(await kept.wantsWhole('residents')).toBe(false);
  await listen('residents');
});
