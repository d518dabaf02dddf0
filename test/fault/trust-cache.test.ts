/**
 * The trust cache under damage: every bit of a stored key set, status list and index flipped, every file operation failing
 * once and for ever, and the power cut at every operation. What is found afterwards is the old state or the new one.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrustKeeper } from '../../src/trust/index.ts';
import { type Failure, now, open, SimulatedDisk, TestDistrict } from '../../src/trust/testing.ts';
import { byTier, seeded } from './tier.ts';

const FLIPS = byTier({ push: 2_000, long: 98_304, release: 98_304 });

let district: TestDistrict;
/** A cache with two versions of everything, as it lies on the disk. */
let filled: SimulatedDisk;
/** Four documents that come at once. */
let bundle: string;

const OLD = { root: 1, policy: 2, keyset: 2, residents: 3, roster: 2 };
const NEW = { root: 2, policy: 3, keyset: 3, residents: 4, roster: 2 };

beforeAll(async () => {
  district = await TestDistrict.found();
  const disk = new SimulatedDisk();
  const keeper = await open(district, { disk });
  const texts = [1, 2].flatMap((version) => [
    district.policy(version),
    district.keyset(version),
    district.roster(version),
  ]);
  const lists = [
    district.list(1, { 1: 1 }),
    district.list(2, { 1: 1, 2: 1 }),
    district.delta([2, 3], { 1: 1, 2: 1 }, { 3: 1 }),
  ];
  for (const text of [...texts, ...lists]) expect((await keeper.accept(await text, now)).ok).toBe(true);
  filled = disk.afterCut(0);
  const root = JSON.parse(await district.root()) as object;
  const documents = [
    root,
    await district.policy(3),
    await district.keyset(3),
    await district.list(4, { 9: 1 }),
  ];
  bundle = JSON.stringify({ type: 'menwei-bundle', documents });
});

function copy(): SimulatedDisk {
  return filled.afterCut(0);
}

function versions(keeper: TrustKeeper): Record<string, number> {
  const held = [...keeper.snapshot().versions].filter(([name]) => !name.endsWith('-delta'));
  return Object.fromEntries(held.map(([name, { version }]) => [name, version]));
}

async function reopened(disk: SimulatedDisk): Promise<Record<string, number>> {
  disk.fail(undefined);
  const keeper = await open(district, { disk });
  expect(keeper.problems()).toEqual([]);
  return versions(keeper);
}

describe('a flipped bit', () => {
  it('is what an undamaged cache does not have', async () => {
    expect(await reopened(copy())).toEqual(OLD);
  });

  it.each([
    ['keyset-2', 'keyset', { ...OLD, keyset: 1 }],
    ['residents-2', 'residents', { ...OLD, residents: 1 }],
    ['policy-2', 'policy', { ...OLD, policy: 1 }],
    ['roster-2', 'roster', { ...OLD, roster: 1 }],
    ['residents-delta-3', 'residents-delta', { ...OLD, residents: 2 }],
  ])(
    'anywhere in %s lets the copy before it hold, and is said',
    async (file, document, expected) => {
      for await (const damaged of flipped(file, FLIPS / 6)) {
        const keeper = await open(district, { disk: damaged });
        expect(versions(keeper)).toEqual(expected);
        expect(keeper.problems().map((one) => one.document)).toContain(document);
      }
    },
    900_000,
  );

  it('anywhere in the index lets the index before it hold, and is said', async () => {
    for await (const damaged of flipped('index.json', FLIPS / 6)) {
      const keeper = await open(district, { disk: damaged });
      // The last change before was the delta.
      expect(versions(keeper)).toEqual({ ...OLD, residents: 2 });
      expect(keeper.problems()).toHaveLength(1);
    }
  });

  it('in both copies of the index still leaves every document, each proving itself', async () => {
    const disk = copy();
    for (const name of ['index.json', 'index.previous.json']) flip(disk, pathOf(disk, name), 77);
    const keeper = await open(district, { disk });
    expect(versions(keeper)).toEqual(OLD);
    expect(keeper.problems()).toHaveLength(3);
  });

  it('is healed by the next document, which does not push the good copy out', async () => {
    const disk = copy();
    flip(disk, pathOf(disk, 'keyset-2'), 400);
    const keeper = await open(district, { disk });
    expect(await keeper.accept(await district.keyset(2), now)).toMatchObject({
      ok: true,
      value: { changed: true },
    });
    expect(keeper.problems()).toEqual([]);
    flip(disk, pathOf(disk, 'keyset-2'), 400);
    expect(versions(await open(district, { disk }))).toEqual({ ...OLD, keyset: 1 });
  });
});

