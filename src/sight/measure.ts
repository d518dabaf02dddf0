import type { GreyPicture, Region } from './picture.ts';

/**
 * What can be told of a picture at a glance, to aim and focus a camera: how bright, how much contrast, how sharp its edges.
 * Pure; it looks at every pixel of the region once.
 */
export interface Measures {
  /** 0 … 1, of black and white: the darkest and the brightest twentieth. */
  readonly dark: number;
  readonly bright: number;
  readonly mean: number;
  /** Share of pixels that are burnt out. */
  readonly burnt: number;
  /** 0 … 1: the steepest edges between two neighbours, of all the contrast there is. A good lens gives above 0.4. */
  readonly sharpness: number;
}

const LEVELS = 256;
const BURNT_FROM = 250;
const [DARK_SHARE, BRIGHT_SHARE] = [0.05, 0.95];
/** The steepest two in a hundred neighbours: a symbol's edges, and not the odd bad pixel. */
const STEEP_SHARE = 0.98;

export function measure(
  { grey, size }: GreyPicture,
  region: Region = { left: 0, top: 0, ...size },
): Measures {
  const levels = new Uint32Array(LEVELS);
  const steps = new Uint32Array(LEVELS);
  let sum = 0;
  for (let y = region.top; y < region.top + region.height; y += 1) {
    const row = y * size.width;
    for (let at = row + region.left; at < row + region.left + region.width; at += 1) {
      const level = grey[at] ?? 0;
      levels[level] = (levels[level] ?? 0) + 1;
      sum += level;
      const step = Math.abs((grey[at + 1] ?? level) - level);
      steps[step] = (steps[step] ?? 0) + 1;
    }
  }
  const total = Math.max(1, region.width * region.height);
  const [dark, bright] = [quantile(levels, total * DARK_SHARE), quantile(levels, total * BRIGHT_SHARE)];
  let burnt = 0;
  for (let level = BURNT_FROM; level < LEVELS; level += 1) burnt += levels[level] ?? 0;
  const contrast = Math.max(1, bright - dark);
  return {
    dark: dark / 255,
    bright: bright / 255,
    mean: sum / total / 255,
    burnt: burnt / total,
    sharpness: Math.min(1, quantile(steps, total * STEEP_SHARE) / contrast),
  };
}

function quantile(counts: Uint32Array, place: number): number {
  let below = 0;
  for (let level = 0; level < counts.length; level += 1) {
    below += counts[level] ?? 0;
    if (below >= place) return level;
  }
  return counts.length - 1;
}
