import { orStopped } from '../../src/base/index.ts';
import type { Clock, ReaderHealth, Scan, ScanSink } from '../../src/ports/index.ts';

/** Ways to hand a scan on, and to wait, that end at once when the reader is stopped. */

/** Pause after a lost race for the queue's free place, so that a full or closed queue never makes a busy loop. */
const OFFER_AGAIN_MS = 20;

/** Waits for room as long as it takes. @returns false when stopped before the scan was taken */
export async function deliverPatiently(
  scan: Scan,
  sink: ScanSink,
  context: { readonly clock: Clock; readonly stopping: AbortSignal },
): Promise<boolean> {
  const { stopping } = context;
  while (!stopping.aborted) {
    if (sink.offer(scan)) return true;
    await orStopped(sink.room(), stopping);
    if (stopping.aborted) break;
    if (sink.offer(scan)) return true;
    await sleep(OFFER_AGAIN_MS, context);
  }
  sink.dropped('queue-full');
  return false;
}

export function sleep(
  delayMs: number,
  context: { readonly clock: Clock; readonly stopping: AbortSignal },
): Promise<void> {
  if (context.stopping.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      context.stopping.removeEventListener('abort', done);
      resolve();
    };
    const cancel = context.clock.after(delayMs, done);
    context.stopping.addEventListener('abort', done);
  });
}

/** What came while this thread was busy becomes due together with a timer that is late: it gets this long to show itself. */
const GRACE_MS = 20;

/** As `clock.after`, for a silence: what was waiting already is heard before the silence is believed. */
export function afterQuiet(clock: Clock, quietMs: number, then: () => void): () => void {
  let cancel = clock.after(Math.max(0, quietMs - GRACE_MS), () => {
    cancel = clock.after(GRACE_MS, then);
  });
  return () => cancel();
}

/** Tells the sink of changes only: a reader that stays lost raises one alarm, not one per retry. */
export class HealthTeller {
  #health: ReaderHealth;
  readonly #sink: () => ScanSink | undefined;

  constructor(reader: string, sink: () => ScanSink | undefined) {
    this.#health = { reader, state: 'starting' };
    this.#sink = sink;
  }

  get health(): ReaderHealth {
    return this.#health;
  }

  set(state: ReaderHealth['state'], detail?: string): void {
    const known = this.#health;
    if (known.state === state && known.detail === detail) return;
    this.#health = { reader: known.reader, state, ...(detail === undefined ? {} : { detail }) };
    if (known.state !== state) this.#sink()?.changed(this.#health);
  }
}
