import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cookieOf, firstHead, HEAD, type TestDesk, testDesk } from '../../test/twins/guard-desk.ts';
import { ABUSE_LOCKS_TOLD_MAX, ABUSE_LOGGED_MAX, ABUSE_REQUESTS, ABUSE_WINDOW_MS } from './limits.ts';

let at: TestDesk;
beforeEach(() => {
  at = testDesk();
});
afterEach(() => at.end());

const storage = () => at.system.filter(({ event }) => event === 'storage').map(({ detail }) => detail);
const codes = () => at.logged.flatMap(({ fields }) => (fields['code'] === undefined ? [] : [fields['code']]));

describe('a file of the desk that was damaged', () => {
  test('is told; its guards are nobody, and the first figures are in the log, not on the displays', async () => {
    const head = await firstHead(at);
    at.clock.step(1_000);
    writeFileSync(at.file, Buffer.alloc(8_192, 0xa5));
    const said = codes().length;
    at.restart();
    expect(storage()).toEqual(['guards’ accounts were damaged']);
    expect((await at.request('session', { cookie: head })).status).toBe(401);
    expect((await at.request('session', { body: HEAD })).status).toBe(401);
    expect(at.desk.firstCode()).toBeUndefined();
    expect(codes()).toHaveLength(said + 1);
    const code = String(codes().at(-1));
    expect((await at.request('accounts/begin', { body: { ...HEAD, code } })).status).toBe(200);
  });

  test('while the gate runs, lets nobody in and does not stop the gate', async () => {
    await firstHead(at);
    const whole = readFileSync(at.file);
    const writer = new DatabaseSync(at.file);
    writer.exec('DROP TABLE account; DROP TABLE shift');
    writer.close();
    expect(() => at.clock.step(120_000)).not.toThrow();
    expect(at.desk.firstCode()).toBeUndefined();
    expect(storage()).toEqual(['guards’ accounts cannot be read']);
    expect((await at.request('session', { body: HEAD })).status).toBe(500);
    writeFileSync(at.file, whole);
  });

  test('of a later version closes the desk, and says why', async () => {
    const head = await firstHead(at);
    const database = new DatabaseSync(at.file);
    database.exec('PRAGMA user_version = 2');
    database.close();
    at.restart();
    expect(storage()).toEqual([
      'the file of the guard’s desk is of a later version; install that version again',
    ]);
    for (const asked of [{}, { cookie: head }, { body: HEAD }])
      expect(await at.answer('session', asked)).toMatchObject({ status: 503, body: { problem: 'closed' } });
    const begun = await at.answer('accounts/begin', { body: { ...HEAD, code: '00000000' } });
    expect(begun.status).toBe(503);
  });
});

test('a desk that has stopped is asked nothing more, and that is no fault', () => {
  const stopped = at.desk;
  at.restart();
  expect(stopped.firstCode()).toBeUndefined();
  expect(storage()).toEqual([]);
});

describe('whoever tries what no page of ours does', () => {
  const abuses = () => at.system.filter(({ event }) => event === 'desk-abuse').map(({ detail }) => detail);
  const foreign = { headers: { origin: 'https://evil.example' }, body: HEAD };

  test('is told once in each window, and logged a number of times without what was sent', async () => {
    for (let again = 0; again < 5 * ABUSE_REQUESTS; again += 1) {
      expect(abuses()).toHaveLength(again < ABUSE_REQUESTS ? 0 : 1);
      await at.request('session', foreign);
    }
    const logged = at.logged.filter(({ message }) => message.includes('refused'));
    expect(logged).toHaveLength(ABUSE_LOGGED_MAX);
    expect(new Set(logged.map(({ fields }) => JSON.stringify(fields)))).toEqual(
      new Set(['{"method":"POST","status":403}']),
    );
    at.clock.step(ABUSE_WINDOW_MS);
    for (let again = 0; again < ABUSE_REQUESTS; again += 1) await at.request('session', foreign);
    expect(abuses()).toHaveLength(2);
  });

  test('by guessing, is told for so many locks and no more', async () => {
    await firstHead(at);
    for (let name = 0; name < 2 * ABUSE_LOCKS_TOLD_MAX; name += 1)
      for (let guess = 0; guess < 6; guess += 1)
        await at.request('session', { body: { account: `n-${name}`, secret: '000001' } });
    expect(abuses()).toEqual(Array(ABUSE_LOCKS_TOLD_MAX).fill('locked unknown account'));
  });

  test('is not somebody who may not, or has mistyped', async () => {
    const head = await firstHead(at);
    for (let again = 0; again < 2 * ABUSE_REQUESTS; again += 1) {
      await at.request('accounts/disable', { body: { account: 'nobody-here' }, cookie: head });
      await at.request('session', { body: { account: 'h-01' } });
      await at.request('deeds', { body: {} });
    }
    expect(abuses()).toEqual([]);
  });
});

test('a body that does not arrive is not waited for, and keeps nobody else waiting', async () => {
  const never = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('{"acc')) });
  const options: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { host: 'gate.local', 'content-type': 'application/json' },
    body: never,
    duplex: 'half',
  };
  const slow = at.desk.app.request('/guard/api/session', options);
  expect(
    cookieOf(await at.request('accounts/begin', { body: { ...HEAD, code: at.desk.firstCode() ?? '' } })),
  ).not.toBe('');
  await new Promise((resolve) => setImmediate(resolve));
  at.clock.step(5_000);
  expect((await slow).status).toBe(408);
});
