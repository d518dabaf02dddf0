import { afterAll, beforeAll, expect, test } from 'vitest';
import { somebody } from '../registry/testing.ts';
import { FORM_BYTES_MAX, LISTS_KEPT_MAX, TICKET_MS } from './limits.ts';
import { type ConsoleTrial, startConsoleTrial } from './testing.ts';

/** A list of a community at the console: looked through, told of by row and column, and taken when somebody says so. */

let trial: ConsoleTrial;
let cookie: string;

beforeAll(async () => {
  trial = await startConsoleTrial();
  await trial.account('li-wei', ['registrar', 'auditor']);
  await trial.account('zhou', ['operator']);
  cookie = await trial.cookie('li-wei');
});
afterAll(() => trial.stop());

const get = (path: string, as = cookie) => trial.app.request(`/console${path}`, { headers: { cookie: as } });

async function tokenFor(as: string): Promise<string> {
  return /name="token" value="([^"]+)"/.exec(await (await get('/language', as)).text())?.[1] ?? '';
}

async function send(path: string, given: { fields: Record<string, string | File>; as?: string }) {
  const { fields, as = cookie } = given;
  const body = new FormData();
  for (const [name, value] of Object.entries({ token: await tokenFor(as), ...fields })) body.set(name, value);
  const answer = await trial.app.request(`/console${path}`, {
    method: 'POST',
    headers: { cookie: as },
    body,
  });
  const place = (answer.headers.get('location') ?? '').replace('/console', '');
  return { status: answer.status, place, text: await answer.text() };
}

const people = (count: number) => Array.from({ length: count }, () => somebody());
const HEADING = '姓名,证件号码,手机,楼栋,单元,房号';

function listOf(rows: readonly string[]): File {
  return new File([[HEADING, ...rows].join('\r\n')], 'list.csv', { type: 'text/csv' });
}

const rowOf = ({ name, document, phone }: ReturnType<typeof somebody>, door: number) =>
  `${name},${document.number},${phone},9,1,${door}`;
const look = (file: File | string, more: Record<string, string> = {}) =>
  send('/import', { fields: { form: 'look', community: '7', file, ...more } });
const living = async () => (await trial.parts.registry.residents(1_000)).length;

test('a list is looked through, which enters nobody, and then taken whole', async () => {
  const before = await living();
  const three = people(3);
  const { status, place } = await look(listOf(three.map((each, at) => rowOf(each, 101 + at))));
  expect([status, place]).toEqual([303, expect.stringMatching(/^\/import\/[0-9a-f]{32}$/)]);
  const report = await (await get(place)).text();
  for (const said of ['将登记', '没有错误', '导入全部']) expect(report).toContain(said);
  expect(await living()).toBe(before);
  const sent = trial.quiet.sent.length;
  expect((await send(place, { fields: { form: 'take-all' } })).place).toBe(`${place}?done=imported`);
  expect(await living()).toBe(before + 3);
  expect(trial.quiet.sent.length).toBeGreaterThanOrEqual(sent);
  const again = await send(place, { fields: { form: 'take-all' } });
  expect([again.status, await living()]).toEqual([409, before + 3]);
  const known = await look(listOf(three.map((each, at) => rowOf(each, 101 + at))));
  expect(await (await get(known.place)).text()).not.toContain('导入全部');
});

test('bad rows are told by row, column, reason and remedy, and never with what stands there', async () => {
  const before = await living();
  const [good, bad] = people(2);
  if (good === undefined || bad === undefined) throw new Error('two were made');
  const hostile = '<img src=x onerror=alert(1)>';
  const number = bad.document.number.replace(/.$/, (last) => (last === 'X' ? '0' : 'X'));
  const rows = [rowOf(good, 201), `${hostile},${number},123,9,1,202`];
  const { place } = await look(listOf(rows));
  const report = await (await get(place)).text();
  for (const said of ['校验位不符', '姓名', '手机号', '跳过有错的行']) expect(report).toContain(said);
  for (const cell of [hostile, number, good.name, good.document.number, 'img src'])
    expect(report).not.toContain(cell);
  expect((await send(place, { fields: { form: 'take-all' } })).text).toContain('名单里有错的行');
  expect(await living()).toBe(before);
  await send(place, { fields: { form: 'take-good' } });
  expect(await living()).toBe(before + 1);
  const { entries } = await trial.parts.audit.page();
  expect(entries).toContainEqual(
    expect.objectContaining({
      action: 'import list',
      subject: '7',
      outcome: 'done, entered 1, known 0, bad 1',
    }),
  );
});

test.each([
  ['no file', new File([], 'a.csv'), '请选一个 CSV 或 XLSX 文件'],
  ['an empty table', new File(['\n\n'], 'a.csv'), '列'],
  ['a picture', new File([new Uint8Array([137, 80, 78, 71, 0, 1, 2])], 'a.csv'), '请'],
])('%s is refused with what to do', async (_what, file, said) => {
  const { status, text } = await look(file);
  expect([status, text]).toEqual([409, expect.stringContaining(said)]);
});

test('it is for those who register, in their own session, with a token of it', async () => {
  const guard = await trial.cookie('zhou');
  expect((await get('/import', guard)).status).toBe(403);
  const { place } = await look(listOf(people(1).map((each) => rowOf(each, 301))));
  expect((await get(place, await trial.cookie('li-wei'))).status).toBe(404);
  expect((await look(listOf([]), { token: 'x.1.y' })).status).toBe(409);
  await send(place, { fields: { form: 'drop' } });
  expect((await get(place)).status).toBe(404);
});

test('lists are forgotten after minutes, and few are kept', async () => {
  const places: string[] = [];
  for (let sent = 0; sent <= LISTS_KEPT_MAX; sent += 1)
    places.push((await look(listOf(people(1).map((each) => rowOf(each, 401))))).place);
  const statuses = async () => Promise.all(places.map(async (place) => (await get(place)).status));
  expect(await statuses()).toEqual([404, ...Array.from({ length: LISTS_KEPT_MAX }, () => 200)]);
  trial.quiet.clock.step(TICKET_MS);
  expect(new Set(await statuses())).toEqual(new Set([404]));
});

test('a large body is taken on this page alone, of those whose page it is', async () => {
  const padding = 'x'.repeat(FORM_BYTES_MAX + 1);
  const large = new File([HEADING, '\n', `${padding},`.slice(0, 15_000), '\n', padding], 'a.csv');
  expect((await look(large)).status).toBe(303);
  expect((await send('/residents', { fields: { form: 'search', file: large } })).status).toBe(413);
  const as = await trial.cookie('zhou');
  expect((await send('/import', { fields: { form: 'look', file: large }, as })).status).toBe(413);
});
