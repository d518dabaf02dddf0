import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDocuments, type StartDocuments } from '../../test/twins/gate-simulator.ts';
import { GateSimulator, settled } from '../../test/twins/simulator/simulator.ts';
import { answeredTime } from '../../test/twins/simulator/steps-network.ts';
import { wallMs } from '../base/index.ts';
import { type ManualVerb, guardState as guardStateSchema } from '../wire/index.ts';
import type { TrustSnapshot } from '../trust/index.ts';
import { guardStateOf, type OutsideState } from './guard-state.ts';

/** What the guard's page is told of a gate on simulated parts. */
const SECOND = 1_000;
const ALONE: OutsideState = { sistersOutOfReach: 0 };

let documents: StartDocuments;
let gate: GateSimulator;
beforeAll(async () => {
  documents = await startDocuments();
});
beforeEach(async () => {
  const lanes = [
    { id: 'north', direction: 'in', sensor: 'none' },
    { id: 'south', direction: 'out', sensor: 'contact' },
  ] as const;
  const machine = { battery: false, ntp: false, driftPpm: 0 };
  gate = new GateSimulator({ seed: 1, steps: 0, journal: 'model', lanes, policy: 1, ...machine }, documents);
  await gate.begin();
  await answeredTime(gate);
});

function state(outside = ALONE) {
  const told = { type: 'state', ...gate.life.gate.guardState(outside) } as const;
  return guardStateSchema.parse(told);
}
const problems = (outside = ALONE) => state(outside).problems;
function deed(verb: ManualVerb, more: object = {}) {
  const item = { type: 'manual', verb, actor: 'g-07', reason: 'drill', lane: 'north', ...more } as const;
  gate.world.tell({ type: 'manual', verb, actor: 'g-07', reason: 'drill' });
  return gate.life.gate.takeManual(item);
}

