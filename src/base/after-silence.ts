/** Waits for a word of another process or thread. Silence counts only while somebody listened: who was busy has not heard yet. */
interface Ticking {
  monotonic(): number;
  after(delayMs: number, then: () => void): () => void;
}

/** A wait that ends later than this was one of a program that was busy itself: the word may lie unheard in the pipe. */
const BUSY_MS = 100;

/**
 * Calls once `silentMs` are over, unless it is cancelled before; begins anew when the program was busy at their end.
 * @returns a function that cancels
 */
export function afterSilence(clock: Ticking, silentMs: number, then: () => void): () => void {
  const dueMs = clock.monotonic() + silentMs;
  let cancel = clock.after(silentMs, () => {
    if (clock.monotonic() - dueMs <= BUSY_MS) then();
    else cancel = afterSilence(clock, silentMs, then);
  });
  return () => cancel();
}
