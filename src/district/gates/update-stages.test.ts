import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NewStage, UpdateTold } from '../../wire/index.ts';
import { UPDATE_ANSWER_MS, UPDATE_AWAY_MS, UPDATE_STEADY_MS } from '../limits.ts';
import {
  type GateStanding,
  gatesOf,
  isUnseenFailure,
  maySend,
  outlook,
  type ReleaseStanding,
} from './update-stages.ts';
import { type GateOrder, type GateWord, stepped } from './update-steps.ts';

const RELEASE = 7;
const AT = 1_800_000_000_000;

function gatesNamed(count: number, communities = 2): GateStanding[] {
  return Array.from({ length: count }, (_, at) => ({
    gate: `gate-${String(at).padStart(3, '0')}`,
    community: 1 + (at % communities),
    release: 6,
    isOnline: true,
  }));
}

const standing = (
  orders: readonly GateOrder[] = [],
  more: Partial<ReleaseStanding> = {},
): ReleaseStanding => ({
  release: RELEASE,
  isNewest: true,
  isStopped: false,
  expiresAt: AT + 1_000_000_000,
  orders,
  ...more,
});

const ordered = (gate: string, more: Partial<GateOrder> = {}): GateOrder => ({
  gate,
  stage: 'one',
  state: 'healthy',
  since: AT,
  begunAt: AT,
  ...more,
});

describe('the stages of an update', () => {
  const gates = gatesNamed(25);

  test('begin with one gate, which a person names', () => {
    expect(outlook(standing(), gates, AT).offers).toEqual([{ stage: 'one', gates: 1 }]);
    const begun = gatesOf({ stage: 'one', gate: 'gate-004' }, standing(), { gates, now: AT });
    expect(begun).toEqual({ ok: true, value: ['gate-004'] });
    const none = gatesOf({ stage: 'one', gate: 'gate-999' }, standing(), { gates, now: AT });
    expect(none).toEqual({ ok: false, error: 'gate-takes-no-update' });
  });

  test('go on to a tenth, and then to a community or all', () => {
    const one = [ordered('gate-000')];
    expect(outlook(standing(one), gates, AT).offers).toEqual([{ stage: 'tenth', gates: 3 }]);
    const tenth = gatesOf({ stage: 'tenth' }, standing(one), { gates, now: AT });
    expect(tenth.ok && tenth.value).toHaveLength(3);
    const two = [...one, ordered('gate-001', { stage: 'tenth' })];
    expect(outlook(standing(two), gates, AT).offers).toEqual([
      { stage: 'community', community: 1, gates: 12 },
      { stage: 'community', community: 2, gates: 11 },
      { stage: 'all', gates: 23 },
    ]);
  });

  test('of one community leave the stage of a community out', () => {
    const two = [ordered('gate-000'), ordered('gate-001', { stage: 'tenth' })];
    const offers = outlook(standing(two), gatesNamed(25, 1), AT).offers;
    expect(offers.map(({ stage }) => stage)).toEqual(['all']);
  });

  test.each<[string, Partial<ReleaseStanding>, string]>([
    ['one that is older than the newest', { isNewest: false }, 'newer'],
    ['one that somebody has stopped', { isStopped: true }, 'stopped'],
    ['one that is out of date at this very moment', { expiresAt: AT }, 'expired'],
    ['one of which a gate has failed', { orders: [ordered('gate-000', { state: 'failed' })] }, 'failed'],
    ['one of which a gate is under way', { orders: [ordered('gate-000', { state: 'back' })] }, 'running'],
  ])('offer nothing of %s', (_, more, waitsFor) => {
    expect(outlook(standing([], more), gates, AT)).toEqual({ waitsFor, offers: [] });
    const begun = gatesOf({ stage: 'all' }, standing([], more), { gates, now: AT });
    expect(begun).toEqual({ ok: false, error: 'stage-waits' });
  });

  test('begin again with another gate where the first has failed and was looked at', () => {
    const looked = [ordered('gate-000', { state: 'failed', why: 'back', lookedBy: 'li-wei' })];
    expect(outlook(standing(looked), gates, AT).offers).toEqual([{ stage: 'one', gates: 1 }]);
    const same = gatesOf({ stage: 'one', gate: 'gate-000' }, standing(looked), { gates, now: AT });
    expect(same).toEqual({ ok: false, error: 'gate-takes-no-update' });
  });

  test('leave out gates that are away, take no orders, or run it already', () => {
    const odd: GateStanding[] = [
      { gate: 'a', community: 1, release: 6, isOnline: false },
      { gate: 'b', community: 1, isOnline: true },
      { gate: 'c', community: 1, release: RELEASE, isOnline: true },
    ];
    expect(outlook(standing(), odd, AT)).toEqual({ waitsFor: 'nothing-left', offers: [] });
  });
});

