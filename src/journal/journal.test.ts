import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wallMs } from '../base/index.ts';
import type { BatchDraft, ChainedRow, MemoryChange } from '../wire/index.ts';
import { APPEND_MEMORY_MAX, APPEND_ROWS_MAX } from './limits.ts';
import { openJournalReader } from './reading.ts';
import { type JournalFolder, journalFolder, rowsOfFile, TEST_START, testDraft } from './testing.ts';

const HOUR_MS = 3_600_000;

let place: JournalFolder;
beforeEach(() => {
  place = journalFolder();
});
afterEach(() => place.remove());

function wholeRow(row: unknown): ChainedRow {
  expect(row).not.toHaveProperty('purged');
  return row as ChainedRow;
}

describe('a new journal', () => {
  test('begins with a row that says so, under an id of 16 random bytes', () => {
    const journal = place.open();
    expect(journal.head).toMatchObject({ seq: 1, id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    journal.close();
    expect(rowsOfFile(place.file)).toMatchObject([
      { seq: 1, decision: 'system', reason: 'journal-opened', previousHash: '0'.repeat(64) },
    ]);
  });

  test('names the journal before it where somebody remembers it', () => {
    const previous = { id: 'ab'.repeat(16), seq: 77, hash: 'cd'.repeat(32) };
    place.open({ previous }).close();
    expect(rowsOfFile(place.file)[0]).toMatchObject({
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
    const rows = rowsOfFile(place.file);
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
    expect(rowsOfFile(place.file).map((row) => wholeRow(row).entry)).toEqual([
      undefined,
      undefined,
      2,
      undefined,
      4,
    ]);
    expect(rowsOfFile(place.file)[4]).not.toHaveProperty('entryOf');
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

  test('without its reserve it takes rows of manual openings alone', () => {
    const journal = place.open({ reserveBytes: Number.MAX_SAFE_INTEGER });
    for (const priority of ['code', 'network'] as const)
      expect(journal.append([testDraft(1)], [], priority)).toMatchObject({ error: { code: 'disk-full' } });
    expect(journal.append([testDraft(1)], [], 'manual').ok).toBe(true);
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
        for (const [at, row] of rowsOfFile(own.file).entries()) {
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
    const [, second, third] = rowsOfFile(place.file);
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
});
