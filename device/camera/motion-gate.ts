import type { PictureSize } from './pgm.ts';

/**
 * Spares the decoder a scene that stands still. It looks at one pixel in 64 and lets a frame through when enough of them
 * differ from the last frame that was let through, for a while after that, and once in a while whatever it sees.
 */
export interface MotionGate {
  /** @param nowMs monotonic */
  passes(grey: Uint8Array, nowMs: number): boolean;
}

/** Every eighth pixel of every eighth row. */
const STEP = 8;
/** Grey levels; a webcam's noise stays below. */
const LEVEL_DIFFERENCE_MIN = 16;
/** Of the sampled pixels: a phone held up at arm's length covers more. */
const CHANGED_SHARE_MIN = 1 / 256;
/** The code comes into focus after the hand has stopped. */
const AFTERGLOW_MS = 1_500;
/** A code that was there before the camera was. */
const ANYWAY_MS = 1_000;

export function createMotionGate(size: PictureSize): MotionGate {
  const columns = Math.ceil(size.width / STEP);
  const rows = Math.ceil(size.height / STEP);
  const seen = new Uint8Array(columns * rows);
  let movedAtMs = Number.NEGATIVE_INFINITY;
  let passedAtMs = Number.NEGATIVE_INFINITY;

  function changedShare(grey: Uint8Array): number {
    let changed = 0;
    let sample = 0;
    for (let y = 0; y < size.height; y += STEP) {
      for (let x = 0; x < size.width; x += STEP) {
        const difference = (grey[y * size.width + x] ?? 0) - (seen[sample] ?? 0);
        if (difference > LEVEL_DIFFERENCE_MIN || difference < -LEVEL_DIFFERENCE_MIN) changed += 1;
        sample += 1;
      }
    }
    return changed / seen.length;
  }

  function remember(grey: Uint8Array): void {
    let sample = 0;
    for (let y = 0; y < size.height; y += STEP) {
      for (let x = 0; x < size.width; x += STEP) {
        seen[sample] = grey[y * size.width + x] ?? 0;
        sample += 1;
      }
    }
  }

  return {
    passes(grey, nowMs) {
      if (changedShare(grey) >= CHANGED_SHARE_MIN) movedAtMs = nowMs;
      const passes = nowMs - movedAtMs < AFTERGLOW_MS || nowMs - passedAtMs >= ANYWAY_MS;
      if (!passes) return false;
      passedAtMs = nowMs;
      remember(grey);
      return true;
    },
  };
}
