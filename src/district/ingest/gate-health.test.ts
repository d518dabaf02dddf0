import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memoryLog, realClock } from '../../../test/twins/broker.ts';
import { keyPair } from '../../../test/twins/gate.ts';
import { batchOf, chainOf, gateOf } from '../../../test/twins/chains.ts';
import { verifySignature } from '../../../test/twins/gate.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { wallMs } from '../../base/index.ts';
import type { HealthPayload, RowDraft } from '../../wire/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { HealthBook } from './gate-health.ts';
import { gateHistory, lastSpan } from './gate-history.ts';
import { createIngest } from './ingest.ts';
import { HEALTH_KEPT_MS, HEALTH_STEP_MS } from './limits.ts';

/** How gates were: what they said is put together once, kept for days, and read back hour by hour. */

const NOW = Date.parse('2026-09-01T10:07:00.000Z');
const HOUR_MS = 3_600_000;

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

const report = (more: Partial<HealthPayload> = {}): HealthPayload => ({
  at: '2020-01-01T00:00:00.000Z',
  uptimeSeconds: 60,
  queueDepth: 0,
  unsentRows: 0,
  readers: [],
  versions: {},
  ...more,
});
const clockSaid = (quality: string) => JSON.stringify({ clock: { quality, errorSeconds: 1 } });

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('health of gates, on %s', (_engine, newPlace) => {
  let database: Database;
  let now = NOW;
  let leads = true;
  let book: HealthBook;
  const clock = { ...realClock, wall: () => wallMs(now) };
  beforeAll(async () => {
    database = await openDatabase(newPlace());
  });
  beforeEach(async () => {
    [now, leads] = [NOW, true];
    await database.deleteFrom('gate_health').execute();
    book = new HealthBook({ database, clock, log: memoryLog(), leads: () => leads });
  });
  afterAll(() => database.destroy());

  const gate = { id: 'gate-1', status: clockSaid('synced') };
  const lastStep = async () => (await gateHistory(database, lastSpan('gate-1', 1, now))).health.at(-4);

  test('a quarter of an hour is one row: the worst of each, and p50 weighed by scans', async () => {
    book.note(gate, report({ latency: { p50Ms: 10, p99Ms: 30, maxMs: 31 }, scans: 9, temperatureC: 40 }));
    book.note(gate, report({ latency: { p50Ms: 20, p99Ms: 25, maxMs: 31 }, scans: 1, unsentRows: 7 }));
    book.note({ ...gate, status: clockSaid('unsure') }, report({ temperatureC: 55.5 }));
    await book.write();
    expect(await lastStep()).toEqual({
      p50Ms: 11,
      p99Ms: 30,
      temperatureC: 55.5,
      unsentRows: 7,
      freeBytes: undefined,
      clock: 'unsure',
    });
  });

  test('what comes after it was written is added to it, and a value that was missing is taken', async () => {
    book.note(gate, report({ storage: { freeBytes: 500, totalBytes: 900 } }));
    await book.write();
    const latency = { p50Ms: 8, p99Ms: 9, maxMs: 9 };
    book.note(gate, report({ latency, scans: 2, storage: { freeBytes: 700, totalBytes: 900 } }));
    await book.write();
    expect(await lastStep()).toMatchObject({ p50Ms: 8, p99Ms: 9, freeBytes: 500 });
    const rows = await database.selectFrom('gate_health').select('reports').execute();
    expect(rows).toEqual([{ reports: 2 }]);
  });

  test('a process that does not lead writes nothing', async () => {
    leads = false;
    book.note(gate, report());
    await book.write();
    expect(await database.selectFrom('gate_health').selectAll().execute()).toEqual([]);
  });

  test('rows are forgotten when they are older than they are kept', async () => {
    book.note(gate, report());
    await book.write();
    now += HEALTH_KEPT_MS - HEALTH_STEP_MS;
    await book.write();
    expect(await database.selectFrom('gate_health').selectAll().execute()).toHaveLength(1);
    now += 2 * HEALTH_STEP_MS;
    await book.write();
    expect(await database.selectFrom('gate_health').selectAll().execute()).toEqual([]);
  });

  test('entries are counted by the hour and refusals by reason; a week has hours', async () => {
    const device = keyPair();
    const stored = gateOf('gate-1', device);
    await database.insertInto('gate').values(stored).execute();
    const drafts: Partial<RowDraft>[] = [
      { decision: 'granted', at: '2026-09-01T09:59:59.000Z' },
      { decision: 'granted', at: '2026-09-01T10:00:00.000Z' },
      { decision: 'refused', refusal: 'expired', at: '2026-09-01T10:00:01.000Z' },
      { decision: 'refused', refusal: 'already-used', at: '2026-09-01T10:00:02.000Z' },
      { decision: 'refused', refusal: 'already-used', at: '2026-09-01T10:00:03.000Z' },
      { decision: 'system', reason: 'started', at: '2026-09-01T10:00:04.000Z' },
    ];
    const rows = chainOf(drafts.length, (seq) => drafts[seq - 1] ?? {});
    const ingest = createIngest({ district: 'd-1', database, verifySignature, clock });
    expect((await ingest.take(stored, batchOf(rows, { gate: 'gate-1', key: device }))).ok).toBe(true);
    const day = await gateHistory(database, lastSpan('gate-1', 1, NOW));
    expect(day.entries.granted.slice(-2)).toEqual([1, 1]);
    expect(day.entries.refused.slice(-2)).toEqual([0, 3]);
    expect(day.refusals).toEqual([
      { refusal: 'already-used', count: 2 },
      { refusal: 'expired', count: 1 },
    ]);
    const week = await gateHistory(database, lastSpan('gate-1', 7, NOW));
    expect([week.entries.granted.length, week.health.length, week.from % HOUR_MS]).toEqual([168, 168, 0]);
  });
});
