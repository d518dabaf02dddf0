import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import type { Picture } from './peers.ts';

/** Pictures that lie beside the repository on some machines: other people's photographs, and frames that others made. */

const BESIDE = join(import.meta.dirname, '../../../shared/data');

export interface Shown extends Picture {
  /** What stands in the code; null: there is none; undefined: it is not known, and whatever is read counts. */
  readonly text: string | null | undefined;
}

/** @returns undefined where there is no such set on this machine */
export function setBeside(name: 'gate-frames' | 'photos'): (() => Generator<Shown>) | undefined {
  const folder = join(BESIDE, name);
  return existsSync(join(folder, 'index.json')) ? () => picturesOf(folder) : undefined;
}

function* picturesOf(folder: string): Generator<Shown> {
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as {
    readonly file: string;
    readonly text?: string | null;
  }[];
  for (const { file, text } of index) yield { ...greyOf(readFileSync(join(folder, file))), text };
}

function greyOf(file: Uint8Array): Picture {
  const { data, width, height } = jpeg.decode(file, { useTArray: true, formatAsRGBA: false });
  const grey = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < grey.length; at += 1, from += 3) {
    // ITU-R BT.601 luma in 8-bit fixed point.
    grey[at] = ((data[from] ?? 0) * 77 + (data[from + 1] ?? 0) * 150 + (data[from + 2] ?? 0) * 29) >> 8;
  }
  return { grey, width, height };
}
