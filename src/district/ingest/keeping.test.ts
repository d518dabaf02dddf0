import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memoryLog, realClock } from '../../../test/twins/broker.ts';
import { batchOf, chainOf, gateOf, JOURNAL } from '../../../test/twins/chains.ts';
import { keyPair, verifySignature } from '../../../test/twins/gate.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { wallMs } from '../../base/index.ts';
import type { RowDraft } from '../../wire/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { insertAlarms, listAlarms } from './alarms.ts';
import { checkChain } from './chain-check.ts';
import { findEntries } from './entries.ts';
import { createIngest } from './ingest.ts';
import { purge, type RetentionRules } from './retention.ts';

/** What is stored is kept, emptied on its date, and proved again: also against somebody who edits the database. */

const device = keyPair();
const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-09-01T00:00:00.000Z');
const clock = { ...realClock, wall: () => wallMs(NOW) };
const daysAgo = (days: number) => new Date(NOW - days * DAY_MS).toISOString();

/** Row n is 600 − n days old; every fifth is a look-up. */
const drafts = (seq: number): Partial<RowDraft> =>
  seq % 5 === 0
    ? { decision: 'system', actor: 'wang', index: seq, reason: 'look-up visitor', at: daysAgo(600 - seq) }
    : { decision: 'granted', index: seq, party: [seq + 1_000], lane: 'north', at: daysAgo(600 - seq) };
