import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs, backoffWidthMs } from './backoff.ts';
import { BACKOFF_BASE_MS, BACKOFF_MAX_MS } from './limits.ts';

const drawn = (value: number) => ({ bytes: (length: number) => new Uint8Array(length).fill(value) });

test('the width doubles with each failure up to its maximum', () => {
  expect([0, 1, 2, 3].map(backoffWidthMs)).toEqual([1, 2, 4, 8].map((factor) => factor * BACKOFF_BASE_MS));
  expect(backoffWidthMs(6)).toBe(BACKOFF_MAX_MS);
  expect(backoffWidthMs(1_000_000)).toBe(BACKOFF_MAX_MS);
});

test('the wait is drawn over the whole width: full jitter', () => {
  expect(backoffMs(3, drawn(0))).toBe(0);
  expect(backoffMs(3, drawn(255))).toBe(8 * BACKOFF_BASE_MS);
  fc.assert(
    fc.property(fc.nat(100), fc.uint8Array({ minLength: 4, maxLength: 4 }), (failures, bytes) => {
      const wait = backoffMs(failures, { bytes: () => bytes });
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(backoffWidthMs(failures));
    }),
  );
});
