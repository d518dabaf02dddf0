import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram } from './histogram.ts';

const filled = (values: readonly number[]) => {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
};

test('a quantile is within one percent of the nearest rank', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.02, max: 1e7, noNaN: true }), { minLength: 1 }), (values) => {
      const sorted = [...values].sort((left, right) => left - right);
      const rank = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
      const { p99Ms } = filled(values).summary();
      expect(Math.abs(p99Ms / rank - 1)).toBeLessThan(0.02);
    }),
  );
});

test('counts of two processes add up to those of one', () => {
  const [left, right] = [
    [1, 5, 900],
    [0.2, 40],
  ];
  const both = filled(left ?? []);
  both.addCounts(filled(right ?? []).counts);
  expect(both.counts).toEqual(filled([...(left ?? []), ...(right ?? [])]).counts);
  expect(both.summary().count).toBe(5);
});

test('nothing measured is zero, and cleared is nothing', () => {
  const histogram = filled([3]);
  histogram.clear();
  expect(histogram.summary()).toEqual({ count: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0 });
});
