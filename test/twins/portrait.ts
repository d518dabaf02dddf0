import { encode } from 'jpeg-js';
import { GUARD_PHOTO } from '../../src/wire/index.ts';

/** A drawn face: nobody's, as a JPEG. The shirt's colour tells one from another. */
export function portrait(
  shirt: readonly [number, number, number] = [52, 96, 148],
  { widthPixels: width, heightPixels: height }: { widthPixels: number; heightPixels: number } = GUARD_PHOTO,
): Buffer {
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = colourAt((x / width) * 180, (y / height) * 240, shirt);
      data.set([...colour, 255], (y * width + x) * 4);
    }
  }
  return Buffer.from(encode({ data, width, height }, 85).data);
}

type Colour = readonly [number, number, number];
interface Oval {
  readonly at: readonly [number, number];
  readonly radii: readonly [number, number];
  readonly colour: Colour;
}

const HAIR: Colour = [46, 38, 34];
const SKIN: Colour = [226, 186, 158];
const WALL: Colour = [214, 226, 238];
/** In a field of 180 × 240; the first that covers a point is seen. */
const FACE: readonly Oval[] = [
  { at: [72, 104], radii: [6, 4], colour: HAIR },
  { at: [108, 104], radii: [6, 4], colour: HAIR },
  { at: [90, 142], radii: [15, 4], colour: [176, 92, 88] },
  { at: [90, 118], radii: [44, 56], colour: SKIN },
  { at: [90, 96], radii: [52, 56], colour: HAIR },
  { at: [90, 176], radii: [20, 30], colour: SKIN },
];

function colourAt(x: number, y: number, shirt: Colour): Colour {
  const inside = ({ at, radii }: Oval) => ((x - at[0]) / radii[0]) ** 2 + ((y - at[1]) / radii[1]) ** 2 <= 1;
  const oval = FACE.find(inside);
  if (oval !== undefined) return oval.colour;
  return inside({ at: [90, 250], radii: [82, 62], colour: shirt }) ? shirt : WALL;
}
