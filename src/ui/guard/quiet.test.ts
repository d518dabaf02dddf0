import { expect, test } from 'vitest';
import { isQuiet, volumeAt } from './quiet.ts';

const LOUD = { day: 4, night: 0, quietFrom: 22, quietUntil: 6 };

test.each([
  [21, false],
  [22, true],
  [0, true],
  [5, true],
  [6, false],
])('quiet hours go over midnight: %i', (hour, quiet) => {
  expect(isQuiet(LOUD, hour)).toBe(quiet);
});

test('quiet hours within a day, and none', () => {
  expect(isQuiet({ ...LOUD, quietFrom: 12, quietUntil: 14 }, 13)).toBe(true);
  expect(isQuiet({ ...LOUD, quietFrom: 12, quietUntil: 14 }, 14)).toBe(false);
  expect(isQuiet({ ...LOUD, quietFrom: 5, quietUntil: 5 }, 5)).toBe(false);
});

test('what wakes is heard in the quietest hour, the rest is not', () => {
  expect(volumeAt(LOUD, 3, false)).toBe(0);
  expect(volumeAt(LOUD, 3, true)).toBeGreaterThan(0.2);
  expect(volumeAt(LOUD, 12, false)).toBe(1);
});
