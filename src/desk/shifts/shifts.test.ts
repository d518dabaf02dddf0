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
import { SESSION_IDLE_MS, SESSION_MS, SHIFT_MS, SHIFTS_KEPT_MS } from '../limits.ts';

const GUARD = { account: 'g-07', secret: '739164' };

let at: TestDesk;
let head: string;
let guard: string;
beforeEach(async () => {
  at = testDesk();
  head = await firstHead(at);
  guard = await newGuard(at, head, GUARD);
  at.manual.length = 0;
});
afterEach(() => at.end());

const post = (path: string, cookie: string, body?: unknown) =>
  at.request(path, { method: 'POST', cookie, ...(body === undefined ? {} : { body }) });

async function session(asked: Asked): Promise<GuardSession> {
  return (await (await at.request('session', asked)).json()) as GuardSession;
}

async function signIn(who: typeof GUARD): Promise<string> {
  return cookieOf(await at.request('session', { body: who }));
}

const rows = () => at.manual.map(({ verb, actor, reason }) => [verb, actor, reason]);

describe('a shift', () => {
  test('begins and ends with a row each, ends the session, and leaves a note for the next guard until theirs begins', async () => {
    expect(await session({ cookie: guard })).not.toHaveProperty('shift');
    const begun = (await (await post('shift/start', guard)).json()) as GuardSession;
    expect(begun.shift?.startedAt).toBe('2026-03-01T08:00:00.000Z');
    at.clock.step(1_000);
    expect((await post('shift/end', guard, { note: ' 东侧闸机的读码器要擦一擦 ' })).status).toBe(204);
    expect((await at.request('session', { cookie: guard })).status).toBe(401);
    expect(rows()).toEqual([
      ['shift-start', 'g-07', 'desk'],
      ['shift-end', 'g-07', 'desk'],
      ['sign-out', 'g-07', 'desk'],
    ]);
    expect((await session({ cookie: head })).handOver).toEqual({
      account: 'g-07',
      at: '2026-03-01T08:00:01.000Z',
      note: '东侧闸机的读码器要擦一擦',
    });
    const next = (await (await post('shift/start', head)).json()) as GuardSession;
    expect(next.handOver).toBeUndefined();
  });

  test('begins once, and none can be ended that has not begun', async () => {
    expect((await post('shift/end', guard, {})).status).toBe(409);
    await post('shift/start', guard);
    await post('shift/start', guard);
    expect(rows()).toEqual([['shift-start', 'g-07', 'desk']]);
  });

  test('goes on over signing out, a restart and signing in again', async () => {
    await post('shift/start', guard);
    at.clock.step(600_000);
    expect((await at.request('session', { method: 'DELETE', cookie: guard })).status).toBe(204);
    at.restart();
    expect((await session({ cookie: await signIn(GUARD) })).shift).toEqual({
      startedAt: '2026-03-01T08:00:00.000Z',
    });
  });

  test('of two guards are two, and each ends their own', async () => {
    await post('shift/start', guard);
    await post('shift/start', head);
    await post('shift/end', guard, { note: 'north lane squeaks' });
    expect((await session({ cookie: head })).shift).toBeDefined();
  });

  test('that nobody ends is over after a time, and says so', async () => {
    await post('shift/start', guard);
    at.clock.step(SHIFT_MS);
    expect(rows()).toContainEqual(['shift-end', 'g-07', 'forgotten']);
    expect((await session({ cookie: await signIn(GUARD) })).shift).toBeUndefined();
  });

  test.each([
    ['an identity card', '610112 19900101 1234'],
    ['one of them, with its last sign', '61011219900101123X'],
    ['a mobile phone', '138-0013-8000 calls back'],
    ['a mobile phone in wide figures', '１３８００１３８０００'],
  ])('takes no note with the number of %s', async (_name, note) => {
    await post('shift/start', guard);
    expect((await post('shift/end', guard, { note })).status).toBe(400);
    expect((await session({ cookie: guard })).shift).toBeDefined();
  });

  test.each([500, 501])('takes a note of up to 500 characters: %i', async (length) => {
    await post('shift/start', guard);
    const { status } = await post('shift/end', guard, { note: '门'.repeat(length) });
    expect(status).toBe(length > 500 ? 400 : 204);
  });

  test('and its note are forgotten after half a year', async () => {
    await post('shift/start', guard);
    await post('shift/end', guard, { note: 'lamp' });
    at.restart(SHIFTS_KEPT_MS - 1);
    expect((await session({ cookie: await signIn(GUARD) })).handOver?.note).toBe('lamp');
    at.restart(1);
    expect((await session({ cookie: await signIn(GUARD) })).handOver).toBeUndefined();
  });

  test('begins and ends though the journal takes no row: the guard is on duty all the same', async () => {
    at.journalFails(true);
    await post('shift/start', guard);
    expect((await session({ cookie: guard })).shift).toBeDefined();
    expect((await post('shift/end', guard, {})).status).toBe(204);
  });
});

