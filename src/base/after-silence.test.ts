import { describe, expect, it } from 'vitest';
import { afterSilence } from './after-silence.ts';

/** Timers come when `pass` lets them, which may be late. */
function clockInHand() {
  let nowMs = 0;
  let due: { readonly atMs: number; readonly call: () => void } | undefined;
  return {
    monotonic: () => nowMs,
    after(delayMs: number, then: () => void) {
      due = { atMs: nowMs + delayMs, call: then };
      return () => {
        due = undefined;
      };
    },
    pass(ms: number) {
      nowMs += ms;
      if (due === undefined || due.atMs > nowMs) return;
      const { call } = due;
      due = undefined;
      call();
    },
  };
}

describe('a wait for a word', () => {
  it('ends in silence once its time is over', () => {
    const clock = clockInHand();
    let silences = 0;
    afterSilence(clock, 1_000, () => {
      silences += 1;
    });
    clock.pass(999);
    expect(silences).toBe(0);
    clock.pass(50);
    clock.pass(5_000);
    expect(silences).toBe(1);
  });

  it('begins anew, as often as it takes, when its end is noticed too late', () => {
    const clock = clockInHand();
    let silences = 0;
    afterSilence(clock, 1_000, () => {
      silences += 1;
    });
    for (let busy = 0; busy < 3; busy += 1) clock.pass(3_000);
    expect(silences).toBe(0);
    clock.pass(1_000);
    expect(silences).toBe(1);
  });

  it.each([0, 1, 2])('is over for good when it is cancelled after %i late ends', (lateEnds) => {
    const clock = clockInHand();
    let silences = 0;
    const cancel = afterSilence(clock, 1_000, () => {
      silences += 1;
    });
    for (let busy = 0; busy < lateEnds; busy += 1) clock.pass(3_000);
    cancel();
    clock.pass(1_000);
    expect(silences).toBe(0);
  });
});