describe('a guard’s page', () => {
  it('is told of a gate in order: its lanes, doors and readers, and no problem', () => {
    expect(state()).toMatchObject({
      gate: 'north-1',
      clock: 'synced',
      uplink: { state: 'none', unsent: 0 },
      problems: [],
      lanes: [
        {
          lane: 'north',
          direction: 'in',
          mode: 'normal',
          door: { healthy: true, relay: 'closed', contact: 'none' },
          readers: [
            { reader: 'north-serial', ready: true },
            { reader: 'north-keyboard', ready: true },
          ],
          pageReads: false,
        },
        { lane: 'south', door: { contact: 'closed' } },
      ],
    });
  });

  it('hears at once of what a guard’s deed changes', async () => {
    let changes = 0;
    gate.life.gate.vitals.onChange(() => {
      changes += 1;
    });
    deed('look-up');
    expect(changes).toBe(0);
    deed('lock-down', { lane: undefined });
    expect(changes).toBe(1);
    expect(problems()).toEqual([
      { problem: 'lockdown', lane: 'north' },
      { problem: 'lockdown', lane: 'south' },
    ]);
    deed('release', { lane: undefined });
    deed('hold');
    await settled();
    expect(problems()).toEqual([{ problem: 'held-open', lane: 'north' }]);
    expect(state().lanes[0]).toMatchObject({ mode: 'held-open', door: { relay: 'open' } });
    expect(changes).toBe(3);
  });

  it('is told the worst first: fire, then the journal, then the door, then a reader', async () => {
    const { life, world } = gate;
    life.readers.get('north-serial')?.unplug();
    life.doors.get('south')?.move('fire', true);
    world.trouble = { code: 'disk-full', for: 'all', left: 1_000 };
    deed('look-up');
    await gate.pass(5 * SECOND);
    const found = problems().map(({ problem, lane, reader }) => [problem, lane ?? reader]);
    expect(found.slice(0, 2)).toEqual([
      ['fire', 'south'],
      ['journal', undefined],
    ]);
    expect(problems()).toContainEqual({ problem: 'reader', lane: 'north', reader: 'north-serial' });
  });

  it('is told of a lane without any reader, and of each lost one', async () => {
    for (const kind of ['serial', 'keyboard']) gate.life.readers.get(`north-${kind}`)?.unplug();
    await settled();
    expect(problems()).toEqual([{ problem: 'readers-all', lane: 'north' }]);
  });

  it.each([
    [29_000, 5, []],
    [30_000, 5, [{ problem: 'uplink', amount: 30 }]],
    [90_000, 0, []],
  ])('a broker without a district behind it, silent for %d ms with %d rows that wait', (ms, unsent, told) => {
    const heardAt = wallMs(gate.life.gate.clock.now().at - ms);
    const outside = { uplink: { connected: true, unsent }, heardAt, sistersOutOfReach: 0 };
    expect(problems(outside)).toEqual(told);
    expect(state(outside).uplink.state).toBe(told.length === 0 ? 'connected' : 'away');
  });

  it('is told how long ago the district was heard, what waits for it, and who cannot be told', () => {
    const heardAt = wallMs(gate.life.gate.clock.now().at - 7_000);
    const outside = { uplink: { connected: false, unsent: 12 }, heardAt, sistersOutOfReach: 3 };
    expect(state(outside).uplink).toEqual({
      state: 'away',
      heardAt: new Date(heardAt).toISOString(),
      unsent: 12,
    });
    expect(problems(outside)).toEqual([
      { problem: 'uplink', amount: 7 },
      { problem: 'alone', amount: 3 },
    ]);
    expect(state({ ...outside, uplink: { connected: true, unsent: 0 } }).uplink.state).toBe('connected');
  });

  it.each([
    [
      { 1: 'normal', 4: 'flagged' },
      [{ state: 'aging', seconds: 90_000 }],
      { problem: 'trust-flagged', amount: 90_000 },
    ],
    [
      { 1: 'flagged', 4: 'guard' },
      [{ state: 'stale', seconds: 300_000 }],
      { problem: 'trust-stale', amount: 300_000 },
    ],
    [{ 1: 'guard', 4: 'guard' }, [{ state: 'missing' }], { problem: 'trust-stale' }],
    [
      { 1: 'none', 4: 'none' },
      [{ state: 'expired', seconds: 60 }],
      { problem: 'keyset-expired', amount: 60 },
    ],
    [{ 1: 'normal', 4: 'normal' }, [{ state: 'behind' }], undefined],
  ] as const)('is told how old its documents are: %j', (kinds, reasons, problem) => {
    const { gate: service } = gate.life;
    const told = guardStateOf({
      gate: 'north-1',
      timeZone: 'Asia/Shanghai',
      now: service.clock.now(),
      lanes: [],
      status: { lanes: [] },
      trust: { freshness: () => ({ kinds, reasons }) } as unknown as TrustSnapshot,
      journalWorks: true,
      journal: {
        writable: true,
        reserve: 'whole',
        memoryKnown: true,
        listenerFaults: 0,
        freeBytes: 9_000_000,
      },
      unrecorded: 4,
      machine: [{ problem: 'temperature', amount: 84 }, { problem: 'power' }, { problem: 'storage-slow' }],
      unconfirmed: true,
      outside: ALONE,
    });
    const others = [
      { problem: 'power' },
      { problem: 'temperature', amount: 84 },
      { problem: 'storage-slow' },
      { problem: 'storage', amount: 8 },
      { problem: 'unrecorded', amount: 4 },
      { problem: 'not-enrolled' },
    ];
    expect(told.problems).toHaveLength(others.length + (problem === undefined ? 0 : 1));
    expect(told.problems).toEqual(expect.arrayContaining(others));
    if (problem !== undefined) expect(told.problems).toContainEqual(problem);
  });
});

describe('somebody without a code', () => {
  it('is told of by the rules of each lane, as they are now', () => {
    const { gate: service } = gate.life;
    const standing = (person: object) => service.standing({ status: 0, onRoster: true, ...person });
    expect(standing({})).toEqual({});
    expect(standing({ status: 1 })).toEqual({ north: 'revoked', south: 'revoked' });
    deed('lock-down', { lane: 'south' });
    expect(standing({})).toEqual({ south: 'lockdown' });
  });

  it('is looked up thirty times an hour by one guard without an alarm', () => {
    const { gate: service } = gate.life;
    expect(service.lookUpsLeft('g-07')).toBe(30);
    deed('look-up');
    expect([service.lookUpsLeft('g-07'), service.lookUpsLeft('g-08')]).toEqual([29, 30]);
  });
});
