import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Asked,
  cookieOf,
  firstHead,
  HEAD,
  newGuard,
  type TestDesk,
  testDesk,
} from '../../../test/twins/guard-desk.ts';
import type { GuardSession } from '../../wire/index.ts';

const GUARD = { account: 'g-07', secret: '739164' };

let at: TestDesk;
beforeEach(() => {
  at = testDesk();
});
afterEach(() => at.end());

const answer = (path: string, asked: Asked = {}) => at.answer(path, asked);
const signIn = (account: string, secret: string) => answer('session', { body: { account, secret } });

async function cookie(who: { account: string; secret: string }): Promise<string> {
  return cookieOf(await at.request('session', { body: who }));
}

describe('signing in under duress', () => {
  const DURESS = '906274';
  let head: string;
  beforeEach(async () => {
    head = await firstHead(at);
    const guard = await newGuard(at, head, GUARD);
    await at.request('secret', { body: { secret: GUARD.secret, next: DURESS, duress: true }, cookie: guard });
    at.manual.length = 0;
    at.logged.length = 0;
  });

  const rowsOf = (verb: string) => at.manual.filter((item) => item.verb === verb);
  const plain = (session: Record<string, unknown>) => ({ ...session, endsAt: '' }) as unknown as GuardSession;

  test('looks the same, takes the same work in the same order, and its row alone tells', async () => {
    const work = at.hashed();
    const usual = await signIn('g-07', GUARD.secret);
    const usualWork = at.hashed() - work;
    const forced = await signIn('g-07', DURESS);
    expect(at.hashed() - work - usualWork).toBe(usualWork);
    expect([forced.status, plain(forced.body)]).toEqual([usual.status, plain(usual.body)]);
    expect(rowsOf('sign-in')).toEqual([
      { type: 'manual', verb: 'sign-in', actor: 'g-07', reason: 'desk' },
      { type: 'manual', verb: 'sign-in', actor: 'g-07', reason: 'desk', duress: true },
    ]);
    expect(at.logged).toEqual([]);
    expect(at.system).toEqual([]);
  });

  test('every later deed carries it, up to signing out', async () => {
    const forced = await cookie({ account: 'g-07', secret: DURESS });
    await at.request('shift/start', { method: 'POST', cookie: forced });
    await at.request('shift/end', { body: { note: 'ok' }, cookie: forced });
    expect(at.manual.map(({ verb, duress }) => [verb, duress])).toEqual([
      ['sign-in', true],
      ['shift-start', true],
      ['shift-end', true],
      ['sign-out', true],
    ]);
  });

  test('a PIN that is changed then is the one for duress, and the guard’s own stays secret and in force', async () => {
    const forced = await cookie({ account: 'g-07', secret: DURESS });
    const changed = await answer('secret', { body: { secret: DURESS, next: '815093' }, cookie: forced });
    expect(changed.status).toBe(204);
    expect(rowsOf('account')).toMatchObject([{ reason: 'secret', duress: true }]);
    await signIn('g-07', '815093');
    expect(rowsOf('sign-in').at(-1)).toMatchObject({ duress: true });
    await signIn('g-07', GUARD.secret);
    expect(rowsOf('sign-in').at(-1)).not.toHaveProperty('duress');
  });

  test('typed where the PIN is changed, it is understood', async () => {
    const guard = await cookie(GUARD);
    expect((await answer('secret', { body: { secret: DURESS, next: '815093' }, cookie: guard })).status).toBe(
      204,
    );
    await at.request('shift/start', { method: 'POST', cookie: guard });
    for (const verb of ['account', 'shift-start']) expect(rowsOf(verb)).toMatchObject([{ duress: true }]);
  });

  test('nobody is told who has a second PIN', async () => {
    const told = await answer('accounts', { cookie: head });
    expect(told.body['accounts']).toEqual([
      { account: 'g-07', role: 'guard', state: 'active' },
      { account: HEAD.account, role: 'head', state: 'active' },
    ]);
  });

  test('is ended with one’s own PIN, and looks the same where there was none', async () => {
    const guard = await cookie(GUARD);
    const end = (by: string, secret: string) => answer('secret/no-duress', { body: { secret }, cookie: by });
    const [ended, none] = [await end(guard, GUARD.secret), await end(head, HEAD.secret)];
    expect([ended.status, none.status]).toEqual([204, 204]);
    expect(ended.body).toEqual(none.body);
    expect(rowsOf('account')).toMatchObject([{ reason: 'secret' }, { reason: 'secret' }]);
    expect((await signIn('g-07', DURESS)).status).toBe(401);
    expect((await signIn('g-07', GUARD.secret)).status).toBe(200);
  });

  test.each([
    ['the second PIN is typed', GUARD.secret, DURESS],
    ['the session was begun with it', DURESS, GUARD.secret],
  ])('is ended by nobody who is forced: %s, all looks done, and it holds', async (_name, entered, typed) => {
    const forced = await cookie({ account: 'g-07', secret: entered });
    const ended = await answer('secret/no-duress', { body: { secret: typed }, cookie: forced });
    expect(ended.status).toBe(204);
    expect(rowsOf('account')).toMatchObject([{ reason: 'secret', duress: true }]);
    await signIn('g-07', DURESS);
    expect(rowsOf('sign-in').at(-1)).toMatchObject({ duress: true });
  });

  test('is not ended by a wrong PIN', async () => {
    const guard = await cookie(GUARD);
    const refused = await answer('secret/no-duress', { body: { secret: '000000' }, cookie: guard });
    expect(refused.status).toBe(401);
    expect((await signIn('g-07', DURESS)).status).toBe(200);
  });
});
