import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../twins/broker.ts';
import type { GateProcess } from '../twins/gate-process.ts';
import { PaperCommunity } from '../twins/paper-community.ts';
import { CLOSED, exchange, type RawRequest, rawRequest, SILENT_WITHIN_MS } from '../twins/raw-exchange.ts';
import { type Got, rawClient } from '../twins/raw-client.ts';
import { COMMUNITY, DISTRICT, mixedPaper } from './mixed-codes.ts';
import { LANE, Trial } from './trial.ts';

/** T15, T21, T22: what a hostile page, a program in the network or somebody with a stolen cookie may try at the guard's desk of a real gate. */

const HEAD = { account: 'h-01', secret: '480592' };
const GUARD = { account: 'g-07', secret: '739164' };
const GUESSES = 1_000;
const PROCESSED_MAX = 5;
/** A body that does not come is given up sooner (BODY_WITHIN_MS). */
const SLOW_MS = 40_000;

let trial: Trial;
let gate: GateProcess;
let url: string;
let host: string;
let head: string;
let guard: string;
let ended: string;
/** On the display at first, in the log, and on the display once there was an account. */
let shown: (string | undefined)[];

const client = rawClient(() => url, 8);
beforeAll(async () => {
  trial = await Trial.begin();
  const paper = await PaperCommunity.of(mixedPaper());
  trial.write('root.json', (await paper.documents()).root);
  trial.configure({ district: DISTRICT, community: COMMUNITY });
  gate = await trial.open();
  url = await gate.open();
  host = new URL(url).host;
  await until(() => /"code":"\d{8}"/.test(gate.log), 'it shows the figures of its first account');
  const code = /"code":"(\d{8})"/.exec(gate.log)?.[1] ?? '';
  shown = [await displayUntil((figures) => figures !== undefined), code];
  head = cookieOf(await post('accounts/begin', { ...HEAD, code }));
  guard = await begun(GUARD);
  await post('shift/start', {}, head);
  shown.push(await displayUntil((figures) => figures === undefined));
  ended = cookieOf(await post('session', HEAD));
  await client.send({ method: 'DELETE', path: '/guard/api/session', headers: { cookie: ended } });
}, 180_000);
afterAll(async () => {
  client.close();
  await trial?.end();
});

function post(path: string, body: unknown, cookie?: string): Promise<Got> {
  const headers = cookie === undefined ? {} : { cookie };
  return client.send({ path: `/guard/api/${path}`, body, headers });
}

/** The figures that a display of the gate's own machine is told. */
async function display(): Promise<string | undefined> {
  const told = await exchange(
    rawRequest({ line: `GET /display/${LANE}/events`, host }),
    host,
    SILENT_WITHIN_MS,
  );
  const states = [...told.text.matchAll(/^data: (\{"type":"state".*\})$/gm)].map(
    ([, data = '']) => JSON.parse(data) as { firstAccount?: string },
  );
  return states.length === 0 ? 'nothing was told' : states.at(-1)?.firstAccount;
}

/** As it is once it is so, or after all as it stays. */
async function displayUntil(isSo: (figures: string | undefined) => boolean): Promise<string | undefined> {
  let told: string | undefined = 'nothing was told';
  for (let look = 0; look < 10; look += 1) {
    told = await display();
    if (told !== 'nothing was told' && isSo(told)) break;
  }
  return told;
}

async function begun(who: typeof GUARD): Promise<string> {
  const invited = await post('accounts', { account: who.account }, head);
  const { code } = JSON.parse(invited.text) as { code: string };
  return cookieOf(await post('accounts/begin', { ...who, code }));
}

function cookieOf({ cookies }: Got): string {
  const cookie = cookies[0]?.split(';')[0] ?? '';
  if (!cookie.startsWith('__Host-menwei-guard=')) throw new Error('no session was given');
  return cookie;
}

/** Accounts, and rows of the journal that say that something was done. */
function state(): { readonly accounts: unknown; readonly done: unknown } {
  const database = new DatabaseSync(`${trial.dataDir}/desk.sqlite`, { readOnly: true });
  const accounts = database.prepare('SELECT * FROM account').all();
  database.close();
  const done = trial.rows().filter(({ reason = '' }) => !/^desk-abuse:|^clock:/.test(reason));
  return { accounts, done };
}

