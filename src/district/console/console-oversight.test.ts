import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addTrialGate, TRIAL_JOURNAL } from '../../../test/twins/stored-gates.ts';
import type { RowDraft } from '../../wire/index.ts';
import { judged } from './screens/review.ts';
import { type ConsoleTrial, startConsoleTrial } from './testing.ts';

/** What somebody at the district looks over: what happens, what guards did, what was done at the desk, and the district itself. */

let trial: ConsoleTrial;
let cookie: string;
let resident: number;

beforeAll(async () => {
  trial = await startConsoleTrial();
  await trial.account('li-wei', ['operator', 'administrator', 'auditor', 'registrar']);
  cookie = await trial.cookie('li-wei');
  resident = await trial.quiet.resident();
  const at = (seconds: number) => new Date(trial.quiet.clock.wall() + seconds * 1_000).toISOString();
  const looks: Partial<RowDraft>[] = Array.from({ length: 25 }, (_, each) => ({
    at: at(-4_000 - each),
    decision: 'system',
    actor: 'g-12',
    index: resident,
    reason: 'look-up:visitor',
  }));
  await addTrialGate(trial.quiet, {
    name: 'gate-1',
    status: {},
    rows: [
      ...looks.toReversed(),
      { at: at(-900), decision: 'system', actor: 'g-07', index: resident, reason: 'look-up:no-phone' },
      { at: at(-890), decision: 'manual', actor: 'g-07', lane: 'main', reason: 'let-in:no-phone' },
      { at: at(-800), decision: 'refused', refusal: 'already-used', kind: 1, index: resident, lane: 'main' },
      { at: at(-700), decision: 'system', reason: '=1+1,"x"' },
      { at: at(-600), decision: 'system', reason: 'drill:journal:passed' },
    ],
    alarms: [{ id: 'a-1', at: at(-60), alarm: 'forced', cleared: false, lane: 'main' }],
  });
  await addTrialGate(trial.quiet, {
    name: 'gate-2',
    status: {},
    rows: [{ at: at(-50), decision: 'granted', kind: 1, index: resident, lane: 'main' }],
    alarms: [{ id: 'a-2', at: at(-50), alarm: 'fire', cleared: false }],
  });
});
afterAll(() => trial.stop());

const get = async (path: string) =>
  (await trial.app.request(`/console${path}`, { headers: { cookie } })).text();