describe('a session', () => {
  test('ends after half an hour in which nobody does anything, whatever the page asks by itself', async () => {
    at.clock.step(SESSION_IDLE_MS - 1);
    expect((await at.request('session', { cookie: guard })).status).toBe(200);
    at.clock.step(1);
    expect((await at.request('session', { cookie: guard })).status).toBe(401);
    expect(rows()).toContainEqual(['sign-out', 'g-07', 'idle']);
  });

  test('goes on as long as somebody does something, and no longer than the longest shift', async () => {
    await post('shift/start', guard);
    const touch = () => at.request('accounts', { cookie: head, headers: {} });
    for (let waited = 0; waited < SESSION_MS - SESSION_IDLE_MS; waited += SESSION_IDLE_MS / 2) {
      at.clock.step(SESSION_IDLE_MS / 2);
      expect((await touch()).status).toBe(200);
    }
    at.clock.step(SESSION_IDLE_MS);
    expect((await touch()).status).toBe(401);
  });

  test('is not prolonged by what a page does by itself', async () => {
    for (let waited = 0; waited < SESSION_IDLE_MS; waited += SESSION_IDLE_MS / 4) {
      at.clock.step(SESSION_IDLE_MS / 4);
      await at.request('accounts', { cookie: head, headers: { 'x-menwei-idle': '1' } });
    }
    expect((await at.request('accounts', { cookie: head })).status).toBe(401);
  });

  test('is one of two of a guard; the oldest ends when one more begins', async () => {
    const [second, third] = [await signIn(GUARD), await signIn(GUARD)];
    const statuses = await Promise.all(
      [guard, second, third].map(async (cookie) => (await at.request('session', { cookie })).status),
    );
    expect(statuses).toEqual([401, 200, 200]);
    expect((await at.request('session', { cookie: head })).status).toBe(200);
    expect(rows()).toContainEqual(['sign-out', 'g-07', 'elsewhere']);
  });

  test('has a cookie that no script reads and no other host is sent, and is new at each signing in', async () => {
    const answer = await at.request('session', { body: GUARD, cookie: guard });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-menwei-guard=[\w-]{43}; Max-Age=50400; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(cookieOf(answer)).not.toBe(guard);
    expect((await at.request('session', { cookie: guard })).status).toBe(401);
  });

  test('is never one that the browser brought along', async () => {
    const brought = `__Host-menwei-guard=${'A'.repeat(43)}`;
    const answer = await at.request('session', { body: GUARD, cookie: brought });
    expect(cookieOf(answer)).not.toBe(brought);
    expect((await at.request('session', { cookie: brought })).status).toBe(401);
  });

  test('is in memory alone: a restart asks for the PIN again, and the file holds no token', async () => {
    at.restart();
    expect((await at.request('session', { cookie: guard })).status).toBe(401);
    expect((await at.request('session', { body: HEAD })).status).toBe(200);
  });

  test('is not touched by a clock that jumps', async () => {
    const far = testDesk({ gate: { ...gateAt(Date.parse('2036-01-01')), gate: 'g-1' } });
    try {
      const cookie = await firstHead(far);
      jumped = 400 * 86_400_000;
      expect((await far.request('session', { cookie })).status).toBe(200);
    } finally {
      far.end();
    }
  });
});

let jumped = 0;
function gateAt(start: number) {
  return {
    now: () => (start + jumped) as ReturnType<TestDesk['clock']['wall']>,
    takeManual: () => ({ ok: true as const, value: { row: 1 } }),
    take: () => undefined,
  };
}
