import { describe, expect, it } from 'vitest';
import { createFilters } from './filters.ts';
import { CASCADE, PLAIN_CASCADE, searchOf, VIEWS, viewOf } from './views.ts';

const filters = createFilters();
const pictureOf = (width: number, height: number) => ({
  grey: Uint8Array.from({ length: width * height }, (_, at) => (at * 31) % 256),
  size: { width, height },
});

describe('the views of a frame', () => {
  it('are each looked at once in the cascade, the plain one where there are no filters, one of still pictures alone', () => {
    expect(new Set(CASCADE).size).toBe(CASCADE.length);
    expect([...CASCADE, ...PLAIN_CASCADE, 'level'].sort()).toEqual(Object.keys(VIEWS).sort());
  });

  it.each(CASCADE)(
    '%s is a grey map that differs from the frame, and says how large its pixels are',
    (view) => {
      const picture = pictureOf(128, 96);
      const { file, scale } = viewOf(filters, picture, view);
      const header = `P5\n${128 / scale} ${96 / scale}\n255\n`;
      expect(Buffer.from(file.subarray(0, header.length)).toString('latin1')).toBe(header);
      expect(file).toHaveLength(header.length + (128 / scale) * (96 / scale));
      expect(file.subarray(header.length)).not.toEqual(picture.grey);
    },
  );

  it.each([
    [1, 1],
    [31, 500],
    [33, 33],
    [64, 63],
    [65, 67],
  ])('are made of pictures of %i × %i as far as the filters go', (width, height) => {
    for (const view of CASCADE)
      expect(viewOf(filters, pictureOf(width, height), view).file.length).toBeGreaterThan(8);
  });

  it('are searched for one QR symbol alone, as bytes', () => {
    for (const view of [...CASCADE, ...PLAIN_CASCADE])
      expect(searchOf(view)).toMatchObject({
        formats: ['QRCodeModel2'],
        maxNumberOfSymbols: 1,
        textMode: 'Plain',
      });
  });
});
