import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SIGN_IN_LOCK_MAX_MS, SIGN_IN_TRIES_MAX, SIGN_IN_WINDOW_MS } from '../../access/index.ts';
import {
  type Asked,
  cookieOf,
  firstHead,
  HEAD,
  newGuard,
  type TestDesk,
  testDesk,
} from '../../../test/twins/guard-desk.ts';
import type { GuardAccount, GuardInvitation } from '../../wire/index.ts';
import { FIRST_CODE_TRIES_MAX, GUARDS_MAX, INVITATION_MS } from '../limits.ts';

const GUARD = { account: 'g-07', secret: '739164' };
const DESK_PC = '192.0.2.10';
const STRANGER = '192.0.2.66';

let at: TestDesk;
beforeEach(() => {
  at = testDesk();
});
afterEach(() => at.end());

const answer = (path: string, asked: Asked = {}) => at.answer(path, asked);
const signIn = (account: string, secret: string, address?: string) =>
  answer('session', { body: { account, secret }, ...(address === undefined ? {} : { address }) });

async function cookie(who: { account: string; secret: string }, address?: string): Promise<string> {
  return cookieOf(await at.request('session', { body: who, ...(address === undefined ? {} : { address }) }));
}

describe('a gate without guards', () => {
  test('says so, shows eight figures, and takes no PIN at all', async () => {
    expect(at.desk.firstCode()).toMatch(/^\d{8}$/);
    expect(await answer('session')).toMatchObject({
      status: 401,
      body: { problem: 'signed-out', firstAccount: true },
    });
    expect(await signIn('admin', 'admin1')).toMatchObject({ status: 401, body: { problem: 'wrong-secret' } });
    expect(at.logged.map(({ fields }) => fields)).toContainEqual({ code: at.desk.firstCode() });
  });

  test('gives its first account, a head guard’s, to whoever has read them', async () => {
    const code = at.desk.firstCode() ?? '';
    const begun = await answer('accounts/begin', { body: { ...HEAD, code } });
    expect(begun).toMatchObject({ status: 200, body: { account: HEAD.account, role: 'head' } });
    expect(at.desk.firstCode()).toBeUndefined();
    expect(at.manual.map(({ verb, actor, reason }) => [verb, actor, reason])).toEqual([
      ['account', HEAD.account, 'begin-first'],
      ['sign-in', HEAD.account, 'desk'],
    ]);
    const again = await answer('accounts/begin', { body: { account: 'h-02', secret: '906274', code } });
    expect(again).toMatchObject({ status: 401, body: { problem: 'wrong-code' } });
  });

  test('gives it to one of two who ask at once', async () => {
    const code = at.desk.firstCode() ?? '';
    const both = await Promise.all(
      ['h-01', 'h-02'].map((account) =>
        answer('accounts/begin', { body: { account, code, secret: '480592' } }),
      ),
    );
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 401]));
  });

  test('shows other figures after some wrong ones, and after a restart', async () => {
    const before = at.desk.firstCode();
    for (let tries = 0; tries < FIRST_CODE_TRIES_MAX; tries += 1) {
      expect(at.desk.firstCode()).toBe(before);
      const account = `h-0${tries}`;
      await answer('accounts/begin', { body: { account, code: '00000000', secret: '480592' } });
    }
    const after = at.desk.firstCode();
    expect(after).not.toBe(before);
    at.restart();
    expect(at.desk.firstCode()).not.toBe(after);
  });

  test.each(['123456', '20260101', '111111', '1990-04-15', 'aaaaaa', 'abc123', '１２３４５６'])(
    'takes no PIN that everybody tries first: %s',
    async (secret) => {
      const code = at.desk.firstCode() ?? '';
      const begun = await answer('accounts/begin', { body: { account: 'h-01', code, secret } });
      expect(begun).toMatchObject({ status: 400, body: { problem: 'weak-secret' } });
      expect(at.desk.firstCode()).toBe(code);
    },
  );

  test('begins no account while the journal takes no row', async () => {
    at.journalFails(true);
    const begun = await answer('accounts/begin', { body: { ...HEAD, code: at.desk.firstCode() ?? '' } });
    expect(begun).toMatchObject({ status: 503, body: { problem: 'not-recorded' } });
    expect(at.desk.firstCode()).toBeDefined();
  });
});

