import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { memoryLog } from '../../../test/twins/broker.ts';
import { SteppedClock } from '../../../test/twins/clock.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { err, ok, type Result } from '../../base/index.ts';
import type { DeskRole } from '../../wire/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { APPROVAL_MS, APPROVALS_OPEN_MAX, SAME_OPENER_MS } from '../limits.ts';
import type { Approvals } from './approvals.ts';
import { type Desk, openDesk } from './desk.ts';
import type { Principal } from './roles.ts';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const ACTION = 'release doors';
const BODY = { gate: 'north-1', reason: 'drill' };

let postgres: Postgres;
let database: Database;
let clock: SteppedClock;
let desk: Desk;
let runs: unknown[];
let outcome: () => Promise<Result<object, string>>;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

function open(): Desk {
  const opened = openDesk({
    database,
    clock,
    random,
    log: memoryLog(),
    crypto: { argon2id: async (_message, _salt, { bytes }) => new Uint8Array(bytes) },
  });
  opened.approvals.register(ACTION, {
    schema: z.strictObject({ gate: z.string(), reason: z.string() }),
    subject: ({ gate }) => gate,
    run: (body, by) => {
      runs.push({ body, by });
      return outcome();
    },
  });
  return opened;
}

async function person(
  account: string,
  roles: readonly DeskRole[],
  invitedBy = 'machine',
): Promise<Principal> {
  const opened = await desk.accounts.open({ account, roles }, invitedBy);
  const invitation = opened.ok ? opened.value.invitation : '';
  const password = 'vier kleine Kraniche';
  expect(await desk.accounts.redeem({ invitation, password })).toMatchObject({ ok: true });
  return { account, roles: new Set(roles) };
}

async function asked(by: Principal, body: unknown = BODY) {
  const view = await desk.approvals.ask(by, { action: ACTION, body });
  if (!view.ok) throw new Error(view.error);
  return view.value;
}

const told = async () =>
  (await desk.audit.page()).entries
    .filter(({ action }) => action.includes(ACTION))
    .map(({ account, action, subject, outcome: came }) => [account, action, subject, came].join(' | '))
    .reverse();

