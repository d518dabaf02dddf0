import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cookieOf, firstHead, HEAD, type TestDesk, testDesk } from '../../../test/twins/guard-desk.ts';

/** Whatever is sent, the desk answers with a word, and does only what its row says. */

let at: TestDesk;
let head: string;
beforeAll(async () => {
  at = testDesk();
  head = await firstHead(at);
});
afterAll(() => at.end());

const ROUTES = [
  'session',
  'accounts',
  'accounts/begin',
  'accounts/unlock',
  'accounts/disable',
  'secret',
  'shift/start',
  'shift/end',
  'shift/report',
  'look-ups',
  'deeds',
  'alarms/acknowledge',
  'inside',
];
const NAMES = [
  'account',
  'secret',
  'next',
  'code',
  'role',
  'note',
  'by',
  'number',
  'purpose',
  'deed',
  'once',
  'lane',
  'second',
];

const path = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...ROUTES) },
  { weight: 1, arbitrary: fc.webPath().map((some) => some.slice(1)) },
);
const method = fc.constantFrom('GET', 'POST', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS');
const body = fc.oneof(
  fc.dictionary(fc.constantFrom(...NAMES, '__proto__', 'constructor'), fc.jsonValue({ maxDepth: 3 }), {
    maxKeys: 5,
  }),
  fc.jsonValue({ maxDepth: 4 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
);
const headers = fc.dictionary(
  fc.constantFrom('origin', 'sec-fetch-site', 'content-type', 'x-forwarded-for', 'accept', 'x-menwei-idle'),
  fc.oneof(
    fc.constantFrom(
      'null',
      'cross-site',
      'same-origin',
      'application/json',
      'text/plain',
      'http://gate.local',
      '1',
    ),
    fc.stringMatching(/^[\x21-\x7e]{0,40}$/),
  ),
  { maxKeys: 3 },
);

describe('the desk’s server', () => {
  test('never fails, and a refusal does nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ path, method, body, headers, isSignedIn: fc.boolean() }),
        async ({ isSignedIn, ...sent }) => {
          const isEmpty = sent.method === 'GET';
          const done = at.manual.length;
          const answer = await at.request(sent.path, {
            method: sent.method,
            headers: sent.headers,
            ...(isEmpty ? {} : { body: sent.body }),
            ...(isSignedIn ? { cookie: head } : {}),
          });
          const text = await answer.text();
          expect([answer.status, text]).not.toEqual([500, expect.anything()]);
          if (!answer.ok) {
            expect(at.manual.length).toBe(done);
            expect(JSON.parse(text)).toHaveProperty('error');
          }
          if (!isSignedIn) expect(answer.ok).toBe(false);
          // Signed out, or the shift was ended.
          if (answer.status === 204) head = cookieOf(await at.request('session', { body: HEAD }));
        },
      ),
      { numRuns: 500 },
    );
  });
});
