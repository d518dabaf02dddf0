import { realClock } from '../../../test/twins/broker.ts';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { openDatabase } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import { arrive } from './arrivals.ts';
import { Shelf } from '../publishing/shelf.ts';
import { openVault } from './open-vault.ts';

import { COMMUNITY, type Desk, living, openDesk, random, somebody, LOOKUP_KEY } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'menwei-persons-'));
let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe('the persons’ keys', () => {
  const file = (name: string) => join(folder, name, 'keys', 'persons.json');

  test('are made once, for this user alone, and a lost file is told, not made anew', async () => {
    const place = join(folder, 'lost.sqlite');
    const { database } = await openDesk(place, join(folder, 'lost'));
    expect(statSync(file('lost')).mode & 0o777).toBe(0o600);
    chmodSync(file('lost'), 0o644);
    await expect(openVault(database, { file: file('lost'), random })).rejects.toThrow(/chmod 600/);
    rmSync(file('lost'));
    await expect(openVault(database, { file: file('lost'), random })).rejects.toThrow(/bring the file back/);
    expect(() => statSync(file('lost'))).toThrow();
    await database.destroy();
  });

  test('of another district are refused', async () => {
    const one = await openDesk(join(folder, 'one.sqlite'), join(folder, 'one'));
    const other = await openDesk(join(folder, 'other.sqlite'), join(folder, 'other'));
    await expect(openVault(one.database, { file: file('other'), random })).rejects.toThrow(
      /not the keys of this database/,
    );
    await Promise.all([one.database.destroy(), other.database.destroy()]);
  });

  test('are changed: old records are read, and written under the new one', async () => {
    const place = join(folder, 'turned.sqlite');
    const before = await openDesk(place, join(folder, 'turned'));
    const person = somebody();
    await before.persons.add(living(person));
    await before.database.destroy();
    const keys = JSON.parse(readFileSync(file('turned'), 'utf8')) as { records: object };
    const turned = { ...keys, current: '2', records: { ...keys.records, 2: '77'.repeat(32) } };
    writeFileSync(file('turned'), JSON.stringify(turned));
    const after = await openDesk(place, join(folder, 'turned'));
    const find = () => after.persons.search({ by: 'document', number: person.document.number });
    expect(await find()).toHaveLength(1);
    expect(await after.persons.renewRecords()).toBe(0);
    const rows = await after.database.selectFrom('person').select('record').execute();
    expect(rows.map(({ record }) => record.split('.')[0])).toEqual(['2']);
    expect(await find()).toHaveLength(1);
    await after.database.destroy();
  });
});

