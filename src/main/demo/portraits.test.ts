import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Drawn, portrait } from '../../../test/twins/portrait.ts';
import { GUARD_PHOTO } from '../../wire/index.ts';

/** A grown-up, an old person, a child: `MENWEI_WRITE=1` draws the files anew. */
const WORN: Readonly<Record<string, Drawn>> = {
  grown: { shirt: [52, 96, 148] },
  old: { shirt: [104, 84, 120], hair: [188, 188, 188] },
  child: { shirt: [206, 120, 44] },
};

it.each(Object.entries(WORN))('%s: the demonstration’s portrait is a drawing, of nobody', (name, worn) => {
  const drawn = {
    photo: portrait({ ...worn, scale: 2, quality: 60 }),
    copy: portrait({ ...worn, quality: 75 }),
  };
  for (const [kind, jpeg] of Object.entries(drawn)) {
    const file = join(import.meta.dirname, 'portraits', `${name}-${kind}.jpg`);
    if (process.env['MENWEI_WRITE'] === '1') writeFileSync(file, jpeg);
    expect(readFileSync(file).equals(jpeg), file).toBe(true);
  }
  expect(drawn.copy.length).toBeLessThanOrEqual(GUARD_PHOTO.bytesMax);
});
