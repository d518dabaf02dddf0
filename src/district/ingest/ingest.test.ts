import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { realClock } from '../../../test/twins/broker.ts';
import { chained, keyPair, signToken, verifySignature } from '../../../test/twins/gate.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { CHECKPOINT_TYPE, type ChainedRow, type RowDraft } from '../../wire/index.ts';
import { type Database, type Gate, openDatabase } from '../database/database.ts';
import { createIngest, type Ingest } from './ingest.ts';

const device = keyPair();
const journal = 'a'.repeat(32);
const gate: Gate = {
  id: 'gate-1',
  community: 7,
  device_key: device.publicKeyHex,
  seal_key: null,
  password_hash: '',
  enrolled_at: 0,
  confirmed: 1,
  status: null,
  seen_at: null,
};

let postgres: Postgres;
let database: Database;
let ingest: Ingest;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

function setUp(newPlace: () => string): void {
  beforeAll(async () => {
    database = await openDatabase(newPlace());
    ingest = createIngest({ district: 'd-1', database, verifySignature, clock: realClock });
  });
  beforeEach(empty);
  afterAll(() => database.destroy());
}

async function empty(): Promise<void> {
  for (const table of ['journal_row', 'stream', 'alarm'] as const) await database.deleteFrom(table).execute();
}

function chain(count: number, draft: (seq: number) => Partial<RowDraft> = () => ({})): ChainedRow[] {
  const rows: ChainedRow[] = [];
  for (let seq = 1; seq <= count; seq += 1) rows.push(chained(rows.at(-1), draft(seq)));
  return rows;
}

function batch(
  rows: readonly ChainedRow[],
  more: { claims?: object; key?: typeof device.privateKey; id?: string } = {},
): Uint8Array {
  const last = rows.at(-1);
  const id = more.id ?? journal;
  const claims = {
    iss: 'd-1',
    aud: 'gate-1',
    iat: 1,
    journal: id,
    seq: last?.seq,
    hash: last?.hash,
    clock: 'synced',
  };
  const checkpoint = signToken(more.key ?? device.privateKey, CHECKPOINT_TYPE, { ...claims, ...more.claims });
  return Buffer.from(JSON.stringify({ journal: id, rows, checkpoint }));
}

const take = (payload: Uint8Array) => ingest.take(gate, payload);
const stored = async () =>
  (await database.selectFrom('journal_row').select('seq').orderBy('seq').execute()).map(({ seq }) => seq);
