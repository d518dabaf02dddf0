import { expect, test } from 'vitest';
import { monotonicMs } from '../../base/index.ts';
import { CODES_BY_ACCOUNT_MAX, CODES_FOR_RESIDENT_MAX, CODES_WITHIN_MS } from '../limits.ts';
import { IssuingLimits } from './issuing-limits.ts';
import { deskApp } from './route.ts';

function desk() {
  let now = 0;
  const limits = new IssuingLimits({ monotonic: () => monotonicMs(now) });
  const app = deskApp();
  app.use(async (context, next) => {
    context.set('principal', { account: context.req.header('x-account') ?? '', roles: new Set() });
    return next();
  });
  app.post(
    '/:index',
    (context) => limits.check(context, Number(context.req.param('index'))) ?? context.json({}),
  );
  return {
    ask: (index: number, account = 'desk-1') =>
      app.request(`/${index}`, { method: 'POST', headers: { 'x-account': account } }),
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

test('one resident is given so many codes a minute and no more, and the answer says how long to wait', async () => {
  const { ask, pass } = desk();
  for (let asked = 0; asked < CODES_FOR_RESIDENT_MAX; asked += 1) expect((await ask(1)).status).toBe(200);
  const refused = await ask(1);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('2');
  expect(await refused.json()).toEqual({ error: 'index: too many codes were asked for; wait 2 s' });
  expect((await ask(2)).status).toBe(200);
  pass(CODES_WITHIN_MS);
  expect((await ask(1)).status).toBe(200);
});

test('one account makes so many codes a minute, whoever they are for; another account goes on', async () => {
  const { ask } = desk();
  for (let asked = 0; asked < CODES_BY_ACCOUNT_MAX; asked += 1) expect((await ask(asked)).status).toBe(200);
  expect((await ask(CODES_BY_ACCOUNT_MAX)).status).toBe(429);
  expect((await ask(CODES_BY_ACCOUNT_MAX, 'desk-2')).status).toBe(200);
});
