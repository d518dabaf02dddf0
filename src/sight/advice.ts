import type { Measures } from './measure.ts';
import type { PictureSize } from './picture.ts';
import type { Point } from './region.ts';

/** What to change so that a camera reads well, told from a frame and the code in it. Pure; the words are elsewhere. */
export type Advice =
  | 'too-dark'
  | 'too-bright'
  | 'blurred'
  | 'too-far'
  | 'too-near'
  | 'turn-left'
  | 'turn-right'
  | 'turn-up'
  | 'turn-down'
  | 'no-code'
  | 'good';

/** Of black and white. */
const MEAN_MIN = 0.12;
/** Of the pixels around the code, or of the middle of the frame. */
const BURNT_MAX = 0.35;
/** Below, two neighbouring modules run into one another. */
const SHARPNESS_MIN = 0.22;
/** Shorter side of a code in pixels: three a module for the largest code that there is, at 57 modules. */
const CODE_SIDE_MIN = 170;
/** Of the frame's shorter side: a hand cannot hold it so still. */
const CODE_SHARE_MAX = 0.9;
/** Of the frame, from its middle. */
const OFF_CENTRE_MAX = 0.3;

/** @param measures of the code's surroundings where a code was read, else of the middle of the frame */
export function adviceOf(
  size: PictureSize,
  measures: Measures,
  corners: readonly Point[] | undefined,
): Advice[] {
  const light = lightOf(measures);
  if (corners === undefined || corners.length === 0) return [...light, 'no-code'];
  const blurred: Advice[] = measures.sharpness < SHARPNESS_MIN ? ['blurred'] : [];
  const found = [...light, ...blurred, ...distanceOf(size, corners), ...aimOf(size, corners)];
  return found.length === 0 ? ['good'] : found;
}

function lightOf({ mean, burnt }: Measures): Advice[] {
  if (mean < MEAN_MIN) return ['too-dark'];
  return burnt > BURNT_MAX ? ['too-bright'] : [];
}

function distanceOf({ width, height }: PictureSize, corners: readonly Point[]): Advice[] {
  const side = Math.min(...sides(corners));
  if (side < Math.min(CODE_SIDE_MIN, Math.min(width, height) / 2)) return ['too-far'];
  return side > Math.min(width, height) * CODE_SHARE_MAX ? ['too-near'] : [];
}

function sides(corners: readonly Point[]): number[] {
  return corners.map(({ x, y }, at) => {
    const next = corners[(at + 1) % corners.length] ?? { x, y };
    return Math.hypot(next.x - x, next.y - y);
  });
}

function aimOf({ width, height }: PictureSize, corners: readonly Point[]): Advice[] {
  const mean = (of: (point: Point) => number) =>
    corners.reduce((sum, one) => sum + of(one), 0) / corners.length;
  const right = mean(({ x }) => x) / width - 0.5;
  const down = mean(({ y }) => y) / height - 0.5;
  return [
    ...(Math.abs(right) > OFF_CENTRE_MAX ? ([right > 0 ? 'turn-right' : 'turn-left'] as const) : []),
    ...(Math.abs(down) > OFF_CENTRE_MAX ? ([down > 0 ? 'turn-down' : 'turn-up'] as const) : []),
  ];
}
