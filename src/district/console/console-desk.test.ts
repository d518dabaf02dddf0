import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ok } from '../../base/index.ts';
import { addTrialGate } from '../../../test/twins/stored-gates.ts';
import { type ConsoleTrial, startConsoleTrial, TRIAL_PASSWORD } from './testing.ts';

const HOSTILE = '<img src=x onerror=alert(1)>"\'&';

let trial: ConsoleTrial;
let cookie: string;

beforeAll(async () => {
  trial = await startConsoleTrial();
  await trial.account('li-wei', ['operator', 'administrator', 'auditor', 'registrar']);
  cookie = await trial.cookie('li-wei');
});
afterAll(() => trial.stop());

const get = (path: string, headers: Record<string, string> = { cookie }) =>
  trial.app.request(`/console${path}`, { headers });

async function tokenOf(path: string, headers: Record<string, string> = { cookie }): Promise<string> {
  const text = await (await get(path, headers)).text();
  return /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';
}

async function send(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = { cookie },
) {
  const token = fields['token'] ?? (await tokenOf(path, headers));
  return trial.app.request(`/console${path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...fields, token }).toString(),
  });
}

describe('residents', () => {
  let index: number;
  beforeAll(async () => {
    const answer = await send('/residents/new', {
      form: 'add',
      community: '7',
      room: '1-101',
      display: '生*',
    });
    expect(answer.status).toBe(303);
    index = Number(/residents\/(\d+)\?done=resident-added$/.exec(answer.headers.get('location') ?? '')?.[1]);
  });
  const page = () => `/residents/${index}`;
  const state = async () => (await trial.parts.registry.resident(index))?.state;

  test('are registered masked, and a name in full is not taken', async () => {
    const answer = await send('/residents/new', {
      form: 'add',
      community: '7',
      room: '1-101',
      display: '生成人',
    });
    expect([answer.status, (await answer.text()).includes('请填打码后的称呼')]).toEqual([409, true]);
  });

  test('are found by index and by room, and what is looked for is in no address', async () => {
    for (const query of [String(index), '1-101']) {
      const answer = await send('/residents', { form: 'search', query });
      expect([answer.status, (await answer.text()).includes(`/console/residents/${index}"`)]).toEqual([
        200,
        true,
      ]);
    }
    expect(await (await send('/residents', { form: 'search', query: HOSTILE })).text()).not.toContain(
      '<img src=x',
    );
  });

  test('are suspended with a reason, which gates hear at once, and restored', async () => {
    expect((await send(page(), { form: 'state', state: 'suspended', reason: '' })).status).toBe(409);
    const before = trial.quiet.sent.length;
    expect((await send(page(), { form: 'state', state: 'suspended', reason: 'moved-out' })).status).toBe(303);
    expect(await state()).toBe('suspended');
    expect(trial.quiet.sent.slice(before).map(({ channel }) => channel)).toContain('status-delta');
    await send(page(), { form: 'state', state: 'valid', reason: 'back-again' });
    expect(await state()).toBe('valid');
  });

  test('an auditor sees them and changes nothing', async () => {
    await trial.account('chen', ['auditor']);
    const headers = { cookie: await trial.cookie('chen') };
    expect((await get(page(), headers)).status).toBe(200);
    const answer = await send(
      page(),
      { form: 'state', state: 'revoked', reason: 'misuse', token: await tokenOf('/language', headers) },
      headers,
    );
    expect(answer.status).toBe(403);
    expect(await state()).toBe('valid');
  });

  test('get a card as PDF, with the community’s name as it was given', async () => {
    const answer = await send(page(), { form: 'card', days: '28', community: '生成小区', layout: 'card' });
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    expect((await send(page(), { form: 'card', days: '0' })).status).toBe(409);
  });

  test('give a pass, which is shown under a ticket of this session alone', async () => {
    const answer = await send(page(), { form: 'pass', minutes: '60', uses: '1' });
    const place = (answer.headers.get('location') ?? '').replace('/console', '');
    expect([answer.status, place]).toEqual([303, expect.stringMatching(/^\/shown\/[0-9a-f]{32}$/)]);
    expect(await (await get(place)).text()).toContain('<svg viewBox="-4 -4');
    expect((await get(place, { cookie: await trial.cookie('li-wei') })).status).toBe(404);
    await send(page(), { form: 'pass-state', pass: '0', state: 'revoked' });
    expect((await trial.parts.rows.passes(index, 10))[0]?.state).toBe('revoked');
  });

  test('get a new index when a phone is lost, and the old one is revoked', async () => {
    const answer = await send(page(), { form: 'replace' });
    const next = Number(/residents\/(\d+)/.exec(answer.headers.get('location') ?? '')?.[1]);
    expect(next).not.toBe(index);
    expect([await state(), (await trial.parts.registry.resident(next))?.state]).toEqual(['revoked', 'valid']);
  });
});

