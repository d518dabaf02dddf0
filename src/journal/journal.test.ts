import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wallMs } from '../base/index.ts';
import type { BatchDraft, ChainedRow, MemoryChange } from '../wire/index.ts';
import { APPEND_MEMORY_MAX, APPEND_ROWS_MAX, CHECKPOINTS_MAX, UNSENT_KEPT_MS_MIN } from './limits.ts';
import { openJournalReader } from './reading.ts';
import { type JournalFolder, journalFolder, TEST_START, testDraft } from './testing.ts';

const HOUR_MS = 3_600_000;

let place: JournalFolder;
beforeEach(() => {
  place = journalFolder();
});
afterEach(() => place.remove());

/** All rows as a reader sees them. */
function rowsOf(file: string) {
  const reader = openJournalReader(file);
  try {
    return [...reader.iterate()];
  } finally {
    reader.close();
  }
}

function wholeRow(row: unknown): ChainedRow {
  expect(row).not.toHaveProperty('purged');
  return row as ChainedRow;
}

describe('a new journal', () => {
  test('begins with a row that says so, under an id of 16 random bytes', () => {
    const journal = place.open();
    expect(journal.head).toMatchObject({ seq: 1, id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    journal.close();
    expect(rowsOf(place.file)).toMatchObject([
      { seq: 1, decision: 'system', reason: 'journal-opened', previousHash: '0'.repeat(64) },
    ]);
  });

  test('names the journal before it where somebody remembers it', () => {
    const previous = { id: 'ab'.repeat(16), seq: 77, hash: 'cd'.repeat(32) };
    place.open({ previous }).close();
    expect(rowsOf(place.file)[0]).toMatchObject({
      reason: `journal-opened after ${previous.id} 77 ${previous.hash}`,
    });
  });

  test('is the same journal when it is opened again', () => {
    const first = place.open();
    first.append([testDraft(1)], [], 'code');
    const { head } = first;
    first.close();
    const again = place.open();
    expect(again.head).toEqual(head);
    again.close();
  });
});

describe('append', () => {
  test('gives a receipt for each draft, in order, that names the row', () => {
    const journal = place.open();
    const done = journal.append([testDraft(1), testDraft(2)], [], 'code');
    const rows = rowsOf(place.file);
    expect(done).toEqual({
      ok: true,
      value: rows.slice(1).map((row) => ({ journalId: journal.head?.id, seq: row.seq, hash: row.hash })),
    });
    journal.close();
  });

  test('a draft may refer to an earlier row, and to an earlier draft of its own batch', () => {
    const journal = place.open();
    journal.append([testDraft(1)], [], 'code');
    journal.append(
      [
        testDraft(2, { entry: 2 }),
        testDraft(3),
        testDraft(4, { decision: 'door', door: 'opened', entryOf: 1 }),
      ],
      [],
      'code',
    );
    expect(rowsOf(place.file).map((row) => wholeRow(row).entry)).toEqual([
      undefined,
      undefined,
      2,
      undefined,
      4,
    ]);
    expect(rowsOf(place.file)[4]).not.toHaveProperty('entryOf');
    journal.close();
  });

  test.each<[string, BatchDraft[]]>([
    ['an entry in the future', [testDraft(1, { entry: 9 })]],
    ['a draft that refers to itself', [testDraft(1, { entryOf: 0 })]],
    ['entry and entryOf together', [testDraft(1), testDraft(2, { entry: 1, entryOf: 0 })]],
    ['a field that no row has', [{ ...testDraft(1), name: 'x' } as BatchDraft]],
    ['a value that no row may have', [testDraft(1, { kind: 6 })]],
    ['a batch over the limit', Array.from({ length: APPEND_ROWS_MAX + 1 }, (_, step) => testDraft(step))],
  ])('%s is a bug, and leaves nothing behind', (_, drafts) => {
    const journal = place.open();
    expect(() => journal.append(drafts, [{ key: 'used/x', value: '1' }], 'code')).toThrow('invariant broken');
    expect(journal.head?.seq).toBe(1);
    expect(journal.loadMemory()).toEqual([]);
    journal.close();
  });

  test('a batch may be as long as the limit', () => {
    const journal = place.open();
    const drafts = Array.from({ length: APPEND_ROWS_MAX }, (_, step) => testDraft(step));
    const memory = Array.from({ length: APPEND_MEMORY_MAX }, (_, step) => ({
      key: `used/${step}`,
      value: '1',
    }));
    expect(journal.append(drafts, memory, 'code').ok).toBe(true);
    expect(() => journal.append([], [...memory, { key: 'used/more', value: '1' }], 'code')).toThrow();
    journal.close();
  });

  test('watchers see rows after the commit, and their exceptions stay theirs', () => {
    const journal = place.open();
    const seen: number[] = [];
    journal.onAppend(() => {
      throw new Error('a screen broke');
    });
    const end = journal.onAppend((rows) => seen.push(...rows.map((row) => row.seq)));
    expect(journal.append([testDraft(1), testDraft(2)], [], 'code').ok).toBe(true);
    end();
    expect(journal.append([testDraft(3)], [], 'code').ok).toBe(true);
    expect(seen).toEqual([2, 3]);
    expect(journal.health().listenerFaults).toBe(2);
    journal.close();
  });

  test('a closed journal says so', () => {
    const journal = place.open();
    journal.close();
    expect(journal.append([testDraft(1)], [], 'manual')).toMatchObject({
      ok: false,
      error: { code: 'closed' },
    });
  });

  test('two writers never share a journal; the second one gets it when the first is gone', () => {
    const first = place.open();
    const second = place.open();
    expect(second.append([testDraft(1)], [], 'code')).toMatchObject({ ok: false, error: { code: 'busy' } });
    expect(second.health()).toMatchObject({ writable: false, memoryKnown: false });
    first.append([testDraft(1)], [{ key: 'used/a', value: '1' }], 'code');
    first.close();
    // Codes used before are not known yet, so none is believed.
    expect(second.append([testDraft(2)], [], 'code').ok).toBe(false);
    expect(second.loadMemory()).toEqual([{ key: 'used/a', value: '1' }]);
    expect(second.append([testDraft(2)], [], 'code')).toMatchObject({ ok: true, value: [{ seq: 3 }] });
    second.close();
  });
});

describe('the chain', () => {
  test('holds under an independent reading of the rule, for any batches', () => {
    const batches = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(batches, (sizes) => {
        const own = journalFolder();
        const journal = own.open();
        let step = 0;
        for (const size of sizes)
          journal.append(
            Array.from({ length: size }, () => testDraft(step++)),
            [],
            'code',
          );
        journal.close();
        let previous = Buffer.alloc(32);
        for (const [at, row] of rowsOf(own.file).entries()) {
          const { previousHash, digest, hash, ...content } = wholeRow(row);
          expect(content.seq).toBe(at + 1);
          expect(previousHash).toBe(previous.toString('hex'));
          const ownDigest = createHash('sha256')
            .update(canonicalize(content) ?? '')
            .digest();
          expect(digest).toBe(ownDigest.toString('hex'));
          previous = createHash('sha256').update(previous).update(ownDigest).digest();
          expect(hash).toBe(previous.toString('hex'));
        }
        own.remove();
      }),
      { numRuns: 15 },
    );
  });

  test('is found whole in the background', async () => {
    const journal = place.open();
    for (let step = 0; step < 30; step += 1) journal.append([testDraft(step)], [], 'code');
    expect(await journal.verifyRest()).toEqual({ state: 'whole', rows: 31 });
    journal.close();
  });

  test('appends go on while the rest is verified', async () => {
    const journal = place.open();
    for (let step = 0; step < 300; step += 50)
      journal.append(
        Array.from({ length: 50 }, (_, more) => testDraft(step + more)),
        [],
        'code',
      );
    journal.close();
    const again = place.open({ sign: async () => 'a.b.c' });
    await again.checkpoint({ at: TEST_START, clock: 'synced' });
    const report = again.verifyRest();
    expect(again.append([testDraft(400)], [], 'code').ok).toBe(true);
    expect(await report).toMatchObject({ state: 'whole' });
    again.close();
  });
});

describe('memory', () => {
  test('what is remembered is the last that was written for each key, across restarts', () => {
    const change: fc.Arbitrary<MemoryChange> = fc.record(
      {
        key: fc.constantFrom('used/a', 'used/b', 'inside/7', 'counter/k'),
        value: fc.string({ unit: 'grapheme', maxLength: 10 }),
        until: fc.integer({ min: 0, max: 4_000_000_000 }),
      },
      { requiredKeys: ['key'] },
    );
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 8 }), (batches) => {
        const own = journalFolder();
        const model = new Map<string, MemoryChange>();
        for (const [step, batch] of batches.entries()) {
          const journal = own.open();
          expect(journal.append([testDraft(step)], batch, 'code').ok).toBe(true);
          journal.close();
          for (const one of batch) {
            if (one.value === undefined) model.delete(one.key);
            else model.set(one.key, one);
          }
        }
        const journal = own.open();
        const byKey = (left: MemoryChange, right: MemoryChange) => (left.key < right.key ? -1 : 1);
        expect([...journal.loadMemory()].sort(byKey)).toEqual([...model.values()].sort(byKey));
        journal.close();
        own.remove();
      }),
      { numRuns: 10 },
    );
  });
});