interface Attempt {
  readonly name: string;
  readonly raw: string;
  /** Answers that are fine. */
  readonly answers: readonly number[];
}

const token = () => head.split('=')[1] ?? '';
const BAR = { account: GUARD.account };
const openNow = () => ({ deed: 'let-in', once: 'a'.repeat(20), lane: LANE, reason: 'no-phone' });

function hostile(
  name: string,
  answers: readonly number[],
  more: Partial<Omit<RawRequest, 'body'>> & { readonly body?: unknown } = {},
): Attempt {
  const { line = 'POST /guard/api/accounts/disable', headers = {}, body = BAR } = more;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    name,
    raw: rawRequest({ line, host, headers: { cookie: head, ...headers }, body: text }),
    answers,
  };
}

/** Each would be done, were it not for what is wrong with it. */
function ofOtherPages(): Attempt[] {
  const port = host.split(':')[1] ?? '';
  const evil = { origin: 'https://evil.example' };
  const opening = { line: 'POST /guard/api/deeds', body: openNow() };
  return [
    ...[
      'https://evil.example',
      'null',
      'http://localhost:1',
      'file://',
      `http://${host}.evil.example`,
      'http://',
    ].map((origin) => hostile(`origin ${origin}`, [403], { headers: { origin } })),
    hostile('a page elsewhere opens', [403], { ...opening, headers: evil }),
    ...['cross-site', 'same-site'].flatMap((site) => [
      hostile(`${site} bars`, [403], { headers: { 'sec-fetch-site': site } }),
      hostile(`${site} opens`, [403], { ...opening, headers: { 'sec-fetch-site': site } }),
      hostile(`${site} reads`, [403], {
        line: 'GET /guard/api/accounts',
        headers: { 'sec-fetch-site': site },
        body: '',
      }),
    ]),
    ...[
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      `127.0.0.1.nip.io:${port}`,
      'a@127.0.0.1',
      '',
    ].map((name) => hostile(`host ${name}`, [CLOSED, 400, 421], { headers: { host: name } })),
    hostile('a rebound name with its own origin', [421], {
      headers: { host: `evil.example:${port}`, origin: `http://evil.example:${port}` },
    }),
    hostile('another host, forwarded', [421], {
      headers: { host: 'evil.example', 'x-forwarded-host': host },
    }),
    ...[
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain; application/json',
      'application/jsonx',
      '',
    ].map((type) => hostile(`a form of type ${type}`, [415], { headers: { 'content-type': type } })),
    hostile('a form without a type', [415], { headers: { 'content-type': undefined } }),
    hostile('a form that opens', [415], { ...opening, headers: { 'content-type': 'text/plain' } }),
  ];
}

