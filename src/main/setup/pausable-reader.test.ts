import { expect, it } from 'vitest';
import type { Reader, ScanSink } from '../../ports/index.ts';
import { PausableReader } from './pausable-reader.ts';

const SINK: ScanSink = {
  offer: () => true,
  room: () => Promise.resolve(),
  dropped: () => undefined,
  changed: () => undefined,
};

/** How often it was opened, and how many are open. */
function counted() {
  const count = { made: 0, open: 0 };
  const make = (): Promise<Reader> => {
    count.made += 1;
    return Promise.resolve({
      id: 'front',
      start: () => {
        count.open += 1;
        return Promise.resolve();
      },
      stop: () => {
        count.open -= 1;
        return Promise.resolve();
      },
      health: () => ({ reader: 'front', state: 'ready' as const }),
    });
  };
  return { count, reader: new PausableReader('front', make) };
}

it('lets its device go for a while, and has it again afterwards', async () => {
  const { count, reader } = counted();
  await reader.start(SINK);
  expect(await reader.while(() => Promise.resolve(count.open))).toBe(0);
  expect(count).toEqual({ made: 2, open: 1 });
});

it('stays stopped when it is stopped meanwhile', async () => {
  const { count, reader } = counted();
  await reader.start(SINK);
  await reader.while(() => reader.stop());
  expect(count).toEqual({ made: 1, open: 0 });
});

it('has its device once after two waits side by side', async () => {
  const { count, reader } = counted();
  await reader.start(SINK);
  await Promise.all([reader.while(() => Promise.resolve()), reader.while(() => Promise.resolve())]);
  expect(count.open).toBe(1);
});
