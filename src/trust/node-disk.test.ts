import { mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeDisk } from './index.ts';
import { now, open, TestDistrict } from './testing.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'menwei-trust-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the real disk', () => {
  it('keeps what was accepted, readable by its owner alone, with nothing left over', async () => {
    const district = await TestDistrict.found();
    const directory = join(folder, 'deep', 'trust');
    const keeper = await open(district, { disk: nodeDisk(), directory });
    for (const version of [1, 2, 3])
      expect((await keeper.accept(await district.keyset(version), now)).ok).toBe(true);
    const again = await open(district, { disk: nodeDisk(), directory });
    expect(again.problems()).toEqual([]);
    expect(again.snapshot().versions.get('keyset')?.version).toBe(3);
    const files = await readdir(directory);
    expect(files.map((file) => file.replace(/-[0-9a-f]{32}/, '')).sort()).toEqual([
      'index.json',
      'index.previous.json',
      'keyset-2.doc',
      'keyset-3.doc',
      'root-1.doc',
    ]);
    for (const file of files) expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it('answers plainly for files that are not there, and refuses ones that are too large', async () => {
    const disk = nodeDisk();
    expect(await disk.read(join(folder, 'none'), 10)).toBeUndefined();
    expect(await disk.rename(join(folder, 'none'), join(folder, 'other'))).toBe(false);
    await disk.remove(join(folder, 'none'));
    const file = await disk.create(join(folder, 'ten'));
    expect(await file.write(new Uint8Array(10))).toBe(10);
    await file.sync();
    await file.close();
    expect((await disk.read(join(folder, 'ten'), 10))?.length).toBe(10);
    await expect(disk.read(join(folder, 'ten'), 9)).rejects.toThrow(RangeError);
    await symlink('loop', join(folder, 'loop'));
    await expect(disk.read(join(folder, 'loop'), 9)).rejects.toThrow();
  });
});
