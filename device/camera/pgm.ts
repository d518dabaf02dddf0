import type { PictureSize } from '../../src/sight/index.ts';

/** Pictures as the decoder takes them: a binary grey map (PGM, "P5"), and what a file claims to be before it is decoded. */

/** Longest side and largest area of a picture that is handed to the decoder: 16 million pixels. */
export const PICTURE_PIXELS_MAX = 16 * 1024 * 1024;
/** Largest file: 16 MB (threats.md T9). */
export const PICTURE_BYTES_MAX = 16 * 1024 * 1024;

/** A copy: the frame's own memory is filled again while this is decoded. */
export function pgm(grey: Uint8Array, size: PictureSize): Uint8Array {
  const header = new TextEncoder().encode(`P5\n${size.width} ${size.height}\n255\n`);
  const picture = new Uint8Array(header.length + grey.length);
  picture.set(header);
  picture.set(grey, header.length);
  return picture;
}

/** Claimed size of a PNG, JPEG or PGM file; `undefined` for anything else: it is not handed to the decoder. */
export function pictureSize(file: Uint8Array): PictureSize | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (startsWith(file, PNG_MAGIC)) return pngSize(view);
  if (startsWith(file, JPEG_MAGIC)) return jpegSize(view);
  return startsWith(file, PGM_MAGIC) ? pgmSize(file) : undefined;
}

const PNG_MAGIC = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG_MAGIC = [0xff, 0xd8, 0xff];
const PGM_MAGIC = [0x50, 0x35];
/** With its comments. */
export const PGM_HEADER_MAX = 128;

function startsWith(file: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => file[at] === byte);
}

/** IHDR is the first chunk: width and height at 16 (PNG, ISO/IEC 15948 §11.2.2). */
function pngSize(view: DataView): PictureSize | undefined {
  if (view.byteLength < 24) return undefined;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** Walks the segments to a start of frame, SOF0..SOF15 without DHT, JPG and DAC (ITU-T T.81 table B.1). */
function jpegSize(view: DataView): PictureSize | undefined {
  let at = 2;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function pgmSize(file: Uint8Array): PictureSize | undefined {
  const header = String.fromCharCode(...file.subarray(0, PGM_HEADER_MAX));
  const match = /^P5\s+(?:#[^\n]*\n\s*)*(\d{1,6})\s+(\d{1,6})\s+255\s/.exec(header);
  return match === null ? undefined : { width: Number(match[1]), height: Number(match[2]) };
}
