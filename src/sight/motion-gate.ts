import type { PictureSize } from './picture.ts';

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
/** Grey levels; by day a webcam's noise stays below. */
const LEVEL_DIFFERENCE_MIN = 16;
/** By night it does not: this many times what half of the pixels differ by; of pure noise one in 1,400 lies beyond. */
const NOISE_FACTOR = 5;
/** When half of the pixels differ by more, that is no noise: something large moves, or the light was switched. */
const NOISE_MAX = 24;
const NOISE_STEP = 4;
/** Of the sampled pixels: a phone held up at arm's length covers more. */
const CHANGED_SHARE_MIN = 1 / 256;
/** The code comes into focus after the hand has stopped. */
const AFTERGLOW_MS = 1_500;
/** What changed too slowly to be seen to move. */
const ANYWAY_MS = 10_000;

export function createMotionGate(size: PictureSize): MotionGate {
  const columns = Math.ceil(size.width / STEP);
  const rows = Math.ceil(size.height / STEP);
  const seen = new Uint8Array(columns * rows);
  let movedAtMs = Number.NEGATIVE_INFINITY;
  let passedAtMs = Number.NEGATIVE_INFINITY;

  function changedShare(grey: Uint8Array, least: number): number {
    let changed = 0;
    let sample = 0;
    for (let y = 0; y < size.height; y += STEP) {
      const end = (y + 1) * size.width;
      for (let at = y * size.width; at < end; at += STEP) {
        const difference = (grey[at] ?? 0) - (seen[sample] ?? 0);
        if (difference > least || difference < -least) changed += 1;
        sample += 1;
      }
    }
    return changed / seen.length;
  }

  /** The difference that half of the samples do not exceed. */
  function noiseOf(grey: Uint8Array): number {
    let noise = 0;
    while (changedShare(grey, noise) > 0.5 && noise <= NOISE_MAX) noise += NOISE_STEP;
    return noise;
  }

  function hasMoved(grey: Uint8Array): boolean {
    // By day this is all that is done.
    if (changedShare(grey, LEVEL_DIFFERENCE_MIN) < CHANGED_SHARE_MIN) return false;
    const noise = noiseOf(grey);
    return (
      noise > NOISE_MAX ||
      changedShare(grey, Math.max(LEVEL_DIFFERENCE_MIN, noise * NOISE_FACTOR)) >= CHANGED_SHARE_MIN
    );
  }

  function remember(grey: Uint8Array): void {
    let sample = 0;
    for (let y = 0; y < size.height; y += STEP) {
      const end = (y + 1) * size.width;
      for (let at = y * size.width; at < end; at += STEP) {
        seen[sample] = grey[at] ?? 0;
        sample += 1;
      }
    }
  }

  return {
    passes(grey, nowMs) {
      if (hasMoved(grey)) movedAtMs = nowMs;
      const passes = nowMs - movedAtMs < AFTERGLOW_MS || nowMs - passedAtMs >= ANYWAY_MS;
      if (!passes) return false;
      passedAtMs = nowMs;
      remember(grey);
      return true;
    },
  };
}
