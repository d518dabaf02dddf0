import { describe, expect, it } from 'vitest';
import { readBack } from './read-back.ts';

describe('what a relay’s line is read as', () => {
  it('is how it was driven, where nobody can read it', () => {
    const relay = readBack(undefined);
    expect([relay(false), relay(true)]).toEqual([false, true]);
    const failing = readBack(() => {
      throw new Error('errno 5');
    });
    expect([failing(false), failing(true)]).toEqual([false, true]);
  });

  it('is believed from when it was right both ways', () => {
    let line = false;
    const relay = readBack(() => line);
    expect([relay(false), relay(true)]).toEqual([false, true]);
    line = true;
    expect([relay(true), relay(false)]).toEqual([true, true]);
    line = false;
    expect([relay(true), relay(false)]).toEqual([false, false]);
  });

  it.each([true, false])('of a chip that always says %s is never believed', (always) => {
    const relay = readBack(() => always);
    for (const driven of [false, true, false, true]) expect(relay(driven)).toBe(driven);
  });
});
