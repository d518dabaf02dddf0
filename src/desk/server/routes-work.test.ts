import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstHead, type TestDesk, testDesk } from '../../../test/twins/guard-desk.ts';
import { ok } from '../../base/index.ts';
import type { DeskError, DeskProblem, LookUpAnswer } from '../../wire/index.ts';
import { DEEDS_PER_MINUTE_MAX, LOOK_UPS_PER_MINUTE_MAX } from '../limits.ts';
import { DeskTwin } from '../testing.ts';

/** The routes of a guard's work: who may, what is answered, and what is never echoed. */
const HOUSEHOLD = { by: 'household', household: 5, purpose: 'visitor' };
const PARCEL = { deed: 'delivery', lane: 'north', reason: 'parcel' };

let test: TestDesk;
let twin: DeskTwin;
let cookie: string;
let names = 0;

beforeEach(async () => {
  twin = new DeskTwin([{ index: 11, household: 5, display: '张*' }]);
  test = testDesk({ work: twin.work });
  cookie = await firstHead(test);
});
afterEach(() => test.end());

const ask = (path: string, body?: object) =>
  test.request(path, { cookie, ...(body === undefined ? {} : { body }) });
function deed(body: object) {
  names += 1;
  return ask('deeds', { once: `name-of-deed-${String(names).padStart(6, '0')}`, ...body });
}
async function problem(answer: Response | Promise<Response>): Promise<[number, DeskProblem | undefined]> {
  const given = await answer;
  return [given.status, ((await given.json()) as DeskError).problem];
}
const brokenDisk = () => {
  throw new Error('disk I/O error');
};
const startShift = () => test.request('shift/start', { method: 'POST', cookie });
const deeds = () => test.manual.filter(({ verb }) => verb === 'open' || verb === 'hold');

