import { describe, expect, it } from 'vitest';
import { monotonicMs } from '../base/index.ts';
import { SelfCheck, STALLED_MS } from './self-check.ts';

function checked(probe: () => void = () => undefined) {
  const waiting = new Map<string, number>([
    ['north', 0],
    ['south', 0],
  ]);
  const check = new SelfCheck({
    lanes: ['north', 'south'],
    waiting: (lane) => waiting.get(lane) ?? 0,
    probe,
  });
  return { check, waiting, at: (ms: number) => check.isTurning(monotonicMs(ms)) };
}

describe('a gate that asks itself whether it still turns', () => {
  it('does while nothing waits, however long', () => {
    const { at } = checked();
    expect([0, 60_000, 3_600_000].map(at)).toEqual([true, true, true]);
  });

  it('does while what waits is settled, however slowly and however much comes', () => {
    const { check, waiting, at } = checked();
    waiting.set('north', 32);
    for (let time = 0; time < 100_000; time += STALLED_MS - 1) {
      expect(at(time)).toBe(true);
      check.settled('north');
    }
  });

  it('does not when scans wait at a lane and none is settled', () => {
    const { check, waiting, at } = checked();
    waiting.set('south', 1);
    expect(at(0)).toBe(true);
    check.settled('north');
    expect(at(STALLED_MS - 1)).toBe(true);
    expect(at(STALLED_MS)).toBe(false);
    check.settled('south');
    expect(at(STALLED_MS + 1)).toBe(true);
  });

  it('counts the scan that is being settled as one that waits', () => {
    const { check, at } = checked();
    check.begun('north');
    expect(at(0)).toBe(true);
    expect(at(STALLED_MS)).toBe(false);
  });

  it('does not blame a scan that has come just now for a long quiet time', () => {
    const { waiting, at } = checked();
    at(0);
    waiting.set('north', 1);
    expect(at(60_000)).toBe(true);
  });

  it('does not when a code could not be judged', () => {
    const { at } = checked(() => {
      throw new Error('the rules are broken');
    });
    expect(at(0)).toBe(false);
  });

  it('does not when a lane is served no more', () => {
    const { check, at } = checked();
    check.ended();
    expect(at(0)).toBe(false);
  });
});
