import { afterAll, beforeAll, expect, test } from 'vitest';
import { canariesOf, found } from '../../../test/scenario/canaries.ts';
import { GUARD_PHOTO, type PersonBody } from '../../wire/index.ts';
import { somebody } from '../registry/testing.ts';
import { guardPhotoText } from '../photos/testing.ts';
import { pictureText } from '../reviews/testing.ts';
import { type ConsoleTrial, startConsoleTrial } from './testing.ts';

/** The review pages: who sees what of an application, and what no page shows unasked. */

let trial: ConsoleTrial;
let registrar: string;
let reviewer: string;
const HOSTILE = '<img src=x onerror=alert(1)>"\'&';

beforeAll(async () => {
  trial = await startConsoleTrial();
  await trial.account('li-wei', ['registrar']);
  await trial.account('chen', ['reviewer', 'auditor']);
  await trial.account('zhou', ['operator']);
  registrar = await trial.cookie('li-wei');
  reviewer = await trial.cookie('chen');
});
afterAll(() => trial.stop());

async function get(path: string, cookie: string) {
  const answer = await trial.app.request(`/console${path}`, { headers: { cookie } });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

interface Sent {
  readonly as: string;
  readonly fields: Record<string, string>;
  readonly picture?: Uint8Array<ArrayBuffer>;
}

async function send(path: string, { as: cookie, fields, picture }: Sent) {
  const { text } = await get(path, cookie);
  const body = new FormData();
  const token = /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';
  for (const [name, value] of Object.entries({ ...fields, token })) body.set(name, value);
  if (picture !== undefined) body.set('picture', new File([picture], '测试安宝.jpg', { type: 'image/jpeg' }));
  const answer = await trial.app.request(`/console${path}`, { method: 'POST', headers: { cookie }, body });
  return { status: answer.status, place: answer.headers.get('location') ?? '', text: await answer.text() };
}

const registrationOf = ({ name, document, phone = '' }: PersonBody, room: string) => ({
  form: 'registration',
  community: '7',
  room,
  name,
  'document.type': document.type,
  'document.number': document.number,
  phone,
  assurance: '1',
  consent: '2026-1',
  agreed: 'on',
});
const takeDown = async (person: PersonBody, room: string) => {
  const { place, text } = await send('/reviews/new', { as: registrar, fields: registrationOf(person, room) });
  const receipt = /reviews\/([\w-]+)\?done=application-sent$/.exec(place)?.[1];
  expect(receipt, text).toBeDefined();
  return receipt ?? '';
};

test('a registration is masked for a reviewer, hidden from a registrar, and whole for a purpose', async () => {
  const person = somebody();
  const receipt = await takeDown(person, '1-1-101');
  const canaries = canariesOf([person]);
  const [theirs, masked] = [
    await get(`/reviews/${receipt}`, registrar),
    await get(`/reviews/${receipt.toLowerCase()}`, reviewer),
  ];
  expect(theirs.text).toContain('资料只有审核员能看');
  expect(masked.text).toContain(`${person.document.number.slice(0, 3)}***********`);
  for (const { text } of [theirs, masked, await get('/reviews', reviewer)])
    expect(found(text, canaries)).toEqual([]);
  expect(
    (await send(`/reviews/${receipt}`, { as: reviewer, fields: { form: 'reveal', reason: 'curious' } }))
      .status,
  ).toBe(409);
  const whole = await send(`/reviews/${receipt}`, {
    as: reviewer,
    fields: { form: 'reveal', reason: 'review' },
  });
  expect(whole.text).toContain(person.document.number);
  const { entries } = await trial.parts.audit.page();
  expect(entries).toContainEqual(
    expect.objectContaining({
      account: 'chen',
      action: 'reveal registration',
      subject: receipt,
      outcome: 'review',
    }),
  );
  expect(found(JSON.stringify(entries) + trial.quiet.log.lines.join('\n'), canaries)).toEqual([]);
  expect((await get('/audit', reviewer)).text).toContain('录入登记申请');
  expect((await send(`/reviews/${receipt}`, { as: reviewer, fields: { form: 'accept' } })).place).toMatch(
    /done=application-accepted$/,
  );
  expect((await send(`/reviews/${receipt}`, { as: reviewer, fields: { form: 'accept' } })).text).toContain(
    '已有结果',
  );
});

test('what is wrong is told beside its field, and without consent nothing is kept', async () => {
  const typed = { ...registrationOf(somebody(), 'nowhere'), name: HOSTILE, phone: '123' };
  const wrong = await send('/reviews/new', { as: registrar, fields: typed });
  expect(wrong.status).toBe(409);
  for (const name of ['name', 'phone', 'room'])
    expect(wrong.text).toContain(`id="registration-${name}-error"`);
  expect(wrong.text).not.toContain('<img src=x');
  const { agreed: _agreed, ...without } = registrationOf(somebody(), '1-1-102');
  expect((await send('/reviews/new', { as: registrar, fields: without })).text).toContain('告知书');
  const taken = await takeDown(somebody(), '1-1-103');
  expect(taken).not.toBe('');
});

test('a refusal takes a reason of its kind, and the note comes back escaped', async () => {
  const receipt = await takeDown(somebody(), '1-1-104');
  const refuse = (fields: Record<string, string>) =>
    send(`/reviews/${receipt}`, { as: reviewer, fields: { form: 'refuse', ...fields } });
  expect((await refuse({ reason: '' })).status).toBe(409);
  expect((await refuse({ reason: 'shadow' })).status).toBe(409);
  expect((await refuse({ reason: 'other', words: '电话 13800000000' })).text).toContain('请不写号码');
  expect((await refuse({ reason: 'other', words: HOSTILE })).place).toMatch(/done=application-refused$/);
  const shown = (await get(`/reviews/${receipt}`, reviewer)).text;
  expect(shown).toContain('&lt;img src=x');
  expect(shown).not.toContain('<img src=x');
});

test('a picture is for reviewers alone, kept by no cache, and each look is written down', async () => {
  const bytes = new Uint8Array(Buffer.from(pictureText(), 'base64'));
  const resident = await trial.quiet.resident('2-101');
  const fields = { form: 'photo', resident: String(resident) };
  expect(
    (await send('/reviews/new', { as: registrar, fields: { ...fields, resident: HOSTILE }, picture: bytes }))
      .status,
  ).toBe(409);
  const { place } = await send('/reviews/new', { as: registrar, fields, picture: bytes });
  const receipt = /reviews\/([\w-]+)\?/.exec(place)?.[1] ?? '';
  const address = `/reviews/${receipt}/picture`;
  const seen = await get(address, reviewer);
  expect([seen.status, seen.headers.get('content-type'), seen.headers.get('cache-control')]).toEqual([
    200,
    'image/jpeg',
    'no-store',
  ]);
  expect(seen.headers.get('x-content-type-options')).toBe('nosniff');
  for (const cookie of [registrar, await trial.cookie('zhou'), ''])
    expect((await get(address, cookie)).status).toBe(403);
  expect((await get('/reviews/2222-2222-2222-2222/picture', reviewer)).status).toBe(404);
  const { entries } = await trial.parts.audit.page({ action: 'look at picture' });
  expect(entries).toMatchObject([{ account: 'chen', subject: receipt }]);
  expect((await get(`/reviews/${receipt}`, registrar)).text).not.toContain('/picture');
});

test('a photo for guards is accepted with the copy that the page drew, or plainly without; and removed by who may', async () => {
  const bytes = new Uint8Array(Buffer.from(pictureText(), 'base64'));
  const copy = new Uint8Array(Buffer.from(guardPhotoText(), 'base64'));
  const resident = await trial.quiet.resident('2-102');
  const fields = { form: 'photo', resident: String(resident), forGuards: 'on' };
  const takeDownPhoto = async () => {
    const { place } = await send('/reviews/new', { as: registrar, fields, picture: bytes });
    return /reviews\/([\w-]+)\?/.exec(place)?.[1] ?? '';
  };
  const accept = (receipt: string, picture?: Uint8Array<ArrayBuffer>) =>
    send(`/reviews/${receipt}`, { as: reviewer, fields: { form: 'accept' }, ...(picture && { picture }) });
  const first = await takeDownPhoto();
  const page = (await get(`/reviews/${first}`, reviewer)).text;
  expect(page).toContain('<canvas width="180" height="240" data-bytes-max="16384"');
  expect((await get('/reviews', reviewer)).text).toContain('<small>给门卫看</small>');
  expect((await accept(first, bytes)).text).toContain('尺寸不对');
  const tooLarge = new Uint8Array(GUARD_PHOTO.bytesMax * 3);
  expect((await accept(first, tooLarge)).status).toBe(413);
  expect((await accept(first)).place).toMatch(/done=photo-without-copy$/);
  expect((await get(`/reviews/${first}`, reviewer)).text).toContain('门卫看不到');
  expect((await get(`/residents/${resident}`, registrar)).text).not.toContain('remove-photo');
  expect((await accept(await takeDownPhoto(), copy)).place).toMatch(/done=photo-for-guards$/);
  const own = `/residents/${resident}`;
  expect((await get(own, registrar)).text).toContain('remove-photo');
  expect((await get(own, reviewer)).text).not.toContain('remove-photo');
  const remove = { as: await trial.cookie('zhou'), fields: { form: 'remove-photo' } };
  expect((await send(own, remove)).place).toMatch(/done=photo-removed$/);
  expect((await send(own, remove)).status).toBe(409);
  const { entries } = await trial.parts.audit.page({ action: 'remove photo' });
  expect(entries.map(({ account, subject, outcome }) => [account, subject, outcome])).toEqual([
    ['zhou', String(resident), 'no-photo'],
    ['zhou', String(resident), 'done'],
  ]);
});

test('the menu counts what waits for those whose work it is', async () => {
  expect((await get('/reviews', reviewer)).text).toMatch(/待审核 <b class="count">\d+<\/b>/);
  expect((await get('/gates', await trial.cookie('zhou'))).text).not.toContain('/console/reviews');
});
