import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { realClock } from '../../../test/twins/broker.ts';
import { batchOf, chainOf, gateOf, JOURNAL } from '../../../test/twins/chains.ts';
import { keyPair, verifySignature } from '../../../test/twins/gate.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { wallMs } from '../../base/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { createIngest, type Ingest } from './ingest.ts';
import { BEHIND_PROVES_MS, HOLE_PROVES_MS, RESEND_PAUSE_MS } from './limits.ts';
import { noteBehind, takeDue } from './missing.ts';

/** Which rows are asked for again, and when: not what another worker is storing just now, and never without a pause. */

const key = keyPair();
const gate = gateOf('gate-1', key);
const rows = chainOf(12);
const piece = (from: number, to: number) => batchOf(rows.slice(from - 1, to), { gate: 'gate-1', key });

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('missing rows on %s', (_engine, newPlace) => {
  let database: Database;
  let ingest: Ingest;
  let now = 1_000_000;
  beforeAll(async () => {
    database = await openDatabase(newPlace());
    const clock = { ...realClock, wall: () => wallMs(now) };
    ingest = createIngest({ district: 'd-1', database, verifySignature, clock });
  });
  beforeEach(async () => {
    now += 1_000_000;
    for (const table of ['journal_row', 'stream', 'alarm', 'missing'] as const)
      await database.deleteFrom(table).execute();
  });
  afterAll(() => database.destroy());
  const due = () => takeDue(database, now);

  test('a hole is asked for once it has proved to be one, and once', async () => {
    await ingest.take(gate, piece(1, 2));
    await ingest.take(gate, piece(5, 6));
    expect(await due()).toEqual([]);
    now += HOLE_PROVES_MS - 1;
    expect(await due()).toEqual([]);
    now += 1;
    expect(await due()).toEqual([{ gate: 'gate-1', from: 3 }]);
    now += 1_000;
    expect(await due()).toEqual([]);
  });

  test('two batches that two workers take in the wrong order: nothing is asked', async () => {
    await ingest.take(gate, piece(4, 6));
    await ingest.take(gate, piece(1, 3));
    now += HOLE_PROVES_MS;
    expect(await due()).toEqual([]);
    expect(await ingest.take(gate, piece(6, 6))).toMatchObject({ value: { seq: 6 } });
  });

  test('a hole that stays is asked for again after the pause, not sooner', async () => {
    await ingest.take(gate, piece(3, 4));
    now += HOLE_PROVES_MS;
    expect(await due()).toEqual([{ gate: 'gate-1', from: 1 }]);
    await ingest.take(gate, piece(3, 4));
    now += RESEND_PAUSE_MS - 1;
    expect(await due()).toEqual([]);
    now += 1;
    expect(await due()).toEqual([{ gate: 'gate-1', from: 1 }]);
  });

  test('rows wanted to find where a journal was edited are asked for at once, ever further back', async () => {
    const others = chainOf(12, (seq) => (seq === 2 ? { reason: 'another story' } : {}));
    await ingest.take(gate, piece(1, 8));
    await ingest.take(gate, batchOf(others.slice(8, 9), { gate: 'gate-1', key }));
    expect(await due()).toEqual([{ gate: 'gate-1', from: 1 }]);
  });

  test('a gate that has newer rows than are stored, and sends none of them, is asked', async () => {
    await ingest.take(gate, piece(1, 4));
    await noteBehind(database, [{ gate: 'gate-1', journal: JOURNAL, seq: 9, now }]);
    now += BEHIND_PROVES_MS - 1;
    expect(await due()).toEqual([]);
    // What it says once more puts nothing off.
    await noteBehind(database, [{ gate: 'gate-1', journal: JOURNAL, seq: 9, now }]);
    now += 1;
    expect(await due()).toEqual([{ gate: 'gate-1', from: 5 }]);
  });

  test('a gate that is on its way through a backlog is not asked', async () => {
    await noteBehind(database, [{ gate: 'gate-1', journal: JOURNAL, seq: 9, now }]);
    await ingest.take(gate, piece(1, 3));
    now += BEHIND_PROVES_MS;
    expect(await due()).toEqual([]);
    await noteBehind(database, [{ gate: 'gate-1', journal: JOURNAL, seq: 3, now }]);
    now += BEHIND_PROVES_MS;
    expect(await due()).toEqual([]);
  });
});
