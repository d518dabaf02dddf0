import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memoryLog, realClock, until } from '../../../test/twins/broker.ts';
import { gateOf } from '../../../test/twins/chains.ts';
import { keyPair } from '../../../test/twins/gate.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import type { Link } from '../../link/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { Lead } from './lead.ts';
import { leasesOf, releaseLeases, takeLease } from './leases.ts';
import { Sharing } from './sharing.ts';

/** Leases in the database: one holder at a time, gates shared out evenly, what a dead process held taken over. */

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const upwards = (a: number, b: number) => a - b;

/** A link that only remembers what is heard. */
function heardLink() {
  const topics = new Set<string>();
  const link = {
    subscribe: (some: readonly { topic: string }[]) => {
      for (const { topic } of some) topics.add(topic);
      return Promise.resolve();
    },
    unsubscribe: (some: readonly string[]) => {
      for (const topic of some) topics.delete(topic);
      return Promise.resolve();
    },
  };
  return { topics, link: link as unknown as Link };
}

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('leases on %s', (_engine, newPlace) => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase(newPlace());
    const gates = Array.from({ length: 7 }, (_, at) => gateOf(`gate-${at}`, keyPair()));
    await database.insertInto('gate').values(gates).execute();
  });
  beforeEach(async () => {
    await database.deleteFrom('lease').execute();
  });
  afterAll(() => database.destroy());

  test('one holds it; another gets it when it is given back, or when its time is over', async () => {
    const lease = { name: 'lead', lifeMs: 60_000 };
    expect(await takeLease(database, { ...lease, worker: 'a' })).toBe(true);
    expect(await takeLease(database, { ...lease, worker: 'a' })).toBe(true);
    expect(await takeLease(database, { ...lease, worker: 'b' })).toBe(false);
    await releaseLeases(database, 'b', ['lead']);
    expect(await takeLease(database, { ...lease, worker: 'b' })).toBe(false);
    await releaseLeases(database, 'a', ['lead']);
    expect(await takeLease(database, { ...lease, worker: 'b', lifeMs: 0 })).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await takeLease(database, { ...lease, worker: 'a' })).toBe(true);
  });

  function share(worker: string, shared: 'auto' | boolean = false) {
    const { topics, link } = heardLink();
    const gained: string[] = [];
    const sharing = new Sharing({
      district: 'd-1',
      worker,
      shared,
      group: 'g-1',
      database,
      link: () => link,
      onGained: (gates) => Promise.resolve(void gained.push(...gates)),
      clock: realClock,
      log: memoryLog(),
    });
    for (const { topic } of sharing.subscriptions({ sharedSubscriptions: true })) topics.add(topic);
    sharing.start();
    stops.push(() => sharing.stop());
    return { sharing, topics, gained };
  }
  const ALL = 'menwei/1/d-1/gates/+/entries';

  test('one worker hears all; two and three share evenly, without a gap and without two for one gate', async () => {
    const first = share('a');
    expect([...first.topics]).toEqual([ALL]);
    const second = share('b');
    const mine = () => [first, second].map(({ sharing }) => sharing.gates.size).sort(upwards);
    await until(() => mine().join() === '3,4', 'two share');
    expect(new Set([...first.topics, ...second.topics]).size).toBe(7);
    expect(first.topics.has(ALL)).toBe(false);
    const third = share('c');
    const all = [first, second, third];
    await until(
      () =>
        all
          .map(({ sharing }) => sharing.gates.size)
          .sort(upwards)
          .join() === '1,3,3',
      'three share',
    );
    expect(new Set(all.flatMap(({ topics }) => [...topics])).size).toBe(7);
    expect(third.gained.length).toBeGreaterThan(0);
  });

  test('what a worker held that is gone comes over, and its gates are told what is stored', async () => {
    const [first, second] = [share('a'), share('b')];
    await until(() => first.sharing.gates.size + second.sharing.gates.size === 7, 'two share');
    await first.sharing.stop();
    await until(() => second.gained.length === 7, 'the other hears all');
    expect([...second.topics]).toEqual([ALL]);
    expect(second.sharing.mode).toBe('alone');
    expect(await leasesOf(database, 'gate')).toEqual([]);
  });

  test('a worker that died without a word is missed', async () => {
    await takeLease(database, { name: 'worker/dead', worker: 'dead', lifeMs: 1_500 });
    for (const gate of ['gate-0', 'gate-1'])
      await takeLease(database, { name: `gate/${gate}`, worker: 'dead', lifeMs: 1_500 });
    const mine = share('a');
    await until(() => mine.sharing.mode === 'leases', 'it is thought to be there');
    await until(() => mine.sharing.mode === 'alone', 'it is missed');
  });

  test('where the broker shares, it deals out', () => {
    expect([...share('a', 'auto').topics]).toEqual([`$share/g-1/${ALL}`]);
  });

  function lead(worker: string) {
    const won: string[] = [];
    const one = new Lead({
      database,
      worker,
      clock: realClock,
      log: memoryLog(),
      onWon: () => Promise.resolve(void won.push(worker)),
    });
    stops.push(() => one.stop());
    return { one, won };
  }

  test('of two processes one leads; the other waits, and takes over when the first has gone', async () => {
    const [first, second] = [lead('a'), lead('b')];
    expect(await first.one.start()).toBe(true);
    expect(await second.one.start()).toBe(false);
    expect([first.one.leads, second.one.leads]).toEqual([true, false]);
    await first.one.stop();
    expect(first.one.leads).toBe(false);
    await until(() => second.one.leads, 'the other leads');
    await until(() => second.won.length === 1, 'and has said everything again');
  });

  test('one that cannot renew its lead ends it by its own clock, before another begins', async () => {
    let mono = 0;
    const clock = { ...realClock, monotonic: () => (realClock.monotonic() + mono) as never };
    const one = new Lead({ database, worker: 'a', clock, log: memoryLog(), onWon: () => Promise.resolve() });
    stops.push(() => one.stop());
    expect(await one.start()).toBe(true);
    mono = 4_500;
    expect(one.leads).toBe(false);
    expect(await takeLease(database, { name: 'lead', worker: 'b', lifeMs: 1 })).toBe(false);
  });
});
