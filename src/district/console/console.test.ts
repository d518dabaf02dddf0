import { parseSync } from 'oxc-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addTrialGate, TRIAL_JOURNAL } from '../../../test/twins/stored-gates.ts';
import { SESSION_IDLE_MS } from '../limits.ts';
import { type ConsoleTrial, startConsoleTrial, TRIAL_PASSWORD } from './testing.ts';

const HOSTILE = '<img src=x onerror=alert(1)>"\'&';

let trial: ConsoleTrial;
let cookie: string;

beforeAll(async () => {
  trial = await startConsoleTrial();
  await trial.account('li-wei', ['operator', 'administrator', 'auditor', 'registrar']);
  await trial.account('zhao', ['registrar']);
  cookie = await trial.cookie('li-wei');
  const at = new Date(trial.quiet.clock.wall()).toISOString();
  await addTrialGate(trial.quiet, {
    name: 'gate-1',
    status: { software: HOSTILE, ended: 'stopped' },
    rows: [
      { at, decision: 'system', reason: HOSTILE },
      { at, decision: 'refused', refusal: 'already-used', index: 9, kind: 1, lane: 'main' },
      { at, decision: 'door', door: 'opened', entry: 2, reason: HOSTILE },
    ],
    alarms: [{ id: HOSTILE, at, alarm: 'forced', cleared: false, detail: HOSTILE }],
  });
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

describe('who may see what', () => {
  test.each(['/gates', '/gates/gate-1', '/entries', '/nothing'])(
    '%s is shown to nobody who is not signed in',
    async (path) => {
      const answer = await get(path, {});
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console/sign-in']);
    },
  );

  test('a page that is not of one’s role says so', async () => {
    const answer = await get('/gates', { cookie: await trial.cookie('zhao') });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('此页不对您的角色开放');
  });

  test('an address that there is not is told as such', async () => {
    expect((await get('/gates/no-such')).status).toBe(404);
  });
});

describe('signing in', () => {
  const signIn = async (password: string) => {
    const page = await get('/sign-in', {});
    const visitor = page.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    const token = [...(await page.text()).matchAll(/name="token" value="([^"]+)"/g)].at(-1)?.[1] ?? '';
    return send('/sign-in', { form: 'sign-in', account: 'zhao', password, token }, { cookie: visitor });
  };

  test('gives the session and goes to the gates', async () => {
    const answer = await signIn(TRIAL_PASSWORD);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console']);
    expect(answer.headers.getSetCookie().join()).toMatch(
      /__Host-menwei=[^;]+;.*HttpOnly; Secure; SameSite=Strict/,
    );
  });

  test('with a wrong password is refused, and the password does not come back', async () => {
    const answer = await signIn('not the one it is');
    expect(answer.status).toBe(409);
    const text = await answer.text();
    expect(text).toContain('账号或密码不对');
    expect(text).not.toContain('not the one it is');
  });

  test('with a form of another browser is refused', async () => {
    const token = await tokenOf('/sign-in', {});
    const answer = await send(
      '/sign-in',
      { form: 'sign-in', account: 'zhao', password: TRIAL_PASSWORD, token },
      {},
    );
    expect(await answer.text()).toContain('这张表单已用过或已过期');
  });
});

describe('forms', () => {
  test('an order goes out once, however often its form is sent', async () => {
    const token = await tokenOf('/gates/gate-1');
    const fields = { form: 'open', reason: 'phone-empty', token };
    const [first, second] = [await send('/gates/gate-1', fields), await send('/gates/gate-1', fields)];
    expect([first.status, first.headers.get('location')]).toEqual([
      303,
      '/console/gates/gate-1?done=command-sent',
    ]);
    expect(second.status).toBe(409);
    expect(trial.given).toEqual([{ gate: 'gate-1', command: { verb: 'open', reason: 'phone-empty' } }]);
  });

  test('without a token, or with another session’s, nothing is done', async () => {
    const before = trial.given.length;
    const foreign = await tokenOf('/gates/gate-1', { cookie: await trial.cookie('li-wei') });
    for (const token of ['', 'a.b.c', foreign])
      expect((await send('/gates/gate-1', { form: 'open', reason: 'trial', token })).status).toBe(409);
    expect(trial.given.length).toBe(before);
  });

  test.each([' ', HOSTILE, 'constructor'])('an order whose reason is %j is refused', async (reason) => {
    const before = trial.given.length;
    const answer = await send('/gates/gate-1', { form: 'lock-down', reason, lane: 'main' });
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('请选一个理由');
    expect(trial.given.length).toBe(before);
  });

  test.each(['resend-from', 'update', 'constructor', ''])('there is no form %j', async (form) => {
    expect((await send('/gates/gate-1', { form, reason: 'x' })).status).toBe(403);
  });

  test('what is done is in the audit log with its reason, which is shown in words', async () => {
    const { entries } = await trial.parts.audit.page();
    const [deed] = entries.filter(({ action }) => action === 'command open');
    expect(deed).toMatchObject({ account: 'li-wei', subject: 'gate-1' });
    expect(deed?.outcome).toMatch(/^[0-9a-f]{32}: phone-empty$/);
    expect(await (await get('/audit')).text()).toContain('手机没电，已核对证件');
  });
});

describe('text of strangers', () => {
  test.each(['/gates', '/gates/gate-1', '/entries', `/entries/gate-1/${TRIAL_JOURNAL}/1`])(
    'is escaped on %s',
    async (path) => {
      const text = await (await get(path)).text();
      expect(text).not.toContain('<img src=x');
      expect(text).not.toMatch(/<(script|style)(?![^>]* (src|href)=)[^>]*>/);
      expect(text.replaceAll(/"[^"]*"/g, '""')).not.toMatch(/<[^>]*\s(on\w+|style)=/);
    },
  );

  test('what is typed comes back escaped', async () => {
    const text = await (await send('/entries', { form: 'search', index: HOSTILE })).text();
    expect(text).not.toContain('<img src=x');
    expect(text).toContain('请填数字');
  });

  test('a status that is not one is no status', async () => {
    await trial.quiet.registry.saw('gate-1', '{"state":"online","lanes":"<b>"}');
    expect((await get('/gates/gate-1')).status).toBe(200);
    expect(await (await get('/gates')).text()).toContain('从未上线');
  });
});

describe('entries', () => {
  test('a chain that holds is told as whole, one that was changed is not', async () => {
    const verify = async () => {
      const answer = await send('/gates/gate-1', { form: 'verify' });
      expect(answer.headers.get('location')).toBe('/console/gates/gate-1?done=check-started');
      await trial.checked();
      return (await get('/gates/gate-1')).text();
    };
    expect(await (await get('/gates/gate-1')).text()).toContain('还没有核对过');
    expect(await verify()).toContain('第 1 条到第 3 条完整');
    const { database } = trial.quiet;
    const row = await database
      .selectFrom('journal_row')
      .selectAll()
      .where('seq', '=', 2)
      .executeTakeFirstOrThrow();
    const content = (row.content ?? '').replace('already-used', 'expired');
    await database.updateTable('journal_row').set({ content }).where('seq', '=', 2).execute();
    expect(await verify()).toContain('第 2 条起不符');
    await database.updateTable('journal_row').set({ content: row.content }).where('seq', '=', 2).execute();
  });

  test('one entry is shown with its sentence in both languages, its later rows and its hash', async () => {
    const text = await (await get(`/entries/gate-1/${TRIAL_JOURNAL}/2`)).text();
    for (const part of ['这个码刚才用过了。', 'This code was used already.', '已打开', '已连续收到第 3 条'])
      expect(text).toContain(part);
  });

  test('a search stays out of the address and finds by resident', async () => {
    const answer = await send('/entries', { form: 'search', index: '9' });
    const text = await answer.text();
    expect([answer.status, text.match(/\/console\/entries\/gate-1\//g)?.length]).toEqual([200, 1]);
  });
});

test('alarms are counted truthfully, however many there are', async () => {
  const at = new Date(trial.quiet.clock.wall()).toISOString();
  const alarms = Array.from({ length: 230 }, (_, id) => {
    return { id: `many-${id}`, at, alarm: 'refusals', cleared: false } as const;
  });
  const counted = async () =>
    Number(/<b>(\d+)<\/b><span>未确认报警/.exec(await (await get('/gates')).text())?.[1]);
  const before = await counted();
  await addTrialGate(trial.quiet, { name: 'gate-loud', alarms });
  expect(await counted()).toBe(before + 230);
  expect(await (await get('/gates/gate-loud')).text()).toContain('230 个未确认报警');
});

test('a page that asks again by itself keeps no session alive', async () => {
  const own = await startConsoleTrial();
  await own.account('li-wei', ['operator']);
  const headers = { cookie: await own.cookie('li-wei') };
  const text = await (await own.app.request('/console/gates?state=good', { headers })).text();
  const again =
    /http-equiv="refresh" content="20; url=([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect(again).toBe('/console/gates?state=good&idle=1');
  const statuses: number[] = [];
  for (const step of [0, SESSION_IDLE_MS / 2 + 1, SESSION_IDLE_MS / 2 + 1]) {
    own.quiet.clock.step(step);
    statuses.push((await own.app.request(again, { headers })).status);
  }
  expect(statuses).toEqual([200, 200, 303]);
  await own.stop();
});

test.each(['main', 'parts', 'plots', 'times', 'wall'])(
  'the script that browsers get is plain JavaScript: %s',
  async (name) => {
    const text = await (await get(`/assets/${name}.ts`, {})).text();
    expect(text.length).toBeGreaterThan(0);
    expect(parseSync(`${name}.js`, text, { lang: 'js', sourceType: 'module' }).errors).toEqual([]);
  },
);

describe('languages', () => {
  test('the switch keeps the page and the choice', async () => {
    const answer = await send('/language', { back: '/console/gates/gate-1', token: 'x' });
    expect(answer.headers.get('location')).toBe('/console/gates/gate-1');
    expect(answer.headers.getSetCookie().join()).toContain('menwei-language=en');
  });

  test.each(['//evil.example', 'https://evil.example', '/console/../x', '/other'])(
    'the switch leads nowhere else: %s',
    async (back) => {
      expect((await send('/language', { back, token: 'x' })).headers.get('location')).toBe('/console');
    },
  );

  test.each([
    '/gates',
    '/gates/gate-1',
    '/feed',
    '/entries',
    '/review',
    '/system',
    '/enrol',
    '/import',
    '/residents',
    '/trust',
    '/updates',
    '/approvals',
    '/accounts',
    '/audit',
    '/nothing',
  ])('%s in English has no Chinese but the switch back', async (path) => {
    const text = await (await get(path, { cookie: `${cookie}; menwei-language=en` })).text();
    expect(text.replaceAll('中文', '').replaceAll('门卫', '')).not.toMatch(/\p{Script=Han}/u);
  });
});
