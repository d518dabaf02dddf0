import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWeakPin } from './weak-pins.ts';

describe('a PIN is refused', () => {
  test.each([
    ['five figures', '48195'],
    ['a row of keys', '123456'],
    ['a row of keys, backwards', '987654'],
    ['a row with something before it', '0123456'],
    ['every other figure', '135791'],
    ['columns of keys', '147258'],
    ['around the edge', '123698'],
    ['two walks', '456789'],
    ['two walks, one backwards', '123987'],
    ['one figure', '000000'],
    ['two figures', '121212'],
    ['three figures', '112233'],
    ['three figures, repeated', '123123'],
    ['a birthday', '19900415'],
    ['a birthday with a short year', '900415'],
    ['a birthday, day first', '150490'],
    ['a birthday, day first, whole', '15041990'],
    ['a birthday, month first', '04151990'],
    ['this year', '20260101'],
    ['a month of a year', '199907'],
    ['a wish', '5201314'],
    ['a wish, cut', '201314'],
    ['a mobile number', '13800138000'],
    ['the number of an identity card', '610112199001011231'],
    ['the account’s own figures', '480715'],
  ])('%s: %s', (_name, pin) => {
    expect(isWeakPin(pin, pin === '480715' ? 'g-4807' : 'g-07')).toBe(true);
  });

  test.each(['480592', '739164', '906274', '80415926', '5902841763'])('not this one: %s', (pin) => {
    expect(isWeakPin(pin, 'g-07')).toBe(false);
  });

  test('four of five random ones are left to choose from', () => {
    const all = Array.from({ length: 2_000 }, (_, at) =>
      String((at * 7_919 * 613) % 1_000_000).padStart(6, '0'),
    );
    const taken = all.filter((pin) => !isWeakPin(pin, 'g-07'));
    expect(taken.length / all.length).toBeGreaterThan(0.75);
  });

  test('no birthday is taken, in whatever order', () => {
    const days = fc.date({ min: new Date('1930-01-01'), max: new Date('2030-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(days, (day) => {
        const [year = '', month = '', date = ''] = day.toISOString().slice(0, 10).split('-');
        const orders = [year + month + date, date + month + year, month + date + year];
        for (const pin of [...orders, ...orders.map((each) => each.replace(year, year.slice(2)))])
          expect(isWeakPin(pin, 'g-07')).toBe(true);
      }),
    );
  });
});
