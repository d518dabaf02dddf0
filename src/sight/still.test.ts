import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFilters } from './filters.ts';
import { DOUBLED_PIXELS_MAX, stillLooks } from './still.ts';
import { CASCADE, viewOf } from './views.ts';

const filters = createFilters();
const pictureOf = (width: number, height: number) => ({
  grey: Uint8Array.from({ length: width * height }, (_, at) => (at * 31) % 256),
  size: { width, height },
});

describe('looking at a still picture', () => {
  it('begins with every view, and goes on with the picture larger, smaller, brighter and darker', () => {
    const looks = stillLooks(pictureOf(64, 64));
    expect(looks.slice(0, CASCADE.length).map(({ view }) => view)).toEqual(CASCADE);
    expect(new Set(looks.map(({ factor }) => factor))).toEqual(new Set([1, 0.7, 2]));
    const mean = ({ grey }: { readonly grey: Uint8Array }) =>
      grey.reduce((sum, level) => sum + level, 0) / grey.length;
    const means = looks.map((look) => mean(look.prepare(pictureOf(64, 64))));
    expect(Math.max(...means)).toBeGreaterThan(150);
    expect(Math.min(...means)).toBeLessThan(80);
  });

  it('asks for one QR symbol, as thoroughly as the decoder can', () => {
    for (const { search } of stillLooks(pictureOf(64, 64)))
      expect(search).toMatchObject({ formats: ['QRCodeModel2'], maxNumberOfSymbols: 1, tryDenoise: true });
  });

  it('doubles no large picture', () => {
    const [width, height] = [1024, DOUBLED_PIXELS_MAX / 1024];
    const factorsOf = (rows: number) => stillLooks(pictureOf(width, rows)).map(({ factor }) => factor);
    expect(Math.max(...factorsOf(height))).toBe(2);
    expect(Math.max(...factorsOf(height + 1))).toBe(1);
  });

  it('keeps edges where they are, and no level beyond those there were', () => {
    const grey = Uint8Array.from({ length: 40 * 30 }, (_, at) => (at % 40 < 20 ? 10 : 210));
    for (const { factor, prepare } of stillLooks({ grey, size: { width: 40, height: 30 } })) {
      const made = prepare({ grey, size: { width: 40, height: 30 } });
      const { width, height } = made.size;
      expect(width / 40).toBeCloseTo(factor);
      const row = Array.from(made.grey.subarray(width * (height >> 1), width * ((height >> 1) + 1)));
      expect(row.findIndex((level) => level > 100) / factor).toBeCloseTo(20, 0);
      expect(row).toEqual([...row].sort((left, right) => left - right));
    }
  });

  it('makes something of pictures of every size', () => {
    const side = fc.integer({ min: 1, max: 70 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const picture = pictureOf(width, height);
        for (const { prepare, view } of stillLooks(picture))
          expect(viewOf(filters, prepare(picture), view).file.length).toBeGreaterThan(8);
      }),
      { numRuns: 30 },
    );
  });
});
