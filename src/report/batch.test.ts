import { expect, test } from 'vitest';
import { BATCH_BYTES_MAX, BATCH_ROWS_MAX, type SentRow } from '../wire/index.ts';
import { cutBatch } from './batch.ts';

const hash = 'a'.repeat(64);
const small = (seq: number): SentRow => ({ seq, purged: true, previousHash: hash, digest: hash, hash });
/** The largest row that the schema allows: party, actor, reason and command at their limits. */
const large = (seq: number): SentRow => ({
  seq,
  at: '2026-01-01T00:00:00.000Z',
  clock: 'synced',
  decision: 'system',
  party: Array.from({ length: 8 }, () => 0xffff_ffff),
  actor: '门'.repeat(64),
  reason: '卫'.repeat(200),
  command: '门'.repeat(64),
  previousHash: hash,
  digest: hash,
  hash,
});
const rows = (count: number, make: (seq: number) => SentRow) =>
  Array.from({ length: count }, (_, at) => make(at + 1));

test.each([0, 1, BATCH_ROWS_MAX - 1, BATCH_ROWS_MAX])('%d small rows are one batch', (count) => {
  expect(cutBatch(rows(count, small)).length).toBe(count);
});

test('the row after the limit waits', () => {
  expect(cutBatch(rows(BATCH_ROWS_MAX + 1, small)).length).toBe(BATCH_ROWS_MAX);
});

test('the largest rows stay within the bytes of a batch, envelope and a checkpoint of 1 kB included', () => {
  const batch = cutBatch(rows(BATCH_ROWS_MAX, large));
  const text = JSON.stringify({ journal: '0'.repeat(32), rows: batch, checkpoint: 'x'.repeat(1_024) });
  expect(batch.length).toBeGreaterThan(10);
  expect(batch.length).toBeLessThan(BATCH_ROWS_MAX);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(BATCH_BYTES_MAX);
});

test('a broker that takes little still gets one row', () => {
  expect(cutBatch(rows(3, large), 100).length).toBe(1);
});
