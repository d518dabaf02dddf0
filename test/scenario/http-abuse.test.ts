import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../twins/broker.ts';
import { CLOSED, exchange, rawRequest, SILENT_WITHIN_MS } from '../twins/raw-exchange.ts';
import { PaperCommunity } from '../twins/paper-community.ts';
import { CodeMaker, COMMUNITY, DISTRICT, mixedPaper } from './mixed-codes.ts';
import { LANE, Trial, verdicts } from './trial.ts';
import { menwei } from '../twins/gate-process.ts';

/** T21: what a hostile page, or a program in the network, may try against a gate's own server. None of it changes anything. */

let trial: Trial;
let host: string;
let code: string;

beforeAll(async () => {
  trial = await Trial.begin();
  const options = mixedPaper();
  const paper = await PaperCommunity.of(options);
  trial.write('root.json', (await paper.documents()).root);
  trial.configure({
    district: DISTRICT,
    community: COMMUNITY,
    config: {
      lanes: [
        { id: LANE, readers: [{ id: 'page', type: 'display' }], door: { driver: 'folder', chip: 'door' } },
      ],
    },
  });
  const carried = await menwei([
    'trust',
    'import',
    trial.write('bundle.json', await paper.bundle()),
    '--config',
    trial.configFile,
  ]);
  expect(carried.error).toBe('');
  const gate = await trial.open();
  host = new URL(await gate.open()).host;
  code = new CodeMaker(options.people, (kid) => paper.issuer(kid)).token().text;
}, 180_000);
afterAll(() => trial?.end());

interface Attempt {
  readonly name: string;
  readonly raw: string;
  /** Answers that are fine. */
  readonly answers: readonly number[];
}

const request = (line: string, headers: Readonly<Record<string, string | number>> = {}, body = ''): string =>
  rawRequest({ line, host, headers, body });

const scanOf = (headers: Readonly<Record<string, string | number>>, body = JSON.stringify({ text: code })) =>
  request(`POST /display/${LANE}/scan`, headers, body);

function hostile(
  name: string,
  headers: Readonly<Record<string, string | number>>,
  answers: readonly number[],
): Attempt {
  return { name, raw: scanOf(headers), answers };
}

