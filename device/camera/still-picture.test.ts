import fc from 'fast-check';
import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { pgm } from './pgm.ts';
import { greyPictureOf } from './still-picture.ts';
import { pictureOf, png } from './testing.ts';

const SIZE = { width: 120, height: 90 };
const PIXELS = SIZE.width * SIZE.height;
const picture = pictureOf('X1ABC', SIZE, 2);

function jpegOf({ grey, size }: typeof picture): Uint8Array {
  const data = Buffer.from(Array.from(grey, (level) => [level, level, level, 255]).flat());
  return jpeg.encode({ data, ...size }, 95).data;
}

describe('the grey levels of a picture in a file', () => {
  it('are those of a grey map, and nearly those of a JPEG', () => {
    expect(greyPictureOf(pgm(picture.grey, SIZE), PIXELS)).toEqual(picture);
    const read = greyPictureOf(jpegOf(picture), PIXELS);
    expect(read?.size).toEqual(SIZE);
    const off = picture.grey.map((level, at) => Math.abs(level - (read?.grey[at] ?? 0)));
    expect(off.reduce((sum, one) => sum + one, 0) / PIXELS).toBeLessThan(4);
  });

  it('are not taken from what is larger than it may be, of another kind, or cut short', () => {
    expect(greyPictureOf(pgm(picture.grey, SIZE), PIXELS - 1)).toBeUndefined();
    expect(greyPictureOf(jpegOf(picture), PIXELS - 1)).toBeUndefined();
    expect(greyPictureOf(png(picture), PIXELS)).toBeUndefined();
    expect(greyPictureOf(Buffer.from('no picture'), PIXELS)).toBeUndefined();
    expect(greyPictureOf(pgm(picture.grey, SIZE).subarray(0, 5_000), PIXELS)).toBeUndefined();
  });

  it('are nothing or as many as the file says, whatever a JPEG was turned into', () => {
    const whole = jpegOf(picture);
    const place = fc.nat(whole.length - 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 12 }), place, (hits, cut) => {
        const damaged = Uint8Array.from(whole);
        for (const [at, value] of hits) damaged[at] = value;
        for (const file of [damaged, damaged.subarray(0, cut)]) {
          const read = greyPictureOf(file, PIXELS);
          if (read !== undefined) expect(read.grey).toHaveLength(read.size.width * read.size.height);
        }
      }),
      { numRuns: 60 },
    );
  });
});
