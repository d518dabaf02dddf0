import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { memoryLog } from '../../test/twins/broker.ts';
import { openOwnFolder } from './own-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'menwei-own-folder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const modeOf = (path: string) => statSync(path).mode & 0o777;

test('a folder that is not there is made for its user alone, and nothing is said', async () => {
  const log = memoryLog();
  const path = join(folder, 'new', 'data');
  await openOwnFolder(path, log);
  expect(modeOf(path)).toBe(0o700);
  expect(log.lines).toEqual([]);
});

test.each([
  [0o755, 0o750],
  [0o777, 0o770],
  [0o751, 0o750],
])('one that is there with mode %o becomes %o, and it is said', async (before, after) => {
  const log = memoryLog();
  const path = join(folder, `was-${before}`);
  mkdirSync(path);
  chmodSync(path, before);
  await openOwnFolder(path, log);
  expect(modeOf(path)).toBe(after);
  expect(log.lines.join('\n')).toContain('dataDir: ');
});

test('one that its group may read, as a broker of that group does, stays', async () => {
  const log = memoryLog();
  const path = join(folder, 'group');
  mkdirSync(path);
  chmodSync(path, 0o750);
  await openOwnFolder(path, log);
  expect([modeOf(path), log.lines]).toEqual([0o750, []]);
});
