import { describe, expect, it } from 'vitest';
import { monotonicMs, wallMs } from '../base/index.ts';
import { type ClockReading, ERROR_MAX_MS, floorOf, readClock, SYNCED_FOR_MS, startClock } from './index.ts';
import { BUILD, DAY, MINUTE, Machine, SECOND, TRUTH } from './testing.ts';

const JUMPS: readonly [string, number | { readonly year: number }][] = [
  ['-400 d', -400 * DAY],
  ['-1 d', -DAY],
  ['-11 min', -11 * MINUTE],
  ['-61 s', -61 * SECOND],
  ['-1 s', -SECOND],
  ['+1 s', SECOND],
  ['+61 s', 61 * SECOND],
  ['+11 min', 11 * MINUTE],
  ['+1 d', DAY],
  ['+400 d', 400 * DAY],
  ['1970', { year: 1970 }],
  ['2038', { year: 2038 }],
];

const STATES: readonly [string, (machine: Machine) => void][] = [
  ['boot', () => undefined],
  ['idle', (machine) => machine.answer().pass(MINUTE).read()],
  [
    'mid-scan',
    (machine) => {
      machine.answer().pass(MINUTE).read();
      machine.pass(40);
    },
  ],
  [
    'offline',
    (machine) => {
      machine.answer();
      for (let hour = 0; hour < 120; hour += 1) machine.pass(60 * MINUTE).read();
    },
  ],
  [
    'mid-rotate',
    (machine) =>
      machine
        .answer()
        .pass(MINUTE)
        .take({ type: 'signed', atMs: wallMs(machine.truth) }),
  ],
];

/** A code of ten minutes is believed without a guard only when the clock is sure and finds it living. */
function opensByItself(now: ClockReading, issuedMs: number): boolean {
  const at = now.at - issuedMs;
  return now.quality !== 'unsure' && at >= -30 * SECOND && at < 10 * MINUTE + 30 * SECOND;
}

describe('a jump of the wall clock', () => {
  const cases = STATES.flatMap(([state, reach]) => JUMPS.map(([jump, to]) => ({ state, reach, jump, to })));

  it.each(cases)('$jump at $state neither breaks the floor nor lets an old code live', ({ reach, to }) => {
    const machine = new Machine();
    reach(machine);
    const floor = floorOf(machine.state);
    machine.jumpTo(to);
    for (let reading = 0; reading < 20; reading += 1) {
      const now = machine.read();
      expect(now.at).toBeGreaterThanOrEqual(floor);
      for (const hours of [1, 5, 24, 24 * 400]) {
        expect(opensByItself(now, machine.truth - hours * 60 * MINUTE)).toBe(false);
      }
      if (now.quality !== 'unsure') {
        expect(Math.abs(now.at - machine.truth)).toBeLessThanOrEqual(now.errorSeconds * SECOND + 1);
      }
      machine.pass(SECOND);
    }
  });

  it.each(cases)('$jump at $state is settled by a signed answer within a minute', ({ reach, to }) => {
    const machine = new Machine();
    reach(machine);
    machine.jumpTo(to);
    machine.read();
    const now = machine
      .pass(30 * SECOND)
      .answer()
      .pass(SECOND)
      .read();
    expect(now.quality).toBe('synced');
    // What was followed before the answer stays: time never runs back, and the bound says so.
    expect(Math.abs(now.at - machine.truth)).toBeLessThanOrEqual(now.errorSeconds * SECOND + 1);
  });

  it('forward beyond two minutes is not followed, and effective time goes on by the monotonic clock', () => {
    const machine = new Machine().answer();
    const before = machine.read();
    machine.jumpTo(121 * SECOND).pass(10 * SECOND);
    const now = machine.read();
    expect(now.quality).toBe('unsure');
    expect(now.at - before.at).toBe(10 * SECOND);
  });

  it('forward by less is followed, with an error bound that covers it', () => {
    const machine = new Machine().answer();
    machine.read();
    machine.jumpTo(100 * SECOND).pass(SECOND);
    const now = machine.read();
    expect(now.quality).toBe('holdover');
    expect(now.at).toBe(machine.truth + 100 * SECOND);
    expect(now.errorSeconds).toBeGreaterThanOrEqual(100);
  });

  it('in many small steps forward is followed for two minutes in all', () => {
    const machine = new Machine().answer();
    let now = machine.read();
    for (let step = 1; step <= 100; step += 1) {
      machine.jumpTo(step * 5 * SECOND).pass(SECOND);
      now = machine.read();
    }
    expect(now.quality).toBe('unsure');
    expect(now.at - machine.truth).toBeLessThanOrEqual(120 * SECOND);
  });

  it('backward by any amount makes the clock unsure, and sure again when it is set right', () => {
    const machine = new Machine().answer();
    machine.read();
    machine.jumpTo(-SECOND).pass(SECOND);
    expect(machine.read().quality).toBe('unsure');
    machine.wrong = 0;
    expect(machine.pass(SECOND).read().quality).toBe('synced');
  });
});