const alarms = () => database.selectFrom('alarm').selectAll().execute();

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('ingest on %s', (_engine, newPlace) => {
  setUp(newPlace);

  test('stores a batch and names its last row', async () => {
    const rows = chain(3);
    expect(await take(batch(rows))).toMatchObject({
      ok: true,
      value: { journal, seq: 3, hash: rows[2]?.hash, forked: [] },
    });
    expect(await stored()).toEqual([1, 2, 3]);
  });

  test('N2: the same batch again stores nothing new and names the same row', async () => {
    const rows = chain(3);
    await take(batch(rows));
    expect(await take(batch(rows))).toMatchObject({ ok: true, value: { seq: 3, fresh: [] } });
    expect(await stored()).toEqual([1, 2, 3]);
  });

  test('N2: rows that come after a hole are kept, and the missing ones are named', async () => {
    const rows = chain(6);
    await take(batch(rows.slice(0, 2)));
    expect(await take(batch(rows.slice(3)))).toMatchObject({ ok: true, value: { seq: 2, missingFrom: 3 } });
    expect(await take(batch(rows.slice(2, 3)))).toMatchObject({
      ok: true,
      value: { seq: 6, hash: rows[5]?.hash },
    });
  });

  test('two rows under one number are both kept, told, and the first stays acknowledged', async () => {
    const rows = chain(2);
    const other = [...rows.slice(0, 1), chained(rows[0], { reason: 'another story' })];
    await take(batch(rows));
    expect(await take(batch(other))).toMatchObject({
      ok: true,
      value: { seq: 2, hash: rows[1]?.hash, forked: [2] },
    });
    expect(await stored()).toEqual([1, 2, 2]);
    expect(await alarms()).toMatchObject([{ alarm: 'tamper', gate: 'gate-1' }]);
  });

  test('a row that does not name the stored one before it is told and not acknowledged', async () => {
    await take(batch(chain(2)));
    const [, , third] = chain(3, () => ({ reason: 'another story' }));
    const result = await take(batch(third === undefined ? [] : [third]));
    expect(result).toMatchObject({ ok: true, value: { seq: 2, forked: [3] } });
  });

  test('a new journal begins anew beside the old one', async () => {
    await take(batch(chain(3)));
    const other = 'b'.repeat(32);
    expect(await take(batch(chain(2), { id: other }))).toMatchObject({
      ok: true,
      value: { journal: other, seq: 2 },
    });
    expect(await stored()).toEqual([1, 1, 2, 2, 3]);
  });

  test('a journal that another has followed grows no more: one identity in two machines', async () => {
    const rows = chain(4);
    const other = 'b'.repeat(32);
    const reason = `journal-opened after ${journal} 2 ${rows[1]?.hash}`;
    await take(batch(rows.slice(0, 2)));
    await new Promise((resolve) => setTimeout(resolve, 2));
    await take(
      batch(
        chain(2, () => ({ reason })),
        { id: other },
      ),
    );
    await take(batch(rows.slice(0, 2)));
    await take(
      batch(
        chain(3, () => ({ reason })),
        { id: other },
      ),
    );
    expect((await alarms()).map(({ id }) => id)).toEqual(['aaaaaaaa-damaged-2']);
    await take(batch(rows.slice(2)));
    expect((await alarms()).map(({ id }) => id)).toContain('aaaaaaaa-cloned');
  });

  test('an edited row far behind is looked for ever further back, and then named', async () => {
    const [rows, others] = [
      chain(600),
      chain(600, (seq) => (seq === 150 ? { reason: 'another story' } : {})),
    ];
    for (let from = 0; from < 600; from += 200) await take(batch(rows.slice(from, from + 200)));
    const next = chained(others.at(-1), {});
    expect(await take(batch([next]))).toMatchObject({ value: { seq: 600, forked: [601], missingFrom: 401 } });
    expect(await take(batch(others.slice(400)))).toMatchObject({ value: { missingFrom: 1 } });
    const found = await take(batch(others.slice(0, 200)));
    expect(found).toMatchObject({ value: { tampering: [{ id: 'aaaaaaaa-edited-150', seq: 150 }] } });
    expect(await take(batch(others.slice(200, 400)))).toMatchObject({ value: { tampering: [] } });
  });

  test('purged rows keep their place in the chain', async () => {
    const rows = chain(3);
    const [first, ...rest] = rows;
    const purged = {
      seq: 1,
      purged: true as const,
      previousHash: first?.previousHash,
      digest: first?.digest,
      hash: first?.hash,
    };
    const payload = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(batch(rows)).toString()), rows: [purged, ...rest] }),
    );
    expect(await take(payload)).toMatchObject({ ok: true, value: { seq: 3 } });
  });

  test('alarms are read out of rows, once', async () => {
    const rows = chain(2, (seq) => (seq === 2 ? { decision: 'door', door: 'forced', lane: 'main' } : {}));
    await take(batch(rows));
    await take(batch(rows));
    expect(await alarms()).toMatchObject([{ alarm: 'forced' }]);
  });

  const rows = chain(3);
  const changed = (seq: number, change: object) =>
    rows.map((row) => (row.seq === seq ? { ...row, ...change } : row));
  const zeros = '0'.repeat(64);
  test.each([
    ['content that was changed', batch(changed(2, { reason: 'edited' })), 'digest'],
    ['a hash that was changed', batch(changed(3, { hash: zeros })), 'chain'],
    ['a row left out', batch(rows.filter(({ seq }) => seq !== 2)), 'order'],
    ['a first row with a past', batch(changed(1, { previousHash: 'f'.repeat(64) })), 'chain'],
    ['a checkpoint of another key', batch(rows, { key: keyPair().privateKey }), 'checkpoint'],
    ['a checkpoint of another gate', batch(rows, { claims: { aud: 'gate-2' } }), 'checkpoint'],
    ['a checkpoint of another district', batch(rows, { claims: { iss: 'd-2' } }), 'checkpoint'],
    ['a checkpoint of another journal', batch(rows, { claims: { journal: 'b'.repeat(32) } }), 'checkpoint'],
    [
      'a checkpoint of an earlier row',
      batch(rows, { claims: { seq: 2, hash: rows[1]?.hash } }),
      'checkpoint',
    ],
    ['something else', Buffer.from('{"rows":1}'), 'malformed'],
    ['no JSON', Buffer.from('open'), 'malformed'],
  ])('%s is refused, and nothing is stored', async (_, payload, problem) => {
    expect(await take(payload)).toEqual({ ok: false, error: problem });
    expect(await stored()).toEqual([]);
  });

  test('N2: whatever the order and the repetitions, every row is there once and the acknowledgement never goes back', async () => {
    const all = chain(12);
    const piece = fc
      .tuple(fc.nat(11), fc.nat(11))
      .map(([a, b]) => all.slice(Math.min(a, b), Math.max(a, b) + 1));
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        await empty();
        let acked = 0;
        const sent = new Set<number>();
        for (const each of pieces) {
          const result = await take(batch(each));
          for (const row of each) sent.add(row.seq);
          let expected = 0;
          while (sent.has(expected + 1)) expected += 1;
          expect(result).toMatchObject({ ok: true, value: { seq: expected, forked: [] } });
          expect(expected).toBeGreaterThanOrEqual(acked);
          acked = expected;
        }
        const count = await database.selectFrom('journal_row').select('seq').execute();
        expect(count.length).toBe(sent.size);
      }),
      { numRuns: 25 },
    );
  });
});

test('two workers take the same gate’s batches at once: nothing is lost, doubled or set back', async () => {
  const place = postgres.newDatabase();
  const workers = await Promise.all([openDatabase(place), openDatabase(place)]);
  const all = chain(60);
  const batches = Array.from({ length: 15 }, (_, at) => batch(all.slice(at * 4, at * 4 + 4)));
  const takers = workers.map((each) =>
    createIngest({ district: 'd-1', database: each, verifySignature, clock: realClock }),
  );
  await Promise.all(takers.flatMap((taker) => batches.map((each) => taker.take(gate, each))));
  const [first] = workers;
  const rows = await first?.selectFrom('journal_row').select('seq').orderBy('seq').execute();
  expect(rows?.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq));
  const stream = await first?.selectFrom('stream').select(['seq', 'hash']).execute();
  expect(stream).toEqual([{ seq: 60, hash: all[59]?.hash }]);
  await Promise.all(workers.map((each) => each.destroy()));
});