const rows = chainOf(600, drafts);

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('what is stored, on %s', (_engine, newPlace) => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase(newPlace());
  });
  beforeEach(async () => {
    for (const table of ['journal_row', 'stream', 'alarm', 'entry_party', 'gate'] as const)
      await database.deleteFrom(table).execute();
    const gate = gateOf('gate-1', device);
    await database.insertInto('gate').values(gate).execute();
    const ingest = createIngest({ district: 'd-1', database, verifySignature, clock });
    for (let from = 0; from < 600; from += 200)
      await ingest.take(gate, batchOf(rows.slice(from, from + 200), { gate: 'gate-1', key: device }));
  });
  afterAll(() => database.destroy());

  const check = (heldBefore = 0, deviceKey = device.publicKeyHex) =>
    checkChain(
      { district: 'd-1', database, verifySignature, clock },
      { gate: 'gate-1', journal: JOURNAL, deviceKeys: [deviceKey], heldBefore },
    );
  const run = (rules: RetentionRules, stopped?: () => boolean) =>
    purge({ database, rules, clock, log: memoryLog(), ...(stopped === undefined ? {} : { stopped }) });
  const left = async () => {
    const found = await database
      .selectFrom('journal_row')
      .select('seq')
      .where('content', 'is not', null)
      .orderBy('seq')
      .execute();
    return found.map(({ seq }) => seq);
  };
  const row = (seq: number) =>
    database.updateTable('journal_row').where('gate', '=', 'gate-1').where('seq', '=', seq);

  test('entries are emptied after 90 days, look-ups after 183, and the chain still holds', async () => {
    expect(await run({})).toEqual({ rows: 416 + countOf(417, 510), alarms: 0 });
    expect(await left()).toEqual(
      rows.map(({ seq }) => seq).filter((seq) => (seq % 5 === 0 ? seq >= 417 : seq >= 510)),
    );
    expect(await check()).toEqual({ gate: 'gate-1', journal: JOURNAL, rows: 600 });
    expect(await findEntries(database, { place: 1_100 })).toMatchObject({ value: { entries: [] } });
    const raw = JSON.stringify(
      await database.selectFrom('journal_row').selectAll().where('seq', '=', 100).execute(),
    );
    expect(raw).not.toContain('wang');
    expect(await database.selectFrom('entry_party').select('seq').where('seq', '<', 510).execute()).toEqual(
      [],
    );
    expect(await run({})).toEqual({ rows: 0, alarms: 0 });
  });

  test('a community whose gates keep entries longer has them as long here', async () => {
    await run({ entryDays: 30, communities: [{ id: 7, entryDays: 365 }] });
    expect(Math.min(...(await left()))).toBe(235);
    await run({ entryDays: 30, communities: [{ id: 8, entryDays: 365 }] });
    expect((await left()).filter((seq) => seq % 5 !== 0)[0]).toBe(571);
  });

  test('a run that was interrupted goes on at the next one', async () => {
    let steps = 0;
    await run({}, () => {
      steps += 1;
      return steps > 1;
    });
    const between = (await left()).length;
    expect(between).toBe(400);
    await run({});
    expect((await left()).length).toBeLessThan(between);
    expect(await check()).toEqual({ gate: 'gate-1', journal: JOURNAL, rows: 600 });
  });

  test('a row that is sent again after its date stays empty', async () => {
    await run({});
    const ingest = createIngest({ district: 'd-1', database, verifySignature, clock });
    const again = await ingest.take(
      gateOf('gate-1', device),
      batchOf(rows.slice(0, 200), { gate: 'gate-1', key: device }),
    );
    expect(again).toMatchObject({ ok: true, value: { seq: 600, fresh: [] } });
    expect((await left())[0]).toBe(420);
  });

  test('old alarms go; what proves something against a gate stays', async () => {
    const alarm = { id: 'a-1', at: daysAgo(184), alarm: 'forced', cleared: false } as const;
    const alarms = [
      alarm,
      { ...alarm, id: 'a-2', at: daysAgo(182) },
      { ...alarm, id: 'a-3', alarm: 'tamper' },
    ] as const;
    await insertAlarms(database, { gate: 'gate-1', alarms, now: 1 });
    expect(await run({})).toMatchObject({ alarms: 1 });
    expect((await listAlarms(database, {})).map(({ alarm: { id } }) => id).sort()).toEqual(['a-2', 'a-3']);
  });

  test('an untouched chain holds', async () => {
    expect(await check()).toEqual({ gate: 'gate-1', journal: JOURNAL, rows: 600 });
  });

  const edits: [string, () => Promise<unknown>, { seq: number; kind: string }][] = [
    [
      'content',
      () =>
        row(250)
          .set({ content: JSON.stringify({ ...rows[249], index: 1 }), place: 1 })
          .execute(),
      { seq: 250, kind: 'content' },
    ],
    [
      'a column that was read out of the content',
      () => row(251).set({ place: 1 }).execute(),
      { seq: 251, kind: 'content' },
    ],
    [
      'content that is no row',
      () => row(7).set({ content: '{"seq":' }).execute(),
      { seq: 7, kind: 'content' },
    ],
    [
      'a digest',
      () =>
        row(600)
          .set({ digest: '0'.repeat(64) })
          .execute(),
      { seq: 600, kind: 'hash' },
    ],
    [
      'a row taken out',
      () => database.deleteFrom('journal_row').where('seq', '=', 501).execute(),
      { seq: 501, kind: 'missing' },
    ],
    [
      'the newest row taken out',
      () => database.deleteFrom('journal_row').where('seq', '=', 600).execute(),
      { seq: 600, kind: 'missing' },
    ],
    [
      'the head',
      () =>
        database
          .updateTable('stream')
          .set({ hash: 'f'.repeat(64) })
          .execute(),
      { seq: 600, kind: 'missing' },
    ],
    [
      'the checkpoint',
      () => database.updateTable('stream').set({ checkpoint: null }).execute(),
      { seq: 600, kind: 'checkpoint' },
    ],
  ];
  test.each(edits)('edited in the database: %s', async (_what, edit, problem) => {
    await edit();
    expect(await check()).toMatchObject({ rows: problem.seq - 1, problem });
  });

  test('a whole chain that somebody has written anew is not what the gate has signed', async () => {
    const others = chainOf(600, (seq) => ({ ...drafts(seq), ...(seq === 300 ? { index: 1 } : {}) }));
    for (const other of others.slice(299))
      await row(other.seq)
        .set({
          hash: other.hash,
          previous_hash: other.previousHash,
          digest: other.digest,
          content: JSON.stringify(other),
          place: other.index ?? null,
        })
        .execute();
    await database
      .updateTable('stream')
      .set({ hash: others[599]?.hash ?? '' })
      .execute();
    expect(await check()).toMatchObject({ problem: { kind: 'checkpoint' } });
  });

  test('rows cut off together with the head are missed by the check after', async () => {
    await database.deleteFrom('journal_row').where('seq', '>', 400).execute();
    await database
      .updateTable('stream')
      .set({ seq: 400, hash: rows[399]?.hash ?? '' })
      .execute();
    expect(await check(600)).toMatchObject({ problem: { seq: 401, kind: 'shrunk' } });
  });

  test('a checkpoint of another key counts for nothing', async () => {
    expect(await check(0, keyPair().publicKeyHex)).toMatchObject({ problem: { kind: 'checkpoint' } });
  });
});

/** Entries, not look-ups, from one row on and before another. */
function countOf(from: number, until: number): number {
  return rows.filter(({ seq }) => seq >= from && seq < until && seq % 5 !== 0).length;
}
