import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wallMs } from '../base/index.ts';
import { JournalFile } from './journal-file.ts';
import type { Journal } from './journal-types.ts';
import { VERIFY_AT_OPEN_ROWS_MAX } from './limits.ts';
import { Damage, openJournalReader } from './reading.ts';
import { listSetAside } from './set-aside.ts';
import { type JournalFolder, journalFolder, TEST_START, testDraft, testOptions } from './testing.ts';

let place: JournalFolder;
beforeEach(() => {
  place = journalFolder(existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
});
afterEach(() => place.remove());

function fill(journal: Journal, count: number): void {
  for (let step = 0; step < count; step += 1)
    journal.append([testDraft(step)], [{ key: `used/${step}`, value: 'x' }], 'code');
}

/** Changes the database behind the journal's back. */
function tamper(sql: string): void {
  const database = new DatabaseSync(place.file);
  database.exec(sql);
  database.close();
}

function closedJournal(rows: number): { id: string; seq: number; hash: string } {
  const journal = place.open();
  fill(journal, rows);
  const { head } = journal;
  journal.close();
  if (head === undefined) throw new Error('the journal did not open');
  return head;
}

describe('a damaged file at the start', () => {
  test.each([
    ['a changed row', "UPDATE row SET content = replace(content, 'north', 'south') WHERE seq = 3"],
    ['a vanished row in the middle', 'DELETE FROM row WHERE seq = 3'],
    ['a vanished last row', 'DELETE FROM row WHERE seq = 6'],
    ['a row too many', 'INSERT INTO row SELECT 7, content, digest, hash FROM row WHERE seq = 6'],
    ['a changed hash', 'UPDATE row SET hash = zeroblob(32) WHERE seq = 4'],
    ['a changed head', 'UPDATE head SET seq = 5'],
    ['no head', 'DELETE FROM head'],
    ['a changed memory', "UPDATE memory SET value = 'y' WHERE key = 'used/2'"],
    ['a foreign table', 'CREATE TABLE other (x)'],
    ['a foreign mark', 'PRAGMA application_id = 1'],
    ['a dropped table', 'DROP TABLE memory'],
  ])('%s: the file is set aside and a new journal begins', (_, sql) => {
    const old = closedJournal(5);
    tamper(sql);
    const journal = place.open();
    expect(journal.head?.seq).toBe(1);
    expect(journal.head?.id).not.toBe(old.id);
    expect(journal.append([testDraft(9)], [], 'code').ok).toBe(true);
    journal.close();
    expect(listSetAside(place.file)).toEqual([
      { file: `${place.file}.damaged-${TEST_START}`, at: TEST_START },
    ]);
    const reader = openJournalReader(place.file);
    expect(reader.row(1)).toMatchObject({ reason: expect.stringMatching(/^journal-opened after /) });
    reader.close();
  });

  test('the first row of the new journal names the old id and head', () => {
    const old = closedJournal(5);
    tamper("UPDATE memory SET value = 'y' WHERE key = 'used/2'");
    place.open().close();
    const reader = openJournalReader(place.file);
    expect(reader.row(1)).toMatchObject({ reason: `journal-opened after ${old.id} ${old.seq} ${old.hash}` });
    reader.close();
  });

  test('used codes that can still be read with certainty stay used', () => {
    closedJournal(5);
    tamper("UPDATE memory SET value = 'y' WHERE key = 'used/2'");
    const journal = place.open();
    expect(journal.loadMemory().map(({ key }) => key)).toEqual(['used/0', 'used/1', 'used/3', 'used/4']);
    journal.close();
  });

  test('rows up to the damage can be read from the file that was set aside', () => {
    closedJournal(5);
    tamper("UPDATE row SET content = replace(content, 'north', 'south') WHERE seq = 4");
    place.open().close();
    const [aside] = listSetAside(place.file);
    const reader = openJournalReader(aside?.file ?? '');
    expect(reader.rows(1, 3).map((row) => row.seq)).toEqual([1, 2, 3]);
    expect(() => reader.rows(4, 1)).toThrow(Damage);
    expect(() => reader.verify()).toThrow('row 4');
    reader.close();
  });

  test.each([
    ['garbage', () => writeFileSync(place.file, 'no journal at all '.repeat(999))],
    ['half a file', () => truncateSync(place.file, 10_000)],
    ['a page too few', () => truncateSync(place.file, readFileSync(place.file).length - 4_096)],
    ['an empty file', () => truncateSync(place.file, 0)],
  ])('%s never refuses to start', (_, damage) => {
    closedJournal(5);
    damage();
    const journal = place.open();
    expect(journal.head?.seq).toBe(1);
    expect(journal.append([testDraft(1)], [], 'code').ok).toBe(true);
    journal.close();
  });

  test('a power cut in the middle of setting aside is finished at the next start', () => {
    closedJournal(5);
    writeFileSync(`${place.file}.setting-aside`, `journal.sqlite.damaged-${TEST_START}`);
    const journal = place.open();
    expect(journal.head?.seq).toBe(1);
    expect(existsSync(`${place.file}.setting-aside`)).toBe(false);
    expect(listSetAside(place.file)).toHaveLength(1);
    journal.close();
  });

  test('a note that names anything else is not followed', () => {
    const old = closedJournal(2);
    writeFileSync(`${place.file}.setting-aside`, '../elsewhere');
    const journal = place.open();
    expect(journal.head).toEqual(old);
    journal.close();
  });

  test('purge removes files that were set aside before the retention, and no younger ones', () => {
    closedJournal(2);
    tamper('DELETE FROM head');
    const journal = place.open();
    const day = 86_400_000;
    const request = { acknowledgedUpTo: 0, olderThan: wallMs(TEST_START) };
    journal.purge({ ...request, now: wallMs(TEST_START + 30 * day) });
    expect(listSetAside(place.file)).toHaveLength(1);
    journal.purge({ ...request, olderThan: wallMs(TEST_START + 1), now: wallMs(TEST_START + 30 * day) });
    expect(listSetAside(place.file)).toHaveLength(0);
    expect(readdirSync(place.folder).filter((name) => name.includes('damaged'))).toEqual([]);
    journal.close();
  });
});

describe('damage in old rows', () => {
  test('is found in the background, shown by health, and ended by starting anew', async () => {
    const signed = { sign: async () => 'a.b.c' };
    const first = place.open(signed);
    fill(first, 40);
    await first.checkpoint({ at: TEST_START, clock: 'synced' });
    const old = first.head;
    first.close();
    tamper("UPDATE row SET content = replace(content, 'north', 'south') WHERE seq = 17");
    const journal = place.open(signed);
    expect(journal.head).toEqual(old);
    expect(await journal.verifyRest()).toMatchObject({ state: 'damaged', seq: 17 });
    expect(journal.health().damage).toContain('row 17');
    const anew = journal.startAnew({ at: wallMs(TEST_START + 5_000), clock: 'holdover' });
    expect(anew).toMatchObject({ ok: true, value: { seq: 1 } });
    expect(journal.head?.id).not.toBe(old?.id);
    expect(journal.health().damage).toBeUndefined();
    // The door's outcome of an entry that lies in the old journal is still recorded.
    expect(
      journal.append([testDraft(50, { decision: 'door', door: 'passed', entry: 30 })], [], 'manual').ok,
    ).toBe(true);
    expect(journal.loadMemory()).toHaveLength(40);
    journal.close();
    const reader = openJournalReader(place.file);
    expect(reader.row(2)).not.toHaveProperty('entry');
    reader.close();
  });

  test('damage done while the gate is at work is found when everything is verified again', async () => {
    const journal = place.open();
    fill(journal, 6);
    tamper("UPDATE row SET content = replace(content, 'north', 'south') WHERE seq = 4");
    expect(await journal.verifyRest('whole')).toMatchObject({ state: 'damaged', seq: 4 });
    expect(journal.health().damage).toContain('row 4');
    journal.close();
  });

  test('a checkpoint that is not about its row is damage', async () => {
    const first = place.open({ sign: async () => 'a.b.c' });
    fill(first, 3);
    await first.checkpoint({ at: TEST_START, clock: 'synced' });
    first.close();
    tamper('UPDATE checkpoint SET hash = zeroblob(32)');
    const journal = place.open();
    expect(journal.head?.seq).toBe(1);
    journal.close();
  });

  test('without a checkpoint no more rows than the limit delay the start', async () => {
    const first = place.open();
    for (let step = 0; step < VERIFY_AT_OPEN_ROWS_MAX + 100; step += 50)
      first.append(
        Array.from({ length: 50 }, (_, more) => testDraft(step + more)),
        [],
        'code',
      );
    first.close();
    tamper("UPDATE row SET content = replace(content, 'north', 'south') WHERE seq = 17");
    const journal = place.open();
    expect(journal.head?.seq).toBeGreaterThan(VERIFY_AT_OPEN_ROWS_MAX);
    expect(await journal.verifyRest()).toMatchObject({ state: 'damaged', seq: 17 });
    journal.close();
  });
});

describe('the file under a running journal', () => {
  test('a reader follows to the journal that was begun under the same name', () => {
    const journal = place.open();
    fill(journal, 5);
    const reader = openJournalReader(place.file);
    expect(reader.head().seq).toBe(6);
    journal.startAnew({ at: TEST_START, clock: 'synced' });
    expect(reader.head()).toEqual(journal.head);
    reader.close();
    journal.close();
  });

  test('rows that were acknowledged and are gone are noticed when the file is opened again', () => {
    const journal = place.open();
    fill(journal, 2);
    journal.close();
    const older = readFileSync(place.file);
    const again = place.open();
    fill(again, 3);
    again.close();
    const file = new JournalFile(testOptions(place.file));
    const { id, end } = file.open();
    file.shut();
    // A failing card gives back what it held before.
    for (const suffix of ['-wal', '-shm']) rmSync(place.file + suffix, { force: true });
    writeFileSync(place.file, older);
    const opened = file.open();
    expect(opened.id).not.toBe(id);
    expect(end.seq).toBe(6);
    expect(opened.end.seq).toBe(1);
    expect(file.anew).toBe(true);
    file.close();
  });
});
