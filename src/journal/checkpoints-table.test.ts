import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { CheckpointsTable } from './checkpoints-table.ts';
import { CHECKPOINTS_MAX } from './limits.ts';
import { createTables } from './schema.ts';

test.each([
  [CHECKPOINTS_MAX - 1, 1],
  [CHECKPOINTS_MAX, 1],
  [CHECKPOINTS_MAX + 1, 2],
])('of %i checkpoints the oldest kept is number %i', (count, oldest) => {
  const database = new DatabaseSync(':memory:');
  createTables(database);
  const table = new CheckpointsTable(database);
  for (let seq = 1; seq <= count; seq += 1) table.put(seq, new Uint8Array(32), { at: seq, jwt: 'a.b.c' });
  expect(table.newest()?.seq).toBe(count);
  expect(table.newest(oldest)?.seq).toBe(oldest);
  expect(table.newest(oldest - 1)).toBeUndefined();
  database.close();
});
