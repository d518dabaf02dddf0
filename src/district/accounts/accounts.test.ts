import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memoryLog } from '../../../test/twins/broker.ts';
import { SteppedClock } from '../../../test/twins/clock.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import * as access from '../../access/index.ts';
import { argon2id } from '../../crypto/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import {
  AUDIT_KEPT_MS,
  INVITATION_MS,
  SESSION_IDLE_MS,
  SESSION_MS,
  SESSIONS_OF_ACCOUNT_MAX,
} from '../limits.ts';
import { type Desk, openDesk } from './desk.ts';
import { MACHINE } from './roles.ts';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const PASSWORD = 'vier kleine Kraniche';

let postgres: Postgres;
let database: Database;
let clock: SteppedClock;
let desk: Desk;
let hashed: number;
/** What happens while a password is worked on. */
let duringWork: (() => Promise<void>) | undefined;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

/** The work is counted; it is done by the real function with little memory. */
const counted: typeof argon2id = async (message, salt, parameters) => {
  hashed += 1;
  await duringWork?.();
  return argon2id(message, salt, { ...parameters, memory: 64 });
};

function openAgain(): Desk {
  return openDesk({ database, clock, random, log: memoryLog(), crypto: { argon2id: counted } });
}

async function account(name: string, password = PASSWORD): Promise<void> {
  const opened = await desk.accounts.open({ account: name, roles: ['operator'] }, MACHINE);
  if (!opened.ok) throw new Error(opened.error);
  const redeemed = await desk.accounts.redeem({ invitation: opened.value.invitation, password });
  if (!redeemed.ok) throw new Error(redeemed.error);
}

const signIn = (name: string, password = PASSWORD, address?: string) =>
  desk.accounts.signIn({ account: name, password, ...(address === undefined ? {} : { address }) });

async function token(name: string): Promise<string> {
  const signed = await signIn(name);
  if (!signed.ok) throw new Error(signed.error);
  return signed.value.token;
}