describe.each([
  ['SQLite', () => ':memory:'],
  ['PostgreSQL', (): string => postgres.newDatabase()],
])('the rule of two persons on %s', (_engine, newPlace) => {
  let one: Principal;
  let other: Principal;

  beforeAll(async () => {
    database = await openDatabase(newPlace());
  });
  afterAll(() => database.destroy());
  beforeEach(async () => {
    clock = new SteppedClock();
    runs = [];
    outcome = async () => ok({ released: true });
    desk = open();
    one = await person('li-1', ['operator']);
    other = await person('wang-2', ['operator']);
  });
  afterEach(async () => {
    for (const table of ['approval', 'invitation', 'session', 'account', 'audit'] as const)
      await database.deleteFrom(table).execute();
  });

  const approve = (by: Principal, { id, digest }: { id: string; digest: string }) =>
    desk.approvals.approve(by, { id, digest });

  test('what one asks is done when another approves it, once, and both are named', async () => {
    const request = await asked(one);
    expect(runs).toEqual([]);
    expect(await approve(other, request)).toEqual({
      ok: true,
      value: { ok: true, value: { released: true } },
    });
    expect(runs).toEqual([{ body: BODY, by: { asker: 'li-1', approver: 'wang-2' } }]);
    expect(await approve(other, request)).toEqual({ ok: false, error: 'approval-decided' });
    expect(runs).toHaveLength(1);
    expect(await told()).toEqual([
      `li-1 | ask to ${ACTION} | north-1 | asked as ${request.id}`,
      `wang-2 | approve to ${ACTION} | north-1 | done, asked by li-1`,
    ]);
  });

  test('whoever asked can not approve', async () => {
    const request = await asked(one);
    expect(await approve(one, request)).toEqual({ ok: false, error: 'own-approval' });
    expect(runs).toEqual([]);
    expect((await told())[1]).toBe(`li-1 | approve to ${ACTION} | ${request.id} | own-approval`);
  });

  test('nobody without the role asks or approves', async () => {
    const auditor = await person('zhao-3', ['auditor', 'registrar']);
    expect(await desk.approvals.ask(auditor, { action: ACTION, body: BODY })).toMatchObject({
      error: 'not-yours-to-ask',
    });
    expect(await approve(auditor, await asked(one))).toEqual({ ok: false, error: 'not-yours-to-approve' });
    expect(runs).toEqual([]);
  });

  test('whoever has invited the asker is not the second person, nor the other way round', async () => {
    const puppet = await person('puppet', ['operator'], 'li-1');
    expect(await approve(one, await asked(puppet))).toEqual({ ok: false, error: 'related-approver' });
    expect(await approve(puppet, await asked(one))).toEqual({ ok: false, error: 'related-approver' });
    expect(runs).toEqual([]);
  });

  test('one administrator who opened both accounts is named to whoever approves, and in the audit log', async () => {
    const [asker, second] = [
      await person('puppet-1', ['operator'], 'chief-9'),
      await person('puppet-2', ['operator'], 'chief-9'),
    ];
    const request = await asked(asker);
    const openerFor = async (reader: string) => (await desk.approvals.list(reader))[0]?.sameOpener;
    expect(await openerFor('puppet-2')).toBe('chief-9');
    expect(await openerFor('wang-2')).toBeUndefined();
    expect(await openerFor('puppet-1')).toBeUndefined();
    expect(await approve(second, request)).toMatchObject({ ok: true });
    const [newest] = (await desk.audit.page()).entries;
    expect(newest).toMatchObject({
      account: 'puppet-2',
      action: 'approve with one opener of both',
      subject: 'chief-9',
      outcome: 'asked by puppet-1',
    });
  });

  test('accounts that one administrator opened long ago are two persons; one that is begun anew is new again', async () => {
    const asker = await person('old-1', ['operator'], 'chief-9');
    await person('old-2', ['operator'], 'chief-9');
    clock.step(SAME_OPENER_MS + 1);
    await asked(asker);
    const opener = async () => (await desk.approvals.list('old-2'))[0]?.sameOpener;
    expect(await opener()).toBeUndefined();
    const anew = await desk.accounts.invite('old-2', 'chief-9');
    const password = 'fuenf kleine Kraniche';
    await desk.accounts.redeem({ invitation: anew.ok ? anew.value.invitation : '', password });
    expect(await opener()).toBe('chief-9');
  });

  test('whoever was invited does not lose the inviter by a new invitation of one’s own', async () => {
    const puppet = await person('puppet', ['operator', 'administrator'], 'li-1');
    const again = await desk.accounts.invite('puppet', 'puppet');
    const invitation = again.ok ? again.value.invitation : '';
    await desk.accounts.redeem({ invitation, password: 'vier kleine Kraniche' });
    expect(await approve(puppet, await asked(one))).toEqual({ ok: false, error: 'related-approver' });
    expect(runs).toEqual([]);
  });

  test('after a quarter of an hour it is over', async () => {
    const [request, late] = [await asked(one), await asked(one)];
    clock.step(APPROVAL_MS - 1);
    expect(await approve(other, request)).toMatchObject({ ok: true });
    clock.step(1);
    expect(await approve(other, late)).toEqual({ ok: false, error: 'approval-over' });
    expect(runs).toHaveLength(1);
    const states = (await desk.approvals.list()).map(({ state }) => state);
    expect(states.sort()).toEqual(['done', 'expired']);
  });

  test('what was refused is over, by the second person and by who asked', async () => {
    for (const by of [other, one]) {
      const request = await asked(one);
      expect(await desk.approvals.refuse(by, request.id)).toMatchObject({
        ok: true,
        value: { state: 'refused' },
      });
      expect(await approve(other, request)).toEqual({ ok: false, error: 'approval-decided' });
    }
    expect(runs).toEqual([]);
  });

  test('another body than the one that was shown is not approved', async () => {
    const request = await asked(one);
    expect(await approve(other, { ...request, digest: 'a'.repeat(64) })).toEqual({
      ok: false,
      error: 'changed-body',
    });
    const text = JSON.stringify({ ...BODY, gate: 'south-1' });
    await database.updateTable('approval').set({ body: text }).where('id', '=', request.id).execute();
    expect(await approve(other, request)).toEqual({ ok: false, error: 'changed-body' });
    expect(runs).toEqual([]);
  });

  test('an asker who is disabled, or has lost the role, asks for nothing any more', async () => {
    const request = await asked(one);
    await desk.accounts.setRoles({ account: 'li-1', roles: ['auditor'] }, 'machine');
    expect(await approve(other, request)).toEqual({ ok: false, error: 'asker-gone' });
    await desk.accounts.setRoles({ account: 'li-1', roles: ['operator'] }, 'machine');
    await desk.accounts.disable('li-1', 'machine');
    expect(await approve(other, request)).toEqual({ ok: false, error: 'asker-gone' });
    expect(runs).toEqual([]);
  });

  test('a request outlives a restart, and is approved after it', async () => {
    const request = await asked(one);
    desk = open();
    expect(await desk.approvals.list()).toEqual([request]);
    expect(await approve(other, request)).toMatchObject({ ok: true });
    expect(runs).toHaveLength(1);
  });

  test('two who approve at once have it done once', async () => {
    const third = await person('zhao-3', ['operator']);
    const request = await asked(one);
    const both = await Promise.all([approve(other, request), approve(third, request)]);
    expect(both.filter(({ ok: isOk }) => isOk)).toHaveLength(1);
    expect(runs).toHaveLength(1);
  });

  test.each([
    ['says no', async () => err('gate-offline'), 'gate-offline'],
    ['throws', () => Promise.reject(new Error('broken')), 'approved-failed'],
  ])('an action that %s has failed, and is not tried again', async (_name, came, problem) => {
    outcome = came;
    const request = await asked(one);
    expect(await approve(other, request)).toEqual({ ok: true, value: { ok: false, error: problem } });
    expect((await desk.approvals.list())[0]).toMatchObject({ state: 'failed', decidedBy: 'wang-2' });
    expect(await approve(other, request)).toEqual({ ok: false, error: 'approval-decided' });
  });

  test('what is not understood is not kept', async () => {
    const ask = (action: string, body: unknown): ReturnType<Approvals['ask']> =>
      desk.approvals.ask(one, { action, body });
    expect(await ask('toString', BODY)).toMatchObject({ error: 'unknown-action' });
    expect(await ask('change root', {})).toMatchObject({ error: 'unknown-action' });
    expect(await ask(ACTION, { ...BODY, more: 1 })).toMatchObject({ error: 'bad-body' });
    expect(await ask(ACTION, undefined)).toMatchObject({ error: 'bad-body' });
    expect(await approve(other, { id: 'none', digest: '' })).toMatchObject({ error: 'no-such-approval' });
    expect(await desk.approvals.list()).toEqual([]);
  });

  test('so many wait at once, and what was in a request is forgotten when it is decided', async () => {
    for (let at = 1; at < APPROVALS_OPEN_MAX; at += 1) await asked(one);
    const last = await asked(one);
    expect(await desk.approvals.ask(one, { action: ACTION, body: BODY })).toMatchObject({
      error: 'too-many-approvals',
    });
    await approve(other, last);
    const [row] = await database.selectFrom('approval').selectAll().where('id', '=', last.id).execute();
    expect(row).toMatchObject({ state: 'done', body: null });
    expect(await desk.approvals.ask(one, { action: ACTION, body: BODY })).toMatchObject({ ok: true });
  });
});
