import { expect, test } from 'vitest';
import { isNight } from './use-night.ts';

test.each([
  ['2026-11-20T10:59:59Z', 'Asia/Shanghai', false],
  ['2026-11-20T11:00:00Z', 'Asia/Shanghai', true],
  ['2026-11-20T16:00:00Z', 'Asia/Shanghai', true],
  ['2026-11-20T21:59:59Z', 'Asia/Shanghai', true],
  ['2026-11-20T22:00:00Z', 'Asia/Shanghai', false],
  ['2026-11-20T22:00:00Z', 'Europe/Berlin', true],
])('at %s in %s the screen is dark: %s', (at, timeZone, dark) => {
  expect(isNight(Date.parse(at), timeZone)).toBe(dark);
});
