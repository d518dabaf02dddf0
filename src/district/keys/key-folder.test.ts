import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { KeyFolder } from './key-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'menwei-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secretOf = (byte: number) => ({ suite: 1 as const, secret: new Uint8Array(32).fill(byte) });

test('of several that make one secret at once, all have the same one', async () => {
  const keys = await KeyFolder.open(join(folder, 'first'));
  const [one, ...others] = await Promise.all([1, 2, 3, 4].map((byte) => keepIn(keys, byte)));
  for (const other of others) expect(other).toEqual(one);
  expect(await keys.secret('lookup')).toEqual(one);
  expect(await keys.keepFirst('lookup', secretOf(9))).toEqual(one);
});

/** As processes of their own would: each with a draft of its own. */
async function keepIn(keys: KeyFolder, byte: number) {
  await new Promise((resolve) => setTimeout(resolve, byte % 2));
  return keys.keepFirst('lookup', secretOf(byte));
}

test('a secret that is kept again is the new one, is read by this user alone, and leaves no draft', async () => {
  const keys = await KeyFolder.open(join(folder, 'again'));
  await keys.keepFirst('lookup', secretOf(1));
  await keys.keep('lookup', secretOf(2));
  expect(await keys.secret('lookup')).toEqual(secretOf(2));
  expect(readdirSync(keys.path)).toEqual(['lookup.json']);
  expect(statSync(join(keys.path, 'lookup.json')).mode & 0o777).toBe(0o600);
});
