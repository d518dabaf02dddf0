import { hash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canariesOf, found } from '../../../test/scenario/canaries.ts';
import { memoryLog, realClock } from '../../../test/twins/broker.ts';
import { quietCrypto } from '../../../test/twins/quiet-district.ts';
import { type SignedIn, signedIn } from '../../../test/twins/signed-in.ts';
import { argon2id } from '../../crypto/index.ts';
import { GUARD_PHOTO, type PersonBody, PICTURE_BODY_MAX } from '../../wire/index.ts';
import { type District, startDistrict } from '../index.ts';
import { guardPhotoText } from '../photos/testing.ts';
import { somebody } from '../registry/testing.ts';
import { WRONG_RECEIPTS_MAX } from '../reviews/limits.ts';
import { pictureText } from '../reviews/testing.ts';

/** Applications over HTTP: a portal with its token, a registrar at the counter, a reviewer, and those who are none of them. */

const community = 7;
const TOKEN = 'a-token-of-the-portal-for-tests';
const log = memoryLog();
const picture = pictureText();
let folder: string;
let district: District;
let registrar: SignedIn;
let reviewer: SignedIn;
let both: SignedIn;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'menwei-application-routes-'));
  district = await startDistrict({
    dataDir: join(folder, 'district'),
    district: 'd-1',
    timeZone: 'Asia/Shanghai',
    communities: [{ id: community }],
    http: { host: '127.0.0.1', port: 0 },
    broker: { host: '127.0.0.1', port: 0 },
    crypto: {
      ...quietCrypto,
      argon2id: (message, salt, cost) => argon2id(message, salt, { ...cost, memory: 64 }),
    },
    clock: realClock,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log,
    reviews: { portalTokenHash: hash('sha256', TOKEN, 'hex') },
  });
  registrar = await signedIn(district, ['registrar']);
  reviewer = await signedIn(district, ['reviewer']);
  both = await signedIn(district, ['registrar', 'reviewer']);
});
afterAll(async () => {
  await district.stop();
  await rm(folder, { recursive: true, force: true });
});

type Asker = (path: string, init?: RequestInit) => Promise<Response>;
const portal: Asker = (path, init = {}) => {
  const headers = { ...init.headers, authorization: `Bearer ${TOKEN}`, connection: 'close' };
  return fetch(`${district.httpUrl}${path}`, { ...init, headers });
};

async function ask(who: Asker, path: string, body?: unknown) {
  const headers = { 'content-type': 'application/json' };
  const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await who(`/api${path}`, init);
  const text = await answer.text();
  const said = answer.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : {};
  return { status: answer.status, said: said as Record<string, unknown>, text, headers: answer.headers };
}

const registrationOf = (person: PersonBody, room: string) => ({
  community,
  room,
  person: { ...person, consent: { version: '2026-1', at: 1 } },
});
const send = async (who: Asker, person: PersonBody, room: string) => {
  const answer = await ask(who, '/applications/registrations', registrationOf(person, room));
  expect(answer.status, answer.text).toBe(201);
  return String(answer.said['receipt']);
};

test('a registration by the portal is decided at the desk, and the portal learns the state and no more', async () => {
  const person = somebody();
  const receipt = await send(portal, person, '1-1-101');
  expect((await ask(portal, `/applications/${receipt}`)).said).toMatchObject({ receipt, state: 'waiting' });
  const queue = await ask(reviewer, '/applications?kind=registration');
  expect(queue.said).toMatchObject({ counts: { registration: 1, photo: 0, appeal: 0 } });
  const shown = await ask(reviewer, `/applications/${receipt}/details`);
  expect(shown.said).toMatchObject({
    application: { submittedBy: 'portal' },
    content: { name: `${person.name.slice(0, 1)}*`, consent: { version: '2026-1' } },
  });
  const canaries = canariesOf([person]);
  for (const { text } of [queue, shown]) expect(found(text, canaries)).toEqual([]);
  expect((await ask(reviewer, `/applications/${receipt}/reveal`, {})).status).toBe(400);
  const revealed = await ask(reviewer, `/applications/${receipt}/reveal`, { purpose: 'review' });
  expect(revealed.said).toMatchObject({ name: person.name, document: person.document, room: '1-1-101' });
  expect(await ask(reviewer, `/applications/${receipt}/accept`, {})).toMatchObject({ status: 200 });
  const after = await ask(portal, `/applications/${receipt.toLowerCase().replaceAll('-', '')}`);
  expect(after.said).toMatchObject({
    state: 'accepted',
    next: { zh: expect.stringContaining('已登记') as string },
  });
  expect(found(after.text, canaries)).toEqual([]);
  expect(found(log.lines.join('\n'), canaries)).toEqual([]);
  const { entries } = await district.desk.audit.page();
  expect(found(JSON.stringify(entries), canaries)).toEqual([]);
  for (const [action, account] of [
    ['submit registration', 'portal'],
    ['reveal registration', reviewer.account],
    ['accept registration', reviewer.account],
  ])
    expect(entries).toContainEqual(expect.objectContaining({ action, account, subject: receipt }));
});