describe('quality', () => {
  it('at start without a battery is unsure, and time stands at the floor', () => {
    const machine = new Machine();
    const now = machine.read();
    expect(now).toMatchObject({ quality: 'unsure', at: TRUTH - 10 * MINUTE });
    expect(now.errorSeconds).toBe(ERROR_MAX_MS / 1000);
  });

  it('at start with a battery is holdover', () => {
    const machine = new Machine();
    machine.battery = true;
    expect(machine.read()).toMatchObject({ quality: 'holdover', at: TRUTH });
  });

  it.each([
    ['behind the floor', -11 * MINUTE],
    ['further ahead than any believable time without power', 15 * DAY],
  ])('at start with a battery clock %s is unsure', (_name, wrong) => {
    const machine = new Machine();
    machine.battery = true;
    machine.wrong = wrong;
    expect(machine.read()).toMatchObject({ quality: 'unsure', at: TRUTH - 10 * MINUTE });
  });

  it('by a battery clock a little behind the floor is holdover once it has passed it, no more precise than it was', () => {
    const machine = new Machine();
    machine.battery = true;
    machine.wrong = -11 * MINUTE;
    expect(machine.read()).toMatchObject({ quality: 'unsure', at: TRUTH - 10 * MINUTE });
    expect(machine.pass(MINUTE - SECOND).read().quality).toBe('unsure');
    const before = machine.read().at;
    const now = machine.pass(SECOND).read();
    // Time waits for the clock, and tells by how much it may be wrong: what the clock lay behind, and what is waited for.
    expect(now).toMatchObject({ quality: 'holdover', at: before });
    expect(now.errorSeconds).toBeGreaterThanOrEqual(119);
    expect(machine.pass(2 * MINUTE).read().at).toBe(TRUTH - 8 * MINUTE);
  });

  it('by a battery clock far behind the floor stays unsure when it has passed it', () => {
    const machine = new Machine();
    machine.battery = true;
    machine.wrong = -10 * MINUTE - ERROR_MAX_MS;
    machine.read();
    for (let minute = 0; minute < 60; minute += 1)
      expect(machine.pass(MINUTE).read().quality, `${minute} min`).toBe('unsure');
  });

  it('by an authenticated system source is synced', () => {
    const state = startClock({ buildMs: BUILD });
    const inputs = { wall: TRUTH, monotonic: monotonicMs(1), systemSynced: true };
    expect(readClock(state, inputs).now).toMatchObject({ quality: 'synced', at: TRUTH, errorSeconds: 1 });
  });

  it('by a system source far below the floor is unsure', () => {
    const state = startClock({ buildMs: TRUTH });
    const inputs = { wall: wallMs(TRUTH - DAY), monotonic: monotonicMs(1), systemSynced: true };
    expect(readClock(state, inputs).now).toMatchObject({ quality: 'unsure', at: TRUTH });
  });

  it('after a signed answer is synced with the round trip as its bound', () => {
    const machine = new Machine().answer(900);
    expect(machine.read()).toMatchObject({ quality: 'synced', errorSeconds: 0.9 });
  });

  it('falls to holdover when the proof is old, with a bound that grows by 10 s a day', () => {
    const machine = new Machine().answer(0);
    expect(machine.pass(SYNCED_FOR_MS).read().quality).toBe('synced');
    expect(machine.pass(1).read().quality).toBe('holdover');
    machine.pass(DAY - SYNCED_FOR_MS - 1);
    expect(machine.read().errorSeconds).toBeCloseTo(10, 1);
  });

  it('is unsure when the bound has grown past all use', () => {
    const machine = new Machine().answer(0);
    expect(machine.pass(29 * DAY).read().quality).toBe('holdover');
    expect(machine.pass(2 * DAY).read().quality).toBe('unsure');
  });

  it('is not made synced by an answer that took too long', () => {
    expect(new Machine().answer(10_000).read().quality).toBe('synced');
    expect(new Machine().answer(10_001).read().quality).toBe('unsure');
  });
});

