import { describe, expect, it } from 'vitest';
import { setupDoorChange } from '../../wire/index.ts';
import { doorBody, wiringOf } from './wiring.ts';

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

  it('leaves out what there is none of', () => {
    const wiring = wiringOf({ driver: 'gpio', relayLine: 0, hasContact: false, pulseMs: 200 });
    expect(doorBody(wiring)).toEqual({ relay: { line: 0, activeLow: false, pulseMs: 1_000 } });
  });
});
