import { afterAll, beforeAll, expect, test } from 'vitest';
import { releaseText, trialMaker } from '../../../test/twins/releases.ts';
import { addTrialGate } from '../../../test/twins/stored-gates.ts';
import { UPDATE_STEADY_MS } from '../limits.ts';
import { type ConsoleTrial, startConsoleTrial } from './testing.ts';

/** The page of staged updates: registering, beginning with one gate, two persons for all, and looking at a failure. */

const ADDRESS = 'https://releases.example/menwei/';
const maker = await trialMaker(1);
const stranger = await trialMaker(2);
let trial: ConsoleTrial;
let cookies: Readonly<Record<'li-wei' | 'chen' | 'wang', string>>;

beforeAll(async () => {
  trial = await startConsoleTrial();
  trial.makers.push(maker.key);
  await trial.account('li-wei', ['operator', 'administrator']);
  await trial.account('chen', ['operator']);
  await trial.account('wang', ['auditor']);
  cookies = {
    'li-wei': await trial.cookie('li-wei'),
    chen: await trial.cookie('chen'),
    wang: await trial.cookie('wang'),
  };
  for (const name of ['gate-1', 'gate-2', 'gate-3'])
    await addTrialGate(trial.quiet, { name, status: { documents: { release: 6 } } });
  await addTrialGate(trial.quiet, { name: 'old-gate', status: {} });
});
afterAll(() => trial.stop());

type Who = keyof typeof cookies;

const get = async (who: Who = 'li-wei', path = '/updates') =>
  (await trial.app.request(`/console${path}`, { headers: { cookie: cookies[who] } })).text();

const words = (page: string) => page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

async function send(fields: Record<string, string | File>, who: Who = 'li-wei', path = '/updates') {
  const token = /name="token" value="([^"]+)"/.exec(await get(who, path))?.[1] ?? '';
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...fields, token })) body.append(name, value);
  return trial.app.request(`/console${path}`, { method: 'POST', headers: { cookie: cookies[who] }, body });
}

const file = (text: string) => new File([text], 'release.jws');
const went = (answer: Response) => answer.headers.get('location');

async function heard(gate: string, release: number): Promise<void> {
  const stored = await trial.parts.registry.gate(gate);
  const status = { ...JSON.parse(stored?.status ?? '{}'), documents: { release } };
  await trial.parts.registry.saw(gate, JSON.stringify(status));
}

async function settle(...gates: readonly string[]): Promise<void> {
  await trial.parts.updates.lookOver();
  for (const gate of gates) await heard(gate, 7);
  await trial.parts.updates.lookOver();
  trial.quiet.clock.step(UPDATE_STEADY_MS);
  for (const { id } of await trial.parts.registry.gates()) await trial.parts.registry.saw(id);
  await trial.parts.updates.lookOver();
}

test('a release is taken with its makers’ signature alone, and says where it began', async () => {
  expect(await get()).toContain('还没有登记过版本');
  const forged = await send({
    form: 'register',
    file: file(await releaseText(stranger, trial.quiet.clock)),
    address: ADDRESS,
  });
  expect([forged.status, await forged.text()]).toEqual([
    409,
    expect.stringContaining('签名不是可信任的发布方的'),
  ]);
  const text = await releaseText(maker, trial.quiet.clock);
  for (const wrong of [
    { file: file(''), address: ADDRESS },
    { file: file('x'.repeat(16_385)), address: ADDRESS },
    { file: file(text), address: 'http://releases.example/' },
  ])
    expect((await send({ form: 'register', ...wrong })).status).toBe(409);
  const done = await send({ form: 'register', file: file(text), address: ADDRESS });
  expect(went(done)).toBe('/console/updates?done=release-registered');
  const page = await get();
  expect(words(page)).toContain('可以从一个门禁开始');
  expect(words(page)).toContain('1.2.0-1');
});

test('whoever only reads is shown no way to begin, and gets none', async () => {
  const page = await get('wang');
  expect([
    page.includes('value="begin"'),
    page.includes('value="register"'),
    page.includes('由值班员开始'),
  ]).toEqual([false, false, true]);
  expect((await send({ form: 'begin', release: '7', stage: 'one', gate: 'gate-1' }, 'wang')).status).toBe(
    403,
  );
  expect((await send({ form: 'register', file: file('x'), address: ADDRESS }, 'chen')).status).toBe(403);
});

test('one gate begins; the page says what is awaited, and offers nothing meanwhile', async () => {
  expect(await get()).not.toContain('<option value="old-gate"');
  const begun = await send({ form: 'begin', release: '7', stage: 'one', gate: 'gate-1' });
  expect(went(begun)).toBe('/console/updates?done=stage-begun');
  await trial.parts.updates.lookOver();
  expect(trial.given).toMatchObject([{ gate: 'gate-1', command: { verb: 'update', release: 7 } }]);
  const page = await get();
  expect(words(page)).toContain('1 个门禁正在升级或观察中');
  expect(page).not.toContain('value="begin"');
  expect((await send({ form: 'begin', release: '7', stage: 'tenth' })).status).toBe(409);
});

test('a gate that failed stops everything until somebody has looked', async () => {
  await settle('gate-1');
  await send({ form: 'begin', release: '7', stage: 'tenth' });
  await trial.parts.updates.lookOver();
  await heard('gate-2', 7);
  await trial.parts.updates.lookOver();
  await heard('gate-2', 6);
  await trial.parts.updates.lookOver();
  const page = await get();
  expect(words(page)).toContain('升级后不正常，已退回原版本');
  expect(page).not.toContain('value="begin"');
  const looked = await send({ form: 'looked', release: '7', gate: 'gate-2' }, 'chen');
  expect(went(looked)).toBe('/console/updates?done=update-looked');
  expect(words(await get())).toContain('chen 已看过');
});

test('all gates take two persons, and the second reads what it is', async () => {
  await send({ form: 'begin', release: '7', stage: 'tenth' });
  await settle('gate-3');
  await addTrialGate(trial.quiet, { name: 'gate-4', status: { documents: { release: 6 } } });
  expect(words(await get())).toContain('请第二人批准：其余全部（1 个门禁）');
  const before = trial.given.length;
  const asked = await send({ form: 'begin', release: '7', stage: 'all' });
  expect(went(asked)).toBe('/console/updates?done=asked-second');
  await trial.parts.updates.lookOver();
  expect(trial.given.length).toBe(before);
  const approvals = await get('chen', '/approvals');
  expect(words(approvals)).toMatch(/版本号 7 阶段 其余全部/);
  const [, approval = '', digest = ''] =
    /name="approval" value="([^"]+)"><input type="hidden" name="digest" value="([^"]+)"/.exec(approvals) ??
    [];
  await send({ form: 'approve', approval, digest }, 'chen', '/approvals');
  await trial.parts.updates.lookOver();
  expect(trial.given.at(-1)).toMatchObject({ gate: 'gate-4', command: { verb: 'update', release: 7 } });
});

test('a release is stopped in a name, and everything that was done is on record', async () => {
  expect(went(await send({ form: 'stop', release: '7' }))).toBe('/console/updates?done=release-stopped');
  expect(words(await get())).toContain('已由 li-wei 停止');
  const { entries } = await trial.parts.audit.page({ limit: 50 });
  const actions = entries.map(({ action }) => action);
  for (const action of [
    'register release',
    'begin update',
    'look at update',
    'approve to update gates',
    'stop release',
  ])
    expect(actions).toContain(action);
});
