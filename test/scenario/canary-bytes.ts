import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PersonBody } from '../../src/wire/index.ts';
import { canariesOf } from './canaries.ts';

/** The same search in files of any kind: every spelling in UTF-8, and the words themselves in UTF-16 as well. */

export function canaryBytes(people: readonly PersonBody[]): Buffer[] {
  const said = people.flatMap(({ name, document, phone = '' }) =>
    [name, document.number, phone, phone.replace('+86', '')].filter((text) => text.length > 0),
  );
  const wide = said.flatMap((text) => [
    Buffer.from(text, 'utf16le'),
    Buffer.from(text, 'utf16le').swap16(),
    Buffer.from(Buffer.from(text, 'utf16le').toString('hex')),
  ]);
  return [...canariesOf(people).map((text) => Buffer.from(text)), ...wide];
}

/** Names of the files below the folder in which one of them stands. */
export function filesWith(folder: string, canaries: readonly Buffer[]): string[] {
  const search = searchFor(canaries);
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => search(readFileSync(file)));
}

/** In one pass: thousands of words, each looked for by itself, would take as many. */
function searchFor(canaries: readonly Buffer[]): (bytes: Buffer) => boolean {
  const byStart = new Map<number, Buffer[]>();
  for (const canary of canaries) {
    const start = canary.readUInt32LE();
    byStart.set(start, [...(byStart.get(start) ?? []), canary]);
  }
  return (bytes) => {
    for (let at = 0; at + 4 <= bytes.length; at += 1) {
      const found = byStart.get(bytes.readUInt32LE(at));
      if (found?.some((canary) => bytes.subarray(at, at + canary.length).equals(canary)) === true)
        return true;
    }
    return false;
  };
}
