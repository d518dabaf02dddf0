import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { canariesOf, found } from '../../../test/scenario/canaries.ts';
import type { NewAppeal, PersonBody } from '../../wire/index.ts';
import { COMMUNITY, living, somebody } from '../registry/testing.ts';
import { APPEALS_MAX, CONTENT_DAYS, OUTCOME_KEPT_MS, PHOTO_DAYS } from './limits.ts';
import { openReviews, pictureText } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'menwei-reviews-'));
const DAY_MS = 86_400_000;
let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.remove();
  rmSync(folder, { recursive: true, force: true });
});

const consent = { version: '2026-1', at: 1 };
const registrationOf = (person: PersonBody, room: string) => ({
  community: COMMUNITY,
  room,
  person: { ...person, consent },
  assurance: 1 as const,
  needsMoreTime: false,
  minor: false,
});
const picture = pictureText();
const appealOf = (
  type: NewAppeal['type'],
  { name, document, phone }: PersonBody,
  room: string,
): NewAppeal => ({
  type,
  community: COMMUNITY,
  room,
  right: { name, document, ...(phone === undefined ? {} : { phone }) },
  declared: true,
  picture,
});

function value<Value>(result: { ok: true; value: Value } | { ok: false; error: unknown }): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

describe.each([
  ['SQLite', () => join(folder, 'reviews.sqlite')],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('applications on %s', (engine, newPlace) => {
  let desk: Awaited<ReturnType<typeof openReviews>>;
  beforeAll(async () => {
    desk = await openReviews(newPlace(), join(folder, engine));
  });
  afterAll(() => desk.database.destroy());
  const submit = async (person: PersonBody, room: string) =>
    value(await desk.applications.submitRegistration(registrationOf(person, room), 'desk-1'));
  const liveThere = async (person: PersonBody, room: string) =>
    value(await desk.persons.add(living(person, room)));
  const decide = (receipt: string, by = 'reviewer-1') => ({ receipt, by });

  test('a registration waits, is accepted by another than took it down, and makes the resident', async () => {
    const person = somebody();
    const line = await submit(person, '1栋1单元101室');
    expect(line).toMatchObject({ kind: 'registration', state: 'waiting', overdue: false, hasContent: true });
    expect(line.dueAt).toBeGreaterThan(line.submittedAt);
    expect(await desk.applications.accept(decide(line.receipt, 'desk-1'))).toEqual({
      ok: false,
      error: 'own-application',
    });
    const done = value(await desk.applications.accept(decide(line.receipt)));
    expect(done).toMatchObject({ state: 'accepted', reviewedBy: 'reviewer-1' });
    expect(await desk.registry.resident(done.resident ?? -1)).toMatchObject({ room: '1-1-101' });
    const [view] = await desk.persons.search({ by: 'document', number: person.document.number });
    expect(view?.residences[0]?.index).toBe(done.resident);
    expect(await desk.applications.accept(decide(line.receipt))).toEqual({ ok: false, error: 'not-waiting' });
    const row = await desk.database.selectFrom('person').select('consent_version').execute();
    expect(row.map(({ consent_version }) => consent_version)).toContain('2026-1');
  });

  test('is accepted once, however many do so at the same moment', async () => {
    const { receipt } = await submit(somebody(), '1-1-102');
    const done = await Promise.all(
      ['a', 'b', 'c'].map((by) => desk.applications.accept(decide(receipt, `reviewer-${by}`))),
    );
    expect(done.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await desk.registry.household(COMMUNITY, '1-1-102')).toHaveLength(1);
  });

  test('what somebody else has is told, and nothing is kept of it', async () => {
    const holder = somebody();
    await liveThere(holder, '2-1-101');
    const { document, phone = '' } = holder;
    const refusal = async (person: PersonBody, room: string) => {
      const done = await desk.applications.submitRegistration(registrationOf(person, room), 'desk-1');
      return done.ok ? 'kept' : done.error;
    };
    expect(await refusal(somebody({ document }), '2-1-102')).toBe('document-taken');
    expect(await refusal(somebody({ phone }), '2-1-102')).toBe('phone-taken');
    expect(await refusal(somebody({ name: holder.name }), '2-1-101')).toBe('name-taken');
    expect(await refusal(holder, '2-1-101')).toBe('lives-there');
    // A family shares its telephone.
    expect(await refusal(somebody({ phone }), '2-1-101')).toBe('kept');
    const twice = somebody();
    await submit(twice, '2-1-103');
    expect(await refusal(twice, '2-1-103')).toBe('waits-already');
    expect(await refusal(somebody({ phone: '123' }), 'nowhere')).toMatchObject({
      errors: [{ field: 'phone' }, { field: 'room' }],
    });
  });

  test('refused with a reason of its kind; the words name nobody and have no number', async () => {
    const person = somebody({ name: '测试安宝' });
    const { receipt } = await submit(person, '3-1-101');
    const refuse = (reason: string, words = '') =>
      desk.applications.refuse(decide(receipt), { reason, words });
    expect(await refuse('shadow')).toEqual({ ok: false, error: 'bad-refusal' });
    expect(await refuse('other', '请测试 安宝来')).toEqual({ ok: false, error: 'words-name' });
    expect(value(await refuse('room-unconfirmed', '请带合同'))).toMatchObject({
      state: 'refused',
      reason: 'room-unconfirmed',
    });
    expect(await desk.applications.wordsFor(receipt)).toBe('请带合同');
    expect(await desk.registry.household(COMMUNITY, '3-1-101')).toEqual([]);
    await submit(person, '3-1-101');
  });

  test('what is withdrawn is erased at once, and what was decided on its date; receipt and outcome stay', async () => {
    const { receipt } = await submit(somebody(), '3-1-102');
    expect(value(await desk.applications.withdraw(decide(receipt, 'portal')))).toMatchObject({
      state: 'withdrawn',
      hasContent: false,
    });
    expect(await desk.applications.content(receipt)).toBeUndefined();
    const refused = await submit(somebody(), '3-1-103');
    await desk.applications.refuse(decide(refused.receipt), { reason: 'not-resident', words: '请来社区' });
    desk.time.passedMs = (CONTENT_DAYS - 1) * DAY_MS;
    await desk.applications.keep();
    expect(await desk.applications.content(refused.receipt)).toBeDefined();
    desk.time.passedMs = CONTENT_DAYS * DAY_MS + 1_000;
    await desk.applications.keep();
    expect(await desk.applications.content(refused.receipt)).toBeUndefined();
    expect(await desk.applications.wordsFor(refused.receipt)).toBeUndefined();
    expect(await desk.applications.line(refused.receipt)).toMatchObject({
      state: 'refused',
      reason: 'not-resident',
      hasContent: false,
    });
    desk.time.passedMs = OUTCOME_KEPT_MS + DAY_MS;
    await desk.applications.keep();
    expect(await desk.applications.line(refused.receipt)).toBeUndefined();
    desk.time.passedMs = 0;
  });

  test('one that is not decided in time is told as overdue, and the oldest comes first', async () => {
    const one = await submit(somebody(), '3-1-104');
    const two = await submit(somebody(), '3-1-105');
    desk.time.passedMs = 6 * DAY_MS;
    const list = await desk.applications.list({ kind: 'registration' });
    const receipts = list.map(({ receipt }) => receipt);
    expect(receipts.indexOf(one.receipt)).toBeLessThan(receipts.indexOf(two.receipt));
    expect(list.every(({ overdue }) => overdue)).toBe(true);
    expect((await desk.applications.counts()).overdue).toBeGreaterThanOrEqual(2);
    desk.time.passedMs = 0;
    expect((await desk.applications.counts()).overdue).toBe(0);
    expect(await desk.applications.list({ community: COMMUNITY + 1 })).toEqual([]);
  });

  test('a photo of a resident is looked through, accepted, and kept as long as photos are', async () => {
    const { index } = await liveThere(somebody(), '4-1-101');
    const send = (text: string) =>
      desk.applications.submitPhoto({ resident: index, picture: text, forGuards: false }, 'desk-1');
    for (const [text, problem] of [
      [pictureText(100, 120), 'picture-small'],
      [pictureText(500, 450), 'picture-wide'],
      ['not base64 at all!!!', 'picture-text'],
      [Buffer.from('no picture at all').toString('base64'), 'picture-type'],
    ] as const)
      expect(await send(text)).toEqual({ ok: false, error: problem });
    const line = value(await send(picture));
    expect(line).toMatchObject({ kind: 'photo', resident: index, community: COMMUNITY });
    const look = (receipt: string) => desk.applications.picture(decide(receipt));
    expect(await look(line.receipt)).toMatchObject({ width: 400, height: 500 });
    expect(await send(picture)).toEqual({ ok: false, error: 'waits-already' });
    await desk.applications.refuse(decide(line.receipt), { reason: 'shadow' });
    const again = value(await send(picture));
    value(await desk.applications.accept(decide(again.receipt)));
    desk.time.passedMs = (PHOTO_DAYS - 1) * DAY_MS;
    await desk.applications.keep();
    expect(await look(again.receipt)).toBeDefined();
    expect(await look(line.receipt)).toBeUndefined();
    desk.time.passedMs = (PHOTO_DAYS + 1) * DAY_MS;
    await desk.applications.keep();
    expect(await look(again.receipt)).toBeUndefined();
    expect(await desk.applications.line(again.receipt)).toMatchObject({ state: 'accepted' });
    desk.time.passedMs = 0;
    expect(
      await desk.applications.submitPhoto({ resident: index + 1, picture, forGuards: false }, 'desk-1'),
    ).toMatchObject({
      ok: false,
    });
  });

  test('a document that another was registered with becomes its holder’s, in two steps', async () => {
    const holder = somebody({ name: '测试木子' });
    const other = await liveThere(somebody({ name: '测试川山', document: holder.document }), '5-1-101');
    const { receipt } = value(
      await desk.applications.submitAppeal(appealOf('document', holder, '5-1-102'), 'portal'),
    );
    expect(await desk.applications.concerned(receipt)).toHaveLength(1);
    expect(await desk.applications.apply(decide(receipt))).toEqual({ ok: false, error: 'not-accepted' });
    const accepted = value(await desk.applications.accept(decide(receipt)));
    expect(accepted).toMatchObject({ state: 'accepted', overdue: false });
    expect(accepted.dueAt).toBeGreaterThan(accepted.submittedAt);
    expect((await desk.registry.resident(other.index))?.state).toBe('valid');
    const applied = value(await desk.applications.apply(decide(receipt, 'registrar-2')));
    expect(applied).toMatchObject({
      state: 'applied',
      appliedBy: 'registrar-2',
      effect: { records: 1, revoked: 1, moved: 1 },
    });
    expect((await desk.registry.resident(other.index))?.state).toBe('revoked');
    expect(desk.published.places).toContain(other.index);
    const [now] = await desk.persons.search({ by: 'document', number: holder.document.number });
    expect(now?.residences).toMatchObject([{ room: '5-1-102', state: 'valid' }]);
    expect(await desk.persons.search({ by: 'name', name: '测试川山' })).toEqual([]);
    expect((await desk.registry.household(COMMUNITY, '5-1-102'))[0]?.display).toBe('测*');
    expect(await desk.applications.apply(decide(receipt))).toEqual({ ok: false, error: 'not-accepted' });
  });

  test('a name is corrected, and a telephone number goes to whom it belongs', async () => {
    const right = somebody({ name: '测试云青' });
    const { index } = await liveThere({ ...right, name: '试云清' }, '5-1-103');
    const name = value(await desk.applications.submitAppeal(appealOf('name', right, '5-1-103'), 'portal'));
    value(await desk.applications.accept(decide(name.receipt)));
    expect(value(await desk.applications.apply(decide(name.receipt))).effect).toEqual({
      records: 1,
      revoked: 0,
      moved: 0,
    });
    expect(await desk.registry.resident(index)).toMatchObject({ display: '测*', state: 'valid' });
    const taker = somebody();
    await liveThere(taker, '5-1-104');
    const owner = { ...right, phone: taker.phone ?? '' };
    const phone = value(await desk.applications.submitAppeal(appealOf('phone', owner, '5-1-103'), 'portal'));
    value(await desk.applications.accept(decide(phone.receipt)));
    expect(value(await desk.applications.apply(decide(phone.receipt))).effect?.records).toBe(2);
    const found = await desk.persons.search({ by: 'phone', phone: owner.phone });
    expect(found.flatMap(({ residences }) => residences.map((each) => each.index))).toEqual([index]);
    const nothing = value(
      await desk.applications.submitAppeal(appealOf('phone', owner, '5-1-103'), 'portal'),
    );
    value(await desk.applications.accept(decide(nothing.receipt)));
    expect(await desk.applications.apply(decide(nothing.receipt))).toEqual({
      ok: false,
      error: 'nothing-to-correct',
    });
  });

  test('too many appeals about one document are refused, also when each was', async () => {
    const person = somebody();
    for (let at = 0; at < APPEALS_MAX; at += 1) {
      const { receipt } = value(
        await desk.applications.submitAppeal(appealOf('name', person, '6-1-101'), 'portal'),
      );
      await desk.applications.refuse(decide(receipt), { reason: 'nothing-taken' });
    }
    expect(await desk.applications.submitAppeal(appealOf('document', person, '6-1-101'), 'portal')).toEqual({
      ok: false,
      error: 'too-many-appeals',
    });
  });

  test('no byte of what was sent is in the database, whatever became of it', async () => {
    const people = ['测试书然', '测试泽田', '测试欣雅'].map((name) => somebody({ name }));
    const canaries = canariesOf(people);
    const [one, two, three] = people;
    if (one === undefined || two === undefined || three === undefined) throw new Error('three are there');
    const registered = await submit(one, '7-1-101');
    value(await desk.applications.accept(decide(registered.receipt)));
    const refused = await submit(two, '7-1-102');
    await desk.applications.refuse(decide(refused.receipt), { reason: 'other', words: '请带房产证来' });
    value(await desk.applications.submitAppeal(appealOf('document', three, '7-1-103'), 'portal'));
    const dump = await dumpOf(desk, engine);
    expect(dump).toContain('7-1-101');
    expect(found(dump, canaries)).toEqual([]);
    expect(dump).not.toContain('请带房产证来');
    expect(dump).not.toContain(picture.slice(300, 360));
  });
});

test('what was sent is written anew when the persons’ key changes, pictures too', async () => {
  const [place, keys] = [join(folder, 'turned.sqlite'), join(folder, 'turned')];
  const before = await openReviews(place, keys);
  const sent = await before.applications.submitAppeal(appealOf('name', somebody(), '1-1-101'), 'portal');
  const { receipt } = value(sent);
  await before.database.destroy();
  const file = join(keys, 'keys', 'persons.json');
  const read = JSON.parse(readFileSync(file, 'utf8')) as { records: object };
  const turned = { ...read, current: '2', records: { ...read.records, 2: '77'.repeat(32) } };
  writeFileSync(file, JSON.stringify(turned));
  const after = await openReviews(place, keys);
  await after.applications.keep();
  const { content } = await after.database
    .selectFrom('application')
    .select('content')
    .executeTakeFirstOrThrow();
  const { record } = await after.database
    .selectFrom('application_picture')
    .select('record')
    .executeTakeFirstOrThrow();
  expect([content?.split('.')[0], record.split('.')[0]]).toEqual(['2', '2']);
  expect(await after.applications.content(receipt)).toMatchObject({ kind: 'appeal', type: 'name' });
  expect(await after.applications.picture({ receipt, by: 'reviewer-1' })).toMatchObject({ width: 400 });
  await after.database.destroy();
});

async function dumpOf(
  { database }: Awaited<ReturnType<typeof openReviews>>,
  engine: string,
): Promise<string> {
  if (engine === 'SQLite') {
    const files = readdirSync(folder).filter((name) => name.startsWith('reviews.sqlite'));
    return Buffer.concat(files.map((name) => readFileSync(join(folder, name)))).toString('utf8');
  }
  const tables = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = 'public'`.execute(database);
  const lines = await Promise.all(
    tables.rows.map(({ name }) =>
      sql<{ line: string }>`select t::text as line from ${sql.table(name)} t`.execute(database),
    ),
  );
  return lines.flatMap(({ rows }) => rows.map(({ line }) => line)).join('\n');
}
