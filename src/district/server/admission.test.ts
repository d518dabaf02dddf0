import { hash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryLog, realClock } from '../../../test/twins/broker.ts';
import { DESK_ROLES, type DeskRole } from '../../wire/index.ts';
import { type Desk, openDesk } from '../accounts/desk.ts';
import { type Database, openDatabase } from '../database/database.ts';
import type { ServerParts } from './parts.ts';
import type { Admission, DeskApp } from './route.ts';
import { districtApi } from './server.ts';

/** Every route there is, whoever adds it, against nobody and against every role that it is not for. */

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const PASSWORD = 'vier kleine Kraniche';

interface Declared {
  readonly method: string;
  readonly path: string;
  readonly may: Admission;
}

/** Nothing behind the routes is there: a request that got past the door would be a fault, 500. */
const behind = new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : behindCall) });
function behindCall(): never {
  throw new Error('a request got past the door');
}

let database: Database;
let desk: Desk;
let app: DeskApp;
const cookies = new Map<DeskRole, string>();

function apiWith(more: Partial<ServerParts>): DeskApp {
  const parts = [
    'registry',
    'issuing',
    'orders',
    'enrolments',
    'life',
    'publisher',
    'feed',
    'updates',
    'releases',
    'applications',
    'applicationLimits',
  ] as const;
  const absent = Object.fromEntries(parts.map((name) => [name, behind]));
  return districtApi({
    ...({
      ...absent,
      leads: () => true,
      warnings: { list: async () => [] },
      uptake: { recent: () => undefined },
    } as unknown as ServerParts),
    database,
    desk,
    clock: realClock,
    log: memoryLog(),
    centre: { counts: { tooLarge: 0, gateFull: 2, full: 0, malformed: 0, failed: 0 } },
    hosts: ['127.0.0.1'],
    connected: () => true,
    ...more,
  });
}

function declaredIn(of: DeskApp): Declared[] {
  return of.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return [];
    const { method, path } = definition.route;
    return [
      {
        method: method.toUpperCase(),
        path,
        may: (definition.route as unknown as Declared & { 'x-may': Admission })['x-may'],
      },
    ];
  });
}

const ask = ({ method, path }: Pick<Declared, 'method' | 'path'>, headers: Record<string, string> = {}) =>
  app.request(path.replaceAll(/\{[a-z]+\}/g, '1'), { method, headers: { host: '127.0.0.1', ...headers } });

beforeAll(async () => {
  database = await openDatabase(':memory:');
  desk = openDesk({
    database,
    clock: realClock,
    random,
    log: memoryLog(),
    crypto: { argon2id: async (_message, _salt, { bytes }) => new Uint8Array(bytes) },
  });
  app = apiWith({});
  for (const role of DESK_ROLES) {
    const opened = await desk.accounts.open({ account: `only-${role}`, roles: [role] }, 'machine');
    await desk.accounts.redeem({ invitation: opened.ok ? opened.value.invitation : '', password: PASSWORD });
    const { token } = await desk.sessions.begin(`only-${role}`);
    cookies.set(role, `__Host-menwei=${token}`);
  }
});
afterAll(() => database.destroy());

