import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Counts what was tried and held of each promise, and says so at the end, one line each. Where PROMISES_FOLDER names a folder,
 * scripts/test makes one table of all files from what is put there. A promise names its invariants, e.g. (J1, R2).
 */
export interface Counted {
  readonly tried: number;
  readonly broken: number;
}

export interface Told {
  readonly counted: Readonly<Record<string, Counted>>;
  /** How long something took, each time, in milliseconds. */
  readonly measured: Readonly<Record<string, readonly number[]>>;
}

const counted = new Map<string, Counted>();
const measured = new Map<string, number[]>();

export function count(promise: string, tried: number, broken = 0): void {
  const known = counted.get(promise) ?? { tried: 0, broken: 0 };
  counted.set(promise, { tried: known.tried + tried, broken: known.broken + broken });
}

/** Nothing is held against it: an emulator on a busy machine takes what it takes. */
export function measure(what: string, tookMs: number): void {
  measured.set(what, [...(measured.get(what) ?? []), Math.round(tookMs)]);
}

export function tellPromises(title: string): void {
  const lines = [...counted].map(
    ([promise, { tried, broken }]) => `  ${String(tried).padStart(6)} tried, ${broken} broken  ${promise}`,
  );
  process.stdout.write(`\n${title}\n${lines.join('\n')}\n`);
  const folder = process.env['PROMISES_FOLDER'];
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    const told: Told = { counted: Object.fromEntries(counted), measured: Object.fromEntries(measured) };
    writeFileSync(join(folder, `${title.replaceAll(/[^a-z0-9]+/gi, '-')}.json`), JSON.stringify(told));
  }
  counted.clear();
  measured.clear();
}
