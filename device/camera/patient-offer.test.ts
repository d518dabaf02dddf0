import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { monotonicMs, wallMs } from '../../src/base/index.ts';
import type { Clock, Scan, ScanSink } from '../../src/ports/index.ts';
import { offerPatiently } from './patient-offer.ts';

const clock: Clock = {
  wall: () => wallMs(Date.now()),
  monotonic: () => monotonicMs(performance.now()),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};
const scan: Scan = { reader: 'camera', text: 'X1A', at: monotonicMs(0) };

/** Takes every scan at the given try. */
function sinkThatTakes(atTry: number): ScanSink & { tries: number } {
  return {
    tries: 0,
    offer() {
      this.tries += 1;
      return this.tries % atTry === 0;
    },
    room: () => Promise.resolve(),
    dropped: () => undefined,
    changed: () => undefined,
  };
}

it.each([1, 2, 3])('leaves nothing listening behind when a scan is taken at try %i', async (atTry) => {
  const stopping = new AbortController();
  const sink = sinkThatTakes(atTry);
  const context = { clock, stopping: stopping.signal };
  for (let scans = 0; scans < 20; scans += 1) expect(await offerPatiently(scan, sink, context)).toBe(true);
  expect(getEventListeners(stopping.signal, 'abort')).toEqual([]);
});
