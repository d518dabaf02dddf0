import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { gateOf } from '../../../test/twins/chains.ts';
import { keyPair } from '../../../test/twins/gate.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { wallMs } from '../../base/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { BEHIND_PROVES_MS, GATES_TOGETHER_MAX } from '../ingest/limits.ts';
import { KnownGates } from './known-gates.ts';

/** Many gates that speak at once: each is found as it is, seen as it said, and asked for what it named. */

const MANY = GATES_TOGETHER_MAX + 6;
const NOW = 1_800_000_000_000;
const JOURNAL = 'a'.repeat(32);
const key = keyPair();
let postgres: Postgres;
let database: Database;
let known: KnownGates;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', () => postgres.newDatabase()],
])('gates that speak, on %s', (_engine, newPlace) => {
  beforeEach(async () => {
    database = await openDatabase(newPlace());
    const gates = Array.from({ length: MANY }, (_, at) => gateOf(`gate-${at}`, key));
    await database.insertInto('gate').values(gates).execute();
    known = new KnownGates(database, { wall: () => wallMs(NOW) });
  });
  afterEach(() => database.destroy());

  const names = Array.from({ length: MANY }, (_, at) => `gate-${at}`);

  test('each is found under its name, a stranger is not, and one whose life is over says so', async () => {
    const life = { gate: 'gate-3', state: 'stolen', since: 1, reason: 'gone', broker_hash: null } as const;
    await database.insertInto('gate_life').values(life).execute();
    const found = await Promise.all([...names, 'stranger', 'gate-3'].map((name) => known.gate(name)));
    expect(found.map((gate) => gate?.id)).toEqual([...names, undefined, 'gate-3']);
    expect(found.flatMap((gate) => gate?.ended ?? [])).toEqual(['stolen', 'stolen']);
  });

  test('all are seen at once; a status outlives the health report that came with it', async () => {
    await Promise.all(
      names.flatMap((gate) => [known.saw({ gate, status: `"of ${gate}"` }), known.saw({ gate })]),
    );
    const rows = await database.selectFrom('gate').select(['id', 'status', 'seen_at']).execute();
    expect(rows).toHaveLength(MANY);
    for (const { id, status, seen_at: seen } of rows) expect([status, seen], id).toEqual([`"of ${id}"`, NOW]);
  });

  test('those that are ahead of what is stored will be asked, the others not', async () => {
    const stored = { gate: 'gate-1', journal: JOURNAL, seq: 9, hash: 'b'.repeat(64), updated_at: 1 };
    await database
      .insertInto('stream')
      .values({ ...stored, checkpoint: null })
      .execute();
    const heads = ['gate-0', 'gate-1', 'gate-2'].map((gate) => ({
      gate,
      head: { journal: JOURNAL, seq: 9 },
    }));
    await Promise.all([...heads, { gate: 'gate-4' }].map((sighting) => known.saw(sighting)));
    const asked = await database
      .selectFrom('missing')
      .select(['gate', 'from_seq', 'ask_at'])
      .orderBy('gate')
      .execute();
    const expected = { from_seq: 1, ask_at: NOW + BEHIND_PROVES_MS };
    expect(asked).toEqual([
      { gate: 'gate-0', ...expected },
      { gate: 'gate-2', ...expected },
    ]);
  });
});
