import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wallMs } from '../base/index.ts';
import { UNSENT_KEPT_MS_MIN } from './limits.ts';
import { type JournalFolder, journalFolder, rowsOfFile, TEST_START, testDraft } from './testing.ts';

const HOUR_MS = 3_600_000;

let place: JournalFolder;
beforeEach(() => {
  place = journalFolder();
});
afterEach(() => place.remove());

describe('purge', () => {
  const now = wallMs(TEST_START + 200 * HOUR_MS);
  const hour = (count: number) => ({ at: new Date(TEST_START + count * HOUR_MS).toISOString() });

  test('removes old content and keeps the chain whole; what is not acknowledged stays', async () => {
    const journal = place.open();
    for (let count = 1; count <= 9; count += 1) journal.append([testDraft(0, hour(count))], [], 'code');
    const before = rowsOfFile(place.file);
    const done = journal.purge({
      now,
      acknowledgedUpTo: 6,
      olderThan: wallMs(TEST_START + 100 * HOUR_MS),
    });
    expect(done).toEqual({
      ok: true,
      value: { rows: 6, memory: 0, purgedUpTo: 6, more: false, wiped: true },
    });
    const after = rowsOfFile(place.file);
    expect(after.slice(6)).toEqual(before.slice(6));
    for (const [at, row] of after.slice(0, 6).entries()) {
      const { seq, previousHash, digest, hash } = before[at] ?? {};
      expect(row).toEqual({ seq, purged: true, previousHash, digest, hash });
    }
    expect(await journal.verifyRest()).toMatchObject({ state: 'whole' });
    journal.close();
    const again = place.open();
    expect(again.head?.seq).toBe(10);
    again.close();
  });

  test('unsent rows go only when that is asked for, and never before 120 hours', () => {
    const journal = place.open();
    for (let count = 1; count <= 9; count += 1) journal.append([testDraft(0, hour(count))], [], 'code');
    const request = { now, acknowledgedUpTo: 0, olderThan: now };
    expect(journal.purge(request)).toMatchObject({ value: { rows: 0 } });
    const tooSoon = wallMs(now - UNSENT_KEPT_MS_MIN + 1);
    expect(() => journal.purge({ ...request, unsentOlderThan: tooSoon })).toThrow('120 hours');
    expect(journal.purge({ ...request, unsentOlderThan: wallMs(now - UNSENT_KEPT_MS_MIN) })).toMatchObject({
      value: { purgedUpTo: 10 },
    });
    journal.close();
  });

  test('a clock that was unsure takes nothing with it', () => {
    const journal = place.open();
    journal.append(
      [testDraft(0, hour(150)), testDraft(0, { ...hour(-20_000), clock: 'unsure' })],
      [],
      'code',
    );
    const done = journal.purge({ now, acknowledgedUpTo: 3, olderThan: wallMs(TEST_START + 100 * HOUR_MS) });
    expect(done).toMatchObject({ value: { purgedUpTo: 1 } });
    journal.close();
  });

  test('memory past its date is forgotten', () => {
    const journal = place.open();
    const seconds = Math.floor(now / 1_000);
    journal.append(
      [],
      [
        { key: 'used/old', value: '1', until: seconds - 1 },
        { key: 'used/now', value: '1', until: seconds },
        { key: 'counter/k', value: '1' },
      ],
      'code',
    );
    expect(journal.purge({ now, acknowledgedUpTo: 0, olderThan: now })).toMatchObject({
      value: { memory: 1 },
    });
    expect(journal.loadMemory().map(({ key }) => key)).toEqual(['counter/k', 'used/now']);
    journal.close();
  });

  test('nothing of what was removed is left in any file', () => {
    const journal = place.open();
    const canary = 'canary-7f3a91';
    const memory = Array.from({ length: 40 }, (_, step) => ({
      key: `used/${canary}-${step}`,
      value: canary,
      until: 5,
    }));
    for (let count = 1; count <= 120; count += 1)
      journal.append(
        [testDraft(0, { ...hour(count / 10), actor: `${canary}-${count}` })],
        count === 7 ? memory : [],
        'code',
      );
    journal.purge({ now, acknowledgedUpTo: 200, olderThan: wallMs(TEST_START + 100 * HOUR_MS) });
    const kept = readdirSync(place.folder).filter((name) =>
      readFileSync(`${place.folder}/${name}`).includes(canary),
    );
    journal.close();
    expect(kept).toEqual([]);
  });

  test('in any order of purges the chain stays whole and purged rows are the oldest', () => {
    const purges = fc.array(
      fc.record({ ack: fc.integer({ min: 0, max: 45 }), hours: fc.integer({ min: 0, max: 50 }) }),
      {
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(purges, (requests) => {
        const own = journalFolder();
        const journal = own.open();
        journal.append(
          Array.from({ length: 40 }, (_, count) => testDraft(0, hour(count))),
          [],
          'code',
        );
        let expected = 0;
        for (const { ack, hours } of requests) {
          const olderThan = wallMs(TEST_START + hours * HOUR_MS);
          expect(journal.purge({ now, acknowledgedUpTo: ack, olderThan }).ok).toBe(true);
          // Row 1 and row 2 are of hour 0, row n of hour n - 2.
          const old = hours === 0 ? 0 : Math.min(41, hours + 1);
          expected = Math.max(expected, Math.min(ack, old));
        }
        journal.close();
        expect(rowsOfFile(own.file).map((row) => 'purged' in row)).toEqual(
          Array.from({ length: 41 }, (_, at) => at < expected),
        );
        own.remove();
      }),
      { numRuns: 10 },
    );
  });
});