describe('what takes two people', () => {
  test('is asked for by one, and done when another approves what was shown', async () => {
    const released: unknown[] = [];
    trial.parts.approvals.register('release doors', {
      schema: z.strictObject({ gate: z.string(), reason: z.string() }),
      subject: ({ gate }) => gate,
      run: async (body) => {
        released.push(body);
        return ok({});
      },
    });
    await addTrialGate(trial.quiet, { name: 'gate-9', status: {} });
    await send('/gates/gate-9', { form: 'release', reason: 'over' });
    const own = await (await get('/approvals')).text();
    expect(own).toContain('请另一位同事批准');
    const [asked] = await trial.parts.approvals.list();
    const fields = { form: 'approve', approval: asked?.id ?? '', digest: asked?.digest ?? '' };
    expect(await (await send('/approvals', fields)).text()).toContain('不能批准自己的申请');
    await trial.account('wang-fang', ['operator']);
    const headers = { cookie: await trial.cookie('wang-fang') };
    expect(await (await get('/approvals', headers)).text()).toContain('事情已结束');
    expect((await send('/approvals', { ...fields, digest: '0'.repeat(64) }, headers)).status).toBe(409);
    expect(released).toEqual([]);
    expect((await send('/approvals', fields, headers)).headers.get('location')).toBe(
      '/console/approvals?done=approved',
    );
    expect(released).toEqual([{ gate: 'gate-9', reason: 'over' }]);
  });

  test('names the one who opened both accounts to the person who is to approve', async () => {
    for (const name of ['qian-1', 'qian-2']) await trial.account(name, ['operator'], 'zhao-0');
    const [asker, second] = [
      { cookie: await trial.cookie('qian-1') },
      { cookie: await trial.cookie('qian-2') },
    ];
    await send('/gates/gate-9', { form: 'release', reason: 'over' }, asker);
    const note = '您和 qian-1 的账号都由 zhao-0 开通';
    expect(await (await get('/approvals', second)).text()).toContain(note);
    expect(await (await get('/approvals', { cookie: await trial.cookie('wang-fang') })).text()).not.toContain(
      note,
    );
    expect(await (await get('/approvals', asker)).text()).not.toContain(note);
  });
});

describe('accounts', () => {
  test('are opened with an invitation that is shown once, to the administrator alone', async () => {
    const answer = await send('/accounts', { form: 'open', account: 'sun', registrar: 'on' });
    const place = (answer.headers.get('location') ?? '').replace('/console', '');
    const invitation = /<code>([0-9A-V-]+)<\/code>/.exec(await (await get(place)).text())?.[1] ?? '';
    expect(await (await get('/accounts')).text()).not.toContain(invitation);
    const set = await send('/invitation', {
      form: 'invitation',
      invitation,
      password: TRIAL_PASSWORD,
      again: TRIAL_PASSWORD,
    });
    expect(set.headers.get('location')).toBe('/console/sign-in?done=password-set');
    await send('/accounts', { form: 'disable', account: 'sun' });
    expect((await trial.parts.accounts.list()).find(({ account }) => account === 'sun')?.state).toBe(
      'disabled',
    );
  });

  test('nobody disables their own', async () => {
    expect((await send('/accounts', { form: 'disable', account: 'li-wei' })).status).toBe(409);
  });
});

describe('a new gate', () => {
  test('gets a symbol of its own, until its fingerprint is compared and confirmed', async () => {
    const answer = await send('/enrol', { form: 'enrol', gate: 'east-3', community: '7' });
    const place = (answer.headers.get('location') ?? '').replace('/console', '');
    expect(await (await get(place)).text()).toContain('MENWEI-ENROL:1:');
    await addTrialGate(trial.quiet, { name: 'east-3', confirmed: false });
    expect(await (await get(place)).text()).toContain('门禁已应答');
    await send('/gates/east-3', { form: 'confirm', fingerprint: '' });
    expect((await trial.parts.registry.gate('east-3'))?.confirmed).toBe(1);
  });

  test.each(['', 'East', '../x', 'a'.repeat(33)])('is not called %j', async (gate) => {
    expect((await send('/enrol', { form: 'enrol', gate, community: '7' })).status).toBe(409);
  });
});

test('documents that are old, and those that have expired, are told of', async () => {
  expect(await (await get('/trust')).text()).not.toContain('class="warning"');
  const { database } = trial.quiet;
  const old = { expires_at_seconds: Math.floor(trial.quiet.clock.wall() / 1000) - 1 };
  await database.updateTable('document').set(old).where('name', '=', 'keyset').execute();
  expect(await (await get('/trust')).text()).toContain('签发密钥集 已过期，门禁会停止放行');
});

test('the bundle is a file', async () => {
  const answer = await send('/trust', { form: 'bundle' });
  expect(answer.headers.get('content-disposition')).toMatch(
    /^attachment; filename="menwei-d-1-[\d-]+\.json"$/,
  );
  expect(await answer.json()).toMatchObject({ type: 'menwei-bundle' });
});
