import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAttention, type Look } from './attention.ts';
import { partOf, regionAround, wholeOf } from './region.ts';
import { CASCADE } from './views.ts';

const SIZE = { width: 640, height: 480 };
const WHOLE = wholeOf(SIZE);
const CORNERS = [
  { x: 300, y: 200 },
  { x: 400, y: 200 },
  { x: 400, y: 300 },
  { x: 300, y: 300 },
];
const isWhole = ({ region }: Look) => region.width === SIZE.width && region.height === SIZE.height;

describe('where to look', () => {
  it('goes through every view, one a frame, at the whole of it', () => {
    const attention = createAttention(SIZE);
    const looks = CASCADE.map(() => {
      const look = attention.next();
      attention.seen(undefined);
      return look;
    });
    expect(looks).toEqual(CASCADE.map((view) => ({ view, region: WHOLE })));
    expect(attention.next().view).toBe(CASCADE[0]);
  });

  it('stays where a code was read, in the view that showed it, with a look at the whole now and then', () => {
    const attention = createAttention(SIZE);
    attention.next();
    attention.seen(undefined);
    const { view } = attention.next();
    attention.seen(CORNERS);
    const looks = Array.from({ length: 8 }, () => {
      const look = attention.next();
      attention.seen(CORNERS);
      return look;
    });
    expect(looks.filter(isWhole)).toHaveLength(2);
    expect(looks.every((look) => look.view === view)).toBe(true);
    const near = looks.find((look) => !isWhole(look))?.region ?? WHOLE;
    expect(near.width * near.height).toBeLessThan((WHOLE.width * WHOLE.height) / 4);
    expect(near.left).toBeLessThan(300);
    expect(near.left + near.width).toBeGreaterThan(400);
  });

  it('goes back to the whole when the code has gone, beginning with the view that read it', () => {
    const attention = createAttention(SIZE);
    attention.next();
    attention.seen(undefined);
    const { view } = attention.next();
    attention.seen(CORNERS);
    const looks = Array.from({ length: 3 }, () => {
      const look = attention.next();
      attention.seen(undefined);
      return look;
    });
    expect(looks.map(isWhole)).toEqual([false, false, true]);
    expect(looks[2]?.view).toBe(view);
  });

  it('looks at every view of the whole again and again, whatever comes of it', () => {
    const seen = fc.array(fc.boolean(), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(seen, (reads) => {
        const attention = createAttention(SIZE);
        const wholes = reads.map((read) => {
          const look = attention.next();
          attention.seen(read ? CORNERS : undefined);
          return isWhole(look);
        });
        for (let from = 0; from + 4 <= wholes.length; from += 1)
          expect(wholes.slice(from, from + 4)).toContain(true);
      }),
      { numRuns: 20 },
    );
  });
});

describe('a region around a symbol', () => {
  const place = fc.oneof(
    fc.integer({ min: -100_000, max: 100_000 }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.5),
  );
  const corners = fc.array(fc.record({ x: place, y: place }), { minLength: 1, maxLength: 4 });
  const size = fc.record({
    width: fc.integer({ min: 1, max: 300 }),
    height: fc.integer({ min: 1, max: 300 }),
  });

  it('lies within its picture and is never empty, whatever the decoder says', () => {
    fc.assert(
      fc.property(corners, size, (points, whole) => {
        const { left, top, width, height } = regionAround(points, whole);
        expect([left, top, width, height].every(Number.isInteger)).toBe(true);
        expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(1);
        expect(left + width).toBeLessThanOrEqual(whole.width);
        expect(top + height).toBeLessThanOrEqual(whole.height);
        const grey = new Uint8Array(whole.width * whole.height);
        expect(partOf({ grey, size: whole }, { left, top, width, height }).grey).toHaveLength(width * height);
      }),
    );
  });

  it('is cut out row by row', () => {
    const grey = Uint8Array.from({ length: 12 }, (_, at) => at);
    const part = partOf({ grey, size: { width: 4, height: 3 } }, { left: 1, top: 1, width: 2, height: 2 });
    expect([...part.grey]).toEqual([5, 6, 9, 10]);
  });
});
