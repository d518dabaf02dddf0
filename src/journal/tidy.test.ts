import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Journal } from './journal-types.ts';
import { type JournalFolder, journalFolder, rowsOfFile, testDraft } from './testing.ts';

/** An idle moment takes on what an append would else have to do besides itself. */

let place: JournalFolder;
let journal: Journal;
beforeEach(() => {
  place = journalFolder();
  journal = place.open();
});
afterEach(() => {
  journal.close();
  place.remove();
});

function passages(count: number): void {
  for (let step = 0; step < count; step += 1) journal.append([testDraft(step)], [], 'code');
}

/** https://sqlite.org/fileformat2.html#walformat: how often the log was begun anew stands at byte 12, and is synced for itself. */
const begun = () => readFileSync(`${place.file}-wal`).readUInt32BE(12);

describe('the log', () => {
  test('is begun anew in an idle moment, not by the next row', () => {
    passages(20);
    const before = begun();
    journal.maintain();
    const tidied = begun();
    expect(tidied).not.toBe(before);
    passages(20);
    expect(begun()).toBe(tidied);
    expect(rowsOfFile(place.file)).toHaveLength(41);
  });

  test('is left alone while nobody passes: an idle gate writes nothing', () => {
    passages(20);
    journal.maintain();
    const tidied = readFileSync(`${place.file}-wal`);
    for (let minute = 0; minute < 10; minute += 1) journal.maintain();
    expect(readFileSync(`${place.file}-wal`).equals(tidied)).toBe(true);
  });

  test('begun anew, holds all that was acknowledged at the next opening', async () => {
    passages(20);
    journal.maintain();
    passages(1);
    journal.close();
    journal = place.open();
    expect(journal.head?.seq).toBe(22);
    expect(await journal.verifyRest('whole')).toMatchObject({ state: 'whole', rows: 22 });
  });
});
