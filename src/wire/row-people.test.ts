import { expect, test } from 'vitest';
import { peopleOfReason, reasonWithPeople, uncounted } from './row-people.ts';

test.each([
  ['visitor:host-asked', 1, 'visitor:host-asked'],
  ['visitor:host-asked', 3, 'visitor:host-asked/3'],
  ['delivery:food', 8, 'delivery:food/8'],
])('%s of %d people is told and read again', (reason, people, told) => {
  expect(reasonWithPeople(reason, people)).toBe(told);
  expect([peopleOfReason(told), uncounted(told)]).toEqual([people, reason]);
});

test.each(['lock-down:police-order', 'hold/removal', 'repeated:12', 'x/12', 'x/1', ''])(
  '%s names no people',
  (reason) => {
    expect([peopleOfReason(reason), uncounted(reason)]).toEqual([1, reason]);
  },
);
