import { createInflate, crc32 } from 'node:zlib';
import { assert, concat, err, type Result } from '../../../base/index.ts';
import { PICTURE_INFLATED_MAX, PICTURE_PARTS_MAX } from '../limits.ts';
import { type CleanPicture, cleaned, isWithin, type PictureProblem } from './picture-form.ts';

/**
 * PNG (W3C, third edition): header, palette, transparency and data are kept, everything else is not. The data is inflated and
 * thrown away as it comes, and must be as long as the header says: a small file that swells is found out before anybody's
 * browser opens it.
 */
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
/** Bits of a pixel by colour type and the depths that each may have (11.2.2). */
const COLOURS: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};
/** Adam7 (8.1): first column and row of each pass, and the steps. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  readonly whole: Uint8Array;
}

export async function cleanPng(bytes: Uint8Array): Promise<Result<CleanPicture, PictureProblem>> {
  const chunks = chunksOf(bytes);
  const header = chunks === undefined ? undefined : headerOf(chunks);
  if (chunks === undefined || header === undefined) return cleaned('image/png', undefined);
  if (!isWithin(header) || header.inflated > PICTURE_INFLATED_MAX) return err('picture-pixels');
  const data = concat(...chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data));
  if (!(await inflatesTo(data, header.inflated))) return cleaned('image/png', undefined);
  const { width, height } = header;
  return cleaned('image/png', {
    bytes: concat(SIGNATURE, ...chunks.map(({ whole }) => whole)),
    width,
    height,
  });
}

/** Those that are kept; undefined for damage, and for a critical chunk that is not known (5.4). */
function chunksOf(bytes: Uint8Array): Chunk[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Chunk[] = [];
  let at = SIGNATURE.length;
  for (let count = 0; count < PICTURE_PARTS_MAX && at + 12 <= bytes.length; count += 1) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) return undefined;
    const named = bytes.subarray(at + 4, end - 4);
    if (crc32(named) !== view.getUint32(end - 4)) return undefined;
    const type = String.fromCharCode(...named.subarray(0, 4));
    const isCritical = /^[A-Z]/.test(type);
    if (isCritical && !KEPT.has(type)) return undefined;
    if (KEPT.has(type)) kept.push({ type, data: named.subarray(4), whole: bytes.subarray(at, end) });
    if (type === 'IEND') return length === 0 ? kept : undefined;
    at = end;
  }
  return undefined;
}

/** Order and number of the chunks (5.6), and the size of what the data must inflate to. */
function headerOf(chunks: readonly Chunk[]) {
  const order = chunks.map(({ type }) => type).join(' ');
  const [first] = chunks;
  if (first === undefined || !/^IHDR( PLTE)?( tRNS)?( IDAT)+ IEND$/.test(order)) return undefined;
  if (first.data.length !== 13) return undefined;
  const view = new DataView(first.data.buffer, first.data.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth = 0, colour = 0, compression, filter, interlace = 0] = first.data.subarray(8);
  const found = COLOURS[colour];
  if (found?.depths.includes(depth) !== true || compression !== 0 || filter !== 0 || interlace > 1)
    return undefined;
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data.length;
  if (palette === undefined ? colour === 3 : palette === 0 || palette > 768 || palette % 3 !== 0)
    return undefined;
  if ((chunks.find(({ type }) => type === 'tRNS')?.data.length ?? 0) > 256) return undefined;
  const bits = found.samples * depth;
  const passes = interlace === 0 ? [[0, 0, 1, 1] as const] : PASSES;
  const inflated = passes.reduce((sum, [left, top, across, down]) => {
    const [columns, rows] = [Math.ceil((width - left) / across), Math.ceil((height - top) / down)];
    return columns <= 0 || rows <= 0 ? sum : sum + rows * (1 + Math.ceil((columns * bits) / 8));
  }, 0);
  return { width, height, inflated };
}

/** Beside the event loop, and never more than a piece of it in memory. */
async function inflatesTo(data: Uint8Array, length: number): Promise<boolean> {
  assert(length <= PICTURE_INFLATED_MAX, 'the header was looked at first');
  const inflate = createInflate();
  let got = 0;
  try {
    inflate.end(data);
    for await (const piece of inflate) {
      got += (piece as Uint8Array).length;
      if (got > length) return false;
    }
  } catch {
    return false;
  } finally {
    inflate.destroy();
  }
  return got === length && inflate.bytesWritten === data.length;
}
