import fc from 'fast-check';
import { expect, test } from 'vitest';
import { monotonicMs } from '../base/index.ts';
import { RateLimit } from './rate-limit.ts';

function limit(count: number, withinMs: number, callersMax = 100) {
  let now = 1_000;
  const clock = { monotonic: () => monotonicMs(now) };
  return {
    limit: new RateLimit({ count, withinMs, callersMax, clock }),
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

test('so many at once are allowed, one more is not, and each waits for its own share', () => {
  const { limit: mine, pass } = limit(3, 3_000);
  expect([1, 2, 3].map(() => mine.take('a'))).toEqual([0, 0, 0]);
  expect(mine.take('a')).toBe(1_000);
  expect(mine.take('b')).toBe(0);
  pass(1_000);
  expect(mine.take('a')).toBe(0);
  expect(mine.take('a')).toBeGreaterThan(0);
});

test('a refused question costs nothing: whoever goes on asking is let in as soon as one who waits', () => {
  const { limit: mine, pass } = limit(1, 1_000);
  mine.take('a');
  for (let asked = 0; asked < 10; asked += 1) {
    expect(mine.take('a')).toBeGreaterThan(0);
    pass(100);
  }
  expect(mine.take('a')).toBe(0);
});

test('never more than twice the count in any window, however the questions come', () => {
  const questions = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(questions, fc.integer({ min: 1, max: 20 }), (gaps, count) => {
      const { limit: mine, pass } = limit(count, 1_000);
      const taken: number[] = [];
      let at = 0;
      for (const gap of gaps) {
        pass(gap);
        at += gap;
        if (mine.take('a') === 0) taken.push(at);
      }
      for (const from of taken)
        expect(taken.filter((each) => each >= from && each < from + 1_000).length).toBeLessThanOrEqual(
          2 * count,
        );
    }),
  );
});

test('what is kept of callers is bounded', () => {
  const { limit: mine } = limit(1, 60_000, 2);
  for (const caller of ['a', 'b', 'c']) mine.take(caller);
  expect(mine.take('b')).toBeGreaterThan(0);
  expect(mine.take('c')).toBeGreaterThan(0);
  expect(mine.take('a')).toBe(0);
});
