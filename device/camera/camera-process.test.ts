import { afterEach, expect, it } from 'vitest';
import { monotonicMs } from '../../src/base/index.ts';
import type { Clock } from '../../src/ports/index.ts';
import { type CameraProcess, keepCameraProcess } from './camera-process.ts';
import { machineClock, until } from './testing.ts';

/** A frame is one byte; after the second the program ends. */
const TWO_FRAMES = "process.stdout.write('a'); setTimeout(() => process.stdout.write('b'), 100)";
const COMMAND = {
  file: process.execPath,
  args: ['-e', TWO_FRAMES],
  size: { width: 1, height: 1 },
  frameBytes: 1,
  rowBytes: 1,
  left: 0,
};
const STEADY_MS = 30_000;

let camera: CameraProcess | undefined;
afterEach(() => camera?.stop());

/** @returns how long it waited after each loss, each wait cut short; the program's frames lie `betweenMs` apart */
async function waits(losses: number, betweenMs: (session: number) => number): Promise<number[]> {
  const waited: number[] = [];
  let nowMs = 0;
  let frames = 0;
  let isLost = false;
  const clock: Clock = {
    ...machineClock,
    monotonic: () => monotonicMs(nowMs),
    after(delayMs, then) {
      if (isLost) waited.push(delayMs);
      const isRestart = isLost;
      isLost = false;
      return machineClock.after(isRestart ? 0 : delayMs, then);
    },
  };
  camera = keepCameraProcess(COMMAND, clock, {
    frame() {
      frames += 1;
      if (frames % 2 === 1) nowMs += betweenMs((frames + 1) / 2);
    },
    lost() {
      isLost = true;
    },
  });
  await until(() => waited.length >= losses, `${losses} losses`, 15_000);
  return waited.slice(0, losses);
}

it('waits ever longer for a camera that gives frames and dies', async () => {
  expect(await waits(6, () => STEADY_MS - 1)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000]);
}, 20_000);

it('begins anew after a session that lasted', async () => {
  expect(await waits(4, (session) => (session === 3 ? STEADY_MS : 100))).toEqual([500, 1_000, 500, 1_000]);
}, 20_000);
