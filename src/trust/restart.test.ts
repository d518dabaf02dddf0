import { describe, expect, it } from 'vitest';
import { now, open, SimulatedDisk, TestDistrict } from './testing.ts';

/** A document whose storing failed at its very end is found by the next process, and shown: from then on it must stay. */

const OPERATIONS_MAX = 40;

async function holdingOne() {
  const district = await TestDistrict.found();
  const disk = new SimulatedDisk();
  const keeper = await open(district, { disk });
  await keeper.accept(await district.list(1), now);
  return { district, disk, keeper };
}

describe('a version that was once shown', () => {
  it('is there after a power cut, wherever the disk failed under the process before', async () => {
    for (let at = 1; at <= OPERATIONS_MAX; at += 1) {
      const { district, disk, keeper } = await holdingOne();
      disk.fail({ at, forever: true, how: 'EIO' });
      await keeper.accept(await district.list(2, { 7: 1 }), now);
      disk.fail(undefined);

      const next = await open(district, { disk });
      const shown = next.snapshot().versions.get('residents')?.version ?? 0;
      const afterCut = await open(district, { disk: disk.afterCut(0) });
      expect(afterCut.snapshot().versions.get('residents')?.version, `failed at ${at}`).toBe(shown);
    }
  });

  it('is said to be at risk when the start cannot make it durable', async () => {
    const { district, disk } = await holdingOne();
    const quiet = await open(district, { disk });
    expect(quiet.problems()).toEqual([]);
    disk.syncFolder = () => Promise.reject(new Error('EIO: simulated'));
    const risky = await open(district, { disk });
    expect(risky.problems().map(({ what }) => what)).toEqual([
      'what was found in the trust cache may be lost with the power (EIO: simulated)',
    ]);
  });
});
