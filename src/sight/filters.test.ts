import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canFilter,
  createFilters,
  FILTER_SIDE_MIN,
  type Filters,
  GAIN_MAX,
  LINE_REACH_MAX,
  type Place,
  REACH_MAX,
} from './filters.ts';
import { FILTERS_WASM } from './filters-wasm.ts';
import { compiledFilters } from './write-filters.ts';

const filters = createFilters();
const clamped = (place: number, size: number) => Math.min(size - 1, Math.max(0, place));

interface Sample {
  readonly grey: Uint8Array;
  readonly size: { readonly width: number; readonly height: number };
}

/** The same, one pixel at a time. */
function meanAround({ grey, size: { width, height } }: Sample, at: number, reach: number): number {
  const [x, y] = [at % width, Math.floor(at / width)];
  let sum = 0;
  for (let down = -reach; down <= reach; down += 1)
    for (let right = -reach; right <= reach; right += 1)
      sum += grey[clamped(y + down, height) * width + clamped(x + right, width)] ?? 0;
  return sum / (2 * reach + 1) ** 2;
}

/** Where no edge can be seen from. */
function insideOf({ width, height }: Sample['size'], margin: number): number[] {
  const places = Array.from({ length: width * height }, (_, at) => at);
  return places.filter((at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return x >= margin && x < width - margin && y >= margin && y < height - margin;
  });
}

function everyFilter(own: Filters, from: Place): Place {
  const smooth = own.contrast(from, { reach: 1, gain: 0 });
  return own.flatten(own.open(own.close(smooth, 2), 1), { reach: 5, gain: 2 });
}

const side = fc.integer({ min: FILTER_SIDE_MIN, max: FILTER_SIDE_MIN + 20 });
const sample: fc.Arbitrary<Sample> = fc
  .record({ width: side, height: side })
  .chain((size) =>
    fc
      .uint8Array({ minLength: size.width * size.height, maxLength: size.width * size.height })
      .map((grey) => ({ grey, size })),
  );