describe('a gate on its way', () => {
  const step = (order: GateOrder, word: GateWord, after: number) =>
    stepped(order, { release: RELEASE, word, now: order.since + after });
  const told = (outcome: UpdateTold['outcome'], why?: string): UpdateTold => ({
    release: RELEASE,
    outcome,
    ...(why === undefined ? {} : { why }),
  });
  const good: GateWord = { isInOrder: true, release: RELEASE };

  test('comes back with the release, and counts when it has been in order for a while', () => {
    const back = step(ordered('a', { state: 'ordered' }), good, 60_000);
    expect(back.state).toBe('back');
    expect(step(back, good, UPDATE_STEADY_MS - 1).state).toBe('back');
    expect(step(back, good, UPDATE_STEADY_MS).state).toBe('healthy');
  });

  test('begins its while anew when it was away', () => {
    const away = step(ordered('a', { state: 'back' }), { ...good, isInOrder: false }, UPDATE_STEADY_MS - 1);
    expect(away.state).toBe('away');
    const again = step(away, good, 1_000);
    expect(step(again, good, UPDATE_STEADY_MS - 1).state).toBe('back');
  });

  interface Failure {
    readonly state: GateOrder['state'];
    readonly word: GateWord;
    readonly after?: number;
    readonly why: string;
  }
  const before: GateWord = { isInOrder: true, release: 6 };
  test.each<[string, Failure]>([
    ['went back', { state: 'ordered', word: { ...before, told: told('back') }, why: 'back' }],
    ['refused', { state: 'ordered', word: { ...before, told: told('refused', 'older') }, why: 'older' }],
    ['is unsure', { state: 'away', word: { isInOrder: false, told: told('unsure') }, why: 'unsure' }],
    ['does not answer', { state: 'ordered', word: before, after: UPDATE_ANSWER_MS + 1, why: 'no-answer' }],
    [
      'is lost after it',
      { state: 'away', word: { ...good, isInOrder: false }, after: UPDATE_AWAY_MS + 1, why: 'lost' },
    ],
    ['runs the one before again', { state: 'healthy', word: before, why: 'back' }],
  ])('that %s has failed', (_, { state, word, after = 0, why }) => {
    const next = step(ordered('a', { state }), word, after);
    expect(next).toMatchObject({ state: 'failed', why });
    expect(step(next, good, 1)).toBe(next);
  });

  test.each(['busy', 'runs-already'])('that says %s to a second order has not failed', (why) => {
    const next = step(ordered('a', { state: 'ordered' }), { isInOrder: true, told: told('refused', why) }, 1);
    expect(next.state).toBe('ordered');
  });
});

/** What a gate may do, and what people may do, in any order. */
const deed = fc.oneof(
  fc.record({ do: fc.constant('begin' as const), pick: fc.nat(), wrong: fc.boolean() }),
  fc.record({
    do: fc.constant('word' as const),
    pick: fc.nat(),
    outcome: fc.constantFrom('runs', 'back', 'refused', 'silent', 'away'),
  }),
  fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ do: fc.constant('look' as const), pick: fc.nat() }),
);

class Model {
  now = AT;
  orders: GateOrder[] = [];
  readonly gates: GateStanding[];
  readonly words = new Map<string, GateWord>();

  constructor(count: number) {
    this.gates = gatesNamed(count);
  }

