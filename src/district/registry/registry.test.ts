import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../../test/twins/broker.ts';
import { keyPair } from '../../../test/twins/gate.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { type NewResident, residentIndex } from '../../wire/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { Registry } from './registry.ts';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const largest = 0xffff_ffff;
const resident = (room: string, more: Partial<NewResident> = {}): NewResident => ({
  community: largest,
  room,
  assurance: 1,
  needsMoreTime: false,
  minor: false,
  ...more,
});

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('the registry on %s', (_engine, newPlace) => {
  let database: Database;
  let registry: Registry;
  beforeAll(async () => {
    database = await openDatabase(newPlace());
    registry = new Registry({ database, clock: realClock, random, places: 0x100_0000 });
  });
  afterAll(() => database.destroy());

  test('numbers come back as numbers, the largest too', async () => {
    const added = await registry.addResident(resident('1-101', { display: '甲*', lastDay: 65_535 }));
    expect(residentIndex.safeParse(added?.index).success).toBe(true);
    expect(added).toMatchObject({ community: largest, order: 0, room: '1-101', state: 'valid', nextSlot: 0 });
    await registry.enrolGate({ gate: 'north-1', community: largest, deviceKey: keyPair().publicKeyHex });
    const gate = await registry.gate('north-1');
    expect(gate?.community).toBe(largest);
    expect(Math.abs(Date.now() - (gate?.enrolled_at ?? 0))).toBeLessThan(60_000);
  });

  test('residents who come at once each get their own place and order; the ninth gets none', async () => {
    const added = await Promise.all(Array.from({ length: 9 }, () => registry.addResident(resident('2-202'))));
    const orders = added.flatMap((each) => (each === undefined ? [] : [each.order]));
    expect(new Set(orders)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
    expect(new Set(added.map((each) => each?.household).filter((id) => id !== undefined)).size).toBe(1);
    expect(new Set(added.flatMap((each) => each?.index ?? [])).size).toBe(8);
  });

  test('passes that are made at once are numbered without a gap', async () => {
    const host = await registry.addResident(resident('3-303'));
    const pass = { community: largest, from: largest, minutes: 5, uses: 1 };
    const made = await Promise.all(
      Array.from({ length: 6 }, () => registry.addPass(host?.index ?? -1, pass)),
    );
    expect(new Set(made)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    expect(await registry.setPassState(3, 'revoked')).toBe(true);
    expect(await registry.setPassState(99, 'revoked')).toBe(false);
    expect(await registry.statuses('visitors')).toEqual({ length: 6, named: [{ place: 3, state: 1 }] });
  });

  test('a phone’s key is taken once in the whole district', async () => {
    const [one, other] = [
      await registry.addResident(resident('4-1')),
      await registry.addResident(resident('4-2')),
    ];
    const key = keyPair().publicKeyHex;
    expect(await registry.addHolderKey(one?.index ?? -1, 0, key)).toEqual({ ok: true, value: 0 });
    expect(await registry.addHolderKey(other?.index ?? -1, 0, key)).toEqual({
      ok: false,
      error: 'known-key',
    });
    expect(await registry.holderKeys(one?.index ?? -1)).toEqual([key]);
  });

  test('a password opens its own gate only, and a new one ends the old', async () => {
    const gate = { gate: 'east-1', community: 7, deviceKey: keyPair().publicKeyHex };
    const first = await registry.enrolGate(gate);
    expect(await registry.gateHasPassword('east-1', first)).toBe(true);
    expect(await registry.gateHasPassword('north-1', first)).toBe(false);
    await registry.enrolGate(gate);
    expect(await registry.gateHasPassword('east-1', first)).toBe(false);
  });
});

test('a database is opened again as it was, by any number of processes', async () => {
  const place = postgres.newDatabase();
  const opened = await Promise.all([openDatabase(place), openDatabase(place)]);
  const [first, second] = opened.map(
    (database) => new Registry({ database, clock: realClock, random, places: 4_096 }),
  );
  const added = await first?.addResident(resident('1-1'));
  expect(await second?.resident(added?.index ?? -1)).toEqual(added);
  await Promise.all(opened.map((database) => database.destroy()));
});

test.each([
  [
    'postgres://menwei:secret-word@127.0.0.1:1/menwei',
    /^database\.url: no server answers there \(ECONNREFUSED\)/,
  ],
  ['/nowhere/at/all/district.sqlite', /^the database \/nowhere/],
])('%s cannot be opened, and it says why without the password', async (place, words) => {
  const said = await openDatabase(place).then(String, (fault: unknown) => (fault as Error).message);
  expect(said).toMatch(words);
  expect(said).not.toContain('secret-word');
});
