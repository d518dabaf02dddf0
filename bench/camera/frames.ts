import { type Chance, chanceOf } from './chance.ts';
import { grey, inLittleLight, movedWhileOpen, outOfFocus, withNoise } from './optics.ts';
import type { Plane } from './plane.ts';
import { type Grid, placeOf, type Pose, show } from './pose.ts';
import { crack, type Phone, phoneWith, phoneWithout, street, SYMBOLS, textOf } from './scene.ts';

/** Pictures as a gate's camera takes them: a seed names a set, and no picture of one set is in another. */

export const CONDITIONS = [
  'clean',
  'blur',
  'motion',
  'glare',
  'perspective',
  'turned',
  'lowlight',
  'noise',
  'moire',
  'crack',
  'far',
  'dim',
  'bright',
  'combo',
] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface GateFrame {
  readonly grey: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** What stands in the code; none is shown where it is absent. */
  readonly text?: string;
  readonly condition: string;
}

const SIZES = [
  { width: 1_280, height: 720 },
  { width: 640, height: 480 },
] as const;
type Size = (typeof SIZES)[number];

/** One frame for each size, symbol, condition and take; the first `most` of them. */
export function* gateFrames(
  seed: number,
  takes: number,
  most = Number.POSITIVE_INFINITY,
): Generator<GateFrame> {
  let made = 0;
  for (const [sizeAt, size] of SIZES.entries())
    for (const [symbolAt, symbol] of SYMBOLS.entries())
      for (const [conditionAt, condition] of CONDITIONS.entries())
        for (let take = 0; take < takes; take += 1) {
          if (made >= most) return;
          made += 1;
          const chance = chanceOf(seed, sizeAt, symbolAt, conditionAt, take);
          const text = textOf(chance, symbol);
          const phone = phoneWith(chance, text, symbol.level);
          const { width, height } = size;
          yield { grey: pictureOf(chance, size, { phone, condition }), width, height, text, condition };
        }
}

/** A street by day, a street by night, a phone without a code, in turn. */
export function* emptyFrames(seed: number, count: number): Generator<GateFrame> {
  for (const [sizeAt, size] of SIZES.entries())
    for (let take = 0; take < count; take += 1) {
      const chance = chanceOf(seed, sizeAt, 99, take);
      const { width, height } = size;
      if (take % 3 === 1) {
        const shot = { phone: phoneWithout(chance), condition: 'clean' } as const;
        yield { grey: pictureOf(chance, size, shot), width, height, condition: 'phone' };
      } else {
        const isNight = take % 3 === 2;
        const seen = street(chance, width, height);
        if (isNight) each(seen, (level) => level * 0.25);
        const condition = isNight ? 'night' : 'street';
        yield { grey: grey(withNoise(seen, chance, isNight ? 8 : 3)), width, height, condition };
      }
    }
}

interface Shot {
  readonly phone: Phone;
  readonly condition: Condition;
}

function pictureOf(chance: Chance, size: Size, { phone, condition }: Shot): Uint8Array {
  if (condition === 'crack' || condition === 'combo') crack(chance, phone);
  if (condition === 'dim') each(phone.picture, (level) => 40 + (level - 22) * 0.16);
  const place = placeOf(chance, phone, { ...size, condition });
  const scene = street(chance, size.width, size.height);
  const hasGrid = condition === 'moire' || condition === 'combo';
  show(phone.picture, scene, hasGrid ? { ...place, grid: moire(chance, condition) } : place);
  if (condition === 'glare' || condition === 'combo') addGlare(chance, scene, { place, condition });
  each(scene, (level) => Math.min(255, Math.max(0, level)));
  return grey(lens(chance, scene, { module: place.side / phone.modules, condition }));
}

/** The grids of screen and sensor beat against each other. */
function moire(chance: Chance, condition: Condition): Grid {
  const [rate, angle] = [chance.uniform(0.36, 0.9), chance.uniform(0, Math.PI)];
  const bands = chance.uniform(0.04, 0.12);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const depth = condition === 'moire' ? 0.3 : 0.15;
  return (x, y) =>
    1 + depth * 0.5 * (Math.sin(rate * (x * cos + y * sin) + 3 * Math.sin(x / 200)) + Math.sin(y * bands));
}

function addGlare(
  chance: Chance,
  scene: Plane,
  { place, condition }: { place: Pose; condition: Condition },
): void {
  const { width, height, levels } = scene;
  const strength = condition === 'glare' ? 235 : 150;
  for (let spot = 0; spot < (condition === 'glare' ? 2 : 1); spot += 1) {
    const x0 = place.x + chance.uniform(-0.6, 0.6) * place.side;
    const y0 = place.y + chance.uniform(-0.6, 0.6) * place.side;
    const [radius, flat] = [place.side * chance.uniform(0.08, 0.17), chance.uniform(0.4, 2)];
    for (let y = 0, at = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1, at += 1) {
        const away = ((x - x0) ** 2 + (y - y0) ** 2 * flat) / (2 * radius * radius);
        if (away < 12) levels[at] = (levels[at] ?? 0) + strength * Math.exp(-away);
      }
  }
  each(scene, (level) => level * 0.85 + 28);
}

function each({ levels }: Plane, change: (level: number) => number): void {
  for (let at = 0; at < levels.length; at += 1) levels[at] = change(levels[at] ?? 0);
}

function lens(
  chance: Chance,
  seen: Plane,
  { module, condition }: { module: number; condition: Condition },
): Plane {
  switch (condition) {
    case 'blur':
      return withNoise(outOfFocus(seen, module * chance.uniform(0.4, 0.62)), chance, QUIET);
    case 'motion': {
      const angle = chance.uniform(0, Math.PI);
      const path = Math.max(3, module * chance.uniform(1, 1.7));
      return withNoise(movedWhileOpen(outOfFocus(seen, SHARP), path, angle), chance, QUIET);
    }
    case 'lowlight':
      return inLittleLight(outOfFocus(seen, SHARP), chance);
    case 'noise':
      return withNoise(outOfFocus(seen, SHARP), chance, 26);
    case 'bright':
      return withNoise(bloomed(outOfFocus(seen, SHARP), chance.uniform(1.5, 2.1)), chance, QUIET);
    case 'combo': {
      const soft = outOfFocus(seen, module * 0.28);
      each(soft, (level) => level * 0.45);
      return withNoise(soft, chance, 7);
    }
    default:
      return withNoise(outOfFocus(seen, SHARP), chance, QUIET);
  }
}

/** Deviations of a good lens in pixels, and of a good sensor in levels. */
const [SHARP, QUIET] = [0.6, 2.5];

/** Exposed for a dark street: the screen is burnt out, and its light spills over what is beside it. */
function bloomed(seen: Plane, gain: number): Plane {
  const spill = outOfFocus(seen, 9).levels;
  const { width, height, levels } = seen;
  return { width, height, levels: levels.map((level, at) => (level * 0.8 + (spill[at] ?? 0) * 0.2) * gain) };
}
