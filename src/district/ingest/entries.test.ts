import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../../test/twins/broker.ts';
import { keyPair, verifySignature } from '../../../test/twins/gate.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { isoTime, wallMs } from '../../base/index.ts';
import type { ChainedRow, RowDraft } from '../../wire/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { acknowledgeAlarm, insertAlarms, listAlarms } from './alarms.ts';
import { type EntryQuery, entryStory, findEntries } from './entries.ts';
import { createIngest } from './ingest.ts';
import { batchOf, chainOf, gateOf } from '../../../test/twins/chains.ts';

const keys = { 'gate-1': keyPair(), 'gate-2': keyPair() };
const START = Date.parse('2026-03-01T00:00:00.000Z');
const at = (minute: number) => isoTime(wallMs(START + minute * 60_000));

/** Every third is refused; 7 comes alone, 9 brings 7 along; two gates at the same instants. */
const DRAFTS: Partial<RowDraft>[] = [
  { decision: 'granted', index: 7, lane: 'north' },
  { decision: 'granted', index: 9, party: [7, 8, 7], lane: 'north' },
  { decision: 'refused', refusal: 'expired', index: 9, lane: 'north' },
  { decision: 'door', door: 'opened', entry: 1, lane: 'north' },
  { decision: 'granted', passId: 40, lane: 'north' },
  { decision: 'refused', refusal: 'revoked', index: 7, lane: 'north' },
];

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('entries on %s', (_engine, newPlace) => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase(newPlace());
    const ingest = createIngest({ district: 'd-1', database, verifySignature, clock: realClock });
    for (const [id, key] of Object.entries(keys)) {
      const rows = chainOf(12, (seq) => ({ ...DRAFTS[(seq - 1) % 6], at: at(seq) }));
      const taken = await ingest.take(gateOf(id, key), batchOf(rows, { gate: id, key }));
      expect(taken.ok).toBe(true);
    }
  });
  afterAll(() => database.destroy());

  const find = async (query: EntryQuery) => {
    const found = await findEntries(database, query);
    if (!found.ok) throw new Error(found.error);
    return found.value;
  };
  const named = ({ gate, row }: { gate: string; row: ChainedRow }) => `${gate}/${row.seq}`;

  test('newest first, gates at one instant in a fixed order', async () => {
    const { entries, next } = await find({ limit: 3 });
    expect(entries.map(named)).toEqual(['gate-2/12', 'gate-1/12', 'gate-2/11']);
    expect(entries[0]).toMatchObject({ acknowledged: true, row: { refusal: 'revoked' } });
    expect(next).toBeDefined();
  });

  test.each([1, 5, 24, 23])('pages of %i join without a gap and without a double', async (limit) => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await find({ limit, ...(after === undefined ? {} : { after }) });
      seen.push(...page.entries.map(named));
      after = page.next;
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(24);
    expect(seen.length).toBe(24);
  });

  test.each<[string, EntryQuery, number]>([
    ['one gate', { gates: ['gate-1'] }, 12],
    ['no gate', { gates: [] }, 0],
    ['decisions', { decisions: ['refused', 'door'] }, 12],
    ['a refusal', { refusal: 'revoked' }, 4],
    ['a span, its end without', { from: at(3), until: at(5) }, 4],
    ['a pass', { pass: 40 }, 4],
    ['a resident, also along on a family code', { place: 7 }, 12],
    ['one who only came along', { place: 8 }, 4],
    ['a resident at one gate', { place: 7, gates: ['gate-2'] }, 6],
    ['nobody', { place: 1_000 }, 0],
  ])('finds by %s', async (_, query, count) => {
    expect((await find(query)).entries.length).toBe(count);
    const first = await find({ ...query, limit: 1 });
    expect(first.next === undefined).toBe(count <= 1);
  });

  test('the story of an entry is its row and what came of it', async () => {
    const [entry] = (await find({ gates: ['gate-1'], until: at(2) })).entries;
    const story = await entryStory(database, { gate: 'gate-1', journal: entry?.journal ?? '', seq: 1 });
    expect(story.map(({ row }) => row.door ?? row.decision)).toEqual(['granted', 'opened', 'opened']);
  });

  test.each(['', 'x', Buffer.from('[1,2]').toString('base64url')])(
    'a made-up place %j is refused',
    async (after) => {
      expect(await findEntries(database, { after })).toEqual({ ok: false, error: 'bad-cursor' });
    },
  );

  test('an alarm is acknowledged once, by who was first', async () => {
    const alarm = { id: 'a-1', at: at(1), alarm: 'forced', cleared: false } as const;
    await insertAlarms(database, { gate: 'gate-1', alarms: [alarm, { ...alarm, id: 'a-2' }], now: 1 });
    const seen = { gate: 'gate-1', id: 'a-1', by: 'wang', now: 5 };
    expect(await acknowledgeAlarm(database, seen)).toEqual({ ok: true, value: 'acknowledged' });
    expect(await acknowledgeAlarm(database, { ...seen, by: 'li', now: 6 })).toEqual({
      ok: true,
      value: 'already',
    });
    expect(await acknowledgeAlarm(database, { ...seen, id: 'a-3' })).toEqual({
      ok: false,
      error: 'no-such-alarm',
    });
    expect(await listAlarms(database, {})).toMatchObject([
      { alarm: { id: 'a-2' } },
      { alarm: { id: 'a-1' }, acknowledged: { at: 5, by: 'wang' } },
    ]);
    expect(await listAlarms(database, { open: true })).toMatchObject([{ alarm: { id: 'a-2' } }]);
    expect(await listAlarms(database, { gates: ['gate-2'] })).toEqual([]);
  });
});
