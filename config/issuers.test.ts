import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadDistrictConfig } from './district.ts';
import { describeProblems } from './load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-issuers-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function load(issuers: string) {
  const file = join(folder, 'district.yaml');
  writeFileSync(file, `district: gaoxin\ndataDir: data\ncommunities: [{ id: 7 }, { id: 9 }]\n${issuers}\n`);
  return loadDistrictConfig(file, {});
}

it('one issuer that may sign everything, when none is named', () => {
  const loaded = load('');
  expect(loaded.ok && loaded.value.config.issuers).toEqual([
    { name: 'district', suite: 1, signDays: 180, verifyDays: 547 },
  ]);
});

it('four channels, each with its scope', () => {
  const loaded = load(
    'issuers: [{ name: a }, { name: b, suite: 2 }, { name: c, kinds: [4, 5] }, { name: d, communities: [9] }]',
  );
  expect(loaded.ok && loaded.value.config.issuers.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
});

it.each([
  ['[{ name: a }, { name: a }]', /issuers\[1\]\.name: a is there twice/],
  ['[{ name: a, suite: 2, kinds: [1, 2] }]', /issuers\[0\]\.kinds: suite 2 signs kinds 1, 4 and 5/],
  ['[{ name: a, communities: [8] }]', /issuers\[0\]\.communities: 8 is none of communities/],
  ['[{ name: a, signDays: 400, verifyDays: 400 }]', /issuers\[0\]\.verifyDays: codes must count for longer/],
  ['[{ name: a, kinds: [3] }]', /issuers\[0\]\.kinds/],
  ['[]', /issuers/],
])('%s is refused, and it is said why', (issuers, words) => {
  const loaded = load(`issuers: ${issuers}`);
  expect(loaded.ok ? '' : describeProblems(loaded.error)).toMatch(words);
});