describe('who may call what', () => {
  test('every route says for whom it is; only these are for anybody', () => {
    const declared = declaredIn(app);
    expect(declared.filter(({ may }) => may === undefined)).toEqual([]);
    const open = declared.filter(({ may }) => may === 'anybody' || may === 'measuring');
    expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'GET /api/health',
      'GET /metrics',
      'POST /api/enrol',
      'POST /api/enrol/certificate',
      'POST /api/invitations/redeem',
      'POST /api/session',
    ]);
    const names = new Set(declared.map(({ method, path }) => `${method} ${path}`));
    const routed = app.routes
      .filter(({ method, path }) => method !== 'ALL' && path !== '/*')
      .map(({ method, path }) => `${method} ${path.replaceAll(/:([a-zA-Z]+)/g, '{$1}')}`);
    expect([...new Set(routed.filter((name) => !names.has(name)))]).toEqual(['GET /api/openapi.json']);
  });

  test('nobody who is not signed in gets past any of them', async () => {
    const closed = declaredIn(app).filter(({ may }) => may !== 'anybody');
    expect(closed.length).toBeGreaterThan(20);
    for (const route of closed) {
      for (const headers of [
        {},
        { cookie: `__Host-menwei=${'A'.repeat(43)}` },
        { cookie: '__Host-menwei=' },
      ]) {
        const answer = await ask(route, headers);
        expect([`${route.method} ${route.path}`, answer.status]).toEqual([
          `${route.method} ${route.path}`,
          401,
        ]);
        expect(((await answer.json()) as { error: string }).error).toMatch(/^(session|authorization): .*; /);
      }
    }
  });

  test('nobody of a role that it is not for gets past any of them', async () => {
    let tried = 0;
    for (const route of declaredIn(app)) {
      const { may } = route;
      if (typeof may === 'string') continue;
      for (const [role, cookie] of cookies) {
        if (may.includes(role)) continue;
        tried += 1;
        const answer = await ask(route, { cookie });
        expect([role, route.method, route.path, answer.status]).toEqual([
          role,
          route.method,
          route.path,
          403,
        ]);
        expect(((await answer.json()) as { error: string }).error).toMatch(/^role: .*; ask /);
      }
    }
    expect(tried).toBeGreaterThan(50);
  });

  test('the portal’s token opens the routes that name it, and no other', async () => {
    const portalTokenHash = hash('sha256', 'p0rtal', 'hex');
    const portal = apiWith({ reviews: { portalTokenHash } });
    const asked = async ({ method, path }: Declared, token: string) => {
      const headers = { host: '127.0.0.1', authorization: `Bearer ${token}` };
      return (await portal.request(path.replaceAll(/\{[a-z]+\}/g, '1'), { method, headers })).status;
    };
    const theirs: string[] = [];
    for (const route of declaredIn(portal)) {
      if (route.may === 'anybody' || route.may === 'measuring') continue;
      const name = `${route.method} ${route.path}`;
      expect(await asked(route, 'p0rtal?'), name).toBe(401);
      if ((await asked(route, 'p0rtal')) !== 401) theirs.push(name);
    }
    expect(theirs.sort()).toEqual([
      'GET /api/applications/{receipt}',
      'GET /api/applications/{receipt}/receipt.pdf',
      'GET /api/photo-rules',
      'POST /api/applications/appeals',
      'POST /api/applications/photos',
      'POST /api/applications/registrations',
      'POST /api/applications/{receipt}/withdraw',
    ]);
  });

  test('whoever has the role gets past the door', async () => {
    for (const route of declaredIn(app)) {
      const { may } = route;
      if (typeof may === 'string') continue;
      for (const role of may) {
        if (role === 'portal') continue;
        const status = (await ask(route, { cookie: cookies.get(role) ?? '' })).status;
        expect([401, 403], `${role} ${route.method} ${route.path}`).not.toContain(status);
      }
    }
  });

  test('what was not allowed is in the audit log, with who tried it', async () => {
    await ask({ method: 'POST', path: '/api/residents' }, { cookie: cookies.get('auditor') ?? '' });
    const [entry] = (await desk.audit.page({ limit: 1 })).entries;
    expect(entry).toMatchObject({
      account: 'only-auditor',
      action: 'post /api/residents',
      subject: '-',
      outcome: '403',
    });
  });

  test('a demonstration takes nobody for a desk’s who does not come from its own machine', async () => {
    const demo = apiWith({ demo: () => ({ district: 'd', timeZone: 'UTC', displays: [] }) });
    const closed = declaredIn(demo).filter(({ may }) => may !== 'anybody');
    for (const { method, path } of closed) {
      const at = path.replaceAll(/\{[a-z]+\}/g, '1');
      for (const address of [undefined, '192.168.1.7', '::ffff:10.0.0.1']) {
        const incoming = address === undefined ? {} : { incoming: { socket: { remoteAddress: address } } };
        const answer = await demo.request(at, { method, headers: { host: '127.0.0.1' } }, incoming);
        expect([path, answer.status]).toEqual([path, 401]);
      }
    }
  });

  test('in a demonstration its own machine is registrar and operator: no administrator, no second person', async () => {
    const demo = apiWith({ demo: () => ({ district: 'd', timeZone: 'UTC', displays: [] }) });
    const incoming = { incoming: { socket: { remoteAddress: '127.0.0.1' } } };
    const here = (path: string, init: RequestInit = {}) =>
      demo.request(
        path,
        { ...init, headers: { host: '127.0.0.1', 'content-type': 'application/json' } },
        incoming,
      );
    expect(await (await here('/api/session')).json()).toEqual({
      account: 'demo',
      roles: ['registrar', 'operator'],
    });
    const body = JSON.stringify({ account: 'li-1', roles: ['administrator'] });
    expect((await here('/api/accounts', { method: 'POST', body })).status).toBe(403);
    desk.approvals.register('release doors', {
      schema: (await import('zod')).z.unknown(),
      subject: () => 'x',
      run: behindCall,
    });
    const release = JSON.stringify({ action: 'release doors', body: {} });
    expect((await here('/api/approvals', { method: 'POST', body: release })).status).toBe(403);
    const asked = await desk.approvals.ask(
      { account: 'only-operator', roles: new Set(['operator']) },
      { action: 'release doors', body: {} },
    );
    const { id, digest } = asked.ok ? asked.value : { id: '', digest: '' };
    const approve = { method: 'POST', body: JSON.stringify({ digest }) };
    expect((await here(`/api/approvals/${id}/approve`, approve)).status).toBe(403);
    expect((await here(`/api/approvals/${id}/refuse`, { method: 'POST' })).status).toBe(403);
  });

  test.each([
    ['this machine, no proxy', {}, '127.0.0.1', {}, 200],
    ['this machine, where a proxy is named', { hosts: ['127.0.0.1', 'desk.example'] }, '127.0.0.1', {}, 401],
    ['another machine', {}, '192.168.1.7', {}, 401],
    [
      'another machine with the token',
      { metricsToken: 't0ken' },
      '192.168.1.7',
      { authorization: 'Bearer t0ken' },
      200,
    ],
    ['another token', { metricsToken: 't0ken' }, '127.0.0.1', { authorization: 'Bearer t0ke' }, 401],
    ['no token, where one is wanted', { metricsToken: 't0ken' }, '127.0.0.1', {}, 401],
    ['the token without its word', { metricsToken: 't0ken' }, '127.0.0.1', { authorization: 't0ken' }, 401],
  ])('the metrics, asked by %s', async (...[_name, more, address, headers, status]) => {
    const incoming = { incoming: { socket: { remoteAddress: address } } };
    const answer = await apiWith(more).request(
      '/metrics',
      { headers: { host: '127.0.0.1', ...headers } },
      incoming,
    );
    expect(answer.status).toBe(status);
  });
});

test('who may not import is not read further than any other body, whatever the length that is claimed', async () => {
  const endless = async (headers: Record<string, string>) => {
    let taken = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        taken += 65_536;
        if (taken > 4_194_304) controller.close();
        else controller.enqueue(new Uint8Array(65_536));
      },
    });
    await app.request('/api/communities/1/import', {
      method: 'POST',
      headers: { host: '127.0.0.1', 'content-type': 'application/octet-stream', ...headers },
      body,
      duplex: 'half',
    });
    return taken;
  };
  expect(await endless({})).toBeLessThan(1_048_576);
  expect(await endless({ cookie: cookies.get('auditor') ?? '' })).toBeLessThan(1_048_576);
});