function ofThieves(): Attempt[] {
  const half = token().slice(0, 22);
  const cookies: [string, string][] = [
    ['none', ''],
    ['the token under another name', `menwei-guard=${token()}`],
    ['the token under a weaker name', `__Secure-menwei-guard=${token()}`],
    ['the district’s name', `__Host-menwei=${token()}`],
    ['the name in small letters', `__host-menwei-guard=${token()}`],
    ['half a token', `__Host-menwei-guard=${half}`],
    ['one with a letter changed', `__Host-menwei-guard=${token().slice(0, -1)}!`],
    ['one too long', `__Host-menwei-guard=${token()}A`],
    ['one that ended', ended],
    ['one of the thief’s own', `__Host-menwei-guard=${'A'.repeat(43)}`],
    ['a guard’s, for what a head guard may', guard],
  ];
  return [
    ...cookies.map(([name, cookie]) => hostile(`a cookie: ${name}`, [401, 403], { headers: { cookie } })),
    ...[
      { authorization: `Bearer ${token()}` },
      { authorization: `Basic ${Buffer.from('h-01:480592').toString('base64')}` },
      { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-user': 'h-01', 'x-real-ip': '127.0.0.1' },
    ].map((headers) =>
      hostile(`${Object.keys(headers)[0]} instead`, [401], { headers: { cookie: undefined, ...headers } }),
    ),
    hostile('a token in the address', [401], {
      line: `POST /guard/api/accounts/disable?__Host-menwei-guard=${token()}`,
      headers: { cookie: undefined },
    }),
    hostile('a guard makes a head', [403], {
      line: 'POST /guard/api/accounts',
      body: { account: 'h-02', role: 'head' },
      headers: { cookie: guard },
    }),
    hostile('an opening by nobody', [401], {
      line: 'POST /guard/api/deeds',
      body: openNow(),
      headers: { cookie: undefined },
    }),
    hostile('an opening before the shift', [409], {
      line: 'POST /guard/api/deeds',
      body: openNow(),
      headers: { cookie: guard },
    }),
  ];
}

function inDisguise(): Attempt[] {
  const path = '/guard/api/accounts/disable';
  const evil = { origin: 'https://evil.example' };
  return [
    ...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'post'].map((method) =>
      hostile(`method ${method}`, [CLOSED, 400, 404, 405, 501], { line: `${method} ${path}` }),
    ),
    hostile('a method in a header', [404, 405], {
      line: `GET ${path}`,
      headers: { 'x-http-method-override': 'POST' },
      body: '',
    }),
    hostile('a method in the address', [404, 405], {
      line: `GET ${path}?_method=POST&account=g-07`,
      body: '',
    }),
    ...[
      '/guard/api/../api/accounts/disable',
      '/guard/%61pi/accounts/disable',
      '/ui/../guard/api/accounts/disable',
      '/guard/api//accounts/disable',
      '//guard/api/accounts/disable',
      '/GUARD/API/accounts/disable',
      '/guard/api/accounts%2fdisable',
      '/guard/api/accounts/disable/',
      '/guard/api/accounts/disable;x=1',
      '/guard/api/accounts/disable%00',
      '/guard\\api\\accounts\\disable',
      'http://evil.example/guard/api/accounts/disable',
    ].map((way) =>
      hostile(`way ${way}`, [CLOSED, 400, 403, 404, 421], { line: `POST ${way}`, headers: evil }),
    ),
    ...['x-original-url', 'x-rewrite-url'].map((name) =>
      hostile(`${name}`, [404, 405], { line: 'POST /healthz', headers: { [name]: path } }),
    ),
    ...['desk.sqlite', '../desk.sqlite', '..%2fdata%2fdesk.sqlite'].map((name) =>
      hostile(`the file ${name}`, [CLOSED, 400, 404], { line: `GET /guard/${name}`, body: '' }),
    ),
  ];
}

function damaged(): Attempt[] {
  const deep = `${'['.repeat(4_000)}${']'.repeat(4_000)}`;
  return [
    hostile('a body beyond its limit', [CLOSED, 413], { body: { ...BAR, more: 'x'.repeat(9_000) } }),
    hostile('one beyond it that does not say so', [CLOSED, 413], {
      headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' },
      body: `2710\r\n${'x'.repeat(10_000)}\r\n0\r\n\r\n`,
    }),
    hostile('a body that says it is small', [CLOSED, 400], { headers: { 'content-length': 5 } }),
    hostile('two lengths', [CLOSED, 400], { headers: { 'transfer-encoding': 'chunked' } }),
    hostile('a header that is too long', [CLOSED, 431], { headers: { 'x-long': 'y'.repeat(20_000) } }),
    hostile('a header split in two', [CLOSED, 400, 403, 421], {
      headers: { 'x-split': 'a\r\n b: c\r\nhost: evil.example\r\norigin: https://evil.example' },
    }),
    hostile('deep JSON', [400], { body: deep }),
    hostile('deep JSON in a field', [400], { body: `{"account":${deep.slice(1_000, -1_000)}}` }),
    hostile('no JSON', [400], { body: '{"account":"g-07"' }),
    hostile('nothing', [400, 415], { body: 'null' }),
    hostile('a list', [400], { body: [BAR] }),
    hostile('a name in a list', [400], { body: { account: ['g-07'] } }),
    hostile('more than was asked for', [400], { body: { ...BAR, role: 'head' } }),
    hostile('a way to all objects', [400], { body: '{"account":"g-07","__proto__":{"role":"head"}}' }),
    hostile('a name with a quote', [400], { body: { account: "g-07' OR '1'='1" } }),
    hostile('a name with another line', [400], { body: { account: 'g-07\nh-01' } }),
    hostile('an upgrade', [CLOSED, 400, 403, 404, 415, 426], {
      line: 'GET /guard/api/accounts/disable',
      headers: { upgrade: 'websocket', connection: 'upgrade' },
      body: '',
    }),
  ];
}

