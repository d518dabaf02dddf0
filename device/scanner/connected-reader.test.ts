import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { monotonicMs } from '../../src/base/index.ts';
import type { Clock, Reader } from '../../src/ports/index.ts';
import { connectedReader } from './connected-reader.ts';
import { realClock, rememberingSink, until } from './testing.ts';

const STEADY_MS = 30_000;

let folder: string;
let path: string;
let reader: Reader;
let sink: ReturnType<typeof rememberingSink>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'menwei-connected-'));
  path = join(folder, 'reader');
  await writeFile(path, '');
});

afterEach(async () => {
  await reader.stop();
  await rm(folder, { recursive: true });
});

/** @returns how long it waited after each session, each wait cut short; every session lasts `lastedMs` */
async function waits(sessions: number, lastedMs: (session: number) => number): Promise<number[]> {
  const waited: number[] = [];
  let nowMs = 0;
  let session = 0;
  sink = rememberingSink();
  let isLost = false;
  const clock: Clock = {
    ...realClock,
    monotonic: () => monotonicMs(nowMs),
    after(delayMs, then) {
      if (isLost) waited.push(delayMs);
      const isRetry = isLost;
      isLost = false;
      return realClock.after(isRetry ? 0 : delayMs, then);
    },
  };
  const connect = async () => {
    session += 1;
    const ended = new Promise<string>((resolve) => {
      realClock.after(1, () => {
        nowMs += lastedMs(session);
        resolve('unplugged');
      });
    });
    return { ended, close: () => undefined };
  };
  reader = connectedReader({ id: 'front', path, connect }, clock);
  await reader.start({
    ...sink,
    changed(health) {
      isLost = health.state === 'lost';
      sink.changed(health);
    },
  });
  await until(() => waited.length >= sessions, `${sessions} sessions`);
  return waited.slice(0, sessions);
}

it('waits ever longer for a reader that opens and is lost again', async () => {
  expect(await waits(7, () => STEADY_MS - 1)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 8_000]);
});

it('begins anew after a session that lasted', async () => {
  expect(await waits(5, (session) => (session === 3 ? STEADY_MS : 100))).toEqual([250, 500, 250, 500, 1_000]);
});

it('looks often for a reader that is not there, however unsteady it was before', async () => {
  await waits(6, () => 100);
  await unlink(path);
  await until(() => reader.health().detail?.includes('plug the reader in') === true, 'not there');
  const before = sink.states.length;
  await writeFile(path, '');
  await until(() => sink.states.length > before, 'ready again', 3_000);
  expect(sink.states[before]).toBe('ready');
});