describe('a broadcast signed time', () => {
  it('raises the floor and makes nothing synced: it may have been held back', () => {
    const machine = new Machine();
    machine.read();
    machine.take({ type: 'signed', atMs: wallMs(TRUTH - MINUTE) });
    expect(machine.read()).toMatchObject({ quality: 'unsure', at: TRUTH - MINUTE });
  });

  it('brings a battery’s clock into reach that the floor was too old for', () => {
    const machine = new Machine(TRUTH - 100 * DAY);
    machine.battery = true;
    expect(machine.read()).toMatchObject({ quality: 'unsure', at: TRUTH - 100 * DAY });
    machine.take({ type: 'signed', atMs: wallMs(TRUTH - 15 * DAY) });
    expect(machine.read()).toMatchObject({ quality: 'unsure', at: TRUTH - 15 * DAY });
    machine.take({ type: 'signed', atMs: wallMs(TRUTH - 3 * DAY) });
    expect(machine.read()).toMatchObject({ quality: 'holdover', at: TRUTH });
  });

  it.each([
    ['without a battery', false, 0],
    ['that was set meanwhile', true, DAY],
    ['that lies behind it', true, -4 * DAY],
  ])('makes no clock sure %s', (_what, battery, wrong) => {
    const machine = new Machine(TRUTH - 100 * DAY);
    machine.battery = battery;
    if (wrong < 0) machine.wrong = wrong;
    machine.read();
    machine.wrong = wrong;
    machine.take({ type: 'signed', atMs: wallMs(TRUTH - 3 * DAY) });
    expect(machine.read().quality).toBe('unsure');
  });

  it('below effective time changes nothing', () => {
    const machine = new Machine().answer();
    const before = machine.read();
    machine.take({ type: 'signed', atMs: wallMs(TRUTH - DAY) });
    expect(machine.read()).toEqual(before);
  });

  it('beyond the error bound shows that the clock was wrong', () => {
    const machine = new Machine().answer();
    machine.take({ type: 'signed', atMs: wallMs(machine.truth + DAY) });
    expect(machine.read()).toMatchObject({ quality: 'unsure', at: machine.truth + DAY });
  });

  it('is forgotten when the root takes the time key away', () => {
    const machine = new Machine();
    machine.read();
    machine.take({ type: 'signed', atMs: wallMs(Date.UTC(2038, 0, 1)) });
    machine.take({ type: 'time-key-changed' });
    expect(machine.read()).toMatchObject({ at: TRUTH - 10 * MINUTE, quality: 'unsure' });
  });
});

describe('codes as evidence', () => {
  const behind = () => {
    const machine = new Machine(TRUTH - 10 * 60 * MINUTE);
    machine.read();
    return machine;
  };

  it('move time on when three different residents agree', () => {
    const machine = behind();
    const to = machine.truth - 7 * 60 * MINUTE;
    machine
      .code(1, to)
      .code(2, to + MINUTE)
      .code(3, to + 2 * MINUTE);
    expect(machine.read()).toMatchObject({ at: to, quality: 'unsure' });
  });

  it('do not when one resident shows three', () => {
    const machine = behind();
    for (const minute of [1, 2, 3, 4]) machine.code(1, machine.truth - minute * MINUTE);
    expect(machine.read().at).toBe(TRUTH - 10 * 60 * MINUTE);
  });

  it('move in bounded steps', () => {
    const machine = behind();
    for (const index of [1, 2, 3]) machine.code(index, machine.truth);
    expect(machine.read().at).toBe(TRUTH - 6 * 60 * MINUTE);
    for (const index of [1, 2, 3]) machine.code(index, machine.truth);
    for (const index of [1, 2, 3]) machine.code(index, machine.truth);
    expect(machine.read().at).toBe(TRUTH);
  });

  it('move no further than policy allows until the next signed time', () => {
    const machine = behind();
    for (let round = 0; round < 5; round += 1) {
      for (const index of [1, 2, 3]) machine.code(index, machine.truth, 3_600);
    }
    expect(machine.read().at).toBe(TRUTH - 9 * 60 * MINUTE);
    machine.take({ type: 'signed', atMs: wallMs(TRUTH - 8 * 60 * MINUTE) });
    for (const index of [1, 2, 3]) machine.code(index, machine.truth, 3_600);
    expect(machine.read().at).toBe(TRUTH - 7 * 60 * MINUTE);
  });

  it('that are old count no more, and neither does one seen long ago', () => {
    const machine = behind();
    for (const index of [1, 2, 3]) machine.code(index, machine.truth - 20 * 60 * MINUTE);
    expect(machine.read().at).toBe(TRUTH - 10 * 60 * MINUTE);
    machine
      .code(1, machine.truth)
      .code(2, machine.truth)
      .pass(31 * MINUTE)
      .code(3, machine.truth);
    expect(machine.read().at).toBe(TRUTH - 10 * 60 * MINUTE + 31 * MINUTE);
  });

  it('issued for later say nothing against a proof of the present', () => {
    const machine = new Machine().answer();
    const before = machine.read();
    for (const index of [1, 2, 3]) machine.code(index, machine.truth + 2 * 60 * MINUTE);
    expect(machine.read()).toEqual(before);
    machine.pass(16 * MINUTE);
    expect(machine.read().quality).toBe('holdover');
    for (const index of [1, 2, 3]) machine.code(index, machine.truth + 2 * 60 * MINUTE);
    expect(machine.read().quality).toBe('unsure');
  });

  it('within ordinary skew say nothing about a sure clock', () => {
    const machine = new Machine().answer();
    const before = machine.read();
    for (const index of [1, 2, 3]) machine.code(index, machine.truth + 45 * SECOND);
    expect(machine.read()).toEqual(before);
  });
});
