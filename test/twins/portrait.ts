import { encode } from 'jpeg-js';
import { GUARD_PHOTO } from '../../src/wire/index.ts';

/** Drawn faces: nobody's, as JPEGs. Hair and shirt tell one from another. */

export type Colour = readonly [red: number, green: number, blue: number];

export interface Drawn {
  readonly shirt?: Colour;
  readonly hair?: Colour;
  /** JPEG quality, 1 to 100. */
  readonly quality?: number;
  /** Pixels of a side of the small copy to one of this. */
  readonly scale?: number;
}

const DARK: Colour = [46, 38, 34];
const SKIN: Colour = [226, 186, 158];
const WALL: Colour = [214, 226, 238];
const BLUE: Colour = [52, 96, 148];

/** As large as guards are shown photos, or `scale` times that. */
export function portrait({ shirt = BLUE, hair = DARK, quality = 85, scale = 1 }: Drawn = {}): Buffer {
  const [width, height] = [GUARD_PHOTO.widthPixels * scale, GUARD_PHOTO.heightPixels * scale];
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = colourAt(x / scale, y / scale, { shirt, hair });
      data.set([...colour, 255], (y * width + x) * 4);
    }
  }
  return Buffer.from(encode({ data, width, height }, quality).data);
}

interface Oval {
  readonly at: readonly [number, number];
  readonly radii: readonly [number, number];
  readonly colour: Colour | 'hair' | 'shirt';
}

/** In a field of 180 × 240; the first that covers a point is seen. */
const FIGURE: readonly Oval[] = [
  { at: [72, 104], radii: [6, 4], colour: DARK },
  { at: [108, 104], radii: [6, 4], colour: DARK },
  { at: [90, 142], radii: [15, 4], colour: [176, 92, 88] },
  { at: [90, 118], radii: [44, 56], colour: SKIN },
  { at: [90, 96], radii: [52, 56], colour: 'hair' },
  { at: [90, 176], radii: [20, 30], colour: SKIN },
  { at: [90, 250], radii: [82, 62], colour: 'shirt' },
];

function colourAt(x: number, y: number, worn: { readonly shirt: Colour; readonly hair: Colour }): Colour {
  const seen = FIGURE.find(({ at, radii }) => {
    const [across, down] = [(x - at[0]) / radii[0], (y - at[1]) / radii[1]];
    return across * across + down * down <= 1;
  });
  if (seen === undefined) return WALL;
  return typeof seen.colour === 'string' ? worn[seen.colour] : seen.colour;
}