describe('signing in', () => {
  beforeEach(async () => {
    await newGuard(at, await firstHead(at, DESK_PC), GUARD);
  });

  test('answers alike, after the same work, whether there is such a guard or not', async () => {
    const work: number[] = [];
    const answers: unknown[] = [];
    const head = await cookie(HEAD);
    await at.request('accounts', { body: { account: 'g-08' }, cookie: head });
    for (const account of ['g-07', 'nobody', 'g-08']) {
      const before = at.hashed();
      answers.push(await signIn(account, '000001'));
      work.push(at.hashed() - before);
    }
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(new Set(work).size).toBe(1);
  });

  test('takes wide figures of an input method for the same', async () => {
    expect((await signIn('g-07', '７３９１６４')).status).toBe(200);
  });

  test('looks at five of ten thousand guesses, tells the lock once, and lets the guard in again when it is over', async () => {
    const before = at.hashed();
    const statuses = new Map<number, number>();
    for (let guess = 0; guess < 10_000; guess += 1) {
      const { status } = await signIn('g-07', String(guess).padStart(6, '0'), STRANGER);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(statuses).toEqual(
      new Map([
        [401, SIGN_IN_TRIES_MAX],
        [429, 10_000 - SIGN_IN_TRIES_MAX],
      ]),
    );
    expect((at.hashed() - before) / 2).toBe(SIGN_IN_TRIES_MAX);
    expect(at.system).toEqual([{ type: 'system', event: 'desk-abuse', detail: 'locked g-07' }]);
    expect(await signIn('g-07', GUARD.secret, STRANGER)).toMatchObject({
      status: 429,
      body: { problem: 'locked', waitSeconds: SIGN_IN_WINDOW_MS / 1_000 },
    });
    at.restart();
    expect((await signIn('g-07', GUARD.secret, STRANGER)).status).toBe(429);
    at.clock.step(SIGN_IN_WINDOW_MS);
    expect((await signIn('g-07', GUARD.secret, STRANGER)).status).toBe(200);
  });

  test('locks twice as long each time, and names no name that it does not know', async () => {
    for (const waitMs of [
      SIGN_IN_WINDOW_MS,
      2 * SIGN_IN_WINDOW_MS,
      SIGN_IN_LOCK_MAX_MS,
      SIGN_IN_LOCK_MAX_MS,
    ]) {
      for (let guess = 0; guess < SIGN_IN_TRIES_MAX; guess += 1) await signIn('my-secret-739164', '000001');
      expect((await signIn('my-secret-739164', '000001')).body['waitSeconds']).toBe(waitMs / 1_000);
      at.clock.step(waitMs);
    }
    expect(at.system.map(({ detail }) => detail)).toEqual(Array(4).fill('locked unknown account'));
    expect(JSON.stringify(at.logged)).not.toContain('my-secret');
  });

  test('a clock that was set back makes no lock longer than the longest', async () => {
    for (let guess = 0; guess < SIGN_IN_TRIES_MAX; guess += 1) await signIn('g-07', '000001');
    at.clock.step(-400 * 86_400_000);
    expect(Number((await signIn('g-07', '000001')).body['waitSeconds'])).toBeLessThanOrEqual(
      SIGN_IN_LOCK_MAX_MS / 1_000,
    );
  });

  test('a stranger who guesses locks out himself, not the guards at their desk', async () => {
    for (const who of [GUARD, HEAD])
      expect((await signIn(who.account, who.secret, DESK_PC)).status).toBe(200);
    for (let guess = 0; guess < 50; guess += 1) await signIn('g-07', '000001', STRANGER);
    expect((await signIn('g-07', GUARD.secret, STRANGER)).status).toBe(429);
    expect((await signIn('g-07', GUARD.secret, DESK_PC)).status).toBe(200);
  });

  test('a guard who is locked out at the desk locks out nobody else there', async () => {
    for (const who of [GUARD, HEAD]) await signIn(who.account, who.secret, DESK_PC);
    for (let guess = 0; guess < 50; guess += 1) await signIn('g-07', '000001', DESK_PC);
    expect((await signIn('g-07', GUARD.secret, DESK_PC)).status).toBe(429);
    expect((await signIn(HEAD.account, HEAD.secret, DESK_PC)).status).toBe(200);
  });

  test('a stranger with a thousand names has five tries', async () => {
    const before = at.hashed();
    for (let guess = 0; guess < 1_000; guess += 1) await signIn(`n-${guess}`, '000001', STRANGER);
    expect((at.hashed() - before) / 2).toBe(SIGN_IN_TRIES_MAX);
  });

  test('is possible while the journal takes no row: the desk is where that is seen', async () => {
    at.journalFails(true);
    expect((await signIn('g-07', GUARD.secret)).status).toBe(200);
  });
});

describe('a head guard', () => {
  let head: string;
  beforeEach(async () => {
    head = await firstHead(at);
  });

  const list = async () => (await answer('accounts', { cookie: head })).body['accounts'] as GuardAccount[];
  const invite = async (account: string) =>
    (await answer('accounts', { body: { account }, cookie: head })).body as unknown as GuardInvitation;

  test('invites a guard, whose eight figures hold a day and once', async () => {
    const { code, expiresAt } = await invite('g-07');
    expect(Date.parse(expiresAt) - at.clock.wall()).toBe(INVITATION_MS);
    expect(await list()).toContainEqual({
      account: 'g-07',
      role: 'guard',
      state: 'invited',
    });
    const begin = { body: { account: 'g-07', code, secret: GUARD.secret } };
    expect((await answer('accounts/begin', begin)).status).toBe(200);
    expect(await answer('accounts/begin', begin)).toMatchObject({
      status: 401,
      body: { problem: 'wrong-code' },
    });
    const late = await invite('g-08');
    at.clock.step(INVITATION_MS);
    const begun = await answer('accounts/begin', {
      body: { account: 'g-08', code: late.code, secret: '906274' },
    });
    expect(begun).toMatchObject({ status: 401, body: { problem: 'wrong-code' } });
  });

  test('lets five wrong figures be looked at, and no more', async () => {
    const { code } = await invite('g-07');
    for (let guess = 0; guess < SIGN_IN_TRIES_MAX; guess += 1)
      await answer('accounts/begin', { body: { account: 'g-07', code: '00000000', secret: GUARD.secret } });
    const begun = await answer('accounts/begin', { body: { account: 'g-07', code, secret: GUARD.secret } });
    expect(begun).toMatchObject({ status: 429, body: { problem: 'locked' } });
  });

  test('helps a guard who forgot the PIN or is locked out: old secrets and sessions end', async () => {
    const guard = await newGuard(at, head, GUARD);
    for (let guess = 0; guess < SIGN_IN_TRIES_MAX; guess += 1) await signIn('g-07', '000001');
    expect((await list()).find(({ account }) => account === 'g-07')?.state).toBe('locked');
    const { code } = (await answer('accounts/unlock', { body: { account: 'g-07' }, cookie: head }))
      .body as unknown as GuardInvitation;
    expect((await answer('session', { cookie: guard })).status).toBe(401);
    expect((await signIn('g-07', GUARD.secret)).status).toBe(401);
    const begun = await answer('accounts/begin', { body: { account: 'g-07', code, secret: '906274' } });
    expect(begun.status).toBe(200);
    expect((await signIn('g-07', '906274')).status).toBe(200);
  });

  test('bars a guard, whose session ends at once; the last head guard stays', async () => {
    const guard = await newGuard(at, head, GUARD);
    expect((await answer('accounts/disable', { body: { account: 'g-07' }, cookie: head })).status).toBe(204);
    expect((await answer('session', { cookie: guard })).status).toBe(401);
    expect((await signIn('g-07', GUARD.secret)).body['problem']).toBe('wrong-secret');
    const last = await answer('accounts/disable', { body: { account: HEAD.account }, cookie: head });
    expect(last).toMatchObject({ status: 409, body: { problem: 'last-head' } });
    const other = await newGuard(at, head, { account: 'h-02', secret: '906274', role: 'head' });
    const first = await answer('accounts/disable', { body: { account: HEAD.account }, cookie: other });
    expect(first.status).toBe(204);
  });

  test('leaves a row of each of these, with who and whom, before it is done', async () => {
    await newGuard(at, head, GUARD);
    await answer('accounts/unlock', { body: { account: 'g-07' }, cookie: head });
    await answer('accounts/disable', { body: { account: 'g-07' }, cookie: head });
    const rows = at.manual
      .filter(({ verb }) => verb === 'account')
      .map(({ actor, reason }) => [actor, reason]);
    expect(rows.slice(1)).toEqual([
      ['h-01', 'open-guard g-07'],
      ['g-07', 'begin'],
      ['h-01', 'invite g-07'],
      ['h-01', 'disable g-07'],
    ]);
    at.journalFails(true);
    for (const path of ['accounts/unlock', 'accounts/disable'])
      expect(await answer(path, { body: { account: 'g-07' }, cookie: head })).toMatchObject({ status: 503 });
    expect(await answer('accounts', { body: { account: 'g-09' }, cookie: head })).toMatchObject({
      status: 503,
    });
    expect((await list()).map(({ account }) => account)).toEqual(['g-07', 'h-01']);
  });

  test('is the only one who may, not for the own account, and up to a number', async () => {
    const guard = await newGuard(at, head, GUARD);
    for (const path of ['accounts', 'accounts/unlock', 'accounts/disable'])
      expect(await answer(path, { body: { account: 'h-01' }, cookie: guard })).toMatchObject({
        status: 403,
        body: { problem: 'head-only' },
      });
    expect((await answer('accounts', { cookie: guard })).status).toBe(403);
    expect((await answer('accounts/unlock', { body: { account: 'h-01' }, cookie: head })).status).toBe(409);
    expect((await answer('accounts', { body: { account: 'g-07' }, cookie: head })).body['problem']).toBe(
      'account-exists',
    );
    expect(
      (await answer('accounts/unlock', { body: { account: 'g-99' }, cookie: head })).body['problem'],
    ).toBe('account-unknown');
    for (let more = 2; more < GUARDS_MAX; more += 1) await invite(`x-${more}`);
    expect((await answer('accounts', { body: { account: 'one-more' }, cookie: head })).status).toBe(409);
    expect(await list()).toHaveLength(GUARDS_MAX);
  });
});

describe('another PIN', () => {
  let guard: string;
  beforeEach(async () => {
    guard = await newGuard(at, await firstHead(at), GUARD);
  });

  const change = (secret: string, next: string, more: { duress?: boolean; cookie?: string } = {}) =>
    answer('secret', {
      body: { secret, next, ...(more.duress === undefined ? {} : { duress: more.duress }) },
      cookie: more.cookie ?? guard,
    });

  test('takes the place of the old one, and ends the guard’s other sessions', async () => {
    const tablet = await cookie(GUARD);
    expect((await change(GUARD.secret, '906274')).status).toBe(204);
    expect((await signIn('g-07', GUARD.secret)).status).toBe(401);
    expect((await signIn('g-07', '906274')).status).toBe(200);
    expect((await answer('session', { cookie: tablet })).status).toBe(401);
    expect((await answer('session', { cookie: guard })).status).toBe(200);
  });

  test('is not set by whoever found the desk open: wrong ones are counted there too', async () => {
    for (let guess = 0; guess < SIGN_IN_TRIES_MAX; guess += 1)
      expect((await change('000001', '906274')).body['problem']).toBe('wrong-secret');
    expect((await change(GUARD.secret, '906274')).status).toBe(429);
  });

  test('is neither weak, nor the one in force, nor the one for duress', async () => {
    expect((await change(GUARD.secret, '123456')).body['problem']).toBe('weak-secret');
    expect((await change(GUARD.secret, GUARD.secret)).body['problem']).toBe('weak-secret');
    expect((await change(GUARD.secret, GUARD.secret, { duress: true })).body['problem']).toBe('weak-secret');
    expect((await change(GUARD.secret, '906274', { duress: true })).status).toBe(204);
    expect((await change(GUARD.secret, '906274')).body['problem']).toBe('weak-secret');
  });
});
