import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PersonBody } from '../../wire/index.ts';
import { CODES_FOR_RESIDENT_MAX } from '../limits.ts';
import { somebody } from '../registry/testing.ts';
import { type ConsoleTrial, startConsoleTrial } from './testing.ts';

/** Persons at the console: no address has what says who somebody is, and no page shows it unasked. */

const HOSTILE = '<img src=x onerror=alert(1)>"\'&';

let trial: ConsoleTrial;
let cookie: string;
const addresses: string[] = [];

beforeAll(async () => {
  trial = await startConsoleTrial();
  await trial.account('li-wei', ['registrar', 'auditor']);
  await trial.account('zhou', ['operator']);
  cookie = await trial.cookie('li-wei');
});
afterAll(() => trial.stop());

async function get(path: string, as = cookie): Promise<string> {
  addresses.push(path);
  return (await trial.app.request(`/console${path}`, { headers: { cookie: as } })).text();
}

async function send(path: string, fields: Record<string, string>, as = cookie) {
  const token = /name="token" value="([^"]+)"/.exec(await get('/language', as))?.[1] ?? '';
  const answer = await trial.app.request(`/console${path}`, {
    method: 'POST',
    headers: { cookie: as, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...fields, token }).toString(),
  });
  const place = answer.headers.get('location') ?? '';
  addresses.push(place);
  return { status: answer.status, place, text: await answer.text() };
}

const typedOf = ({ name, document, phone = '' }: PersonBody, room: string) => ({
  form: 'register',
  community: '7',
  room,
  name,
  'document.type': document.type,
  'document.number': document.number,
  phone,
});

async function register(room: string) {
  const person = somebody();
  const { place } = await send('/residents/new', typedOf(person, room));
  const index = /residents\/(\d+)\?done=resident-added$/.exec(place)?.[1] ?? '';
  return { person, index, page: `/residents/${index}` };
}

const secretsOf = ({ name, document, phone = '' }: PersonBody) => [name, document.number, phone.slice(3)];

