import { describe, expect, it } from 'vitest';
import { monotonicMs } from '../base/index.ts';
import {
  APPENDS_JUDGED,
  COOL_C,
  HOT_C,
  POWER_QUIET_MS,
  QUICK_APPENDS,
  SLOW_APPEND_MS,
  SLOW_APPENDS,
  SLOW_FOR_MS,
} from './limits.ts';
import { MachineWatch, type Power } from './machine-watch.ts';

class Watched {
  readonly watch = new MachineWatch();
  nowMs = 1_000;

  look(temperatureC?: number, power?: Power) {
    return this.watch.look({ temperatureC, power }, monotonicMs(this.nowMs));
  }
  /** So many appends, each so long after the one before. */
  appends(count: number, tookMs: number, everyMs: number): void {
    for (let each = 0; each < count; each += 1) {
      this.nowMs += everyMs;
      this.watch.appended(tookMs, monotonicMs(this.nowMs));
    }
  }
}
const begins = (trouble: string) => [{ trouble, stands: true }];
const ends = (trouble: string) => [{ trouble, stands: false }];

describe('the watch over the machine', () => {
  it('says nothing of a machine that measures nothing', () => {
    const gate = new Watched();
    expect([gate.look(), gate.watch.standing()]).toEqual([[], []]);
  });

  it('is told of heat once at its bound, and that it is over only well below it', () => {
    const gate = new Watched();
    expect(gate.look(HOT_C - 0.1)).toEqual([]);
    expect(gate.look(HOT_C)).toEqual(begins('temperature'));
    expect(gate.look(HOT_C + 4)).toEqual([]);
    expect(gate.watch.standing()).toEqual([{ problem: 'temperature', amount: HOT_C + 4 }]);
    expect(gate.look(COOL_C)).toEqual([]);
    expect(gate.look(COOL_C - 0.1)).toEqual(ends('temperature'));
    expect(gate.look(HOT_C - 0.1)).toEqual([]);
  });

  it('takes a thermometer that is gone for no heat', () => {
    const gate = new Watched();
    gate.look(HOT_C);
    expect(gate.look()).toEqual(ends('temperature'));
  });

  it('tells of a weak supply at once, and calls it in order after a while without a complaint', () => {
    const gate = new Watched();
    expect(gate.look(undefined, 'ok')).toEqual([]);
    expect(gate.look(undefined, 'undervoltage')).toEqual(begins('power'));
    gate.nowMs += POWER_QUIET_MS - 1;
    expect(gate.look(undefined, 'ok')).toEqual([]);
    expect(gate.watch.standing()).toEqual([{ problem: 'power' }]);
    expect(gate.look(undefined, 'undervoltage')).toEqual([]);
    gate.nowMs += POWER_QUIET_MS;
    expect(gate.look(undefined, 'ok')).toEqual(ends('power'));
  });

  it('calls a card slow that has been so for a while, and quick again after some quick appends', () => {
    const gate = new Watched();
    gate.appends(SLOW_APPENDS, SLOW_APPEND_MS, SLOW_FOR_MS / (SLOW_APPENDS - 1));
    expect(gate.look()).toEqual(begins('storage-slow'));
    gate.appends(QUICK_APPENDS - 1, SLOW_APPEND_MS - 1, 1_000);
    expect(gate.look()).toEqual([]);
    gate.appends(1, SLOW_APPEND_MS - 1, 1_000);
    expect(gate.look()).toEqual(ends('storage-slow'));
    expect(gate.look()).toEqual([]);
  });

  it.each([
    ['one stall', 1, SLOW_FOR_MS],
    ['too few', SLOW_APPENDS - 1, SLOW_FOR_MS],
    ['stalls that follow each other at once', APPENDS_JUDGED, SLOW_FOR_MS / APPENDS_JUDGED],
  ])('does not call a card slow for %s', (_, count, everyMs) => {
    const gate = new Watched();
    gate.appends(QUICK_APPENDS, 5, 1_000);
    gate.appends(count, SLOW_APPEND_MS, everyMs);
    expect(gate.look()).toEqual([]);
  });

  it('calls a card slow that stalls every other time', () => {
    const gate = new Watched();
    for (let each = 0; each < SLOW_APPENDS; each += 1) {
      gate.appends(1, SLOW_APPEND_MS, SLOW_FOR_MS);
      gate.appends(1, 5, 1_000);
    }
    expect(gate.look()).toEqual(begins('storage-slow'));
  });
});