describe('the filters', () => {
  it('are what their source says', async () => {
    expect(FILTERS_WASM).toBe(await compiledFilters());
    expect(canFilter()).toBe(true);
  });

  it('take the mean of four, whatever the size', () => {
    fc.assert(
      fc.property(sample, (picture) => {
        const { width } = picture.size;
        const half = filters.halve(filters.load(picture));
        expect(half.size).toEqual({ width: width >> 1, height: picture.size.height >> 1 });
        const expected = Uint8Array.from({ length: half.size.width * half.size.height }, (_, at) => {
          const from = Math.floor(at / half.size.width) * 2 * width + (at % half.size.width) * 2;
          const four = [from, from + 1, from + width, from + width + 1].map((one) => picture.grey[one] ?? 0);
          return (four.reduce((sum, level) => sum + level, 0) + 2) >> 2;
        });
        expect(filters.grey(half)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('smooth and sharpen by the mean around each pixel, edges standing for what lies outside', () => {
    const reach = fc.integer({ min: 1, max: REACH_MAX });
    const gain = fc.integer({ min: 0, max: GAIN_MAX });
    fc.assert(
      fc.property(sample, reach, gain, (picture, around, strength) => {
        const made = filters.grey(filters.contrast(filters.load(picture), { reach: around, gain: strength }));
        for (let at = 0; at < made.length; at += 7) {
          const mean = meanAround(picture, at, around);
          const level = mean + strength * ((picture.grey[at] ?? 0) - mean);
          // The mean is a whole level, so the gain multiplies what was cut from it.
          expect(Math.abs((made[at] ?? 0) - clamped(level, 256))).toBeLessThanOrEqual(strength + 1);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('take away dark lines, and bright ones, and leave what is wider', () => {
    const size = { width: 64, height: 48 };
    const isLine = (at: number) => at % 64 === 20 || at % 64 === 21 || Math.floor(at / 64) === 30;
    const isBox = (at: number) => at % 64 >= 40 && at % 64 < 47 && Math.floor(at / 64) >= 10 && at < 17 * 64;
    for (const [paper, ink, take] of [
      [230, 20, (from: Place) => filters.close(from, 1)],
      [20, 230, (from: Place) => filters.open(from, 1)],
    ] as const) {
      const grey = Uint8Array.from({ length: 64 * 48 }, (_, at) => (isLine(at) || isBox(at) ? ink : paper));
      const made = filters.grey(take(filters.load({ grey, size })));
      expect(made).toEqual(Uint8Array.from(grey, (_, at) => (isBox(at) ? ink : paper)));
    }
  });

  it('are each the other’s negative where lines are taken away, and change nothing twice', () => {
    const reach = fc.integer({ min: 1, max: LINE_REACH_MAX });
    const negative = ({ grey, size }: Sample): Sample => ({ grey: grey.map((level) => 255 - level), size });
    fc.assert(
      fc.property(sample, reach, (picture, around) => {
        const closed = filters.grey(filters.close(filters.load(picture), around)).slice();
        const { grey: turned } = negative({
          grey: filters.grey(filters.open(filters.load(negative(picture)), around)),
          size: picture.size,
        });
        expect(turned).toEqual(closed);
        const inside = insideOf(picture.size, 4 * around);
        const again = filters.grey(filters.close(filters.load({ grey: closed, size: picture.size }), around));
        for (const at of inside) expect(again[at]).toBe(closed[at]);
      }),
      { numRuns: 20 },
    );
  });

  it('take the light away that falls on a scene', () => {
    const size = { width: 96, height: 64 };
    const slope = (at: number) => 40 + (at % 96) + Math.floor(at / 96);
    const grey = Uint8Array.from({ length: 96 * 64 }, (_, at) => slope(at));
    const made = filters.grey(filters.flatten(filters.load({ grey, size }), { reach: 5, gain: 4 }));
    // Away from the edges nothing but the slope is left: its own middle.
    for (const at of insideOf(size, 11)) expect(Math.abs((made[at] ?? 0) - 128)).toBeLessThanOrEqual(8);
    const dot = 32 * 96 + 48;
    const spotted = grey.slice();
    spotted[dot] = slope(dot) - 20;
    const darker = filters.grey(
      filters.flatten(filters.load({ grey: spotted, size }), { reach: 5, gain: 4 }),
    );
    expect(darker[dot]).toBeLessThan(128 - 4 * 18);
  });

  it('leave the picture they were given as it was, and give it back with a header', () => {
    const size = { width: 40, height: 33 };
    const grey = Uint8Array.from({ length: 40 * 33 }, (_, at) => at % 251);
    const place = filters.load({ grey, size });
    filters.contrast(filters.halve(place), { reach: 2, gain: 3 });
    expect(filters.grey(place)).toEqual(grey);
    const file = filters.pgm(place);
    expect(Buffer.from(file).toString('latin1').startsWith('P5\n40 33\n255\n')).toBe(true);
    expect(file.length).toBe('P5\n40 33\n255\n'.length + grey.length);
  });

  it('use their memory again, and refuse what would not fit', () => {
    const own = createFilters();
    const size = { width: 640, height: 480 };
    const picture = { grey: new Uint8Array(640 * 480), size };
    const once = () => everyFilter(own, own.load(picture));
    once();
    const { memoryBytes } = own;
    for (let turn = 0; turn < 50; turn += 1) once();
    expect(own.memoryBytes).toBe(memoryBytes);
    expect(() => own.load({ grey: new Uint8Array(5), size })).toThrow();
    const giant = { width: 16_384, height: 16_384 };
    expect(() => own.load({ grey: new Uint8Array(giant.width * giant.height), size: giant })).toThrow();
    expect(() => own.contrast(own.load(picture), { reach: REACH_MAX + 1, gain: 1 })).toThrow();
    expect(() => own.contrast(own.load(picture), { reach: 1, gain: GAIN_MAX + 1 })).toThrow();
    expect(() => own.close(own.load(picture), LINE_REACH_MAX + 1)).toThrow();
    expect(() => own.open(own.load(picture), 0)).toThrow();
    expect(() => own.flatten(own.load(picture), { reach: 1, gain: GAIN_MAX + 1 })).toThrow();
    expect(() =>
      own.halve(own.load({ grey: new Uint8Array(31 * 31), size: { width: 31, height: 31 } })),
    ).toThrow();
  });
});
