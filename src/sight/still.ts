import type { GreyPicture } from './picture.ts';
import { CASCADE, type Search, searchOf, type ViewName } from './views.ts';

/**
 * How a picture is looked at that has no next frame: in every view, then larger, smaller, brighter and darker, each time as
 * thoroughly as the decoder can. Whoever looks stops at the first code and after STILL_MS_MAX.
 */
export interface StillLook {
  /** What becomes of the picture before the view is made of it. */
  readonly prepare: (picture: GreyPicture) => GreyPicture;
  readonly view: ViewName;
  readonly search: Search;
  /** Pixels of the prepared picture in one of the picture. */
  readonly factor: number;
}

/** Of one thread's own time for one picture, checked between two looks. */
export const STILL_MS_MAX = 2_000;
/** Four times as many pixels take four times as long, and a code in a large picture is seldom too small. */
export const DOUBLED_PIXELS_MAX = 1024 * 1024;

interface Plan {
  readonly view: ViewName;
  readonly factor?: number;
  /** Of the levels between black and white: below 1 brighter, above darker. */
  readonly exponent?: number;
  readonly search?: Partial<Search>;
}

const PLANS: readonly Plan[] = [
  ...CASCADE.map((view) => ({ view })),
  { view: 'level' },
  // One threshold for all of it: where spots of light mislead one that is found from place to place.
  { view: 'raw', search: { binarizer: 'GlobalHistogram' } },
  // Drowned in shadow; burnt out.
  { view: 'raw', exponent: 0.5 },
  { view: 'raw', exponent: 3 },
  // Modules fall elsewhere upon the decoder's own grid of blocks.
  { view: 'raw', factor: 0.7 },
  { view: 'level', factor: 0.7 },
  // Modules of two pixels or three.
  { view: 'level', factor: 2 },
  { view: 'sharp', factor: 2 },
];

export function stillLooks({ size }: GreyPicture): readonly StillLook[] {
  const isSmall = size.width * size.height <= DOUBLED_PIXELS_MAX;
  return PLANS.filter(({ factor = 1 }) => factor <= 1 || isSmall).map(lookOf);
}

function lookOf({ view, factor = 1, exponent = 1, search }: Plan): StillLook {
  return {
    view,
    factor,
    search: { ...searchOf(view), tryHarder: true, tryInvert: true, tryDenoise: true, ...search },
    prepare: (picture) => resized(bent(picture, exponent), factor),
  };
}

function bent({ grey, size }: GreyPicture, exponent: number): GreyPicture {
  if (exponent === 1) return { grey, size };
  const levels = Uint8Array.from({ length: 256 }, (_, level) => Math.round(255 * (level / 255) ** exponent));
  return { grey: grey.map((level) => levels[level] ?? level), size };
}

/** Each pixel from the four around its place. */
function resized({ grey, size }: GreyPicture, factor: number): GreyPicture {
  const [width, height] = [Math.round(size.width * factor), Math.round(size.height * factor)];
  if (factor === 1 || Math.min(size.width, size.height) < 2 || Math.min(width, height) < 1)
    return { grey, size };
  const target = new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y += 1) {
    const [upper, down] = placeIn(y, factor, size.height);
    for (let x = 0; x < width; x += 1, at += 1) {
      const [left, right] = placeIn(x, factor, size.width);
      const from = upper * size.width + left;
      const above = (grey[from] ?? 0) * (1 - right) + (grey[from + 1] ?? 0) * right;
      const below = (grey[from + size.width] ?? 0) * (1 - right) + (grey[from + size.width + 1] ?? 0) * right;
      target[at] = above * (1 - down) + below * down + 0.5;
    }
  }
  return { grey: target, size: { width, height } };
}

/** The pixel before a place, and how far beyond it the place lies. */
function placeIn(at: number, factor: number, size: number): readonly [pixel: number, beyond: number] {
  const place = Math.min(size - 1, Math.max(0, (at + 0.5) / factor - 0.5));
  const pixel = Math.min(size - 2, Math.floor(place));
  return [pixel, place - pixel];
}