const find = (session: string) => desk.sessions.find(session, { touch: true });

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('accounts on %s', (_engine, newPlace) => {
  beforeAll(async () => {
    database = await openDatabase(newPlace());
  });
  afterAll(() => database.destroy());
  beforeEach(() => {
    clock = new SteppedClock();
    hashed = 0;
    duringWork = undefined;
    desk = openAgain();
  });
  afterEach(async () => {
    for (const table of ['session', 'invitation', 'account', 'sign_in_try', 'audit'] as const)
      await database.deleteFrom(table).execute();
  });

  test('a new account can not sign in before its person has set a password', async () => {
    await desk.accounts.open({ account: 'li-1', roles: ['registrar', 'operator'] }, MACHINE);
    expect(await signIn('li-1', '')).toEqual({ ok: false, error: 'wrong-password' });
    expect(await desk.accounts.list()).toMatchObject([
      { account: 'li-1', roles: ['registrar', 'operator'], state: 'invited' },
    ]);
  });

  test('an invitation sets a password once, and a day later it is over', async () => {
    const opened = await desk.accounts.open({ account: 'li-1', roles: ['operator'] }, MACHINE);
    const invitation = opened.ok ? opened.value.invitation : '';
    expect(await desk.accounts.redeem({ invitation: invitation.toLowerCase(), password: PASSWORD })).toEqual({
      ok: true,
      value: 'li-1',
    });
    expect(await desk.accounts.redeem({ invitation, password: PASSWORD })).toMatchObject({
      error: 'bad-invitation',
    });
    const again = await desk.accounts.invite('li-1', MACHINE);
    clock.step(INVITATION_MS);
    const late = again.ok ? again.value.invitation : '';
    expect(await desk.accounts.redeem({ invitation: late, password: PASSWORD })).toMatchObject({
      error: 'bad-invitation',
    });
  });

  test('two who redeem the same invitation at once set one password', async () => {
    const opened = await desk.accounts.open({ account: 'li-1', roles: ['operator'] }, MACHINE);
    const invitation = opened.ok ? opened.value.invitation : '';
    const done = await Promise.all(
      ['sieben grüne Berge', 'acht stille Wasser'].map((password) =>
        desk.accounts.redeem({ invitation, password }),
      ),
    );
    expect(done.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('a weak password is refused and leaves the invitation as it was', async () => {
    const opened = await desk.accounts.open({ account: 'li-1', roles: ['operator'] }, MACHINE);
    const invitation = opened.ok ? opened.value.invitation : '';
    expect(await desk.accounts.redeem({ invitation, password: 'elf letters' })).toMatchObject({
      error: 'short-password',
    });
    expect(hashed).toBe(0);
    expect(await desk.accounts.redeem({ invitation, password: PASSWORD })).toMatchObject({ ok: true });
  });

  test('neither password, invitation nor token stands in the database', async () => {
    const opened = await desk.accounts.open({ account: 'li-1', roles: ['operator'] }, MACHINE);
    const open = await desk.accounts.open({ account: 'li-2', roles: ['operator'] }, MACHINE);
    await desk.accounts.redeem({ invitation: opened.ok ? opened.value.invitation : '', password: PASSWORD });
    const session = await token('li-1');
    const tables = ['account', 'invitation', 'session', 'sign_in_try', 'audit'] as const;
    const rows = await Promise.all(tables.map((table) => database.selectFrom(table).selectAll().execute()));
    const all = JSON.stringify(rows);
    expect(all).toContain('$argon2id$v=19$m=47104,t=1,p=1$');
    const invitation = open.ok ? open.value.invitation : '';
    for (const secret of [PASSWORD, session, invitation, invitation.replaceAll('-', '')])
      expect(all).not.toContain(secret);
  });

  test('names that stand for somebody else, and names that there are, are refused', async () => {
    await account('li-1');
    const open = (name: string) => desk.accounts.open({ account: name, roles: ['operator'] }, MACHINE);
    expect(await open('demo')).toEqual({ ok: false, error: 'reserved-name' });
    expect(await open('machine')).toEqual({ ok: false, error: 'reserved-name' });
    expect(await open('li-1')).toEqual({ ok: false, error: 'known-account' });
  });

  test('an unknown name, a disabled account and a wrong password cost the same work and get the same answer', async () => {
    await account('li-1');
    await account('li-2');
    await desk.accounts.disable('li-2', MACHINE);
    for (const [name, password] of [
      ['nobody-here', PASSWORD],
      ['li-2', PASSWORD],
      ['li-1', 'a wrong password'],
    ] as const) {
      hashed = 0;
      expect(await signIn(name, password)).toEqual({ ok: false, error: 'wrong-password' });
      expect(hashed).toBe(1);
    }
  });

  test('five wrong tries lock an account, known or not, over a restart too, and the right password with it', async () => {
    await account('li-1');
    for (const name of ['li-1', 'nobody-here']) {
      hashed = 0;
      const guesses = await Promise.all(Array.from({ length: 40 }, (_, at) => signIn(name, `guess ${at}`)));
      expect(guesses.filter((each) => !each.ok && each.error === 'wrong-password')).toHaveLength(
        access.SIGN_IN_TRIES_MAX,
      );
      expect(hashed).toBe(access.SIGN_IN_TRIES_MAX);
    }
    desk = openAgain();
    expect(await signIn('li-1')).toEqual({ ok: false, error: 'too-many-tries' });
    clock.step(access.SIGN_IN_WINDOW_MS);
    expect(await signIn('li-1')).toMatchObject({ ok: true });
  });

  test('each lock is twice as long as the one before, up to an hour, and a day of quiet forgets them', async () => {
    const lockedFor = async () => {
      for (let at = 0; at < access.SIGN_IN_TRIES_MAX; at += 1) await signIn('li-1', 'wrong');
      let waited = 0;
      for (
        ;
        !(await desk.accounts
          .signIn({ account: 'li-1', password: 'wrong' })
          .then(({ ok: _ok, ...said }) => 'error' in said && said.error === 'wrong-password'));
        waited += access.SIGN_IN_WINDOW_MS
      )
        clock.step(access.SIGN_IN_WINDOW_MS);
      return waited;
    };
    expect(await lockedFor()).toBe(access.SIGN_IN_WINDOW_MS);
    expect(await lockedFor()).toBe(access.SIGN_IN_WINDOW_MS * 2);
    expect(await lockedFor()).toBe(access.SIGN_IN_LOCK_MAX_MS);
    expect(await lockedFor()).toBe(access.SIGN_IN_LOCK_MAX_MS);
    clock.step(2 * 24 * 3_600_000);
    expect(await lockedFor()).toBe(access.SIGN_IN_WINDOW_MS);
  });

  test('an address is locked too, whatever names it tries; a right password does not clear it', async () => {
    await account('li-1');
    const from = '2001:db8:1:2::7';
    for (let at = 0; at < 4; at += 1) await signIn(`name-${at}`, 'wrong', from);
    expect(await signIn('li-1', PASSWORD, '2001:db8:1:2:ffff::1')).toMatchObject({ ok: true });
    expect(await signIn('name-5', 'wrong', from)).toMatchObject({ error: 'wrong-password' });
    expect(await signIn('li-1', PASSWORD, '2001:db8:1:2::9')).toEqual({ ok: false, error: 'too-many-tries' });
    expect(await signIn('li-1', PASSWORD, '2001:db8:1:3::9')).toMatchObject({ ok: true });
  });

  test('an invitation opens a locked account and ends its password and sessions', async () => {
    await account('li-1');
    const session = await token('li-1');
    for (let at = 0; at < access.SIGN_IN_TRIES_MAX; at += 1) await signIn('li-1', 'wrong');
    const invited = await desk.accounts.invite('li-1', MACHINE);
    expect(await find(session)).toBeUndefined();
    expect(await signIn('li-1')).toMatchObject({ error: 'wrong-password' });
    const next = 'neun rote Laternen';
    await desk.accounts.redeem({ invitation: invited.ok ? invited.value.invitation : '', password: next });
    expect(await signIn('li-1', next)).toMatchObject({ ok: true });
  });

  test('a session is its account’s with the roles of now, and no other text is one', async () => {
    await account('li-1');
    const session = await token('li-1');
    expect((await find(session))?.roles).toEqual(new Set(['operator']));
    await desk.accounts.setRoles({ account: 'li-1', roles: ['auditor'] }, MACHINE);
    expect(await find(session)).toMatchObject({ account: 'li-1', roles: new Set(['auditor']) });
    for (const other of ['', 'a', session.slice(1), `${session}=`, 'A'.repeat(43), '\u0000'])
      expect(await find(other)).toBeUndefined();
  });

  test('a session ends after a quarter of an hour of nothing, and slides while something is done', async () => {
    await account('li-1');
    const session = await token('li-1');
    clock.step(SESSION_IDLE_MS - 1);
    expect(await find(session)).toBeDefined();
    clock.step(SESSION_IDLE_MS - 1);
    expect(await desk.sessions.find(session, { touch: false })).toBeDefined();
    clock.step(1);
    expect(await find(session)).toBeUndefined();
  });

  test('a session ends after half a day, whatever is done', async () => {
    await account('li-1');
    const session = await token('li-1');
    for (let passed = 0; passed < SESSION_MS - 60_000; passed += 600_000) {
      expect(await find(session)).toBeDefined();
      clock.step(600_000);
    }
    clock.step(60_000);
    expect(await find(session)).toBeUndefined();
  });

  test('signing in again ends the session that came along, and signing out ends it', async () => {
    await account('li-1');
    const first = await token('li-1');
    const again = await desk.accounts.signIn({ account: 'li-1', password: PASSWORD, oldToken: first });
    expect(await find(first)).toBeUndefined();
    const second = again.ok ? again.value.token : '';
    expect(await find(second)).toBeDefined();
    await desk.sessions.end(second);
    expect(await find(second)).toBeUndefined();
  });

  test('a changed password ends every session, and the old password with them', async () => {
    await account('li-1');
    const before = [await token('li-1'), await token('li-1')];
    const mine = { account: 'li-1', password: PASSWORD };
    const next = 'neun rote Laternen';
    expect(await desk.accounts.changePassword(mine, 'li-1 und mehr')).toMatchObject({
      error: 'name-in-password',
    });
    expect(await desk.accounts.changePassword({ ...mine, password: 'wrong' }, next)).toMatchObject({
      error: 'wrong-password',
    });
    expect(await find(before[0] ?? '')).toBeDefined();
    const changed = await desk.accounts.changePassword(mine, next);
    for (const session of before) expect(await find(session)).toBeUndefined();
    expect(await find(changed.ok ? changed.value.token : '')).toMatchObject({ account: 'li-1' });
    expect(await signIn('li-1')).toMatchObject({ error: 'wrong-password' });
    expect(await signIn('li-1', next)).toMatchObject({ ok: true });
  });

  test('an account that is invited anew while its old password is being looked at gets no session', async () => {
    await account('li-1');
    duringWork = async () => {
      duringWork = undefined;
      await desk.accounts.invite('li-1', MACHINE);
    };
    expect(await signIn('li-1')).toMatchObject({ error: 'wrong-password' });
    expect(await database.selectFrom('session').selectAll().execute()).toEqual([]);
  });

  test('a try that nobody had time to look at counts for nobody', async () => {
    await account('li-1');
    const waiting: (() => void)[] = [];
    duringWork = () => new Promise((resolve) => waiting.push(resolve));
    const held = access.PASSWORDS_HASHED_MAX + access.PASSWORDS_WAITING_MAX;
    let turnedAway = 0;
    const flooding = Array.from({ length: held + 3 }, async (_, at) => {
      const said = await signIn(`name-${at}`, 'wrong');
      turnedAway += Number(!said.ok && said.error === 'busy-with-passwords');
    });
    // Whoever is turned away proves that every place is taken.
    await expect.poll(() => turnedAway, { timeout: 20_000 }).toBe(3);
    for (let at = 0; at < 2 * access.SIGN_IN_TRIES_MAX; at += 1)
      expect(await signIn('li-1')).toMatchObject({ error: 'busy-with-passwords' });
    duringWork = undefined;
    for (const resolve of waiting) resolve();
    await Promise.all(flooding);
    expect(await signIn('li-1')).toMatchObject({ ok: true });
  });

  test('a token that was planted before is never taken over (fixation)', async () => {
    await account('li-1');
    const planted = 'P'.repeat(43);
    await desk.accounts.signIn({ account: 'li-1', password: PASSWORD, oldToken: planted });
    expect(await find(planted)).toBeUndefined();
  });

  test('all sessions end when the account is disabled', async () => {
    await account('li-1');
    const open = [await token('li-1'), await token('li-1')];
    await desk.accounts.disable('li-1', MACHINE);
    for (const session of open) expect(await find(session)).toBeUndefined();
    expect(await database.selectFrom('session').selectAll().execute()).toEqual([]);
  });

  test('an account has so many sessions at once; the longest unused one makes room', async () => {
    await account('li-1');
    const open: string[] = [];
    for (let at = 0; at <= SESSIONS_OF_ACCOUNT_MAX; at += 1) {
      clock.step(1_000);
      open.push(await token('li-1'));
    }
    expect(await find(open[0] ?? '')).toBeUndefined();
    expect(await find(open[1] ?? '')).toBeDefined();
  });

  test('the last administrator stays, unless the machine itself takes it away', async () => {
    const opened = await desk.accounts.open({ account: 'chief', roles: ['administrator'] }, MACHINE);
    await desk.accounts.redeem({ invitation: opened.ok ? opened.value.invitation : '', password: PASSWORD });
    expect(await desk.accounts.disable('chief', 'chief')).toEqual({ ok: false, error: 'last-administrator' });
    const fewer = { account: 'chief', roles: ['operator' as const] };
    expect(await desk.accounts.setRoles(fewer, 'chief')).toEqual({ ok: false, error: 'last-administrator' });
    expect(await desk.accounts.disable('chief', MACHINE)).toEqual({ ok: true, value: 'chief' });
  });

  test('the audit log says who did what to whom, in order, by pages', async () => {
    await account('li-1');
    await signIn('li-1', 'wrong');
    await signIn('li-1');
    const { entries } = await desk.audit.page();
    expect(
      entries.map(({ account: who, action, subject, outcome }) => [who, action, subject, outcome]),
    ).toEqual([
      ['li-1', 'sign in', 'li-1', 'done'],
      ['li-1', 'sign in', 'li-1', 'wrong password'],
      ['li-1', 'set password', 'li-1', 'done'],
      ['machine', 'open account', 'li-1', 'done'],
    ]);
    const first = await desk.audit.page({ limit: 3 });
    expect(first.entries).toHaveLength(3);
    const rest = await desk.audit.page({ limit: 3, before: first.next ?? '' });
    expect([...first.entries, ...rest.entries]).toEqual(entries);
    expect(rest.next).toBeUndefined();
  });

  test('what was typed as a name that there is not, and what is no word of ours, does not get into the log', async () => {
    await signIn('geheim-wie-nie', 'wrong');
    await desk.audit.note({
      account: 'li-1',
      action: 'post',
      subject: '张伟 61011219900101',
      outcome: '200',
    });
    const text = JSON.stringify((await desk.audit.page()).entries);
    expect(text).not.toMatch(/geheim|张伟|61011219/);
    expect(text).toContain('nobody');
  });

  test('the audit log is kept for 183 days, and falls away then', async () => {
    await desk.audit.note({ account: 'li-1', action: 'old', subject: '1', outcome: 'done' });
    clock.step(AUDIT_KEPT_MS);
    await desk.audit.note({ account: 'li-1', action: 'new', subject: '1', outcome: 'done' });
    expect(await desk.audit.purge()).toBe(0);
    clock.step(1);
    expect(await desk.audit.purge()).toBe(1);
    expect((await desk.audit.page()).entries.map(({ action }) => action)).toEqual(['new']);
  });
});
