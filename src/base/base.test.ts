import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BoundedQueue,
  DAY_ZERO_SECONDS,
  decodeBase32hex,
  encodeBase32hex,
  equalBytes,
  fromHex,
  isoDate,
  localTime,
  toHex,
  utcDay,
  utf8,
} from './index.ts';

describe('base32hex', () => {
  it.each([
    ['', ''],
    ['f', 'CO'],
    ['fo', 'CPNG'],
    ['foo', 'CPNMU'],
    ['foob', 'CPNMUOG'],
    ['fooba', 'CPNMUOJ1'],
    ['foobar', 'CPNMUOJ1E8'],
  ])('agrees with RFC 4648 §10: %j is %s', (text, encoded) => {
    expect(encodeBase32hex(utf8(text))).toBe(encoded);
    expect(decodeBase32hex(encoded)).toEqual(utf8(text));
  });

  it('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeBase32hex(encodeBase32hex(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([
    ['an impossible length', 'C'],
    ['a pad bit', 'CP'],
    ['lower case', 'co'],
    ['a letter past V', 'CW'],
    ['a letter outside ASCII', 'Cı'],
    ['a space', 'C O'],
  ])('refuses %s', (_, text) => {
    expect(decodeBase32hex(text)).toBeUndefined();
  });

  it('has one text for each byte string', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUV'), maxLength: 40 }),
        (text) => {
          const bytes = decodeBase32hex(text);
          if (bytes !== undefined) expect(encodeBase32hex(bytes)).toBe(text);
        },
      ),
    );
  });
});

describe('hex', () => {
  it('gives back any bytes, in either case', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
        expect(equalBytes(fromHex(toHex(bytes).toUpperCase()) ?? utf8('no'), bytes)).toBe(true);
      }),
    );
  });

  it.each(['a', 'zz', '0x12', ' 12 '])('refuses %j', (text) => {
    expect(fromHex(text)).toBeUndefined();
  });
});

describe('calendar days', () => {
  it('count from 2020-01-01', () => {
    expect(utcDay(DAY_ZERO_SECONDS)).toBe(0);
    expect(utcDay(DAY_ZERO_SECONDS - 1)).toBe(-1);
    expect(isoDate(2556)).toBe('2026-12-31');
  });

  it.each([
    ['Asia/Shanghai', '2026-12-31T15:59:59Z', { day: 2556, weekday: 4, minuteOfDay: 1439 }],
    ['Asia/Shanghai', '2026-12-31T16:00:00Z', { day: 2557, weekday: 5, minuteOfDay: 0 }],
    ['UTC', '2020-01-05T12:30:00Z', { day: 4, weekday: 7, minuteOfDay: 750 }],
    ['America/New_York', '2026-03-08T06:59:00Z', { day: 2258, weekday: 7, minuteOfDay: 119 }],
    ['America/New_York', '2026-03-08T07:00:00Z', { day: 2258, weekday: 7, minuteOfDay: 180 }],
  ])('%s at %s', (zone, at, expected) => {
    expect(localTime(Date.parse(at) / 1000, zone)).toEqual(expected);
  });

  it('refuse a zone that does not exist', () => {
    expect(() => localTime(0, 'Asia/Nowhere')).toThrow(RangeError);
  });
});

describe('a bounded queue', () => {
  it('takes as many as its capacity, and no more', () => {
    const queue = new BoundedQueue<number>(2);
    expect([queue.offer(1), queue.offer(2), queue.offer(3)]).toEqual([true, true, false]);
    expect(queue.depth).toBe(2);
  });

  it('keeps the order, and hands straight to a waiting consumer', async () => {
    const queue = new BoundedQueue<number>(2);
    const first = queue.take();
    queue.offer(1);
    queue.offer(2);
    queue.offer(3);
    expect([await first, await queue.take(), await queue.take()]).toEqual([1, 2, 3]);
  });

  it('tells a patient producer when there is room', async () => {
    const queue = new BoundedQueue<number>(1);
    queue.offer(1);
    let told = false;
    const waiting = queue.room().then(() => {
      told = true;
    });
    await Promise.resolve();
    expect(told).toBe(false);
    await queue.take();
    await waiting;
    expect(queue.offer(2)).toBe(true);
  });

  it('lets every waiting producer go when it closes, and still gives what it holds', async () => {
    const queue = new BoundedQueue<number>(1);
    queue.offer(1);
    const waiting = [queue.room(), queue.room()];
    queue.close();
    await Promise.all(waiting);
    expect(queue.offer(2)).toBe(false);
    expect([await queue.take(), await queue.take()]).toEqual([1, undefined]);
  });

  it('loses no waiting producer however takes and offers interleave', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 40 }),
        async (capacity, count) => {
          const queue = new BoundedQueue<number>(capacity);
          const produce = async (): Promise<void> => {
            for (let item = 0; item < count; item += 1) while (!queue.offer(item)) await queue.room();
          };
          const producing = Promise.all([produce(), produce()]);
          const taken: (number | undefined)[] = [];
          while (taken.length < 2 * count) taken.push(await queue.take());
          await producing;
          expect(taken).toHaveLength(2 * count);
          expect(queue.depth).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });
});
