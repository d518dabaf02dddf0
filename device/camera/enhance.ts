import type { PictureSize } from './pgm.ts';

/**
 * Other views of a frame, for codes that the raw one hides: sharpened against motion blur and bad focus, smoothed
 * against noise and moiré. Pure; each is one pass over the pixels.
 */
export const VIEWS = ['raw', 'sharp', 'smooth'] as const;
export type View = (typeof VIEWS)[number];

export function viewOf(grey: Uint8Array, size: PictureSize, view: View): Uint8Array {
  switch (view) {
    case 'raw':
      return grey;
    case 'smooth':
      return boxBlur(grey, size);
    case 'sharp':
      return unsharp(grey, boxBlur(grey, size));
  }
}

/** How much of the difference to its surroundings is added to a pixel. */
const UNSHARP_AMOUNT = 2;

function unsharp(grey: Uint8Array, blurred: Uint8Array): Uint8Array {
  const sharp = new Uint8ClampedArray(grey.length);
  for (let at = 0; at < grey.length; at += 1) {
    const level = grey[at] ?? 0;
    sharp[at] = level + UNSHARP_AMOUNT * (level - (blurred[at] ?? 0));
  }
  return new Uint8Array(sharp.buffer);
}

/** Mean of 3 × 3 pixels; the border keeps its own level. */
function boxBlur(grey: Uint8Array, size: PictureSize): Uint8Array {
  const { width, height } = size;
  const across = new Uint16Array(grey.length);
  for (let at = 1; at < grey.length - 1; at += 1) {
    across[at] = (grey[at - 1] ?? 0) + (grey[at] ?? 0) + (grey[at + 1] ?? 0);
  }
  const blurred = Uint8Array.from(grey);
  for (let at = width + 1; at < width * (height - 1) - 1; at += 1) {
    blurred[at] = ((across[at - width] ?? 0) + (across[at] ?? 0) + (across[at + width] ?? 0)) / 9;
  }
  return blurred;
}