const HOW = byTier<readonly Failure['how'][]>({
  push: ['EIO', 'short'],
  long: ['EIO', 'ENOSPC', 'EMFILE', 'short'],
  release: ['EIO', 'ENOSPC', 'EMFILE', 'short'],
});

describe('a failing file operation', () => {
  it.each(HOW.flatMap((how) => [false, true].map((forever) => ({ how, forever }))))(
    'while a bundle comes in ($how, for ever: $forever) leaves the old state or the new, whichever it is',
    async ({ how, forever }) => {
      let failures = 0;
      for (let at = 1; ; at += 1) {
        const disk = copy();
        const keeper = await open(district, { disk });
        disk.fail({ at, forever, how });
        const outcome = await keeper.importBundle(bundle, now);
        const ended = disk.operations < at;
        const stored = outcome.refused.length === 0;
        expect(versions(keeper)).toEqual(stored ? NEW : OLD);
        if (!stored) {
          failures += 1;
          expect(outcome.refused.every((one) => one.reason === 'not-stored')).toBe(true);
        }
        for (let kept = 0; kept <= disk.unsyncedChanges; kept += 1) {
          const found = await reopened(disk.afterCut(kept));
          if (stored) expect(found).toEqual(NEW);
          else expect([OLD, NEW]).toContainEqual(found);
        }
        disk.fail(undefined);
        // The next attempt, on the same keeper, succeeds.
        await keeper.importBundle(bundle, now);
        expect(versions(keeper)).toEqual(NEW);
        expect(await reopened(disk)).toEqual(NEW);
        if (ended) break;
      }
      // One short write is only continued; everything else must have failed at some operation.
      expect(failures > 0).toBe(how !== 'short' || forever);
    },
    60_000,
  );

  it.each([false, true])(
    'while the cache is opened (for ever: %s) never throws and destroys nothing',
    async (forever) => {
      for (let at = 1; ; at += 1) {
        const disk = copy();
        disk.fail({ at, forever, how: 'EIO' });
        const keeper = await open(district, { disk });
        if (disk.operations < at) {
          expect(keeper.problems()).toEqual([]);
          break;
        }
        expect(keeper.problems().length).toBeGreaterThan(0);
        expect(await reopened(disk)).toEqual(OLD);
      }
    },
  );
});

describe('a power cut', () => {
  it('at any operation, with any of the unsynced changes on the disk, leaves the old state or the new', async () => {
    const seen = new Set<string>();
    for (let at = 1; ; at += 1) {
      const disk = copy();
      const keeper = await open(district, { disk });
      disk.fail({ at, forever: true, how: 'EIO' });
      await keeper.importBundle(bundle, now);
      for (let kept = 0; kept <= disk.unsyncedChanges; kept += 1) {
        const found = await reopened(disk.afterCut(kept));
        expect([OLD, NEW]).toContainEqual(found);
        seen.add(JSON.stringify(found));
      }
      if (disk.operations < at) break;
    }
    expect(seen.size).toBe(2);
  });
});

/** Disks on which one bit of a file differs: all bits when there are no more than asked for, else a seeded choice. */
async function* flipped(file: string, count: number): AsyncGenerator<SimulatedDisk> {
  const path = pathOf(filled, file);
  const bits = filled.bytesOf(path).length * 8;
  const random = seeded(bits);
  const tries = Math.min(bits, Math.ceil(count));
  for (let one = 0; one < tries; one += 1) {
    const disk = copy();
    flip(disk, path, tries === bits ? one : random(bits));
    yield disk;
  }
}

function flip(disk: SimulatedDisk, path: string, bit: number): void {
  disk.damage(path, (bytes) => {
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return bytes;
  });
}

function pathOf(disk: SimulatedDisk, start: string): string {
  const found = disk.files().find((file) => file.startsWith(`/trust/${start}`));
  if (found === undefined) throw new Error(`no file ${start}`);
  return found;
}
