import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { held, isRelayOn, pulsed, RELAY_AT_REST, type RelayState } from './relay-timer.ts';

const ON_MAX_MS = 60_000;
const pulse = (state: RelayState, nowMs: number, pulseMs: number) =>
  pulsed(state, nowMs, { pulseMs, onMaxMs: ON_MAX_MS });

describe('the relay’s time', () => {
  it('rests until asked, is on for the pulse, and rests at its end', () => {
    const state = pulse(RELAY_AT_REST, 1_000, 3_000);
    expect([isRelayOn(RELAY_AT_REST, 1_000), isRelayOn(state, 1_000)]).toEqual([false, true]);
    expect([isRelayOn(state, 3_999), isRelayOn(state, 4_000)]).toEqual([true, false]);
  });

  it('joins overlapping pulses, and a shorter one never cuts a longer one', () => {
    const first = pulse(RELAY_AT_REST, 0, 3_000);
    expect(isRelayOn(pulse(first, 2_000, 3_000), 4_999)).toBe(true);
    expect(isRelayOn(pulse(first, 100, 500), 2_999)).toBe(true);
  });

  it('goes on being on while held, and for the rest of a pulse afterwards', () => {
    const state = held(pulse(RELAY_AT_REST, 0, 3_000), true);
    expect(isRelayOn(state, 1e9)).toBe(true);
    expect([isRelayOn(held(state, false), 2_999), isRelayOn(held(state, false), 3_000)]).toEqual([
      true,
      false,
    ]);
  });

  it.each([
    [ON_MAX_MS - 1, ON_MAX_MS - 1],
    [ON_MAX_MS, ON_MAX_MS],
    [ON_MAX_MS + 1, ON_MAX_MS],
  ])('a pulse of %i ms lasts %i ms', (wanted, got) => {
    const state = pulse(RELAY_AT_REST, 0, wanted);
    expect([isRelayOn(state, got - 1), isRelayOn(state, got)]).toEqual([true, false]);
  });

  it('is never on in one piece for longer than the maximum, whatever pulses come', () => {
    const gaps = fc.array(fc.tuple(fc.nat(20_000), fc.integer({ min: 1, max: 90_000 })), { maxLength: 60 });
    fc.assert(
      fc.property(gaps, (pulses) => {
        let state = RELAY_AT_REST;
        let nowMs = 0;
        let onSinceMs: number | undefined;
        for (const [gapMs, pulseMs] of pulses) {
          nowMs += gapMs;
          if (!isRelayOn(state, nowMs)) onSinceMs = undefined;
          state = pulse(state, nowMs, pulseMs);
          onSinceMs ??= nowMs;
          expect((state.pulse?.untilMs ?? 0) - onSinceMs).toBeLessThanOrEqual(ON_MAX_MS);
          expect(isRelayOn(state, nowMs)).toBe(true);
        }
      }),
    );
  });
});