describe('cursors', () => {
  test('move forward only, and only to a row of this journal named by its hash', () => {
    const journal = place.open();
    journal.append([testDraft(1), testDraft(2), testDraft(3)], [], 'code');
    const [, second, third] = rowsOf(place.file);
    const at = (row: { seq: number; hash: string } | undefined) => ({
      seq: row?.seq ?? 0,
      hash: row?.hash ?? '',
    });
    expect(journal.cursor('district')).toBeUndefined();
    expect(journal.moveCursor('district', { seq: 3, hash: second?.hash ?? '' })).toEqual({
      ok: true,
      value: false,
    });
    expect(journal.moveCursor('district', { seq: 99, hash: second?.hash ?? '' })).toEqual({
      ok: true,
      value: false,
    });
    expect(journal.moveCursor('district', at(third))).toEqual({ ok: true, value: true });
    expect(journal.moveCursor('district', at(second))).toEqual({ ok: true, value: false });
    expect(journal.moveCursor('district', at(third))).toEqual({ ok: true, value: false });
    journal.close();
    const again = place.open();
    expect(again.cursor('district')).toEqual(at(third));
    expect(again.cursor('other')).toBeUndefined();
    again.close();
  });
});

describe('checkpoints', () => {
  const time = { at: wallMs(TEST_START + HOUR_MS), clock: 'synced' } as const;

  test('are about the newest row, or the row asked for, and are kept', async () => {
    const claims: unknown[] = [];
    const journal = place.open({
      sign: async (payload) => {
        claims.push(payload);
        return `h.${payload.seq}.s`;
      },
    });
    journal.append([testDraft(1), testDraft(2)], [], 'code');
    expect(await journal.checkpoint(time, 2)).toMatchObject({ ok: true, value: { seq: 2, jwt: 'h.2.s' } });
    expect(await journal.checkpoint(time)).toMatchObject({
      ok: true,
      value: { seq: 3, jwt: 'h.3.s', at: time.at },
    });
    expect(claims[1]).toEqual({
      iat: Math.floor(time.at / 1_000),
      journal: journal.head?.id,
      seq: 3,
      hash: journal.head?.hash,
      clock: 'synced',
    });
    expect(await journal.checkpoint(time, 99)).toEqual({ ok: true, value: undefined });
    journal.close();
    const reader = openJournalReader(place.file);
    expect(reader.checkpoint()).toMatchObject({ seq: 3 });
    expect(reader.checkpoint(2)).toMatchObject({ seq: 2 });
    reader.close();
  });

  test('without a signer there are none, and a signer that fails is a fault', async () => {
    const journal = place.open();
    expect(await journal.checkpoint(time)).toEqual({ ok: true, value: undefined });
    journal.close();
    const failing = place.open({ sign: () => Promise.reject(new Error('no key')) });
    expect(await failing.checkpoint(time)).toEqual({
      ok: false,
      error: { code: 'unsigned', detail: 'no key' },
    });
    failing.close();
  });

  test('old ones make room', async () => {
    const journal = place.open({ sign: async () => 'a.b.c' });
    for (let step = 0; step < CHECKPOINTS_MAX + 5; step += APPEND_ROWS_MAX)
      journal.append(
        Array.from({ length: APPEND_ROWS_MAX }, () => testDraft(step)),
        [],
        'code',
      );
    for (let seq = 1; seq <= CHECKPOINTS_MAX + 3; seq += 1) await journal.checkpoint(time, seq);
    journal.close();
    const reader = openJournalReader(place.file);
    expect(reader.checkpoint(3)).toBeUndefined();
    expect(reader.checkpoint(4)).toMatchObject({ seq: 4 });
    reader.close();
  });
});

