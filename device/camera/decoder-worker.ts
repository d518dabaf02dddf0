/**
 * A thread that reads one QR symbol out of one picture. Pictures are hostile input: whatever happens here is thrown away
 * with the thread. It never loads anything from a network.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { prepareZXingModule, type ReaderOptions, type ReadResult, readBarcodes } from 'zxing-wasm/reader';
import {
  createFilters,
  type GreyPicture,
  type PictureSize,
  type Point,
  searchOf,
  STILL_MS_MAX,
  type StillLook,
  stillLooks,
  type ViewName,
  viewOf,
} from '../../src/sight/index.ts';
import { pictureSize } from './pgm.ts';
import { greyPictureOf } from './still-picture.ts';

/** A frame of a camera or a part of one, and how to look at it. Its memory goes to the thread. */
export interface Frame extends GreyPicture {
  readonly view: ViewName;
}

export interface DecodeTask {
  readonly id: number;
  /** A PGM, PNG or JPEG file, or a frame. */
  readonly picture: Uint8Array | Frame;
}

export type DecodeAnswer =
  | { readonly id: 0; readonly ready: true }
  | { readonly id: number; readonly read: Read | undefined; readonly memoryBytes: number };

export interface Read {
  readonly text: string;
  /** Of the symbol, in pixels of the picture. */
  readonly corners: readonly Point[];
}

/** A file has no next frame, so its code may be turned, inverted, small or worn: an order of magnitude more work. */
const THOROUGH: ReaderOptions = {
  ...searchOf('raw'),
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  tryDenoise: true,
};
/** More would not be done within the time that a picture is given. */
const THOROUGH_PIXELS_MAX = 2 * 1024 * 1024;
/** What was measured to be quick at camera frames is so at files. */
const QUICK: ReaderOptions = {
  ...searchOf('raw'),
  tryDownscale: true,
  downscaleFactor: 2,
  downscaleThreshold: 300,
};

const port = parentPort;
const filters = createFilters();
if (port !== null) {
  const wasmPath = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const wasmBinary = new Uint8Array(readFileSync(wasmPath)).buffer;
  const zxing = await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  port.on('message', ({ id, picture }: DecodeTask) => {
    const reading = 'grey' in picture ? readFrame(picture) : readFile(picture);
    // What the decoder falls over holds no code.
    void reading
      .catch(() => undefined)
      .then((read) => {
        const memoryBytes = memoryOf(zxing) + filters.memoryBytes;
        port.postMessage({ id, read, memoryBytes } satisfies DecodeAnswer);
      });
  });
  port.postMessage({ id: 0, ready: true } satisfies DecodeAnswer);
}

async function readFrame({ view, ...picture }: Frame): Promise<Read | undefined> {
  const { file, scale } = viewOf(filters, picture, view);
  return whatWasRead(await readBarcodes(file, searchOf(view)), scale);
}

async function readFile(file: Uint8Array): Promise<Read | undefined> {
  const startMs = threadMs();
  const read = whatWasRead(await readBarcodes(file, QUICK), 1);
  if (read !== undefined || !isSmall(pictureSize(file))) return read;
  return whatWasRead(await readBarcodes(file, THOROUGH), 1) ?? (await readPatiently(file, startMs));
}

async function readPatiently(file: Uint8Array, startMs: number): Promise<Read | undefined> {
  const picture = greyPictureOf(file, THOROUGH_PIXELS_MAX);
  if (picture === undefined) return undefined;
  for (const look of stillLooks(picture)) {
    if (threadMs() - startMs >= STILL_MS_MAX) return undefined;
    const read = await readStill(picture, look);
    if (read !== undefined) return read;
  }
  return undefined;
}

async function readStill(picture: GreyPicture, look: StillLook): Promise<Read | undefined> {
  const { file, scale } = viewOf(filters, look.prepare(picture), look.view);
  return whatWasRead(await readBarcodes(file, look.search), scale / look.factor);
}

/** This thread's own time: what others take of the machine shortens no search. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function isSmall(size: PictureSize | undefined): boolean {
  return size !== undefined && size.width * size.height <= THOROUGH_PIXELS_MAX;
}

function whatWasRead([symbol]: readonly ReadResult[], scale: number): Read | undefined {
  if (symbol?.isValid !== true) return undefined;
  const { topLeft, topRight, bottomRight, bottomLeft } = symbol.position;
  const corners = [topLeft, topRight, bottomRight, bottomLeft].map(({ x, y }) => ({
    x: x * scale,
    y: y * scale,
  }));
  return { text: symbol.text, corners };
}

/** The decoder's whole memory, which only grows; 0 when it does not say. */
function memoryOf(decoder: object): number {
  const heap: unknown = Reflect.get(decoder, 'HEAPU8');
  return heap instanceof Uint8Array ? heap.length : 0;
}
