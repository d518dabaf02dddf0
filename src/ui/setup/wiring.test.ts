import { describe, expect, it } from 'vitest';
import { setupDoorChange } from '../../wire/index.ts';
import { doorBody, isPulse, isSame, typedSeconds, wiringOf } from './wiring.ts';

describe('a door’s wiring', () => {
  it('of a new door: a contact that closes with it, a loop that a cut wire sets off', () => {
    const wiring = wiringOf({ driver: 'simulated', hasContact: true, pulseMs: 3_000 });
    const body = doorBody({ ...wiring, relay: '17', contact: '27', exit: '22', fire: '23' });
    expect(setupDoorChange.parse(body)).toEqual({
      relay: { line: 17, activeLow: false, pulseMs: 3_000 },
      contact: { line: 27, activeLow: false },
      exitButton: { line: 22, activeLow: true },
      fire: { line: 23, activeLow: false },
    });
  });

  it('is saved as it was, where nothing was changed', () => {
    const door = {
      driver: 'gpio',
      pulseMs: 1_000,
      hasContact: true,
      relayLine: 5,
      relayLow: true,
      contactLine: 6,
      contactLow: true,
      exitLine: 13,
      fireLine: 19,
      fireLow: true,
    };
    expect(setupDoorChange.parse(doorBody(wiringOf(door)))).toEqual({
      relay: { line: 5, activeLow: true, pulseMs: 1_000 },
      contact: { line: 6, activeLow: true },
      exitButton: { line: 13, activeLow: true },
      fire: { line: 19, activeLow: true },
    });
  });

  it('counts as changed when saving it would change anything, and line 0 is a line', () => {
    const saved = wiringOf({ driver: 'simulated', hasContact: false, pulseMs: 300 });
    expect(isSame({ ...saved, seconds: '0.30' }, saved)).toBe(true);
    expect(isSame({ ...saved, contactCloses: !saved.contactCloses }, saved)).toBe(true);
    for (const change of [{ relay: '0' }, { seconds: '0.4' }, { fire: '23' }])
      expect(isSame({ ...saved, ...change }, saved)).toBe(false);
  });

  it('leaves out what there is none of', () => {
    const wiring = wiringOf({ driver: 'gpio', relayLine: 0, hasContact: false, pulseMs: 200 });
    expect(doorBody(wiring)).toEqual({ relay: { line: 0, activeLow: false, pulseMs: 200 } });
  });
});

describe('the length of an opening', () => {
  const door = { driver: 'gpio', relayLine: 4, hasContact: false };

  it('is shown in seconds and saved to the millisecond, whatever it is', () => {
    expect(wiringOf({ ...door, pulseMs: 300 }).seconds).toBe('0.3');
    for (let pulseMs = 100; pulseMs <= 30_000; pulseMs += 13) {
      const wiring = wiringOf({ ...door, pulseMs });
      expect(isPulse(wiring.seconds), wiring.seconds).toBe(true);
      expect(doorBody(wiring).relay.pulseMs).toBe(pulseMs);
    }
  });

  it.each(['', '.', '0', '0.05', '30.001', '99', '1.2345', '1.2.3'])('takes no “%s”', (seconds) => {
    expect(isPulse(seconds)).toBe(false);
  });

  it('may be typed with the comma or the full stop of the keyboard', () => {
    expect(['0,3 s', '0。3', '0.3'].map(typedSeconds)).toEqual(['0.3', '0.3', '0.3']);
  });
});
