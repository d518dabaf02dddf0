import { correction, generate, mode } from 'lean-qr';
import type { Chance } from './chance.ts';
import { drawBox, drawDisc, drawLettering, drawStroke, type Plane, planeOf, stretched } from './plane.ts';

/** What stands before a gate's camera: a street with things and lettering in it, and a phone that shows a code. */

/** A code as the house writes it: letters and digits of base 32 behind `X` and the kind. The text verifies nowhere. */
export interface Symbol {
  readonly kind: 1 | 2;
  /** Behind the prefix. */
  readonly characters: number;
  readonly level: 'L' | 'M';
}

/** Lengths of kinds 1 and 3, and of kind 2 (docs/code-format.md). */
export const SYMBOLS: readonly Symbol[] = [
  { kind: 1, characters: 120, level: 'M' },
  { kind: 2, characters: 277, level: 'L' },
  { kind: 2, characters: 277, level: 'M' },
];
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUV';

export function textOf(chance: Chance, { kind, characters }: Symbol): string {
  const letters = Array.from({ length: characters }, () => ALPHABET[chance.whole(ALPHABET.length)] ?? '');
  return `X${kind}${letters.join('')}`;
}

export interface Phone {
  readonly picture: Plane;
  /** Side of the code without its quiet zone, and its middle from the top, in the phone's own pixels. */
  readonly side: number;
  readonly middle: number;
  /** Modules along a side. */
  readonly modules: number;
}

const PHONE = { width: 1_000, height: 1_900 };
const CODE_TOP = 480;
const CODE_SIDE_MAX = 760;
const [BODY, SCREEN, PAPER, INK] = [22, 238, 244, 18];
/** ISO/IEC 18004 §6.3.8. */
const QUIET_MODULES = 4;

export function phoneWith(chance: Chance, text: string, level: Symbol['level']): Phone {
  const picture = emptyPhone(chance);
  const only = { minCorrectionLevel: correction[level], maxCorrectionLevel: correction[level] };
  const code = generate(mode.alphaNumeric(text), only);
  const module = Math.floor(CODE_SIDE_MAX / (code.size + 2 * QUIET_MODULES));
  const side = code.size * module;
  const [left, quiet] = [Math.floor((PHONE.width - side) / 2), QUIET_MODULES * module];
  const paper = { x: left - quiet, y: CODE_TOP - quiet, width: side + 2 * quiet, height: side + 2 * quiet };
  drawBox(picture, paper, PAPER);
  for (let y = 0; y < code.size; y += 1)
    for (let x = 0; x < code.size; x += 1)
      if (code.get(x, y))
        drawBox(
          picture,
          { x: left + x * module, y: CODE_TOP + y * module, width: module, height: module },
          INK,
        );
  return { picture, side, middle: CODE_TOP + side / 2, modules: code.size };
}

/** A phone that shows a list: what a camera sees most that is no code. */
export function phoneWithout(chance: Chance): Phone {
  const picture = emptyPhone(chance);
  for (let row = 0; row < 8; row += 1)
    drawBox(
      picture,
      { x: 120, y: CODE_TOP + row * 110, width: PHONE.width - 240, height: 80 },
      chance.uniform(150, 230),
    );
  return { picture, side: 700, middle: CODE_TOP + 350, modules: 49 };
}

function emptyPhone(chance: Chance): Plane {
  const picture = planeOf(PHONE.width, PHONE.height, BODY);
  drawBox(picture, { x: 45, y: 60, width: PHONE.width - 90, height: PHONE.height - 120 }, SCREEN);
  drawLettering(picture, chance, { x: 300, y: 190, width: 400, height: 70, level: 60 });
  drawLettering(picture, chance, { x: 300, y: 1_480, width: 400, height: 80, level: 40 });
  drawBox(picture, { x: 120, y: 1_640, width: PHONE.width - 240, height: 120 }, 90);
  return picture;
}

/** Cracks run over the glass: thin, dark or bright, and some through the code. */
export function crack(chance: Chance, { picture }: Phone): void {
  const cracks = 5 + chance.whole(5);
  for (let each = 0; each < cracks; each += 1) {
    let from: [number, number] = [chance.uniform(100, 900), chance.uniform(450, 1_300)];
    const [level, thickness] = [[10, 120, 250][chance.whole(3)] ?? 10, 2 + chance.whole(5)];
    for (let piece = 0; piece < 14; piece += 1) {
      const to: [number, number] = [from[0] + chance.uniform(-90, 90), from[1] + chance.uniform(-90, 90)];
      drawStroke(picture, { from, to, thickness }, level);
      from = to;
    }
  }
}

export function street(chance: Chance, width: number, height: number): Plane {
  const rough = planeOf(16, 9);
  rough.levels.forEach((_, at) => {
    rough.levels[at] = chance.uniform(40, 170);
  });
  const plane = stretched(rough, width, height);
  for (let thing = 0; thing < 25; thing += 1) {
    const draw = chance.whole(2) === 0 ? drawDisc : drawBox;
    const size = { width: chance.uniform(16, width / 3), height: chance.uniform(16, height / 3) };
    const place = { x: chance.uniform(-0.1, 1) * width, y: chance.uniform(-0.1, 1) * height };
    draw(plane, { ...place, ...size }, chance.uniform(20, 220));
  }
  for (let sign = 0; sign < 12; sign += 1) {
    const letters = chance.uniform(8, 28);
    const place = { x: chance.uniform(0, width), y: chance.uniform(20, height) };
    const level = chance.uniform(0, 255);
    drawLettering(plane, chance, { ...place, width: letters * 8, height: letters, level });
  }
  addTexture(chance, plane);
  return plane;
}

/** Leaves, plaster, asphalt. */
function addTexture(chance: Chance, { width, height, levels }: Plane): void {
  const grain = planeOf(Math.ceil(width / 3), Math.ceil(height / 3));
  grain.levels.forEach((_, at) => {
    grain.levels[at] = chance.normal() * 7;
  });
  const texture = stretched(grain, width, height).levels;
  for (let at = 0; at < levels.length; at += 1) levels[at] = (levels[at] ?? 0) + (texture[at] ?? 0);
}