function attempts(): Attempt[] {
  const foreign = [403];
  const unknown = [421];
  const port = host.split(':')[1] ?? '';
  return [
    ...[
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '192.0.2.7',
      `127.0.0.1.nip.io:${port}`,
      'LOCALHOST@evil.example',
    ].map((name) => hostile(`host ${name}`, { host: name }, [400, 421])),
    ...[
      'https://evil.example',
      'null',
      'http://localhost:1',
      `http://127.0.0.1:1`,
      'file://',
      `http://${host}.evil.example`,
    ].map((origin) => hostile(`origin ${origin}`, { origin }, foreign)),
    hostile('another site says so itself', { 'sec-fetch-site': 'cross-site' }, foreign),
    hostile('a neighbour in the same site', { 'sec-fetch-site': 'same-site' }, foreign),
    hostile(
      'a plain form of another page',
      { origin: 'https://evil.example', 'content-type': 'text/plain' },
      foreign,
    ),
    hostile(
      'a form of another page',
      { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
      foreign,
    ),
    hostile('another host, forwarded', { host: 'evil.example', 'x-forwarded-host': host }, unknown),
    hostile(
      'a rebound name with our origin',
      { host: `evil.example:${port}`, origin: `http://evil.example:${port}` },
      unknown,
    ),
    {
      name: 'a reading that writes',
      raw: request(`GET /display/${LANE}/scan?text=${code}`),
      answers: [404, 405],
    },
    {
      name: 'a method in disguise',
      raw: request(`GET /display/${LANE}/scan`, { 'x-http-method-override': 'POST' }),
      answers: [404, 405],
    },
    ...['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT'].map((method) => ({
      name: `method ${method}`,
      raw: request(`${method} /display/${LANE}/scan`, {}, JSON.stringify({ text: code })),
      answers: [CLOSED, 400, 404, 405, 501],
    })),
    ...[
      '/ui/../../config/gate.yaml',
      '/ui/%2e%2e/%2e%2e/package.json',
      '/ui/..%2f..%2fpackage.json',
      '/ui/..\\..\\package.json',
      '//etc/passwd',
      '/display/../../etc/passwd',
      '/ui/%00',
      `/${'a/'.repeat(2_000)}`,
      '/display/%ff/events',
      '/display/__proto__/events',
    ].map((path) => ({
      name: `path ${path.slice(0, 30)}`,
      raw: request(`GET ${path}`),
      answers: [CLOSED, 400, 404],
    })),
    {
      name: 'a body beyond its limit',
      raw: scanOf({}, JSON.stringify({ text: code, more: 'x'.repeat(8_000) })),
      answers: [413],
    },
    { name: 'a body that says it is small', raw: scanOf({ 'content-length': 5 }), answers: [CLOSED, 400] },
    { name: 'a body without an end', raw: scanOf({ 'content-length': 4_000 }), answers: [CLOSED] },
    { name: 'no JSON', raw: scanOf({}, `{"text":"${code}"`), answers: [400] },
    { name: 'a text in a list', raw: scanOf({}, JSON.stringify({ text: [code] })), answers: [400] },
    {
      name: 'more than was asked for',
      raw: scanOf({}, JSON.stringify({ text: code, open: true })),
      answers: [400],
    },
    { name: 'two lengths', raw: scanOf({ 'transfer-encoding': 'chunked' }), answers: [CLOSED, 400] },
    {
      name: 'a header that is too long',
      raw: scanOf({ 'x-long': 'y'.repeat(20_000) }),
      answers: [CLOSED, 431],
    },
    {
      name: 'a header split in two',
      raw: scanOf({ 'x-split': 'a\r\n b: c\r\nhost: evil.example' }),
      answers: [CLOSED, 400, 421],
    },
    {
      name: 'no host at all',
      raw: `POST /display/${LANE}/scan HTTP/1.1\r\nconnection: close\r\n\r\n`,
      answers: [CLOSED, 400, 421],
    },
    {
      name: 'an old protocol',
      raw: `GET /display/${LANE}/scan\r\n\r\n`,
      answers: [CLOSED, 400, 404, 421, 505],
    },
    {
      name: 'an upgrade',
      raw: request('GET /display/north/events', { upgrade: 'websocket', connection: 'upgrade' }),
      answers: [CLOSED, 200, 400, 404, 426],
    },
  ];
}

const waitFor = (answers: readonly number[]) => (answers.includes(CLOSED) ? SILENT_WITHIN_MS : undefined);

describe('a gate’s own server', () => {
  test('is asked forty and more hostile things, and changes nothing', async () => {
    const all = attempts();
    expect(all.length).toBeGreaterThanOrEqual(40);
    const before = verdicts(trial.rows()).length;
    const wrong: string[] = [];
    for (const { name, raw, answers } of all) {
      const { status, text } = await exchange(raw, host, waitFor(answers));
      if (!answers.includes(status)) wrong.push(`${name}: answered ${status}`);
      if (/\bat .*\.ts:|node:internal|root:x:|"menwei"/.test(text)) wrong.push(`${name}: tells too much`);
    }
    expect(wrong).toEqual([]);
    expect(verdicts(trial.rows())).toHaveLength(before);
    expect(trial.relay.openings()).toEqual([]);
  });

  test('takes the same code from its own page', async () => {
    const { status } = await exchange(
      scanOf({ origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }),
      host,
    );
    expect(status).toBe(202);
    await until(() => trial.relay.openings().length === 1, 'it opens');
    expect(verdicts(trial.rows()).at(-1)).toMatchObject({ decision: 'granted', reader: 'page' });
  });
});
