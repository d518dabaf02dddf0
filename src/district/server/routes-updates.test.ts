import { expect, test } from 'vitest';
import { err, ok } from '../../base/index.ts';
import type { NewRelease, NewStage } from '../../wire/index.ts';
import type { ServerParts } from './parts.ts';
import { deskApp } from './route.ts';
import { addGateRoutes } from './routes-gates.ts';
import { addUpdateRoutes } from './routes-updates.ts';

/** What the routes of staged updates take and answer; who may call them is the admission test's. */

const called: unknown[] = [];
const app = deskApp();
app.use(async (context, next) => {
  context.set('principal', { account: 'wang', roles: new Set(['operator', 'administrator'] as const) });
  await next();
});
const parts = {
  releases: {
    register: async (given: NewRelease, by: string) => {
      called.push({ ...given, by });
      return given.release === 'forged' ? err('unknown-maker') : ok(7);
    },
  },
  updates: {
    view: async () => ({ gates: [], releases: [] }),
    begin: async (release: number, stage: NewStage, by: string) => {
      called.push({ release, ...stage, by });
      return release === 7 ? ok(3) : err('no-such-release');
    },
    looked: async () => ok(true),
    stop: async () => err('release-stopped'),
  },
} as unknown as ServerParts;
addUpdateRoutes(app, parts);
addGateRoutes(app, parts);

const send = async (path: string, body?: object) => {
  called.length = 0;
  const answer = await app.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

const ADDRESS = 'https://releases.example/menwei/';

test('a release is registered in somebody’s name, and a refusal says what to do', async () => {
  expect(await send('/api/updates', { release: 'text', address: ADDRESS })).toEqual({
    status: 201,
    body: { release: 7 },
  });
  expect(called).toEqual([{ release: 'text', address: ADDRESS, by: 'wang' }]);
  const forged = await send('/api/updates', { release: 'forged', address: ADDRESS });
  expect(forged.status).toBe(400);
  expect(forged.body['error']).toMatch(/^release: is signed by nobody .*; get it from its makers$/);
});

test.each<[string, object]>([
  ['nothing', {}],
  ['no address', { release: 'text' }],
  ['an empty text', { release: '', address: ADDRESS }],
  ['a text too long', { release: 'x'.repeat(16_385), address: ADDRESS }],
  ['an address without TLS', { release: 'text', address: 'http://releases.example/' }],
  ['an address with a password', { release: 'text', address: 'https://user:secret@releases.example/' }],
  ['an address with a query', { release: 'text', address: 'https://releases.example/?token=1' }],
  ['a file of the machine', { release: 'text', address: 'file:///etc' }],
  ['one field too many', { release: 'text', address: ADDRESS, stage: 'all' }],
])('%s is not taken, and reaches nothing', async (_, body) => {
  const answer = await send('/api/updates', body);
  expect(answer.status).toBe(400);
  expect(answer.body['error']).toMatch(/^\w+: /);
  expect(JSON.stringify(answer.body)).not.toContain('secret');
  expect(called).toEqual([]);
});

test('a stage is begun in somebody’s name; a wide one takes the second person', async () => {
  expect(await send('/api/updates/7/stages', { stage: 'one', gate: 'gate-1' })).toEqual({
    status: 202,
    body: { gates: 3 },
  });
  expect(called).toEqual([{ release: 7, stage: 'one', gate: 'gate-1', by: 'wang' }]);
  for (const wide of [{ stage: 'all' }, { stage: 'community', community: 7 }]) {
    const answer = await send('/api/updates/7/stages', wide);
    expect([answer.status, called]).toEqual([409, []]);
    expect(answer.body['error']).toContain('second person');
  }
  expect((await send('/api/updates/8/stages', { stage: 'tenth' })).status).toBe(404);
});

test.each([
  ['/api/updates/0/stages', { stage: 'tenth' }],
  ['/api/updates/x/stages', { stage: 'tenth' }],
  ['/api/updates/7/stages', { stage: 'some' }],
  ['/api/updates/7/stages', { stage: 'one', gate: '../x' }],
  ['/api/updates/7/stages', { stage: 'tenth', from: 'https://elsewhere.example/' }],
  ['/api/updates/7/gates/..%2Fx/looked', {}],
])('a request that is none is refused: %s %j', async (path, body) => {
  expect((await send(path, body)).status).toBe(400);
  expect(called).toEqual([]);
});

test('an update is not ordered past its stages', async () => {
  const answer = await send('/api/gates/gate-1/commands', { verb: 'update', reason: 'x', release: 7 });
  expect(answer.status).toBe(409);
  expect(answer.body['error']).toContain('stages');
});

test('what is done already is told as such', async () => {
  expect((await send('/api/updates/7/stop')).status).toBe(409);
  expect((await send('/api/updates/7/gates/gate-1/looked')).body).toEqual({ gate: 'gate-1' });
  const view = await app.request('/api/updates');
  expect(await view.json()).toEqual({ gates: [], releases: [] });
});
