import { concat, err, type Result, utf8 } from '../../../base/index.ts';
import { PICTURE_PARTS_MAX } from '../limits.ts';
import { type CleanPicture, cleaned, type PictureProblem } from './picture-form.ts';

/** WebP (RFC 9649): one still image and its transparency are kept; profiles, camera data and unknown chunks are not. */

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

const EXTENDED = 'VP8X';
const LOSSY = 'VP8 ';
const LOSSLESS = 'VP8L';
const ALPHA = 'ALPH';
/** RFC 9649, 2.7.1: flags of the extended form. */
const MOVES = 0x02;
const HAS_ALPHA = 0x10;

export function cleanWebp(bytes: Uint8Array): Result<CleanPicture, PictureProblem> {
  const chunks = chunksOf(bytes);
  const [first] = chunks ?? [];
  if (chunks === undefined || first === undefined) return cleaned('image/webp', undefined);
  const isExtended = first.type === EXTENDED && first.data.length === 10;
  const moves = isExtended && ((first.data[0] ?? 0) & MOVES) !== 0;
  if (moves || chunks.some(({ type }) => type === 'ANMF' || type === 'ANIM')) return err('picture-moves');
  const [image, ...others] = chunks.filter(({ type }) => type === LOSSY || type === LOSSLESS);
  const size = image === undefined ? undefined : sizeOf(image);
  if (image === undefined || size === undefined || others.length > 0) return cleaned('image/webp', undefined);
  if (!isExtended && first !== image) return cleaned('image/webp', undefined);
  if (isExtended && !isCanvas(first.data, size)) return cleaned('image/webp', undefined);
  const alphas = chunks.filter(({ type }) => type === ALPHA);
  if (alphas.length > 1 || (alphas.length === 1 && (!isExtended || image.type === LOSSLESS)))
    return cleaned('image/webp', undefined);
  const [alpha] = alphas;
  const kept = alpha === undefined ? [image] : [{ type: EXTENDED, data: extended(first.data) }, alpha, image];
  return cleaned('image/webp', { bytes: file(kept), ...size });
}

function chunksOf(bytes: Uint8Array): Chunk[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) return undefined;
  const end = 8 + view.getUint32(4, true);
  if (end > bytes.length) return undefined;
  const chunks: Chunk[] = [];
  let at = 12;
  while (at + 8 <= end) {
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > end || chunks.length >= PICTURE_PARTS_MAX) return undefined;
    const type = String.fromCharCode(...bytes.subarray(at, at + 4));
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += 8 + length + (length % 2);
  }
  return chunks;
}

function sizeOf({ type, data }: Chunk): { readonly width: number; readonly height: number } | undefined {
  return type === LOSSY ? lossySize(data) : losslessSize(data);
}

/** RFC 6386, 9.1: a key frame, its start code, and two lengths of 14 bits. */
function lossySize(data: Uint8Array) {
  const [tag = 1, , , one, two, three, w1 = 0, w2 = 0, h1 = 0, h2 = 0] = data;
  if ((tag & 1) !== 0 || one !== 0x9d || two !== 0x01 || three !== 0x2a) return undefined;
  return { width: ((w2 << 8) | w1) & 0x3fff, height: ((h2 << 8) | h1) & 0x3fff };
}

/** RFC 9649, 3.4: a signature, two lengths of 14 bits less one, whether there is transparency, version 0. */
function losslessSize(data: Uint8Array) {
  const [signature, a = 0, b = 0, c = 0, d = 0xff] = data;
  if (signature !== 0x2f || d >> 5 !== 0) return undefined;
  return { width: 1 + (((b & 0x3f) << 8) | a), height: 1 + (((d & 15) << 10) | (c << 2) | (b >> 6)) };
}

function isCanvas(data: Uint8Array, { width, height }: { width: number; height: number }): boolean {
  const at = (place: number) =>
    1 + ((data[place] ?? 0) | ((data[place + 1] ?? 0) << 8) | ((data[place + 2] ?? 0) << 16));
  return at(4) === width && at(7) === height;
}

function extended(data: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(HAS_ALPHA, 0, 0, 0), data.subarray(4, 10));
}

function file(chunks: readonly Chunk[]): Uint8Array {
  const parts = chunks.map(({ type, data }) =>
    concat(utf8(type), number(data.length), data, new Uint8Array(data.length % 2)),
  );
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  return concat(utf8('RIFF'), number(length), utf8('WEBP'), ...parts);
}

function number(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
