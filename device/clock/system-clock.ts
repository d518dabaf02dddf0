import { monotonicMs, wallMs } from '../../src/base/index.ts';
import type { Clock } from '../../src/ports/index.ts';

/** The machine's clocks. `monotonic` is CLOCK_MONOTONIC, the clock that kernel events are stamped with; it never jumps. */
export function systemClock(): Clock {
  return {
    wall: () => wallMs(Date.now()),
    monotonic: () => monotonicMs(Number(process.hrtime.bigint()) / NANOSECONDS_PER_MS),
    after(delayMs, then) {
      return startTimer(Math.max(0, delayMs), then);
    },
  };
}

const NANOSECONDS_PER_MS = 1e6;
/** Node runs a longer timer at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

function startTimer(delayMs: number, then: () => void): () => void {
  let timer = setTimeout(step, Math.min(delayMs, TIMER_MS_MAX));
  let leftMs = delayMs;
  function step(): void {
    leftMs -= TIMER_MS_MAX;
    if (leftMs > 0) timer = setTimeout(step, Math.min(leftMs, TIMER_MS_MAX));
    else then();
  }
  return () => clearTimeout(timer);
}
