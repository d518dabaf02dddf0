import type { MonotonicMs, WallMs } from '../base/index.ts';

/** The machine's two clocks. Effective time is made of them in `time/`; nothing else reads the wall. */
export interface Clock {
  wall(): WallMs;
  monotonic(): MonotonicMs;
  /** @returns a function that cancels */
  after(delayMs: number, then: () => void): () => void;
}