describe('the guard’s desk of a gate', () => {
  test('was opened by the figures on its display, which shows none any more', () => {
    const [before, logged, after] = shown;
    expect([before, after]).toEqual([logged, undefined]);
  });

  test('is asked ninety hostile things, and does none of them', async () => {
    const all = [...ofOtherPages(), ...ofThieves(), ...inDisguise(), ...damaged()];
    expect(all.length).toBeGreaterThanOrEqual(90);
    const before = state();
    const wrong: string[] = [];
    for (const { name, raw, answers } of all) {
      const silence = answers.includes(CLOSED) ? SILENT_WITHIN_MS : undefined;
      const { status, text } = await exchange(raw, host, silence);
      if (!answers.includes(status)) wrong.push(`${name}: answered ${status}`);
      if (/\bat .*\.ts:|node:internal|SQLITE|argon2/.test(text)) wrong.push(`${name}: tells too much`);
      if (/set-cookie: (?!__Host-menwei-guard=;)/i.test(text)) wrong.push(`${name}: was given a cookie`);
    }
    expect(wrong).toEqual([]);
    expect(state()).toEqual(before);
    expect(trial.relay.openings()).toEqual([]);
  });

  test('raised one alarm of them all, and wrote down nothing that was sent', () => {
    const told = trial
      .rows()
      .flatMap(({ reason = '' }) => (reason.startsWith('desk-abuse:') ? [reason] : []));
    expect(told).toEqual(['desk-abuse:requests of other pages or programs']);
    for (const secret of [token(), guard.split('=')[1] ?? '', HEAD.secret, GUARD.secret, 'evil.example'])
      expect(gate.log).not.toContain(secret);
    expect(gate.log.match(/a request to the guard/g)?.length).toBeLessThanOrEqual(20);
  });

  test('gives up a body that never comes, and answers others meanwhile', async () => {
    const slow = exchange(
      rawRequest({
        line: 'POST /guard/api/session',
        host,
        headers: { 'content-length': 60 },
        body: '{"account":',
      }),
      host,
      SLOW_MS,
    );
    expect((await exchange(rawRequest({ line: 'GET /guard/api/session', host }), host)).status).toBe(401);
    expect((await slow).status).toBe(408);
  }, 180_000);

  test('gives nobody the session that the browser brought along', async () => {
    const brought = `__Host-menwei-guard=${'B'.repeat(43)}`;
    const mine = cookieOf(await post('session', GUARD, brought));
    expect(mine).not.toBe(brought);
    const asked = await client.send({
      method: 'GET',
      path: '/guard/api/session',
      headers: { cookie: brought },
    });
    expect(asked.status).toBe(401);
  });

  test('looks at five of a thousand guesses, tells of the lock, and lets the guard in at the own desk', async () => {
    const statuses = new Map<number, number>();
    const guesses = Array.from({ length: GUESSES }, (_, at) => String(at).padStart(6, '0'));
    for (const secret of guesses) {
      const { status } = await post('session', { account: 'h-99', secret });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(statuses).toEqual(
      new Map([
        [401, PROCESSED_MAX],
        [429, GUESSES - PROCESSED_MAX],
      ]),
    );
    const told = trial.rows().filter(({ reason = '' }) => reason.startsWith('desk-abuse:locked'));
    expect(told.map(({ reason }) => reason)).toEqual(['desk-abuse:locked unknown account']);
    expect((await post('session', GUARD)).status).toBe(200);
  });

  test('does the same things for its own page', async () => {
    const own = { cookie: head, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    const opened = await client.send({ path: '/guard/api/deeds', headers: own, body: openNow() });
    expect(opened.status).toBe(200);
    await until(() => trial.relay.openings().length === 1, 'it opens');
    const barred = await client.send({ path: '/guard/api/accounts/disable', headers: own, body: BAR });
    expect(barred.status).toBe(204);
    expect((await post('session', GUARD)).status).toBe(401);
  });

  test('is not there at a gate that nobody guards', async () => {
    await trial.stopGates();
    expect(gate.log).not.toMatch(/cannot be used|a request failed/);
    trial.configure({ district: DISTRICT, community: COMMUNITY, config: { guardDesk: false } });
    const alone = await trial.open();
    url = await alone.open();
    expect((await client.send({ method: 'GET', path: '/guard' })).status).toBe(404);
    expect((await post('session', HEAD)).status).toBe(404);
    expect(alone.log).not.toMatch(/no guard has an account/);
  });
});