test('who took it down does not decide it, though the roles allow it; another does', async () => {
  const receipt = await send(both, somebody(), '1-1-102');
  for (const [deed, body] of [
    ['accept', {}],
    ['refuse', { reason: 'not-resident' }],
  ] as const)
    expect(await ask(both, `/applications/${receipt}/${deed}`, body)).toMatchObject({
      status: 403,
      said: { error: expect.stringMatching(/^receipt: you took it down/) as string },
    });
  expect((await ask(registrar, `/applications/${receipt}/accept`, {})).status).toBe(403);
  const words = { reason: 'room-unconfirmed', words: '请带租房合同' };
  expect(
    (await ask(reviewer, `/applications/${receipt}/refuse`, { ...words, words: '电话 138 0000 0000' }))
      .status,
  ).toBe(400);
  expect((await ask(reviewer, `/applications/${receipt}/refuse`, words)).status).toBe(200);
  expect((await ask(portal, `/applications/${receipt}`)).said).toMatchObject({
    state: 'refused',
    reason: { code: 'room-unconfirmed' },
    words: '请带租房合同',
  });
  expect((await ask(reviewer, `/applications/${receipt}/accept`, {})).status).toBe(409);
});

test('a photo is refused, sent again, accepted, and its receipt is a file without anything personal', async () => {
  const { index } = (await ask(registrar, '/residents', { community, room: '2-1-101', display: '甲*' })).said;
  expect((await ask(portal, '/photo-rules')).said).toMatchObject({ widthMin: 358 });
  const sendPhoto = () => ask(portal, '/applications/photos', { resident: index, picture });
  const first = String((await sendPhoto()).said['receipt']);
  const seen = await reviewer(`/api/applications/${first}/picture`);
  expect([seen.status, seen.headers.get('content-type'), seen.headers.get('cache-control')]).toEqual([
    200,
    'image/jpeg',
    'no-store',
  ]);
  expect(seen.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect([...Buffer.from(await seen.arrayBuffer()).subarray(0, 2)]).toEqual([0xff, 0xd8]);
  expect((await ask(portal, `/applications/${first}/receipt.pdf`)).status).toBe(409);
  await ask(reviewer, `/applications/${first}/refuse`, { reason: 'background' });
  const second = String((await sendPhoto()).said['receipt']);
  await ask(reviewer, `/applications/${second}/accept`, {});
  const file = await portal(`/api/applications/${second}/receipt.pdf`);
  expect([file.status, file.headers.get('content-type')]).toEqual([200, 'application/pdf']);
  expect(
    Buffer.from(await file.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
});

test('a photo for guards is accepted with its copy, shown in no answer, and removed by who may', async () => {
  const operator = await signedIn(district, ['operator']);
  const added = await district.addResident({
    community,
    room: '3-1-101',
    assurance: 1,
    needsMoreTime: false,
    minor: false,
  });
  const resident = added?.index ?? -1;
  const sent = await ask(portal, '/applications/photos', { resident, picture, forGuards: true });
  const receipt = String(sent.said['receipt']);
  const accept = (body: object, who: Asker = reviewer) => ask(who, `/applications/${receipt}/accept`, body);
  // Filled up by what is not of the image: as large as one may be, and more than any other body may.
  const copy = filledUp(GUARD_PHOTO.bytesMax);
  for (const body of [
    { guardPhoto: 'no base64 at all' },
    { guardPhoto: guardPhotoText(181) },
    { guardPhoto: filledUp(GUARD_PHOTO.bytesMax + 3) },
  ]) {
    const { status, said } = await accept(body);
    expect([status, said['error']]).toEqual([400, expect.stringMatching(/^guardPhoto: .+; .+/)]);
  }
  expect((await accept({ guardPhoto: 'A'.repeat(30_000) })).status).toBe(413);
  expect((await accept({ guardPhoto: copy }, registrar)).status).toBe(413);
  const done = await accept({ guardPhoto: copy });
  expect(done).toMatchObject({ status: 200, said: { state: 'accepted', forGuards: true, guardPhoto: true } });
  const view = async () => (await ask(registrar, `/residents/${resident}`)).said;
  expect(await view()).toMatchObject({ photo: true });
  const remove = (who: Asker, index = resident) =>
    who(`/api/residents/${index}/photo`, { method: 'DELETE' }).then(({ status }) => status);
  expect([await remove(reviewer), await remove(portal), await remove(operator)]).toEqual([403, 401, 200]);
  expect(await view()).not.toHaveProperty('photo');
  expect([await remove(operator), await remove(operator, resident === 1 ? 2 : 1)]).toEqual([404, 404]);
  const { entries } = await district.desk.audit.page({ action: 'delete' });
  expect(entries.find(({ outcome }) => outcome === '200')).toMatchObject({
    account: operator.account,
    subject: String(resident),
  });
  expect(log.lines.join('\n')).not.toContain(copy.slice(-60, -20));
});

function filledUp(length: number): string {
  const jpeg = Buffer.from(guardPhotoText(), 'base64');
  const comment = Buffer.alloc(length - jpeg.length);
  comment.set([0xff, 0xfe, (comment.length - 2) >> 8, (comment.length - 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]).toString('base64');
}

test('an appeal goes in two steps and its effect is told; the portal may withdraw one that waits', async () => {
  const holder = somebody();
  await ask(registrar, '/residents', { community, room: '3-1-101', person: { ...holder, name: '测试他人' } });
  const taken = await ask(portal, '/applications/registrations', registrationOf(holder, '3-1-102'));
  expect(taken).toMatchObject({ status: 409, said: { error: expect.stringContaining('appeal') as string } });
  const { name, document } = holder;
  const appeal = {
    type: 'document',
    community,
    room: '3-1-102',
    right: { name, document },
    declared: true,
    picture,
  };
  expect((await ask(portal, '/applications/appeals', { ...appeal, declared: false })).status).toBe(400);
  const withdrawn = String((await ask(portal, '/applications/appeals', appeal)).said['receipt']);
  expect((await ask(portal, `/applications/${withdrawn}/withdraw`, {})).said).toMatchObject({
    state: 'withdrawn',
  });
  expect((await ask(reviewer, `/applications/${withdrawn}/picture`)).status).toBe(404);
  const receipt = String((await ask(portal, '/applications/appeals', appeal)).said['receipt']);
  expect((await ask(reviewer, `/applications/${receipt}/accept`, {})).said).toMatchObject({
    state: 'accepted',
  });
  const applied = await ask(registrar, `/applications/${receipt}/apply`, {});
  expect(applied.said).toMatchObject({ state: 'applied', effect: { records: 1, revoked: 1, moved: 1 } });
  expect((await ask(portal, `/applications/${receipt}`)).said).toMatchObject({ state: 'applied' });
});

describe('what strangers send', () => {
  test.each([
    ['a body beyond the limit', 'x'.repeat(PICTURE_BODY_MAX + 1), 413],
    ['no JSON', '{', 400],
    ['a picture that is none', JSON.stringify({ resident: 1, picture: 'x'.repeat(40) }), 404],
    ['fields that there are not', JSON.stringify({ resident: 1, picture, state: 'accepted' }), 400],
  ])('%s is refused, and never repeated', async (_what, body, status) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await portal('/api/applications/photos', { method: 'POST', headers, body });
    expect(answer.status).toBe(status);
    expect((await answer.text()).length).toBeLessThan(300);
  });

  test('a large body is read of those alone who may send a picture', async () => {
    const body = JSON.stringify({ resident: 1, picture: 'A'.repeat(100_000) });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    expect((await reviewer('/api/applications/photos', init)).status).toBe(413);
    expect((await fetch(`${district.httpUrl}/api/applications/photos`, init)).status).toBe(413);
    expect((await portal('/api/applications/registrations', init)).status).toBe(413);
  });

  test('fields are told each by its name, in both languages', async () => {
    const person = { ...somebody({ phone: '123' }), name: '=cmd()' };
    const answer = await ask(portal, '/applications/registrations', registrationOf(person, 'nowhere'));
    expect(answer.status).toBe(400);
    expect(answer.said['fields']).toMatchObject([{ field: 'name' }, { field: 'phone' }, { field: 'room' }]);
    expect(answer.text).not.toContain('cmd');
  });

  test('nobody finds a receipt by trying', async () => {
    const wrong = '2222-2222-2222-2222';
    expect((await ask(portal, `/applications/${wrong.replace(/2$/, '3')}`)).status).toBe(400);
    const answers: number[] = [];
    for (let at = 0; at <= WRONG_RECEIPTS_MAX; at += 1)
      answers.push((await ask(portal, `/applications/${wrong}`)).status);
    expect(answers[0]).toBe(404);
    expect(answers.at(-1)).toBe(429);
  });
});