  begin(wanted: NewStage): void {
    const before = standing(this.orders);
    const chosen = gatesOf(wanted, before, { gates: this.gates, now: this.now });
    if (!chosen.ok) return;
    const { offers } = outlook(before, this.gates, this.now);
    const size = offers.find(
      ({ stage, community }) => stage === wanted.stage && community === wanted.community,
    );
    expect(chosen.value.length).toBeGreaterThan(0);
    expect(chosen.value.length).toBeLessThanOrEqual(size?.gates ?? 0);
    if (wanted.stage === 'one') expect(chosen.value).toHaveLength(1);
    if (wanted.stage === 'tenth')
      expect(chosen.value.length).toBeLessThanOrEqual(Math.max(1, Math.ceil(this.gates.length / 10)));
    expect(this.orders.some(isUnseenFailure)).toBe(false);
    expect(this.orders.every(({ state }) => state === 'healthy' || state === 'failed')).toBe(true);
    expect(new Set(chosen.value).size).toBe(chosen.value.length);
    const taken = new Set(chosen.value);
    this.orders = [
      ...this.orders.filter(({ gate }) => !taken.has(gate)),
      ...chosen.value.map((gate) =>
        ordered(gate, { stage: wanted.stage, state: 'queued', since: this.now, begunAt: this.now }),
      ),
    ];
    for (const gate of chosen.value) this.words.delete(gate);
  }

  step(): void {
    this.orders = this.orders.map((order) =>
      stepped(order, {
        release: RELEASE,
        word: this.words.get(order.gate) ?? { isInOrder: true, release: 6 },
        now: this.now,
      }),
    );
    if (!maySend(standing(this.orders), this.now)) return;
    expect(this.orders.some(isUnseenFailure)).toBe(false);
    this.orders = this.orders.map((order) =>
      order.state === 'queued' ? { ...order, state: 'ordered', since: this.now } : order,
    );
  }
}

test('in any order of deeds no stage takes more gates than it says, and none begins while one has failed or is under way', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(deed, { maxLength: 60 }), (count, deeds) => {
      const model = new Model(count);
      for (const each of deeds) {
        if (each.do === 'wait') model.now += each.minutes * 60_000;
        if (each.do === 'begin') model.begin(stageOf(model, each));
        if (each.do === 'word') hear(model, each);
        if (each.do === 'look') look(model, each.pick);
        model.step();
      }
    }),
    { numRuns: 300 },
  );
});

function stageOf(model: Model, { pick, wrong }: { pick: number; wrong: boolean }): NewStage {
  if (wrong) return { stage: (['one', 'tenth', 'community', 'all'] as const)[pick % 4] ?? 'all' };
  const { offers } = outlook(standing(model.orders), model.gates, model.now);
  const offer = offers[pick % Math.max(1, offers.length)];
  const { stage = 'all', community } = offer ?? {};
  return {
    stage,
    ...(community === undefined ? {} : { community }),
    ...(stage === 'one' ? { gate: model.gates[pick % model.gates.length]?.gate ?? '' } : {}),
  };
}

function hear(model: Model, { pick, outcome }: { pick: number; outcome: string }): void {
  const order = model.orders[pick % Math.max(1, model.orders.length)];
  if (order === undefined || order.state === 'queued') return;
  const told = (of: UpdateTold['outcome']): UpdateTold => ({ release: RELEASE, outcome: of });
  const words: Record<string, GateWord> = {
    runs: { isInOrder: true, release: RELEASE },
    away: { isInOrder: false, release: RELEASE },
    back: { isInOrder: true, release: 6, told: told('back') },
    refused: { isInOrder: true, release: 6, told: told('refused') },
    silent: { isInOrder: false, release: 6 },
  };
  model.words.set(order.gate, words[outcome] ?? { isInOrder: false });
}

function look(model: Model, pick: number): void {
  const failed = model.orders.filter(isUnseenFailure);
  const one = failed[pick % Math.max(1, failed.length)];
  model.orders = model.orders.map((order) => (order === one ? { ...order, lookedBy: 'li-wei' } : order));
}
