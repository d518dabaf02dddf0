import { describe, expect, it } from 'vitest';
import { createFilters } from './filters.ts';
import { measure } from './measure.ts';

const size = { width: 128, height: 96 };
const pictureOf = (level: (x: number, y: number) => number) => ({
  grey: Uint8Array.from({ length: size.width * size.height }, (_, at) =>
    level(at % size.width, Math.floor(at / size.width)),
  ),
  size,
});
/** Squares of six pixels, as the modules of a code. */
const modules = pictureOf((x, y) => (((x / 6) ^ (y / 6)) & 1 ? 220 : 30));

describe('measures to aim by', () => {
  it('tell dark from bright, and what is burnt out', () => {
    const dark = measure(pictureOf((x) => x % 20));
    const burnt = measure(pictureOf((x) => (x < 64 ? 255 : 40)));
    expect(dark.mean).toBeLessThan(0.1);
    expect(dark.burnt).toBe(0);
    expect(burnt.burnt).toBeCloseTo(0.5, 1);
    expect(burnt.bright).toBe(1);
  });

  it('call a picture less sharp the more it is blurred, however bright it is', () => {
    const filters = createFilters();
    const blurred = (reach: number) => {
      const place = filters.contrast(filters.load(modules), { reach, gain: 0 });
      return measure({ grey: filters.grey(place).slice(), size }).sharpness;
    };
    const sharp = measure(modules).sharpness;
    const dim = measure({ grey: modules.grey.map((level) => level / 4), size }).sharpness;
    expect(sharp).toBeGreaterThan(0.9);
    expect(dim).toBeGreaterThan(0.9);
    expect(blurred(1)).toBeLessThan(sharp / 2);
    expect(blurred(3)).toBeLessThan(blurred(1));
  });

  it('look at a region alone', () => {
    const half = pictureOf((x) => (x < 64 ? 0 : 200));
    expect(measure(half, { left: 64, top: 0, width: 64, height: 96 }).mean).toBeCloseTo(200 / 255, 2);
  });

  it('find no contrast and no edge in an even picture', () => {
    const even = measure(pictureOf(() => 99));
    expect([even.sharpness, even.dark]).toEqual([0, even.bright]);
  });
});
