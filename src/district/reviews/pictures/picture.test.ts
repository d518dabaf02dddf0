import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { decode } from 'jpeg-js';
import { describe, expect, test } from 'vitest';
import { concat, utf8 } from '../../../base/index.ts';
import { PICTURE_BYTES_MAX } from '../../../wire/index.ts';
import { PICTURE_PIXELS_MAX } from '../limits.ts';
import { orientationSegment } from './orientation.ts';
import { cleanPicture } from './picture.ts';
import { pngChunk, pngOf, riffChunk, testJpeg, testPng, testWebp } from './testing.ts';

const SECRET = 'GPS 34.26,108.94 by a camera of 测试安宝';
const secret = utf8(SECRET);
const has = (bytes: Uint8Array, text: string) => Buffer.from(bytes).includes(text);

async function taken(bytes: Uint8Array) {
  const done = await cleanPicture(bytes);
  if (!done.ok) throw new Error(done.error);
  return done.value;
}
const refusal = async (bytes: Uint8Array) => {
  const done = await cleanPicture(bytes);
  return done.ok ? 'taken' : done.error;
};
const jpegSegment = (code: number, body: Uint8Array) =>
  concat(Uint8Array.of(0xff, code, (body.length + 2) >> 8, (body.length + 2) & 255), body);
const afterStart = (jpeg: Uint8Array, ...parts: readonly Uint8Array[]) =>
  concat(jpeg.subarray(0, 2), ...parts, jpeg.subarray(2));

describe('a picture', () => {
  test.each([
    ['image/jpeg', testJpeg()],
    ['image/png', testPng()],
  ])('of type %s is taken with its size', async (type, bytes) => {
    expect(await taken(bytes)).toMatchObject({ type, width: 400, height: 500 });
  });

  test('of type WebP too, and cleaning it again changes nothing', async () => {
    expect(await taken(testWebp())).toMatchObject({ type: 'image/webp', width: 2, height: 1 });
    for (const bytes of [testJpeg(), testPng(), testWebp()]) {
      const once = await taken(bytes);
      expect((await taken(once.bytes)).bytes).toEqual(once.bytes);
    }
  });

  test('loses what its camera, its maker and whoever packed it wrote into it', async () => {
    const exif = concat(utf8('Exif\0\0'), secret);
    const jpeg = afterStart(
      testJpeg(),
      jpegSegment(0xe1, exif),
      jpegSegment(0xfe, secret),
      jpegSegment(0xe2, secret),
    );
    const png = pngOf({ width: 2, height: 1, data: new Uint8Array(deflateSync(new Uint8Array(9))) }, [
      pngChunk('tEXt', secret),
      pngChunk('eXIf', secret),
    ]);
    const webp = testWebp([riffChunk('EXIF', secret), riffChunk('XMP ', secret)], 0x0c);
    for (const bytes of [jpeg, png, webp, concat(testJpeg(), secret), concat(testPng(), secret)]) {
      expect(has(bytes, SECRET)).toBe(true);
      const clean = await taken(bytes);
      expect(has(clean.bytes, SECRET)).toBe(false);
    }
    const { width, height } = decode((await taken(jpeg)).bytes);
    expect([width, height]).toEqual([400, 500]);
  });

  test('that also is a program, a page or an archive is a picture alone afterwards', async () => {
    const others = ['<script>alert(1)</script>', 'PK\u0003\u0004', '%PDF-1.7', '#!/bin/sh\n'].map((text) =>
      utf8(text),
    );
    for (const other of others) {
      const text = Buffer.from(other).toString();
      for (const bytes of [
        concat(testJpeg(), other),
        afterStart(testJpeg(), jpegSegment(0xfe, other)),
        concat(testPng(), other),
        pngOf({ width: 2, height: 1, data: new Uint8Array(deflateSync(new Uint8Array(9))) }, [
          pngChunk('zTXt', other),
        ]),
        testWebp([riffChunk('JUNK', other)]),
      ])
        expect(has((await taken(bytes)).bytes, text)).toBe(false);
      expect(await refusal(concat(other, testJpeg()))).toBe('picture-type');
    }
  });

  test('keeps how the camera was held, and has its size as it is seen', async () => {
    const turned = await taken(afterStart(testJpeg(), orientationSegment(6)));
    expect(turned).toMatchObject({ width: 500, height: 400 });
    expect((await taken(turned.bytes)).bytes).toEqual(turned.bytes);
    expect(await taken(afterStart(testJpeg(), orientationSegment(3)))).toMatchObject({
      width: 400,
      height: 500,
    });
  });
});

