import { describe, expect, test } from 'vitest';
import { monotonicMs, wallMs } from '../base/index.ts';
import type { Clock } from '../ports/index.ts';
import { TIME_ANSWER_MAX_MS, TIME_EVERY_MS, TIME_UNSURE_EVERY_MS } from './limits.ts';
import { Questions } from './questions.ts';

/** A clock that a test moves by hand. */
function handClock(): Clock & { pass(ms: number): void } {
  const waiting = new Map<number, { readonly atMs: number; readonly call: () => void }>();
  let nowMs = 0;
  let lastId = 0;
  return {
    wall: () => wallMs(nowMs),
    monotonic: () => monotonicMs(nowMs),
    after(delayMs, then) {
      lastId += 1;
      const id = lastId;
      waiting.set(id, { atMs: nowMs + delayMs, call: then });
      return () => void waiting.delete(id);
    },
    pass(ms) {
      nowMs += ms;
      for (const [id, { atMs, call }] of waiting) {
        if (atMs > nowMs) continue;
        waiting.delete(id);
        call();
      }
    },
  };
}

function asking() {
  const clock = handClock();
  const asked: number[] = [];
  const state = { unsure: true };
  const questions = new Questions({
    clock,
    random: { bytes: (length) => new Uint8Array(length) },
    send: () => Promise.resolve(void asked.push(clock.monotonic())),
    unsure: () => state.unsure,
  });
  return { clock, asked, state, questions };
}

describe('signed time', () => {
  test('is asked for at the connection, and each hour while the clock is in order', () => {
    const { clock, asked, state, questions } = asking();
    questions.connected();
    state.unsure = false;
    clock.pass(TIME_UNSURE_EVERY_MS);
    clock.pass(TIME_EVERY_MS - 1);
    expect(asked).toEqual([0, TIME_UNSURE_EVERY_MS]);
    clock.pass(1);
    expect(asked).toHaveLength(3);
  });

  test('is asked for again soon while the clock is unsure, then each minute', () => {
    const { clock, asked, questions } = asking();
    questions.connected();
    for (let second = 0; second < 200; second += 1) clock.pass(1_000);
    expect(asked.map((ms) => ms / 1_000)).toEqual([0, 10, 30, 70, 130, 190]);
  });

  test('is asked for soon after a sure clock was lost, once', () => {
    const { clock, asked, state, questions } = asking();
    questions.connected();
    state.unsure = false;
    clock.pass(TIME_UNSURE_EVERY_MS);
    questions.clockMayHaveChanged();
    clock.pass(5 * TIME_ANSWER_MAX_MS);
    state.unsure = true;
    for (let time = 0; time < 5; time += 1) questions.clockMayHaveChanged();
    clock.pass(1);
    expect(asked).toHaveLength(3);
    questions.clockMayHaveChanged();
    clock.pass(TIME_ANSWER_MAX_MS - 1);
    expect(asked).toHaveLength(3);
  });

  test('is not asked for twice within the life of an answer, nor without a connection', () => {
    const { clock, asked, state, questions } = asking();
    questions.connected();
    state.unsure = false;
    questions.clockMayHaveChanged();
    state.unsure = true;
    questions.clockMayHaveChanged();
    clock.pass(TIME_ANSWER_MAX_MS - 1);
    expect(asked).toHaveLength(1);
    clock.pass(1);
    expect(asked).toHaveLength(2);
    state.unsure = false;
    questions.clockMayHaveChanged();
    questions.disconnected();
    state.unsure = true;
    questions.clockMayHaveChanged();
    clock.pass(TIME_EVERY_MS);
    expect(asked).toHaveLength(2);
  });
});
