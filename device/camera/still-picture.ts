import jpeg from 'jpeg-js';
import type { GreyPicture, PictureSize } from '../../src/sight/index.ts';
import { PGM_HEADER_MAX, pictureSize } from './pgm.ts';

/**
 * The grey levels of a picture in a file, for what looks at pixels itself: binary grey maps and JPEG. Files are hostile: what
 * is larger than it may be, or no such picture, is none; it never throws.
 */

/** Of the JPEG's own decoder, beside the picture: its coefficients. */
const MEMORY_MB_MAX = 96;

/** @returns undefined for every other kind, for a broken file, and beyond `pixelsMax` */
export function greyPictureOf(file: Uint8Array, pixelsMax: number): GreyPicture | undefined {
  const size = pictureSize(file);
  if (size === undefined || size.width * size.height > pixelsMax) return undefined;
  try {
    if (file[0] === 0x50) return ofGreyMap(file, size);
    return file[0] === 0xff ? ofJpeg(file, pixelsMax) : undefined;
  } catch {
    return undefined;
  }
}

/** What is left behind the pixels is the header, where nothing is missing or too much. */
function ofGreyMap(file: Uint8Array, size: PictureSize): GreyPicture | undefined {
  const headerBytes = file.length - size.width * size.height;
  const isWhole = headerBytes > 0 && headerBytes <= PGM_HEADER_MAX;
  return isWhole ? { grey: file.slice(headerBytes), size } : undefined;
}

function ofJpeg(file: Uint8Array, pixelsMax: number): GreyPicture {
  const { data, width, height } = jpeg.decode(file, {
    useTArray: true,
    formatAsRGBA: false,
    maxResolutionInMP: pixelsMax / 1e6,
    maxMemoryUsageInMB: MEMORY_MB_MAX,
  });
  const grey = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < grey.length; at += 1, from += 3) {
    // ITU-R BT.601 luma in 8-bit fixed point.
    grey[at] = ((data[from] ?? 0) * 77 + (data[from + 1] ?? 0) * 150 + (data[from + 2] ?? 0) * 29) >> 8;
  }
  return { grey, size: { width, height } };
}