describe('is refused', () => {
  const jpeg = testJpeg();
  const frame = jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xc0);
  const claiming = (width: number, height: number) =>
    jpeg
      .with(frame + 5, height >> 8)
      .with(frame + 6, height & 255)
      .with(frame + 7, width >> 8)
      .with(frame + 8, width & 255);

  test.each([
    ['more bytes than are taken', new Uint8Array(PICTURE_BYTES_MAX + 1), 'picture-bytes'],
    ['nothing', new Uint8Array(), 'picture-type'],
    ['text', utf8('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'picture-type'],
    ['a GIF', utf8('GIF89a\u0001\u0000\u0001\u0000'), 'picture-type'],
    ['a JPEG that claims 65,535 pixels a side', claiming(65_535, 65_535), 'picture-pixels'],
    ['a JPEG of no height', claiming(400, 0), 'picture-damaged'],
    [
      'a PNG that claims 30,000 pixels a side',
      pngOf({ width: 30_000, height: 30_000, data: secret }),
      'picture-pixels',
    ],
    ['a JPEG that ends in the middle', jpeg.subarray(0, 900), 'picture-damaged'],
    ['a PNG with a wrong sum', testPng().with(40, 7), 'picture-damaged'],
    ['a WebP that moves', testWebp([riffChunk('ANIM', new Uint8Array(6))], 2), 'picture-moves'],
    ['a WebP with another canvas', testWebp([], 0).with(24, 99), 'picture-damaged'],
  ])('%s', async (_what, bytes, problem) => {
    expect(await refusal(bytes)).toBe(problem);
  });

  test('a PNG whose data swells beyond its header, or does not reach it', async () => {
    const bomb = new Uint8Array(deflateSync(new Uint8Array(40_000_000)));
    expect(bomb.length).toBeLessThan(50_000);
    expect(await refusal(pngOf({ width: 100, height: 100, data: bomb }))).toBe('picture-damaged');
    const short = new Uint8Array(deflateSync(new Uint8Array(10)));
    expect(await refusal(pngOf({ width: 100, height: 100, data: short }))).toBe('picture-damaged');
    const behind = concat(new Uint8Array(deflateSync(new Uint8Array(9))), secret);
    expect(await refusal(pngOf({ width: 2, height: 1, data: behind }))).toBe('picture-damaged');
  });

  test('a JPEG with more scans than any picture has', async () => {
    const scan = jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xda);
    const scans = Array.from({ length: 40 }, () => jpeg.subarray(scan, -2));
    expect(await refusal(concat(jpeg.subarray(0, scan), ...scans, jpeg.subarray(-2)))).toBe(
      'picture-damaged',
    );
  });

  test('no damage throws, and what is taken is within the limits', async () => {
    const sources = [testJpeg(40, 50), testPng(40, 50), testWebp()];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sources),
        fc.array(fc.tuple(fc.nat(4_000), fc.nat(255)), { maxLength: 6 }),
        fc.nat(4_000),
        async (source, changes, cut) => {
          const bytes = source.slice(0, Math.max(8, source.length - (cut % source.length)));
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const done = await cleanPicture(bytes);
          if (done.ok) expect(done.value.width * done.value.height).toBeLessThanOrEqual(PICTURE_PIXELS_MAX);
        },
      ),
      { numRuns: 600 },
    );
  });
});
