import { type Contrast, FILTER_SIDE_MIN, type Filters, type Place } from './filters.ts';
import type { GreyPicture } from './picture.ts';

/**
 * The ways to look at a frame, and how the decoder is asked. Each view is a few filters and one search; each reads codes
 * that the others do not, and costs less than a tenth of the decoder's own way of searching (bench/results.md).
 */
export const VIEWS = {
  /** As it is: what a picture too small for the filters gets, and every picture where there are none. */
  raw: { halved: false, filters: [], search: {} },
  /** A quarter of the pixels for a quarter of the cost: four of five codes are read here. */
  half: { halved: true, filters: [], search: {} },
  /** Noise, little light, the grid of a screen, codes far away. */
  smooth: { halved: false, filters: [{ reach: 1, gain: 0 }], search: {} },
  /** A lens out of focus. */
  sharp: { halved: false, filters: [{ reach: 4, gain: 5 }], search: {} },
  /** Black and white by each pixel's own surroundings: glare, uneven light. */
  crisp: {
    halved: true,
    filters: [
      { reach: 1, gain: 0 },
      { reach: 5, gain: 64 },
    ],
    search: {},
  },
  /** Large modules under cracks. */
  broad: {
    halved: true,
    filters: [
      { reach: 1, gain: 0 },
      { reach: 4, gain: 3 },
    ],
    search: { tryDenoise: true },
  },
  /** Further out of focus. */
  keen: { halved: false, filters: [{ reach: 4, gain: 8 }], search: {} },
  /** Several of these at once. */
  soft: {
    halved: true,
    filters: [
      { reach: 2, gain: 0 },
      { reach: 3, gain: 3 },
    ],
    search: {},
  },
} as const satisfies Readonly<Record<string, View>>;

export type ViewName = keyof typeof VIEWS;

interface View {
  readonly halved: boolean;
  readonly filters: readonly Contrast[];
  readonly search: { readonly tryDenoise?: true };
}

/** One view a frame, in this order: what reads most for its cost comes first. */
export const CASCADE: readonly ViewName[] = ['half', 'smooth', 'sharp', 'crisp', 'broad', 'keen', 'soft'];

/** Where the machine has no filters. */
export const PLAIN_CASCADE: readonly ViewName[] = ['raw'];

/** How the decoder is asked: for one QR symbol, once. Finder patterns are found at any angle, so nothing is turned. */
const SEARCH = {
  formats: ['QRCode'],
  maxNumberOfSymbols: 1,
  tryHarder: false,
  tryRotate: false,
  tryInvert: false,
  tryDownscale: false,
  tryDenoise: false,
  // The bytes as they are: other modes put names in place of control characters.
  textMode: 'Plain',
} as const;

/** What the decoder gets, and how its pixels lie in the frame. */
export interface Seen {
  /** A binary grey map; its memory is used again by the next view. */
  readonly file: Uint8Array;
  /** Pixels of the frame in one of the view's. */
  readonly scale: 1 | 2;
}

export function searchOf(name: ViewName): Search {
  return { ...SEARCH, ...VIEWS[name].search, formats: [...SEARCH.formats] };
}

/** Options of zxing-wasm's `readBarcodes`, all that matter given. */
export type Search = Omit<typeof SEARCH, 'formats' | 'tryDenoise'> & {
  readonly formats: 'QRCode'[];
  readonly tryDenoise: boolean;
};

export function viewOf(filters: Filters, picture: GreyPicture, name: ViewName): Seen {
  const { halved, filters: steps }: View = VIEWS[name];
  const taken = filters.load(picture);
  const sideMin = halved ? FILTER_SIDE_MIN * 2 : FILTER_SIDE_MIN;
  if (Math.min(picture.size.width, picture.size.height) < sideMin)
    return { file: filters.pgm(taken), scale: 1 };
  const start: Place = halved ? filters.halve(taken) : taken;
  const end = steps.reduce((place, step) => filters.contrast(place, step), start);
  return { file: filters.pgm(end), scale: halved ? 2 : 1 };
}
