import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { binarize, Decoder, Detector, grayscale } from '@nuintun/qrcode';
import { scanGrayBuffer } from '@undecaf/zbar-wasm';
import jsqr from 'jsqr';
import { decodeQR } from 'qr/decode.js';
import { prepareZXingModule, type ReaderOptions, readBarcodes } from 'zxing-wasm/reader';

/** Other readers of QR symbols, each as its own documentation shows it. What turns a frame into what it takes is not its work. */
export interface Peer {
  readonly name: string;
  /** @returns a call that reads the picture, with all that goes before already done; undefined: nothing found */
  prepare(picture: Picture): () => string | undefined | Promise<string | undefined>;
}

export interface Picture {
  readonly grey: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export const ZXING = 'zxing-wasm, as it comes';
/** Whose versions belong to the figures. */
export const PEER_PACKAGES = ['zxing-wasm', 'qr', '@nuintun/qrcode', '@undecaf/zbar-wasm', 'jsqr'];

export async function peers(): Promise<readonly Peer[]> {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const wasmBinary = new Uint8Array(readFileSync(wasm)).buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  return [
    { name: ZXING, prepare: (picture) => withZxing(picture, {}) },
    { name: 'zxing-wasm, tryDenoise', prepare: (picture) => withZxing(picture, { tryDenoise: true }) },
    { name: 'qr', prepare: withQr },
    { name: '@nuintun/qrcode', prepare: withNuintun },
    { name: 'zbar-wasm', prepare: withZbar },
    { name: 'jsQR', prepare: withJsqr },
  ];
}

/** As a grey map: a quarter faster than the same picture in colours. */
function withZxing({ grey, width, height }: Picture, options: ReaderOptions) {
  const file = Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), grey]);
  return async () => {
    const found = await readBarcodes(file, options);
    return found.find(({ isValid, format }) => isValid && format.includes('QR'))?.text;
  };
}

function withQr({ grey, width, height }: Picture) {
  const data = inColours(grey);
  return () => orNothing(() => decodeQR({ data, width, height }));
}

function withNuintun({ grey, width, height }: Picture) {
  const data = new Uint8ClampedArray(inColours(grey));
  return () =>
    orNothing(() => {
      const picture = { data, width, height } as unknown as Parameters<typeof grayscale>[0];
      const places = new Detector().detect(binarize(grayscale(picture), width, height));
      const decoder = new Decoder();
      // A place may be no symbol; the next call is told that this one was not.
      for (let place = places.next(); !place.done; ) {
        const read = orNothing(() => decoder.decode(place.value?.matrix as never).content);
        if (read !== undefined) return read;
        place = places.next(false);
      }
      return undefined;
    });
}

function withZbar({ grey, width, height }: Picture) {
  const copy = Uint8Array.from(grey).buffer;
  return async () => {
    const found = await scanGrayBuffer(copy, width, height);
    return found.find(({ typeName }) => typeName === 'ZBAR_QRCODE')?.decode();
  };
}

function withJsqr({ grey, width, height }: Picture) {
  const data = new Uint8ClampedArray(inColours(grey));
  return () => jsqr.default(data, width, height)?.data;
}

function inColours(grey: Uint8Array): Uint8Array {
  const colours = new Uint8Array(grey.length * 4);
  for (const [at, level] of grey.entries()) colours.set([level, level, level, 255], at * 4);
  return colours;
}

/** These say by an exception that there is no code. */
function orNothing(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
