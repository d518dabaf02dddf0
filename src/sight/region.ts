import type { GreyPicture, PictureSize, Region } from './picture.ts';

/** Parts of a picture. Pure; a region always lies within its picture and is never empty. */

/** The whole of it, for one who asks for a region. */
export function wholeOf(size: PictureSize): Region {
  return { left: 0, top: 0, width: size.width, height: size.height };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A region around a symbol with as much room on each side as a hand moves between two frames: `room` times the symbol's
 * longer side. Points outside the picture, or not numbers at all, are taken to its edge.
 */
export function regionAround(corners: readonly Point[], size: PictureSize, room = 0.4): Region {
  const xs = corners.map(({ x }) => within(x, size.width));
  const ys = corners.map(({ y }) => within(y, size.height));
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const margin = Math.ceil(Math.max(right - left, bottom - top, SIDE_MIN) * room);
  const [x0, x1] = span(left - margin, right + margin, size.width);
  const [y0, y1] = span(top - margin, bottom + margin, size.height);
  return { left: x0, top: y0, width: x1 - x0, height: y1 - y0 };
}

/** No code is smaller, and the filters need as much. */
const SIDE_MIN = 64;

function within(place: number, size: number): number {
  return Number.isFinite(place) ? Math.round(Math.min(size, Math.max(0, place))) : 0;
}

/** From an even pixel, so that halving falls the same way, and SIDE_MIN long where the picture is. */
function span(from: number, to: number, size: number): readonly [from: number, to: number] {
  const end = Math.min(size, Math.max(to, SIDE_MIN));
  const start = Math.max(0, Math.min(from, end - SIDE_MIN));
  return [start - (start % 2), end];
}

/** A copy of a part. */
export function partOf({ grey, size }: GreyPicture, region: Region): GreyPicture {
  const { left, top, width, height } = region;
  if (width === size.width && height === size.height) return { grey: grey.slice(), size };
  const part = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const from = (top + row) * size.width + left;
    part.set(grey.subarray(from, from + width), row * width);
  }
  return { grey: part, size: { width, height } };
}
