import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../../../test/twins/broker.ts';
import { COMMUNITY, type Desk, living, openDesk, somebody } from '../testing.ts';
import { importTable } from './import.ts';

/** What goes on while a long list is entered: who asks is answered at once, who writes within a step or two. */

const ROWS = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'menwei-import-beside-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('beside an import of twenty thousand', () => {
  let desk: Desk;
  const known = somebody();
  beforeAll(async () => {
    desk = await openDesk(join(folder, 'district.sqlite'), folder);
    expect((await desk.persons.add(living(known))).ok).toBe(true);
  });
  afterAll(() => desk.database.destroy());

  test('every question is answered, and every writer has written, before the import has gone two steps further', async () => {
    const lines = Array.from({ length: ROWS }, (_, at) => {
      const { name, document } = somebody();
      return [name, document.number, `${1 + Math.floor(at / 8)}-1`];
    });
    const steps = { now: 0, waited: [] as number[], found: 0, written: 0 };
    const others: Promise<void>[] = [];
    const ask = async (from: number) => {
      steps.found += (await desk.persons.search({ by: 'document', number: known.document.number })).length;
      steps.waited.push(steps.now - from);
    };
    const write = async (from: number) => {
      const added = await desk.persons.add({ ...living(somebody()), room: `9001-${from}` });
      steps.written += added.ok ? 1 : 0;
      steps.waited.push(steps.now - from);
    };
    const done = await importTable([['姓名', '证件号码', '房间'], ...lines], {
      database: desk.database,
      parts: desk.registry.parts(),
      clock: realClock,
      community: COMMUNITY,
      today: '2026-11-22',
      dryRun: false,
      skipBad: false,
      progress: ({ done: rows, of }) => {
        steps.now += 1;
        if (rows < of && steps.now % 4 === 0) others.push(ask(steps.now), write(steps.now));
      },
    });
    expect(done).toMatchObject({ ok: true, value: { entered: ROWS, applied: true } });
    await Promise.all(others);
    expect(others.length).toBeGreaterThan(10);
    expect(steps.found).toBe(others.length / 2);
    expect(steps.written).toBe(others.length / 2);
    expect(Math.max(...steps.waited)).toBeLessThanOrEqual(2);
    const { count } = await desk.database
      .selectFrom('resident')
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(1 + ROWS + steps.written);
  }, 120_000);
});
