import { correction, generate, mode } from 'lean-qr';
import { type ReaderOptions, prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Pictures of codes for the tests: made for a camera to see, and read back from what a screen shows. */

const QUIET_ZONE = 4;
const READ_ONE: ReaderOptions = { formats: ['QRCode'], maxNumberOfSymbols: 1, tryHarder: true };

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer }, fireImmediately: false });

/** @param image a PNG or PGM file; @returns the text of the code in it */
export async function readCode(image: Uint8Array): Promise<string | undefined> {
  const found = await readBarcodes(image, READ_ONE);
  return found.find((code) => code.isValid)?.text;
}

interface Grey {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** A code in the middle of a grey frame, as a camera would see it. */
function frame(text: string, width: number, height: number): Grey {
  const symbol = generate(mode.alphaNumeric(text), {
    minCorrectionLevel: correction.M,
    maxCorrectionLevel: correction.M,
  });
  const side = symbol.size + 2 * QUIET_ZONE;
  const scale = Math.floor((Math.min(width, height) * 0.8) / side);
  const left = Math.floor((width - side * scale) / 2);
  const top = Math.floor((height - side * scale) / 2);
  const pixels = Uint8Array.from({ length: width * height }, (_, at) => {
    const column = Math.floor(((at % width) - left) / scale);
    const row = Math.floor((Math.floor(at / width) - top) / scale);
    if (column < 0 || row < 0 || column >= side || row >= side) return 128;
    return symbol.get(column - QUIET_ZONE, row - QUIET_ZONE) ? 16 : 235;
  });
  return { width, height, pixels };
}

/** One frame of YUV4MPEG2, which Chromium's fake camera plays over and over. */
export function cameraFilm(text: string): Uint8Array {
  const { width, height, pixels } = frame(text, 640, 480);
  const colourless = Buffer.alloc((width * height) / 2, 128);
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  return Buffer.concat([head, Buffer.from('FRAME\n'), pixels, colourless]);
}

/** An uncompressed bitmap (BMP, 8-bit grey), which every browser reads. */
export function bitmapFile(text: string): Buffer {
  const { width, height, pixels } = frame(text, 480, 480);
  const paletteAt = 54;
  const pixelsAt = paletteAt + 1024;
  const file = Buffer.alloc(pixelsAt + pixels.length);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(pixelsAt, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  // Negative: the first row is the top one.
  file.writeInt32LE(-height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(8, 28);
  for (let shade = 0; shade < 256; shade += 1) file.writeUInt32LE(shade * 0x010101, paletteAt + shade * 4);
  file.set(pixels, pixelsAt);
  return file;
}
