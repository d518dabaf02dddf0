import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { type JournalFolder, journalFolder, TEST_START, testDraft } from '../../journal/testing.ts';
import { journalSource, lastSureTime } from './journal-source.ts';

let folder: JournalFolder | undefined;

afterEach(() => folder?.remove());

describe('the journal as reporting reads it', () => {
  it('is an empty one without a name while its file cannot be opened', () => {
    folder = journalFolder();
    mkdirSync(folder.file);
    const opened = folder.open();
    const { journal, cursor } = journalSource(opened, folder.file);
    expect(journal.id).toBe('0'.repeat(32));
    expect(journal.head()).toMatchObject({ seq: 0 });
    expect(cursor.load()).toBeUndefined();
    opened.close();
  });

  it('has every row once it can', () => {
    folder = journalFolder();
    const opened = folder.open();
    opened.append([testDraft(1)], [], 'code');
    const { journal } = journalSource(opened, folder.file);
    expect(journal.id).toBe(opened.head?.id);
    expect(journal.rows(1, 9).map(({ seq }) => seq)).toEqual([1, 2]);
    opened.close();
  });

  it('tells of a row that does not hold, besides throwing it', () => {
    folder = journalFolder();
    const opened = folder.open();
    opened.append([testDraft(1), testDraft(2)], [], 'code');
    let doubts = 0;
    const { journal } = journalSource(opened, folder.file, () => {
      doubts += 1;
    });
    journal.rows(1, 9);
    expect(doubts).toBe(0);
    const database = new DatabaseSync(folder.file);
    database.exec("UPDATE row SET content = replace(content, 'north', 'south') WHERE seq = 2");
    database.close();
    expect(() => journal.rows(1, 9)).toThrow('row 2');
    expect(doubts).toBe(1);
    opened.close();
  });
});

describe('the time of the newest sure row', () => {
  it('is found behind all that a flood has written while the clock was unsure', () => {
    folder = journalFolder();
    const opened = folder.open({ opened: { at: TEST_START, clock: 'unsure' } });
    const sure = testDraft(1);
    opened.append([sure], [], 'code');
    const unsure = Array.from({ length: 50 }, (_, step) => testDraft(step + 2, { clock: 'unsure' }));
    for (let batch = 0; batch < 50; batch += 1) opened.append(unsure, [], 'code');
    expect(lastSureTime(folder.file)).toEqual({ lastRowMs: Date.parse(sure.at) });
    opened.close();
  });

  it('is none where no clock was ever sure, or where there is no journal', () => {
    folder = journalFolder();
    expect(lastSureTime(folder.file)).toEqual({});
    folder.open({ opened: { at: TEST_START, clock: 'unsure' } }).close();
    expect(lastSureTime(folder.file)).toEqual({});
  });
});