async function send(path: string, fields: Record<string, string>) {
  const token = /name="token" value="([^"]+)"/.exec(await get(path))?.[1] ?? '';
  return trial.app.request(`/console${path}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...fields, token }).toString(),
  });
}

const lastDeed = async () => (await trial.parts.audit.page({ limit: 1 })).entries[0];

describe('the live page', () => {
  test('has alarms that stand and the newest rows, of all gates or of one', async () => {
    const all = await get('/feed');
    expect([all.includes('门被强行打开'), all.includes('消防信号'), all.includes('gate-2')]).toEqual([
      true,
      true,
      true,
    ]);
    const one = await get('/feed?gate=gate-1&show=alarms');
    expect([one.includes('门被强行打开'), one.includes('消防信号'), one.includes('data-key')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(one).toContain('data-live="/console/live/changes?types=alarm%2Cdesk&amp;gate=gate-1&amp;idle=1"');
  });

  test('acknowledges an alarm, once, in a name', async () => {
    const answer = await send('/feed', { form: 'acknowledge', gate: 'gate-2', alarm: 'a-2' });
    expect(answer.headers.get('location')).toBe('/console/feed?done=alarm-seen');
    expect(await get('/feed')).not.toContain('消防信号');
    expect(await lastDeed()).toMatchObject({
      account: 'li-wei',
      action: 'acknowledge alarm',
      subject: 'gate-2/a-2',
    });
    const none = await send('/feed', { form: 'acknowledge', gate: 'gate-2', alarm: 'nothing' });
    expect(none.status).toBe(409);
  });
});

describe('an export of entries', () => {
  test('has what was looked for, masked, safe for a spreadsheet, and is on record', async () => {
    const answer = await send('/entries', { form: 'export', gate: 'gate-1', decision: 'system' });
    expect(answer.headers.get('content-type')).toContain('text/csv');
    const text = await answer.text();
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + 25 + 3);
    expect(text).toContain(`"'=1+1,""x"""`);
    expect(text).toContain('查人：没带手机');
    expect(text).not.toContain('already-used');
    expect(await lastDeed()).toMatchObject({
      action: 'export entries',
      subject: 'gate-1',
      outcome: '28 rows',
    });
  });

  test('of a time that is none is refused, and nothing goes out', async () => {
    const answer = await send('/entries', { form: 'export', from: 'yesterday' });
    expect(answer.status).toBe(409);
    expect(answer.headers.get('content-disposition')).toBeNull();
  });
});

describe('the review of guards', () => {
  const day = (actor: string, openings: number, lookUps: number) => ({
    gate: 'gate-1',
    actor,
    day: 20_000,
    openings,
    lookUps,
  });

  test('puts those far above the others first, and few of anything never', () => {
    const { rows, usual } = judged([day('a', 10, 2), day('b', 12, 60), day('c', 90, 3), day('d', 9, 12)]);
    expect(usual).toEqual({ openings: 10, lookUps: 3 });
    expect(rows.map(({ actor, times }) => [actor, times])).toEqual([
      ['b', 20],
      ['c', 9],
      ['a', undefined],
      ['d', undefined],
    ]);
  });

  test('counts by hand and look-ups by guard, and what was looked at stays noted', async () => {
    const before = await get('/review');
    const text = before.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect(text).toMatch(/gate-1 g-12 0 25 是平常的/);
    expect(text).toMatch(/gate-1 g-07 1 1 平常/);
    const seen =
      /name="gate" value="gate-1"><input type="hidden" name="actor" value="g-12"><input type="hidden" name="day" value="([^"]+)"/;
    const dayText = seen.exec(before)?.[1] ?? '';
    await send('/review', { form: 'seen', gate: 'gate-1', actor: 'g-12', day: dayText });
    expect(await get('/review')).toContain('li-wei 已看过');
    const other = await send('/review', { form: 'seen', gate: '../x', actor: 'g-12', day: dayText });
    expect(other.status).toBe(409);
  });

  test('leads to the rows of that gate and day', async () => {
    const link =
      /href="(\/console\/entries\?gate=gate-1&amp;day=[^"]+)"/.exec(await get('/review'))?.[1] ?? '';
    const rows = await get(link.replace('/console', '').replaceAll('&amp;', '&'));
    expect(rows).toContain('查人：访客');
    expect(rows.includes('data-key="gate-2')).toBe(false);
  });
});

describe('the audit log', () => {
  test('is searched by account, by parts of action and subject, and by time', async () => {
    await send('/gates/gate-1', { form: 'identify', reason: 'trial' });
    const table = async (fields: Record<string, string>) =>
      /<tbody[\s\S]*<\/tbody>/.exec(
        await (await send('/audit', { form: 'search', ...fields })).text(),
      )?.[0] ?? '';
    const found = await table({ action: 'command', subject: 'gate-1' });
    expect([found.includes('指令：亮灯找机'), found.includes('set password')]).toEqual([true, false]);
    expect(await table({ account: 'li-wei', action: '%' })).toBe('');
    expect(await table({ until: '2020-01-01T00:00' })).toBe('');
    expect((await send('/audit', { form: 'search', from: 'x' })).status).toBe(409);
  });
});

describe('the district itself', () => {
  test('says when it was saved', async () => {
    expect(await get('/system')).toContain('还没有记录到备份');
    await trial.parts.audit.note({ account: 'machine', action: 'backup', subject: 'd-1', outcome: 'done' });
    expect(await get('/system')).toContain('在一周之内');
  });
});

describe('a change of a resident', () => {
  test('is followed to the gates on the resident’s page', async () => {
    await trial.parts.uptake.changed({ list: 'residents', places: [resident], version: 5 });
    const gate = await trial.parts.registry.gate('gate-1');
    const status = { ...JSON.parse(gate?.status ?? '{}'), documents: { residents: 5 } };
    await trial.parts.registry.saw('gate-1', JSON.stringify(status));
    trial.quiet.clock.step(600);
    trial.parts.uptake.heard('gate-1', status);
    const text = await get(`/residents/${resident}`);
    expect(text).toContain('2 个门禁中 1 个已收到');
    expect(text).toContain('95% 在 0.6 秒内');
    expect(text).toMatch(/还没收到：.*gate-2/);
    expect(text).toContain('data-live="/console/live/changes?types=status,desk&amp;idle=1"');
  });
});

test('a gate’s page has its drills, and plots with the same in tables', async () => {
  const text = await get('/gates/gate-1');
  expect(text).toContain(`/console/entries/gate-1/${TRIAL_JOURNAL}/30`);
  expect(text).toContain('class="plot plot-bars"');
  expect(text).toMatch(/role="img" aria-label="放行、拒绝、找门卫、手动，单位次/);
  expect(await get('/gates/gate-1?days=7')).toMatch(/days=7#history" aria-current="true"/);
});
