import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../../test/twins/broker.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { wallMs } from '../../base/index.ts';
import {
  documentLookup,
  lastSixLookup,
  nameLookup,
  type PersonBody,
  phoneLookup,
  pinyinLookups,
  roomLookup,
} from '../../wire/index.ts';
import { LEFT_KEPT_MS } from '../limits.ts';
import { openVault } from './open-vault.ts';
import { Persons } from './persons.ts';

import { COMMUNITY, type Desk, living, LOOKUP_KEY, openDesk, random, somebody } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'menwei-persons-'));
let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('persons on %s', (engine, newPlace) => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk(newPlace(), join(folder, engine));
  });
  afterAll(() => desk.database.destroy());

  const enter = async (person: PersonBody, room?: string) => {
    const added = await desk.persons.add(living(person, room));
    if (!added.ok) throw new Error(JSON.stringify(added.error));
    const [found] = await desk.persons.search({ by: 'document', number: person.document.number });
    if (found === undefined) throw new Error('not found');
    return { ...added.value, person: found.person };
  };
  const rosterEntry = async (index: number) =>
    (await desk.registry.roster(COMMUNITY)).find((entry) => entry.index === index);
  const states = async () =>
    new Map((await desk.registry.statuses('residents')).named.map(({ place, state }) => [place, state]));

  test('a person is entered masked, in the room’s one form, and found by everything that identifies', async () => {
    const person = somebody({ name: '测试安宝' });
    const { number } = person.document;
    const born = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
    const added = await enter(person, '9栋1单元101室');
    expect(added).toMatchObject({ room: '9-1-101', display: '测*', state: 'valid' });
    for (const asked of [
      { by: 'document', number: ` ${number.toLowerCase()} ` },
      { by: 'last-six', lastSix: number.slice(-6), birthDate: born },
      { by: 'phone', phone: person.phone?.slice(3) ?? '' },
      { by: 'name', name: '测试安宝' },
      { by: 'name', name: 'csab' },
      { by: 'name', name: 'Ceshi Anbao' },
      { by: 'room', community: COMMUNITY, room: '9-1-101' },
    ] as const) {
      const found = await desk.persons.search(asked);
      expect(
        found.map((each) => each.person),
        JSON.stringify(asked),
      ).toContain(added.person);
    }
    const [view] = await desk.persons.search({ by: 'document', number });
    expect(view?.documentNumber).toBe(`${number.slice(0, 3)}***********${number.slice(-4)}`);
    expect(JSON.stringify(view)).not.toContain(number);
    expect(await desk.persons.search({ by: 'name', name: '测' })).toEqual([]);
    expect(await desk.persons.search({ by: 'document', number: number.slice(0, 17) })).toEqual([]);
  });

  test('the roster carries the look-ups of trust-documents.md, and no telephone number’s', async () => {
    const person = somebody({ name: '测试可' });
    const { number } = person.document;
    const { index } = await enter(person, '10-1-101');
    const hashed = (text: string | undefined) =>
      createHmac('sha256', Buffer.from(LOOKUP_KEY, 'hex'))
        .update(text ?? '')
        .digest('hex')
        .slice(0, 32);
    const born = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
    const entry = await rosterEntry(index);
    expect(new Set(entry?.lookups)).toEqual(
      new Set(
        [
          documentLookup(number),
          lastSixLookup(number.slice(-6), born),
          roomLookup('10-1-101'),
          nameLookup('测试可'),
          ...pinyinLookups(['ce', 'shi', 'ke']),
        ].map(hashed),
      ),
    );
    expect(entry?.lookups).not.toContain(hashed(phoneLookup(person.phone ?? '')));
  });

  test('every wrong field is told at once, and nothing is entered', async () => {
    const wrong = somebody({ name: '=1+1', phone: '123', plate: 'X', sex: 'other' });
    const number = `${wrong.document.number.slice(0, 17)}${wrong.document.number.endsWith('1') ? '2' : '1'}`;
    const added = await desk.persons.add(
      living({ ...wrong, document: { type: 'resident-id', number } }, '???'),
    );
    expect(added.ok).toBe(false);
    const errors = added.ok || typeof added.error === 'string' ? [] : added.error.errors;
    expect(errors.map(({ field }) => field)).toEqual(['name', 'document.number', 'phone', 'plate', 'room']);
    expect(JSON.stringify(errors)).not.toContain(number);
  });

  test('a document is one person’s in the whole district', async () => {
    const person = somebody();
    await enter(person, '11-1-101');
    const again = (more: Partial<PersonBody>, room: string) =>
      desk.persons.add(living({ ...person, ...more }, room));
    expect(await again({ name: '测试另' }, '11-1-102')).toEqual({ ok: false, error: 'document-taken' });
    expect(await again({}, '11-1-101')).toEqual({ ok: false, error: 'lives-there' });
    expect(await again({ phone: '15400000000' }, '11-1-101')).toEqual({
      ok: false,
      error: 'lives-there-otherwise',
    });
    expect((await again({}, '11-1-103')).ok).toBe(true);
    const [view, ...others] = await desk.persons.search({ by: 'document', number: person.document.number });
    expect(others).toEqual([]);
    expect(view?.residences.map(({ room }) => room).sort()).toEqual(['11-1-101', '11-1-103']);
  });

  test('the same newcomer at ten desks at once is entered once', async () => {
    const person = somebody();
    const all = await Promise.all(
      Array.from({ length: 10 }, () => desk.persons.add(living(person, '11-2-101'))),
    );
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('B1: a cancelled document revokes every index of its holder; restored, they are what they were', async () => {
    const person = somebody();
    const [one, other] = [await enter(person, '12-1-101'), await enter(person, '12-1-102')];
    await desk.registry.setState(other.index, 'suspended');
    const changed = await desk.persons.changeDocument(one.person, { change: 'cancel' });
    expect(changed).toMatchObject({ ok: true });
    expect(new Set(changed.ok ? changed.value.places : [])).toEqual(new Set([one.index, other.index]));
    expect([(await states()).get(one.index), (await states()).get(other.index)]).toEqual([1, 1]);
    expect(await desk.registry.setState(one.index, 'valid')).toBe(false);
    expect(await desk.persons.add(living(person, '12-1-103'))).toEqual({
      ok: false,
      error: 'document-cancelled',
    });
    await desk.persons.changeDocument(one.person, { change: 'restore' });
    expect([(await states()).get(one.index), (await states()).get(other.index)]).toEqual([undefined, 2]);
    expect(await desk.persons.changeDocument(one.person, { change: 'restore' })).toEqual({
      ok: false,
      error: 'document-in-force',
    });
  });

  test('B1: a new number draws new indexes, revokes the old, and only the new number is found', async () => {
    const [person, next, third] = [somebody(), somebody(), somebody()];
    const { index, person: id } = await enter(person, '13-1-101');
    await enter(third, '13-1-101');
    expect(await desk.persons.changeDocument(id, { change: 'new', document: third.document })).toEqual({
      ok: false,
      error: 'document-taken',
    });
    const changed = await desk.persons.changeDocument(id, { change: 'new', document: next.document });
    expect(changed.ok && changed.value.places).toHaveLength(2);
    expect((await states()).get(index)).toBe(1);
    expect(await desk.persons.search({ by: 'document', number: person.document.number })).toEqual([]);
    const [view] = await desk.persons.search({ by: 'document', number: next.document.number });
    const fresh = view?.residences[0]?.index ?? -1;
    expect(fresh).not.toBe(index);
    const hashed = createHmac('sha256', Buffer.from(LOOKUP_KEY, 'hex')).update(
      documentLookup(next.document.number),
    );
    expect((await rosterEntry(fresh))?.lookups).toContain(hashed.digest('hex').slice(0, 32));
    expect(await rosterEntry(index)).toBeUndefined();
  });

  test('a lost phone: a new index in the same seat, the old one revoked for ever and without phones', async () => {
    const { index, household, order } = await enter(somebody(), '14-1-101');
    await desk.registry.addHolderKey(
      index,
      0,
      'cd'.repeat(32).replace(/^../, engine === 'SQLite' ? '00' : '01'),
    );
    const replaced = await desk.registry.replaceIndex(index);
    const fresh = replaced.ok ? replaced.value.index : -1;
    expect(await desk.registry.resident(fresh)).toMatchObject({
      household,
      order,
      state: 'valid',
      slots: [],
    });
    expect((await states()).get(index)).toBe(1);
    expect(await rosterEntry(index)).toBeUndefined();
    expect((await rosterEntry(fresh))?.lookups.length).toBeGreaterThan(3);
    expect(await desk.registry.replaceIndex(index)).toEqual({ ok: false, error: 'ended' });
    expect(await desk.registry.setState(index, 'valid')).toBe(false);
    expect(await desk.registry.replaceIndex(70_000)).toEqual({ ok: false, error: 'no-such-resident' });
  });

  test('who moves keeps the index, gets an order in the new room, and the old one is not given again', async () => {
    const { index, order } = await enter(somebody(), '15-1-101');
    const moved = await desk.registry.move(index, { community: COMMUNITY, room: '15-1-102' });
    expect(moved).toMatchObject({ ok: true, value: { index, room: '15-1-102', order: 0 } });
    expect(await desk.registry.move(index, { community: COMMUNITY, room: '15-1-102' })).toEqual({
      ok: false,
      error: 'lives-there',
    });
    expect((await enter(somebody(), '15-1-101')).order).toBe(order + 1);
    const hashed = createHmac('sha256', Buffer.from(LOOKUP_KEY, 'hex')).update('room:15-1-102').digest('hex');
    expect((await rosterEntry(index))?.lookups).toContain(hashed.slice(0, 32));
  });

  test('P3: who has left is off the roster at once, and forgotten when the date has come', async () => {
    const person = somebody();
    const { index, person: id } = await enter(person, '16-1-101');
    expect(await desk.registry.leave(index)).toMatchObject({ ok: true, value: { state: 'revoked' } });
    expect(await rosterEntry(index)).toBeUndefined();
    expect(await desk.persons.purge()).toBe(0);
    expect(await desk.persons.view(id)).toBeDefined();
    const later = { ...realClock, wall: () => wallMs(Date.now() + LEFT_KEPT_MS + 1) };
    const vault = await openVault(desk.database, {
      file: join(folder, engine, 'keys', 'persons.json'),
      random,
    });
    const then = new Persons({
      ...desk,
      vault,
      clock: later,
      random,
      places: 65_536,
      timeZone: 'Asia/Shanghai',
    });
    expect(await then.purge()).toBeGreaterThan(0);
    expect(await desk.persons.view(id)).toBeUndefined();
    expect(await desk.persons.search({ by: 'phone', phone: person.phone ?? '' })).toEqual([]);
    expect((await states()).get(index)).toBe(1);
  });

  test('a record is shown only after its reason was written down', async () => {
    const person = somebody();
    const { person: id } = await enter(person, '17-1-101');
    const notes: string[] = [];
    const note = (of: number, reason: string) => Promise.resolve(void notes.push(`${of} ${reason}`));
    const shown = await desk.persons.reveal(id, 'appeal', note);
    expect(shown.ok && shown.value).toMatchObject({ name: person.name, document: person.document });
    expect(notes).toEqual([`${id} appeal`]);
    const failing = () => Promise.reject(new Error('the log is full'));
    await expect(desk.persons.reveal(id, 'appeal', failing)).rejects.toThrow('the log is full');
    expect(await desk.persons.reveal(999_999, 'appeal', note)).toEqual({
      ok: false,
      error: 'no-such-person',
    });
    expect(notes).toHaveLength(1);
  });

  test('telephone number and plate are changed, checked and removed; the old number finds nobody', async () => {
    const person = somebody();
    const { person: id } = await enter(person, '18-1-101');
    expect((await desk.persons.amend(id, { phone: '12' })).ok).toBe(false);
    expect(await desk.persons.amend(id, { phone: '+852 5000 0009' })).toMatchObject({
      ok: true,
      value: { phone: '+85****009' },
    });
    expect(await desk.persons.search({ by: 'phone', phone: person.phone ?? '' })).toEqual([]);
    expect(await desk.persons.search({ by: 'phone', phone: '+85250000009' })).toHaveLength(1);
    const removed = await desk.persons.amend(id, { phone: null });
    expect(removed.ok && 'phone' in removed.value).toBe(false);
  });

  test('a text that was changed or put into another row is a fault, never a guess', async () => {
    const [one, other] = [await enter(somebody(), '19-1-101'), await enter(somebody(), '19-1-102')];
    const recordOf = async (id: number) =>
      (
        await desk.database
          .selectFrom('person')
          .select('record')
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
      ).record;
    const put = (id: number, record: string) =>
      desk.database.updateTable('person').set({ record }).where('id', '=', id).execute();
    const own = await recordOf(one.person);
    await put(one.person, await recordOf(other.person));
    await expect(desk.persons.view(one.person)).rejects.toThrow(/cannot be read/);
    await put(one.person, `${own.slice(0, 40)}${own[40] === 'A' ? 'B' : 'A'}${own.slice(41)}`);
    await expect(desk.persons.view(one.person)).rejects.toThrow(/cannot be read/);
    await put(one.person, own);
    expect(await desk.persons.view(one.person)).toBeDefined();
  });
});
