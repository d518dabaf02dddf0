import { prepareZXingModule, type ReadResult, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import {
  type Attention,
  CASCADE,
  canFilter,
  createAttention,
  createFilters,
  createMotionGate,
  createPresence,
  type GreyPicture,
  type MotionGate,
  partOf,
  PLAIN_CASCADE,
  type Presence,
  type PictureSize,
  type Point,
  type Search,
  searchOf,
  STILL_MS_MAX,
  stillLooks,
  type ViewName,
  viewOf,
} from '../../sight/index.ts';

/**
 * Finds one QR code in a picture, off the page's thread. Of a camera's frames it looks at those that moved, one view of
 * each; a picture it looks at until it is read. A picture is hostile input: its text is handed on and nothing else.
 */

export interface ReadRequest {
  readonly id: number;
  readonly kind: 'frame' | 'picture';
  readonly picture: ImageBitmap;
}

export interface ReadAnswer {
  readonly id: number;
  /** Absent: no code found. */
  readonly text?: string;
}

/** Without this the library would ask a CDN for its WebAssembly. */
prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: false });

/** An old browser without vector instructions looks at its frames as they are. */
const hasFilters = canFilter();
const filters = hasFilters ? createFilters() : undefined;
const cascade: readonly ViewName[] = hasFilters ? CASCADE : PLAIN_CASCADE;
let canvas: OffscreenCanvas | undefined;
let camera: Camera | undefined;

interface Camera {
  readonly size: PictureSize;
  readonly gate: MotionGate;
  readonly attention: Attention;
  readonly presence: Presence;
}

self.onmessage = async ({ data }: MessageEvent<ReadRequest>) => {
  let text: string | undefined;
  try {
    const picture = greyOf(data.picture);
    text = data.kind === 'frame' ? await readFrame(picture) : await readPicture(picture);
  } catch {
    // A picture that breaks the decoder holds no code.
  }
  const answer: ReadAnswer = text === undefined ? { id: data.id } : { id: data.id, text };
  self.postMessage(answer);
};

async function readFrame(picture: GreyPicture): Promise<string | undefined> {
  const { gate, attention, presence } = cameraFor(picture.size);
  // What has not moved shows what it showed.
  if (!gate.passes(picture.grey, performance.now())) return presence.text;
  const { view, region } = attention.next();
  const read = await look(partOf(picture, region), view);
  attention.seen(read?.corners.map(({ x, y }) => ({ x: x + region.left, y: y + region.top })));
  presence.looked(read?.text);
  return read?.text;
}

function cameraFor(size: PictureSize): Camera {
  if (camera?.size.width !== size.width || camera.size.height !== size.height)
    camera = {
      size,
      gate: createMotionGate(size),
      attention: createAttention(size, cascade),
      presence: createPresence(),
    };
  return camera;
}

/** It has no next frame, so every view gets its turn, and several more; without filters it is searched as it is, thoroughly. */
async function readPicture(picture: GreyPicture): Promise<string | undefined> {
  if (filters === undefined) return (await search(pgmOf(picture), THOROUGH))?.text;
  const startMs = performance.now();
  for (const { prepare, view, search: asked } of stillLooks(picture)) {
    if (performance.now() - startMs >= STILL_MS_MAX) break;
    const read = await search(viewOf(filters, prepare(picture), view).file, asked);
    if (read !== undefined) return read.text;
  }
  return (await search(pgmOf(picture), THOROUGH))?.text;
}

const THOROUGH = {
  ...searchOf('raw'),
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  tryDenoise: true,
};

async function look(
  picture: GreyPicture,
  view: ViewName,
): Promise<{ readonly text: string; readonly corners: readonly Point[] } | undefined> {
  const { file, scale } =
    filters === undefined ? { file: pgmOf(picture), scale: 1 } : viewOf(filters, picture, view);
  const symbol = await search(file, searchOf(view));
  if (symbol === undefined) return undefined;
  const { topLeft, topRight, bottomRight, bottomLeft } = symbol.position;
  const corners = [topLeft, topRight, bottomRight, bottomLeft];
  return { text: symbol.text, corners: corners.map(({ x, y }) => ({ x: x * scale, y: y * scale })) };
}

async function search(file: Uint8Array, asked: Search): Promise<ReadResult | undefined> {
  const [symbol] = await readBarcodes(file, asked);
  return symbol?.isValid === true ? symbol : undefined;
}

/** One byte a pixel: a quarter of the memory of RGBA, and faster to read. */
function greyOf(picture: ImageBitmap): GreyPicture {
  const { width, height } = picture;
  if (canvas === undefined || canvas.width !== width || canvas.height !== height)
    canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (context === null) throw new Error('no drawing surface');
  context.drawImage(picture, 0, 0);
  picture.close();
  const { data } = context.getImageData(0, 0, width, height);
  const grey = new Uint8Array(width * height);
  for (let at = 0, pixel = 0; at < grey.length; at += 1, pixel += 4) {
    // ITU-R BT.601 luma in 8-bit fixed point.
    grey[at] = ((data[pixel] ?? 0) * 77 + (data[pixel + 1] ?? 0) * 150 + (data[pixel + 2] ?? 0) * 29) >> 8;
  }
  return { grey, size: { width, height } };
}

/** A binary PGM file. */
function pgmOf({ grey, size }: GreyPicture): Uint8Array {
  const header = new TextEncoder().encode(`P5\n${size.width} ${size.height}\n255\n`);
  const file = new Uint8Array(header.length + grey.length);
  file.set(header);
  file.set(grey, header.length);
  return file;
}
