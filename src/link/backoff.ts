import { assert } from '../base/index.ts';
import type { Random } from '../ports/index.ts';
import { BACKOFF_BASE_MS, BACKOFF_MAX_MS } from './limits.ts';

/**
 * Exponential back-off with full jitter: the wait is drawn evenly from 0 to the step's width, so that ten thousand
 * gates that lost one broker come back spread over the whole width and not together.
 */

/** @param failures tries that failed since the last steady connection, 0 for the first wait */
export function backoffWidthMs(failures: number): number {
  assert(failures >= 0, 'failures are counted from zero');
  return Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures, 30));
}

/** Draws the wait before the next try. */
export function backoffMs(failures: number, random: Random): number {
  return Math.floor(fraction(random) * (backoffWidthMs(failures) + 1));
}

/** In [0, 1). */
function fraction(random: Random): number {
  let value = 0;
  for (const byte of random.bytes(4)) value = value * 256 + byte;
  return value / 2 ** 32;
}
