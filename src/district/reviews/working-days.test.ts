import { expect, test } from 'vitest';
import { dueAfter } from './working-days.ts';

const calendar = { timeZone: 'Asia/Shanghai', holidays: ['2027-01-01'], workdays: ['2027-01-03'] };

test.each([
  ['a Monday morning: the end of Tuesday', '2026-11-23T09:00:00+08:00', 1, '2026-11-25T00:00:00+08:00'],
  ['a Friday evening: the end of Monday', '2026-11-27T21:00:00+08:00', 1, '2026-12-01T00:00:00+08:00'],
  ['a Saturday: the end of Monday', '2026-11-28T10:00:00+08:00', 1, '2026-12-01T00:00:00+08:00'],
  [
    'before a holiday and a Sunday that is worked',
    '2026-12-31T10:00:00+08:00',
    1,
    '2027-01-04T00:00:00+08:00',
  ],
  ['two working days from a Thursday', '2026-11-26T10:00:00+08:00', 2, '2026-12-01T00:00:00+08:00'],
])('%s', (...[_when, from, days, due]) => {
  expect(new Date(dueAfter(Date.parse(from), days, calendar)).toISOString()).toBe(
    new Date(due).toISOString(),
  );
});

test('a day of 23 or of 25 hours ends at midnight all the same', () => {
  const berlin = { timeZone: 'Europe/Berlin' };
  for (const [from, due] of [
    ['2027-03-26T12:00:00+01:00', '2027-03-30T00:00:00+02:00'],
    ['2026-10-23T12:00:00+02:00', '2026-10-27T00:00:00+01:00'],
  ] as const)
    expect(dueAfter(Date.parse(from), 1, berlin)).toBe(Date.parse(due));
});
