import { describe, expect, it } from 'vitest';
import { adviceOf } from './advice.ts';
import type { Measures } from './measure.ts';

const SIZE = { width: 1280, height: 720 };
const GOOD: Measures = { dark: 0.1, bright: 0.9, mean: 0.5, burnt: 0.02, sharpness: 0.5 };
const codeAt = (x: number, y: number, side: number) => [
  { x: x - side / 2, y: y - side / 2 },
  { x: x + side / 2, y: y - side / 2 },
  { x: x + side / 2, y: y + side / 2 },
  { x: x - side / 2, y: y + side / 2 },
];
const MIDDLE = codeAt(640, 360, 350);

describe('what to change at a camera', () => {
  it('is nothing when a code is sharp, large enough and in the middle', () => {
    expect(adviceOf(SIZE, GOOD, MIDDLE)).toEqual(['good']);
  });

  it.each([
    ['more light', { mean: 0.05 }, MIDDLE, ['too-dark']],
    ['less light', { burnt: 0.6 }, MIDDLE, ['too-bright']],
    ['the focus', { sharpness: 0.1 }, MIDDLE, ['blurred']],
    ['the distance of a small code', {}, codeAt(640, 360, 120), ['too-far']],
    ['the distance of a large one', {}, codeAt(640, 360, 680), ['too-near']],
    ['the aim, to the left and up', {}, codeAt(200, 120, 220), ['turn-left', 'turn-up']],
    ['the aim, to the right and down', {}, codeAt(1_100, 600, 220), ['turn-right', 'turn-down']],
    ['light, and something to read', { mean: 0.05 }, undefined, ['too-dark', 'no-code']],
    ['something to read', {}, undefined, ['no-code']],
    ['several things at once', { mean: 0.05, sharpness: 0.1 }, MIDDLE, ['too-dark', 'blurred']],
  ] as const)('is %s', (...[, measures, corners, advice]) => {
    expect(adviceOf(SIZE, { ...GOOD, ...measures }, corners)).toEqual(advice);
  });
});
