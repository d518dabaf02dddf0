import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KEY } from './key-names.ts';

/** The printed page (docs/help) names the keys that this desk has, and no others. */

const HELP = join(import.meta.dirname, '../../../docs/help');

test.each(['guard.zh-CN.md', 'guard.en.md'])('%s has every key of the desk', (file) => {
  const sheet = readFileSync(join(HELP, file), 'utf8');
  for (const key of Object.values(KEY)) expect(sheet).toContain(`\`${key}\``);
  const named = [...sheet.matchAll(/`(F\d+)`/g)].map(([, key]) => key);
  expect(named.filter((key) => !(Object.values(KEY) as unknown[]).includes(key))).toEqual([]);
});