describe('purge', () => {
  const now = wallMs(TEST_START + 200 * HOUR_MS);
  const hour = (count: number) => ({ at: new Date(TEST_START + count * HOUR_MS).toISOString() });

  test('removes old content and keeps the chain whole; what is not acknowledged stays', async () => {
    const journal = place.open();
    for (let count = 1; count <= 9; count += 1) journal.append([testDraft(0, hour(count))], [], 'code');
    const before = rowsOf(place.file);
    const done = journal.purge({
      now,
      acknowledgedUpTo: 6,
      olderThan: wallMs(TEST_START + 100 * HOUR_MS),
    });
    expect(done).toEqual({
      ok: true,
      value: { rows: 6, memory: 0, purgedUpTo: 6, more: false, wiped: true },
    });
    const after = rowsOf(place.file);
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
        expect(rowsOf(own.file).map((row) => 'purged' in row)).toEqual(
          Array.from({ length: 41 }, (_, at) => at < expected),
        );
        own.remove();
      }),
      { numRuns: 10 },
    );
  });
});

describe('emergency receipts', () => {
  test('are off by default, loud when on, and refused while the journal works', () => {
    const first = place.open();
    const said: string[] = [];
    const broken = place.open({ emergencyOpenings: { announce: (reason) => said.push(reason) } });
    expect(first.emergencyReceipt('medical')).toEqual({ ok: false, error: 'switched-off' });
    expect(broken.emergencyReceipt('medical')).toMatchObject({
      ok: true,
      value: { seq: 0, hash: '0'.repeat(64) },
    });
    expect(said).toEqual(['medical']);
    first.close();
    expect(broken.append([testDraft(1)], [], 'manual').ok).toBe(true);
    expect(broken.emergencyReceipt('medical')).toEqual({ ok: false, error: 'journal-works' });
    expect(said).toEqual(['medical']);
    broken.close();
  });
});
