import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../database/database.ts';
import { insertAlarms } from '../ingest/alarms.ts';
import { DistrictMetrics } from './metrics.ts';

let database: Database;
beforeEach(async () => {
  database = await openDatabase(':memory:');
});
afterEach(() => database.destroy());

test('rows are counted over journals, and alarms by kind', async () => {
  const stream = { gate: 'gate-1', hash: 'a'.repeat(64), checkpoint: null, updated_at: 1 };
  await database
    .insertInto('stream')
    .values([
      { ...stream, journal: 'a'.repeat(32), seq: 5 },
      { ...stream, journal: 'b'.repeat(32), seq: 7 },
    ])
    .execute();
  const alarm = { id: '1', at: '2026-01-01T00:00:00.000Z', alarm: 'forced' as const, cleared: false };
  await insertAlarms(database, { gate: 'gate-1', alarms: [alarm, { ...alarm, id: '2' }], now: 1 });
  const text = await new DistrictMetrics(database).text();
  expect(text).toContain('menwei_district_rows_stored 12\n');
  expect(text).toContain('menwei_district_alarms{alarm="forced"} 2\n');
  expect(text).toContain('menwei_district_alarms{alarm="tamper"} 0\n');
});
