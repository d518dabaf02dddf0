import { type Contrast, FILTER_SIDE_MIN, type Filters, type Place } from './filters.ts';
import type { GreyPicture } from './picture.ts';

/**
 * The ways to look at a frame, and how the decoder is asked. Each view is a few filters and one search; each reads codes
 * that the others do not, and costs about a tenth of the decoder's own way of searching or less (bench/results.md).
 */
export const VIEWS = {
  /** As it is: what a picture too small for the filters gets, and every picture where there are none. */
  raw: { halved: false, filters: [], search: {} },
  /** A quarter of the pixels for a quarter of the cost: four of five codes are read here. */
  half: { halved: true, filters: [], search: {} },
  /** Noise, little light, the grid of a screen, codes far away. */
  smooth: { halved: false, filters: [{ mean: { reach: 1, gain: 0 } }], search: {} },
  /** A lens out of focus. */
  sharp: { halved: false, filters: [{ mean: { reach: 4, gain: 5 } }], search: {} },
  /** Black and white by each pixel's own surroundings: glare, uneven light. */
  crisp: {
    halved: true,
    filters: [{ mean: { reach: 1, gain: 0 } }, { mean: { reach: 5, gain: 64 } }],
    search: {},
  },
  /** Large modules under cracks. */
  broad: {
    halved: true,
    filters: [{ mean: { reach: 1, gain: 0 } }, { mean: { reach: 4, gain: 3 } }],
    search: { tryDenoise: true },
  },
  /** Further out of focus. */
  keen: { halved: false, filters: [{ mean: { reach: 4, gain: 8 } }], search: {} },
  /** A dark crack through a finder pattern: thin dark lines are closed, then the light is taken away. */
  mended: { halved: false, filters: [{ close: 1 }, { light: { reach: 5, gain: 16 } }], search: {} },
  /** The same for wider cracks, and for a spot of light upon the code. */
  even: { halved: true, filters: [{ close: 1 }, { light: { reach: 5, gain: 4 } }], search: {} },
  /** Bright cracks. */
  clear: { halved: false, filters: [{ open: 2 }, { light: { reach: 5, gain: 16 } }], search: {} },
  /** Cracks of both kinds through large modules. */
  healed: {
    halved: true,
    filters: [{ open: 1 }, { close: 1 }, { light: { reach: 5, gain: 16 } }],
    search: {},
  },
  /** Several things at once: noise, little light and shadows upon modules of four to seven pixels. */
  calm: {
    halved: false,
    filters: [{ mean: { reach: 2, gain: 0 } }, { light: { reach: 5, gain: 16 } }],
    search: {},
  },
  /** Spots of light and shadows upon a still picture. */
  level: { halved: false, filters: [{ light: { reach: 5, gain: 4 } }], search: {} },
} as const satisfies Readonly<Record<string, View>>;

export type ViewName = keyof typeof VIEWS;

/** One filter: the mean of the surroundings, thin dark lines, thin bright ones, or the light that falls on it all. */
type Step =
  | { readonly mean: Contrast }
  | { readonly close: number }
  | { readonly open: number }
  | { readonly light: Contrast };

interface View {
  readonly halved: boolean;
  readonly filters: readonly Step[];
  readonly search: { readonly tryDenoise?: true };
}

/** One view a frame, in this order: what reads most for its cost comes first. */
export const CASCADE: readonly ViewName[] = [
  'half',
  'crisp',
  'smooth',
  'sharp',
  'even',
  'mended',
  'broad',
  'keen',
  'clear',
  'healed',
  'calm',
];

/** Where the machine has no filters. */
export const PLAIN_CASCADE: readonly ViewName[] = ['raw'];

/**
 * How the decoder is asked: for one QR symbol, once. Finder patterns are found at any angle, so nothing is turned. A Micro QR
 * symbol has one finder pattern, next to no error correction, and is found within broken ones of the other kind.
 */
const SEARCH = {
  formats: ['QRCodeModel2'],
  maxNumberOfSymbols: 1,
  tryHarder: false,
  tryRotate: false,
  tryInvert: false,
  tryDownscale: false,
  tryDenoise: false,
  binarizer: 'LocalAverage',
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
export interface Search {
  readonly formats: 'QRCodeModel2'[];
  readonly maxNumberOfSymbols: 1;
  readonly tryHarder: boolean;
  readonly tryRotate: boolean;
  readonly tryInvert: boolean;
  readonly tryDownscale: boolean;
  readonly tryDenoise: boolean;
  /** A threshold from place to place, or one for the whole. */
  readonly binarizer: 'LocalAverage' | 'GlobalHistogram';
  readonly textMode: 'Plain';
}

export function viewOf(filters: Filters, picture: GreyPicture, name: ViewName): Seen {
  const { halved, filters: steps }: View = VIEWS[name];
  const taken = filters.load(picture);
  const sideMin = halved ? FILTER_SIDE_MIN * 2 : FILTER_SIDE_MIN;
  if (Math.min(picture.size.width, picture.size.height) < sideMin)
    return { file: filters.pgm(taken), scale: 1 };
  const start: Place = halved ? filters.halve(taken) : taken;
  const end = steps.reduce((place, step) => filtered(filters, place, step), start);
  return { file: filters.pgm(end), scale: halved ? 2 : 1 };
}

function filtered(filters: Filters, from: Place, step: Step): Place {
  if ('close' in step) return filters.close(from, step.close);
  if ('open' in step) return filters.open(from, step.open);
  return 'light' in step ? filters.flatten(from, step.light) : filters.contrast(from, step.mean);
}
