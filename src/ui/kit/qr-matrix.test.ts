import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { describe, expect, test } from 'vitest';
import { QUIET_ZONE, qrMatrix } from './qr-matrix.ts';

const TOKEN = `X1${'0123456789ABCDEFGHIJKLMNOPQRSTUV'.repeat(4).slice(0, 120)}`;

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer }, fireImmediately: false });

describe('the symbol of a code', () => {
  test.each([
    ['kind 1, 3 and 5: 122 characters', 122, 37],
    ['kind 4: 138 characters', 138, 41],
    ['kind 2: 279 characters', 279, 57],
  ])('%s at level M', (_name, length, side) => {
    expect(qrMatrix('X'.repeat(length)).side - 2 * QUIET_ZONE).toBe(side);
  });

  test('the quiet zone is white on all four sides', () => {
    const matrix = qrMatrix(TOKEN);
    for (let along = 0; along < matrix.side; along += 1) {
      for (let deep = 0; deep < QUIET_ZONE; deep += 1) {
        const far = matrix.side - 1 - deep;
        expect([
          matrix.dark(along, deep),
          matrix.dark(along, far),
          matrix.dark(deep, along),
          matrix.dark(far, along),
        ]).toEqual([false, false, false, false]);
      }
    }
  });

  test('reads as the text it was made of', async () => {
    const [found] = await readBarcodes(picture(TOKEN, 6), { formats: ['QRCode'], maxNumberOfSymbols: 1 });
    expect(found?.text).toBe(TOKEN);
    expect(found?.ecLevel).toBe('M');
  });

  test.each(['', 'x1abc', 'X1中'])('what alphanumeric mode does not have is a bug: %j', (text) => {
    expect(() => qrMatrix(text)).toThrow('alphanumeric');
  });
});

/** A binary PGM file. */
function picture(text: string, scale: number): Uint8Array {
  const matrix = qrMatrix(text);
  const size = matrix.side * scale;
  const pixels = Uint8Array.from({ length: size * size }, (_, at) =>
    matrix.dark(Math.floor((at % size) / scale), Math.floor(at / size / scale)) ? 0 : 255,
  );
  return new Uint8Array([...Buffer.from(`P5\n${size} ${size}\n255\n`), ...pixels]);
}