describe('a person', () => {
  test('is registered with a document, and its page is masked', async () => {
    const { person, page } = await register('1-1-101');
    const text = await get(page);
    for (const secret of secretsOf(person)) expect(text).not.toContain(secret);
    expect(text).toContain(`${person.document.number.slice(0, 3)}***********`);
    expect(text).toContain('居民身份证');
  });

  test('with wrong fields gets the checks’ own words beside them, and what was typed stays', async () => {
    const person = somebody({ phone: '123' });
    const number = person.document.number.replace(/.$/, (last) => (last === 'X' ? '0' : 'X'));
    const typed = { ...typedOf(person, 'nowhere'), 'document.number': number, name: HOSTILE };
    const { status, text } = await send('/residents/new', typed);
    expect(status).toBe(409);
    for (const [field, said] of [
      ['name', '只能有文字、空格和间隔号'],
      ['document.number', '校验位不符'],
      ['phone', '应为 13 至 19 开头'],
      ['room', '应为“楼栋-单元-房号”'],
    ])
      expect(text).toMatch(new RegExp(`id="register-${field}-error">[^<]*${said}`));
    expect(text).toContain(`value="${number}"`);
    expect(text).not.toContain('<img src=x');
  });

  test('is found by each thing that identifies, by those alone whose work it is', async () => {
    const { person, index } = await register('1-1-102');
    const { number } = person.document;
    const birthDate = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
    const found = `/console/residents/${index}"`;
    for (const query of [number, person.phone ?? '', person.name, '1栋1单元102', index])
      expect((await send('/residents', { form: 'search', query })).text, query).toContain(found);
    const lastSix = { form: 'last-six', lastSix: number.slice(-6), birthDate };
    expect((await send('/residents', lastSix)).text).toContain(found);
    expect((await send('/residents', { ...lastSix, birthDate: HOSTILE })).status).toBe(409);
    const guard = await trial.cookie('zhou');
    expect((await send('/residents', { form: 'search', query: number }, guard)).text).not.toContain(found);
    expect((await send('/residents', { form: 'search', query: '1-1-102' }, guard)).text).toContain(found);
    expect((await send('/residents', lastSix, guard)).status).toBe(403);
  });

  test('is shown whole for a purpose from the list, which is written down first', async () => {
    const { person, page } = await register('1-1-103');
    for (const reason of ['', 'curious', HOSTILE])
      expect((await send(page, { form: 'reveal', reason })).status).toBe(409);
    const shown = await send(page, { form: 'reveal', reason: 'appeal' });
    expect(shown.text).toContain(person.document.number);
    expect(await get(page)).not.toContain(person.document.number);
    const { entries } = await trial.parts.audit.page();
    expect(entries).toContainEqual(expect.objectContaining({ action: 'reveal person', outcome: 'appeal' }));
    expect(await get('/audit')).toContain('本人申诉');
    expect((await send(page, { form: 'reveal', reason: 'appeal' }, await trial.cookie('zhou'))).status).toBe(
      403,
    );
  });

  test('moves with the same index, and not into a room that is none', async () => {
    const { index, page } = await register('1-1-104');
    expect((await send(page, { form: 'move', community: '7', room: HOSTILE })).status).toBe(409);
    const moved = await send(page, { form: 'move', community: '7', room: '2-1-201' });
    expect(moved.place).toBe(`/console${page}?done=moved`);
    expect((await trial.parts.registry.resident(Number(index)))?.room).toBe('2-1-201');
  });

  test('has a document cancelled and restored, and a new one draws a new index', async () => {
    const { index, page } = await register('1-1-105');
    const state = async () => (await trial.parts.registry.resident(Number(index)))?.state;
    await send(page, { form: 'document-state', change: 'cancel' });
    expect([await state(), await get(page)]).toEqual(['revoked', expect.stringContaining('恢复证件')]);
    await send(page, { form: 'document-state', change: 'restore' });
    expect(await state()).toBe('valid');
    const { document } = somebody();
    const wrong = await send(page, {
      form: 'document',
      'document.type': document.type,
      'document.number': '1',
    });
    expect([wrong.status, wrong.text]).toEqual([
      409,
      expect.stringContaining('document-document.number-error'),
    ]);
    const fields = { 'document.type': document.type, 'document.number': document.number };
    const changed = await send(page, { form: 'document', ...fields });
    const next = /residents\/(\d+)\?done=document-changed$/.exec(changed.place)?.[1];
    expect([next === index, await state()]).toEqual([false, 'revoked']);
    expect(await get(`/residents/${next}`)).toContain('正常');
  });

  test('has a telephone changed and removed', async () => {
    const { page } = await register('1-1-106');
    expect((await send(page, { form: 'contact', phone: '123', plate: '' })).text).toContain(
      'contact-phone-error',
    );
    await send(page, { form: 'contact', phone: '154 0000 9999', plate: '' });
    expect(await get(page)).toContain('154****9999');
    await send(page, { form: 'contact', phone: '', removePhone: 'on' });
    expect(await get(page)).not.toContain('154****');
  });

  test('who leaves is revoked for ever, after it was confirmed', async () => {
    const { index, page } = await register('1-1-107');
    expect((await send(page, { form: 'leave' })).status).toBe(409);
    expect((await send(page, { form: 'leave', sure: 'on' })).place).toBe(`/console${page}?done=left`);
    expect((await trial.parts.registry.resident(Number(index)))?.state).toBe('revoked');
    expect((await send(page, { form: 'state', state: 'valid', reason: 'other' })).status).toBe(409);
  });
});

test('cards and passes have the same shares as at /api', async () => {
  const { index, page } = await register('1-1-108');
  for (let made = 0; made < CODES_FOR_RESIDENT_MAX; made += 1)
    expect(trial.parts.issuingLimits.take('other', Number(index))).toBeUndefined();
  for (const form of [
    { form: 'pass', minutes: '60', uses: '1' },
    { form: 'card', days: '28' },
  ]) {
    const refused = await send(page, form);
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('为这位住户发码太多')]);
  }
});

test('no address that was asked for or led to says who anybody is', async () => {
  const { person, page } = await register('1-1-109');
  await send(page, { form: 'reveal', reason: 'review' });
  await send('/residents', { form: 'search', query: person.name });
  const secrets = [...secretsOf(person), encodeURIComponent(person.name)];
  expect(addresses.length).toBeGreaterThan(30);
  for (const address of addresses) {
    expect(address).toMatch(/^[\w/?=-]*$/);
    for (const secret of secrets) expect(address).not.toContain(secret);
  }
  const { entries } = await trial.parts.audit.page();
  for (const secret of secrets) expect(JSON.stringify(entries)).not.toContain(secret);
  for (const line of trial.quiet.log.lines) for (const secret of secrets) expect(line).not.toContain(secret);
});
