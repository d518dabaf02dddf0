import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { concat, utf8 } from '../../base/index.ts';
import { GUARD_PHOTO, type PersonBody } from '../../wire/index.ts';
import { Audit } from '../accounts/audit.ts';
import { COMMUNITY, living, random, somebody } from '../registry/testing.ts';
import { orientationSegment } from '../reviews/pictures/orientation.ts';
import { testJpeg, testPng } from '../reviews/pictures/testing.ts';
import { openReviews, pictureText } from '../reviews/testing.ts';
import { checkGuardPhoto } from './check-photo.ts';
import { guardPhotoText } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'menwei-guard-photos-'));
let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.remove();
  rmSync(folder, { recursive: true, force: true });
});

const picture = pictureText();
const copy = guardPhotoText();
/** Written anew, without what its maker put before the image. */
const kept = value(checkGuardPhoto(copy)).toBase64();
const { widthPixels, heightPixels } = GUARD_PHOTO;

function value<Value>(result: { ok: true; value: Value } | { ok: false; error: unknown }): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

describe.each([
  ['SQLite', () => join(folder, 'photos.sqlite')],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('a photo for guards on %s', (engine, newPlace) => {
  let desk: Awaited<ReturnType<typeof openReviews>>;
  beforeAll(async () => {
    desk = await openReviews(newPlace(), join(folder, engine));
  });
  afterAll(() => desk.database.destroy());
  const liveThere = async (room: string, person: PersonBody = somebody()) =>
    value(await desk.persons.add(living(person, room))).index;
  const send = async (resident: number, forGuards = true) =>
    value(await desk.applications.submitPhoto({ resident, picture, forGuards }, 'portal')).receipt;
  const accept = (receipt: string, guardPhoto?: string) =>
    desk.applications.accept({ receipt, by: 'reviewer-1' }, guardPhoto);
  const give = async (resident: number) => value(await accept(await send(resident), copy));

  test('is kept encrypted once a reviewer accepts it with its copy, and the line says so', async () => {
    const index = await liveThere('1-1-101');
    const receipt = await send(index);
    expect(await desk.applications.line(receipt)).toMatchObject({ forGuards: true });
    expect(await desk.photos.picture(index)).toBeUndefined();
    expect(value(await accept(receipt, copy))).toMatchObject({ forGuards: true, guardPhoto: true });
    expect(await desk.photos.picture(index)).toBe(kept);
    expect(await desk.registry.resident(index)).toMatchObject({ photo: true });
    const { record } = await desk.database
      .selectFrom('resident_photo')
      .select('record')
      .where('place', '=', index)
      .executeTakeFirstOrThrow();
    expect(record).not.toContain(copy.slice(300, 340));
    expect(await desk.photos.remove(index)).toBe(true);
    expect(await desk.photos.remove(index)).toBe(false);
    expect(await desk.applications.line(receipt)).toMatchObject({ state: 'accepted', guardPhoto: false });
    expect((await desk.registry.resident(index))?.photo).toBeUndefined();
  });

  test('accepted without its copy there is none, which line and audit log say', async () => {
    const index = await liveThere('1-1-102');
    const receipt = await send(index);
    expect(value(await accept(receipt))).toMatchObject({ state: 'accepted', guardPhoto: false });
    expect(await desk.photos.picture(index)).toBeUndefined();
    const { clock } = desk;
    const { entries } = await new Audit({ ...desk, clock, random }).page({ action: 'accept photo' });
    expect(entries.find(({ subject }) => subject === receipt)?.outcome).toBe('done: no copy');
  });

  test('is not taken of anybody who did not agree, nor with anything but a photo', async () => {
    const index = await liveThere('1-1-103');
    const receipt = await send(index, false);
    expect(await desk.applications.line(receipt)).not.toHaveProperty('forGuards');
    expect(await accept(receipt, copy)).toEqual({ ok: false, error: 'guard-photo-unasked' });
    expect(value(await accept(receipt))).not.toHaveProperty('guardPhoto');
    const person = { ...somebody(), consent: { version: '1', at: 1 } };
    const wanted = { community: COMMUNITY, room: '1-1-104', person, assurance: 1 } as const;
    const registration = value(
      await desk.applications.submitRegistration({ ...wanted, needsMoreTime: false, minor: false }, 'portal'),
    );
    expect(await accept(registration.receipt, copy)).toEqual({ ok: false, error: 'guard-photo-unasked' });
  });

  test('what is no such copy is refused, and the application waits on', async () => {
    const index = await liveThere('1-1-105');
    const receipt = await send(index);
    expect(await accept(receipt, guardPhotoText(240, 180))).toEqual({ ok: false, error: 'guard-photo-size' });
    expect(await desk.applications.line(receipt)).toMatchObject({ state: 'waiting' });
    expect(value(await accept(receipt, copy))).toMatchObject({ guardPhoto: true });
    expect(await accept(receipt, copy)).toEqual({ ok: false, error: 'not-waiting' });
  });

  test('is accepted once, however many do so at the same moment', async () => {
    const index = await liveThere('1-1-106');
    const receipt = await send(index);
    const done = await Promise.all(
      ['a', 'b', 'c'].map((by) => desk.applications.accept({ receipt, by: `reviewer-${by}` }, copy)),
    );
    expect(done.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await desk.photos.picture(index)).toBe(kept);
  });

  test('a newer one takes its place', async () => {
    const index = await liveThere('1-1-107');
    const before = await give(index);
    const newer = Buffer.from(
      encode({ width: widthPixels, height: heightPixels, data: Buffer.alloc(widthPixels * heightPixels * 4) })
        .data,
    ).toString('base64');
    const now = value(await accept(await send(index), newer));
    expect(await desk.photos.picture(index)).toBe(value(checkGuardPhoto(newer)).toBase64());
    expect(await desk.applications.line(before.receipt)).toMatchObject({ guardPhoto: false });
    expect(now).toMatchObject({ guardPhoto: true });
  });

  test.each<[string, (index: number, person: number) => Promise<unknown>]>([
    ['its holder leaves', (index) => desk.registry.leave(index)],
    ['it is replaced', (index) => desk.registry.replaceIndex(index)],
    [
      'the document is cancelled, and comes not back with it',
      async (_index, person) => {
        value(await desk.persons.changeDocument(person, { change: 'cancel' }));
        value(await desk.persons.changeDocument(person, { change: 'restore' }));
      },
    ],
  ])('goes with its index: %s', async (why, end) => {
    const person = somebody();
    const index = await liveThere(`2-1-${100 + why.length}`, person);
    await give(index);
    const [view] = await desk.persons.search({ by: 'document', number: person.document.number });
    await end(index, view?.person ?? -1);
    const rows = await desk.database.selectFrom('resident_photo').select('place').execute();
    expect(rows.map(({ place }) => place)).not.toContain(index);
    const now = await desk.persons.search({ by: 'document', number: person.document.number });
    for (const each of now.flatMap(({ residences }) => residences))
      expect(await desk.photos.picture(each.index)).toBeUndefined();
  });

  test('goes when an appeal gives the document to another', async () => {
    const holder = somebody({ name: '测试木林' });
    const index = await liveThere('3-1-101', somebody({ name: '测试川河', document: holder.document }));
    await give(index);
    const appeal = { type: 'document', community: COMMUNITY, room: '3-1-102', right: holder } as const;
    const { name, document } = holder;
    const { receipt } = value(
      await desk.applications.submitAppeal(
        { ...appeal, right: { name, document }, declared: true, picture },
        'portal',
      ),
    );
    value(await accept(receipt));
    value(await desk.applications.apply({ receipt, by: 'registrar-2' }));
    expect(await desk.photos.picture(index)).toBeUndefined();
  });

  test('stays when its holder moves, and is not taken for an index that has ended', async () => {
    const index = await liveThere('4-1-101');
    await give(index);
    value(await desk.registry.move(index, { community: COMMUNITY, room: '4-1-102' }));
    expect(await desk.photos.picture(index)).toBe(kept);
    const receipt = await send(index);
    value(await desk.registry.leave(index));
    expect(await accept(receipt, copy)).toEqual({ ok: false, error: 'ended' });
    expect(await desk.photos.picture(index)).toBeUndefined();
    expect(value(await accept(receipt))).toMatchObject({ state: 'accepted', guardPhoto: false });
  });

  test('of an index that was ended by something else is gone at the next look', async () => {
    const [gone, stays] = [await liveThere('4-1-103'), await liveThere('4-1-104')];
    await give(gone);
    await give(stays);
    await desk.database.updateTable('resident').set({ ended: 'left' }).where('place', '=', gone).execute();
    await desk.photos.keep();
    expect(await desk.photos.picture(gone)).toBeUndefined();
    expect(await desk.photos.picture(stays)).toBe(kept);
  });
});

test('is written anew when the persons’ key changes', async () => {
  const [place, keys] = [join(folder, 'turned.sqlite'), join(folder, 'turned')];
  const before = await openReviews(place, keys);
  const { index } = value(await before.persons.add(living(somebody(), '1-1-101')));
  const sent = await before.applications.submitPhoto({ resident: index, picture, forGuards: true }, 'portal');
  const { receipt } = value(sent);
  value(await before.applications.accept({ receipt, by: 'reviewer-1' }, copy));
  await before.database.destroy();
  const file = join(keys, 'keys', 'persons.json');
  const read = JSON.parse(readFileSync(file, 'utf8')) as { records: object };
  writeFileSync(
    file,
    JSON.stringify({ ...read, current: '2', records: { ...read.records, 2: '77'.repeat(32) } }),
  );
  const after = await openReviews(place, keys);
  await after.photos.keep();
  const { record } = await after.database
    .selectFrom('resident_photo')
    .select('record')
    .executeTakeFirstOrThrow();
  expect(record.split('.')[0]).toBe('2');
  expect(await after.photos.picture(index)).toBe(kept);
  await after.database.destroy();
});

describe('a copy of a photo', () => {
  const jpeg = testJpeg(widthPixels, heightPixels);
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const inserted = (part: Uint8Array) => concat(jpeg.subarray(0, 2), part, jpeg.subarray(2));

  test('loses what somebody wrote into it', () => {
    const said = utf8('GPS 34.26,108.94');
    const noted = inserted(concat(Uint8Array.of(0xff, 0xfe, 0, said.length + 2), said));
    const clean = value(checkGuardPhoto(text(noted)));
    expect(Buffer.from(noted).includes('GPS')).toBe(true);
    expect(Buffer.from(clean).includes('GPS')).toBe(false);
  });

  test.each([
    ['text that is not base64', `${text(jpeg).slice(0, -8)}!!!!!!!!`, 'guard-photo-text'],
    ['a PNG', text(testPng(widthPixels, heightPixels)), 'guard-photo-form'],
    ['a JPEG that ends in the middle', text(jpeg.subarray(0, 700)), 'guard-photo-form'],
    ['a JPEG to be turned', text(inserted(orientationSegment(6))), 'guard-photo-form'],
    ['one pixel more', guardPhotoText(widthPixels + 1), 'guard-photo-size'],
    ['a picture on its side', guardPhotoText(heightPixels, widthPixels), 'guard-photo-size'],
    ['noise, which is too many bytes', text(noise()), 'guard-photo-size'],
  ])('is refused: %s', (_what, given, problem) => {
    expect(checkGuardPhoto(given)).toEqual({ ok: false, error: problem });
  });

  function noise(): Uint8Array {
    const data = Buffer.from(random.bytes(widthPixels * heightPixels * 4));
    return new Uint8Array(encode({ width: widthPixels, height: heightPixels, data }, 90).data);
  }
});