describe('fifty canary identities', () => {
  const canaries = Array.from({ length: 50 }, (_, at) =>
    somebody({
      name: `测试隐${String.fromCodePoint(0x4e8c + at)}`,
      plate: `陕A${String(at).padStart(5, '8')}`,
    }),
  );
  const words = canaries.flatMap(({ name, document, phone = '', plate = '' }) => [
    name,
    document.number,
    document.number.slice(6),
    phone.slice(1),
    plate,
  ]);

  const fill = async (desk: Desk) => {
    const arrivals = canaries.flatMap((body, at) => {
      const person = desk.persons.check(body);
      return person.ok ? [{ ...living(body, `20-1-${at}`), person: person.value }] : [];
    });
    const entered = await alone(desk.database, (transaction) =>
      arrive(transaction, arrivals, desk.registry.parts()),
    );
    expect(entered.filter(({ ok }) => ok)).toHaveLength(50);
    const [first] = await desk.registry.residents(1);
    await desk.registry.replaceIndex(first?.index ?? -1);
    await desk.registry.roster(COMMUNITY);
  };

  test('are in no byte of the SQLite file, in no encoding', async () => {
    const place = join(folder, 'canary.sqlite');
    const desk = await openDesk(place, join(folder, 'canary'));
    await fill(desk);
    const files = readdirSync(folder).filter((name) => name.startsWith('canary.sqlite'));
    const bytes = Buffer.concat(files.map((name) => readFileSync(join(folder, name))));
    expect(bytes.includes('20-1-49')).toBe(true);
    expect(found(bytes, words)).toEqual([]);
    await desk.database.destroy();
  });

  test('are in no row of any table in PostgreSQL, in no encoding', async () => {
    const place = postgres.newDatabase();
    const desk = await openDesk(place, join(folder, 'canary-postgres'));
    await fill(desk);
    const tables = await sql<{ name: string }>`select table_name as name from information_schema.tables
      where table_schema = 'public'`.execute(desk.database);
    const lines = await Promise.all(
      tables.rows.map(({ name }) =>
        sql<{ line: string }>`select t::text as line from ${sql.table(name)} t`.execute(desk.database),
      ),
    );
    const dump = Buffer.from(lines.flatMap(({ rows }) => rows.map(({ line }) => line)).join('\n'));
    expect(dump.includes('20-1-49')).toBe(true);
    expect(found(dump, words)).toEqual([]);
    await desk.database.destroy();
  });

  test('would be found in each encoding, whatever stands before them', () => {
    const word = '测试隐二';
    const texts = ['', 'x', 'xx'].map((before) => Buffer.from(`${before}${word}y`));
    for (const text of texts)
      for (const kept of [text, text.toString('hex'), text.toString('base64'), text.toString('base64url')])
        expect(found(Buffer.concat([Buffer.from('a'), Buffer.from(kept)]), [word])).toEqual([word]);
    expect(found(Buffer.from(word, 'utf16le'), [word])).toEqual([word]);
    expect(found(Buffer.from(word, 'utf16le').swap16(), [word])).toEqual([word]);
    expect(found(Buffer.from('somebody else'), [word])).toEqual([]);
  });
});

function found(bytes: Buffer, words: readonly string[]): string[] {
  return words.filter((word) => encodingsOf(word).some((pattern) => bytes.includes(pattern)));
}

function encodingsOf(word: string): Buffer[] {
  const plain = Buffer.from(word);
  const wide = Buffer.from(word, 'utf16le');
  const base64 = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), plain])
      .toString('base64')
      .replace(/=*$/, '');
    // What shares a character with a neighbour is cut off at both ends.
    const inside = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + plain.length) * 8) / 6));
    return [inside, inside.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const hex = plain.toString('hex');
  return [
    plain,
    wide,
    Buffer.from(wide).swap16(),
    ...[hex, hex.toUpperCase(), ...base64].map((each) => Buffer.from(each)),
  ];
}

test('a stored roster, which holds the key of its look-ups, is sealed, and one of before is read', async () => {
  const database = await openDatabase(':memory:');
  const vault = await openVault(database, { file: join(folder, 'roster', 'keys', 'persons.json'), random });
  const shelf = new Shelf({ district: 'd-1', database, clock: realClock, vault });
  const text = `${Buffer.from('{"alg":"EdDSA"}').toString('base64url')}.${Buffer.from(LOOKUP_KEY).toString('base64url')}.AA`;
  const made = { version: 1, iat: 1, exp: 2, text, hash: 'x' };
  expect((await shelf.put({ name: 'roster/7', ...made })).stored.text).toBe(text);
  expect((await shelf.get('roster/7'))?.text).toBe(text);
  const raw = () =>
    database.selectFrom('document').select('text').where('name', '=', 'roster/7').executeTakeFirstOrThrow();
  expect(found(Buffer.from((await raw()).text), [LOOKUP_KEY])).toEqual([]);
  expect((await raw()).text).not.toContain(text);
  await database.updateTable('document').set({ name: 'roster/8' }).execute();
  await expect(shelf.get('roster/8')).rejects.toThrow(/cannot be read/);
  await database.updateTable('document').set({ text }).execute();
  expect((await shelf.get('roster/8'))?.text).toBe(text);
  await database.destroy();
});