describe('a guard’s work', () => {
  it('begins with the shift; help and the end of what was begun do not wait for it', async () => {
    expect(await problem(ask('look-ups', HOUSEHOLD))).toEqual([409, 'no-shift']);
    expect(await problem(deed(PARCEL))).toEqual([409, 'no-shift']);
    expect(await problem(ask('shift/report'))).toEqual([409, 'no-shift']);
    expect(deeds()).toEqual([]);
    expect((await deed({ deed: 'emergency', lane: 'north', reason: 'ambulance' })).status).toBe(200);
    expect((await deed({ deed: 'end-hold', lane: 'north', reason: 'over' })).status).toBe(200);
    await startShift();
    expect((await ask('look-ups', HOUSEHOLD)).status).toBe(200);
    expect((await deed(PARCEL)).status).toBe(200);
    expect((await ask('shift/report')).status).toBe(200);
  });

  it.each([
    ['look-ups', { by: 'document', number: '123456789012345', purpose: 'visitor' }, /^number: .+; .+/],
    ['look-ups', { by: 'secret', number: '123456789012345', purpose: 'visitor' }, /^by: /],
    ['look-ups', { ...HOUSEHOLD, purpose: 'curiosity' }, /^purpose: /],
    [
      'deeds',
      { once: 'a-name-of-enough-letters', ...PARCEL, reason: 'because of 123456789012345' },
      /^reason: /,
    ],
    ['deeds', { once: 'short', ...PARCEL }, /^once: /],
    ['alarms/acknowledge', { alarm: '' }, /^alarm: /],
  ])('%s says which field is wrong and what to do, and repeats nothing', async (path, body, words) => {
    await startShift();
    const answer = await ask(path, body);
    const { error, problem: named } = (await answer.json()) as DeskError;
    expect([answer.status, named]).toEqual([400, 'invalid']);
    expect(error).toMatch(words);
    expect(error).not.toContain('123456789012345');
    expect(JSON.stringify(test.logged)).not.toContain('123456789012345');
  });

  it('is answered for the browser’s eyes alone', async () => {
    await startShift();
    for (const answer of [await ask('look-ups', HOUSEHOLD), await ask('inside'), await ask('shift/report')])
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  it('shows a face as a picture, to whoever has just looked that one up, in a shift', async () => {
    test.end();
    const trust = () => ({ ...twin.trust(), policy: { ...twin.gate.policy, guardPhotos: true } });
    const face = Buffer.from('ffd8ffd9', 'hex');
    test = testDesk({
      work: { ...twin.work, trust, photo: async ({ index }) => ok(index === 11 ? face : undefined) },
    });
    cookie = await firstHead(test);
    expect(await problem(ask('look-ups/photo', { row: 1, index: 11 }))).toEqual([409, 'no-shift']);
    await startShift();
    expect(await problem(ask('look-ups/photo', { row: 1, index: 11 }))).toEqual([409, 'person-unknown']);
    const { row, photos } = (await (await ask('look-ups', HOUSEHOLD)).json()) as LookUpAnswer;
    expect(photos).toBe(true);
    const shown = await ask('look-ups/photo', { row, index: 11 });
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(face);
    expect(await problem(ask('look-ups/photo', { row, index: '11' }))).toEqual([400, 'invalid']);
    const stranger = await test.request('look-ups/photo', { body: { row, index: 11 } });
    expect(await problem(stranger)).toEqual([401, 'signed-out']);
  });

  it('has an end: more than a person can do is told when to come again', async () => {
    await startShift();
    for (let asked = 0; asked < LOOK_UPS_PER_MINUTE_MAX; asked += 1) await ask('look-ups', HOUSEHOLD);
    const refused = await ask('look-ups', HOUSEHOLD);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await problem(refused)).toEqual([429, 'too-many']);
    for (let done = 0; done < DEEDS_PER_MINUTE_MAX; done += 1) await deed(PARCEL);
    expect(await problem(deed(PARCEL))).toEqual([429, 'too-many']);
    test.clock.step(60_000);
    expect((await deed(PARCEL)).status).toBe(200);
  });

  it('goes on for an hour in which everybody is looked up, ten a minute', async () => {
    await startShift();
    for (let minute = 0; minute < 60; minute += 1) {
      for (let asked = 0; asked < 10; asked += 1) expect((await ask('look-ups', HOUSEHOLD)).status).toBe(200);
      test.clock.step(60_000);
    }
  });

  it('under one name is one deed', async () => {
    await startShift();
    const body = { once: 'one-name-for-two-deeds', ...PARCEL };
    const texts = [await (await ask('deeds', body)).text(), await (await ask('deeds', body)).text()];
    expect(texts[0]).toBe(texts[1]);
    expect(await problem(ask('deeds', { ...body, reason: 'food' }))).toEqual([409, 'invalid']);
    expect(deeds()).toHaveLength(1);
  });

  it('that cannot be recorded is not done, and nothing is answered', async () => {
    await startShift();
    test.journalFails(true);
    expect(await problem(ask('look-ups', HOUSEHOLD))).toEqual([503, 'not-recorded']);
    expect(await problem(deed(PARCEL))).toEqual([503, 'not-recorded']);
    expect(deeds()).toEqual([]);
  });

  it('says that the records cannot be read, where a disk is damaged, and what to do', async () => {
    await startShift();
    Object.assign(twin.journal, { head: () => ({ seq: 1 }), rows: brokenDisk });
    for (const path of ['inside', 'shift/report'])
      expect(await problem(ask(path))).toEqual([503, 'not-readable']);
    expect((await deed(PARCEL)).status).toBe(200);
  });

  it('ends with the session, on every route', async () => {
    await startShift();
    await test.request('session', { method: 'DELETE', cookie });
    for (const [path, body] of [
      ['look-ups', HOUSEHOLD],
      ['deeds', PARCEL],
      ['alarms/acknowledge', { alarm: 'x' }],
      ['inside'],
      ['events'],
      ['shift/report'],
    ] as const)
      expect([path, await problem(ask(path, body))]).toEqual([path, [401, 'signed-out']]);
  });
});
