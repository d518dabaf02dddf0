import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fromHex } from '../base/index.ts';
import { makeShortCodeKey, showShortCode } from './short-code.ts';

interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly secret: string;
    readonly codes: readonly { readonly seconds: number; readonly step: number; readonly code: string }[];
  }[];
}

const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../test/vectors/short-code-v1.json'), 'utf8'),
) as Vectors;
const { subtle } = crypto;

test.each(vectors.cases)('a phone shows the published codes: $name', async ({ secret, codes }) => {
  const key = await makeShortCodeKey(subtle, fromHex(secret) ?? new Uint8Array());
  if (key === undefined) throw new Error('a secret of 32 bytes is one');
  for (const { seconds, step, code } of codes)
    expect(await showShortCode(subtle, key, seconds)).toEqual({
      text: code,
      from: step * 60,
      until: step * 60 + 60,
    });
});

test('the key that a phone keeps cannot be read out', async () => {
  const key = await makeShortCodeKey(subtle, new Uint8Array(32).fill(1));
  if (key === undefined) throw new Error('a secret of 32 bytes is one');
  expect(key.extractable).toBe(false);
  await expect(subtle.exportKey('raw', key)).rejects.toThrow();
});

test('what is no secret makes no key', async () => {
  expect(await makeShortCodeKey(subtle, new Uint8Array(31))).toBeUndefined();
  expect(await makeShortCodeKey(subtle, new Uint8Array())).toBeUndefined();
});
