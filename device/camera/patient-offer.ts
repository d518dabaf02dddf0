import { orStopped } from '../../src/base/index.ts';
import type { Clock, Scan, ScanSink } from '../../src/ports/index.ts';

/** A camera can wait: a scan that the full queue cannot take is offered again when there is room, until stopped. */

/** Pause after a lost race for the queue's free place, so that a full or closed queue never makes a busy loop. */
const OFFER_AGAIN_MS = 20;

/** @returns false when stopped before the scan was taken; it is then counted as dropped */
export async function offerPatiently(
  scan: Scan,
  sink: ScanSink,
  context: { readonly clock: Clock; readonly stopping: AbortSignal },
): Promise<boolean> {
  const { clock, stopping } = context;
  while (!stopping.aborted) {
    if (sink.offer(scan)) return true;
    await orStopped(sink.room(), stopping);
    if (stopping.aborted) break;
    if (sink.offer(scan)) return true;
    await orStopped(new Promise<void>((resolve) => void clock.after(OFFER_AGAIN_MS, resolve)), stopping);
  }
  sink.dropped('queue-full');
  return false;
}
