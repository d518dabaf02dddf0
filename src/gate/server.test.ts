import { describe, expect, it } from 'vitest';
import type { DisplayState, DisplayVerdict } from '../wire/index.ts';
import { DISPLAYS_PER_LANE_MAX, DisplayHub } from './display-hub.ts';
import { GateMetrics } from './metrics.ts';
import { type GateHealth, gateServer } from './server.ts';

const IN_ORDER: GateHealth = { alive: true, ready: true, problems: [] };
const STATE: DisplayState = {
  type: 'state',
  lane: 'main',
  direction: 'in',
  at: '2026-11-21T08:00:00Z',
  timeZone: 'Asia/Shanghai',
  problems: [],
  pageReads: true,
};
const VERDICT: DisplayVerdict = {
  type: 'verdict',
  seq: 7,
  tone: 'pass',
  name: '张*',
  people: 1,
  showMs: 3_000,
};

function server(health: GateHealth = IN_ORDER) {
  const display = new DisplayHub(['main'], () => '2026-11-21T08:00:42Z');
  const scans: string[] = [];
  let room = true;
  const page = { bytes: new TextEncoder().encode('<p>display</p>'), type: 'text/html', etag: '"1"' };
  const quiet = () => undefined;
  const served = gateServer({
    hosts: ['gate.local'],
    log: { info: quiet, warn: quiet, error: quiet },
    pages: new Map([
      ['display/index.html', page],
      ['help/index.html', { ...page, bytes: new TextEncoder().encode('<p>help</p>') }],
    ]),
    display,
    metrics: new GateMetrics({ queueDepth: () => 0, troubles: () => [] }),
    health: () => health,
    pageReaders: new Map([
      [
        'main',
        (text) => {
          if (room) scans.push(text);
          return room;
        },
      ],
    ]),
  });
  const app = {
    request: (path: string, init: RequestInit = {}, remoteAddress = '192.0.2.7') =>
      served.request(
        path,
        { ...init, headers: { host: 'gate.local', ...init.headers } },
        { incoming: { socket: { remoteAddress, remotePort: 1, remoteFamily: 'IPv4' } } },
      ),
  };
  const fill = () => {
    room = false;
  };
  return { app, display, scans, fill };
}

async function read(stream: ReadableStream<Uint8Array> | null, until: RegExp): Promise<string> {
  const reader = stream?.getReader();
  let text = '';
  while (reader !== undefined && !until.test(text)) {
    const piece = await reader.read();
    if (piece.done) break;
    text += new TextDecoder().decode(piece.value);
  }
  await reader?.cancel();
  return text;
}

describe('a gate’s pages and probes', () => {
  it('say that it is alive and ready', async () => {
    const { app } = server();
    expect((await app.request('/healthz')).status).toBe(200);
    expect(await (await app.request('/readyz')).json()).toEqual({ ready: true, problems: [] });
  });

  it('say what is out of order', async () => {
    const { app } = server({ alive: true, ready: false, problems: ['journal: disk is full'] });
    const answer = await app.request('/readyz');
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { ready: false, problems: ['journal: disk is full'] },
    ]);
    expect((await app.request('/healthz')).status).toBe(200);
  });

  it('count in the format of Prometheus', async () => {
    const text = await (await server().app.request('/metrics')).text();
    expect(text).toMatch(/^# TYPE menwei_scan_to_relay_seconds histogram$/m);
    expect(text).toMatch(/^menwei_queue_depth 0$/m);
  });
});

describe('the guard’s page of help', () => {
  it('is there for everybody, before anybody has signed in', async () => {
    const answer = await server().app.request('/help');
    expect([answer.status, await answer.text()]).toEqual([200, '<p>help</p>']);
  });
});

describe('the figures of the first account', () => {
  it.each([
    ['127.0.0.1', true],
    ['::1', true],
    ['192.0.2.7', false],
  ])('to a display at %s are told: %s', async (address, told) => {
    const { app, display } = server();
    display.tell('main', { ...STATE, firstAccount: '04815926' });
    const answer = await app.request('/display/main/events', {}, address);
    const text = await read(answer.body, /Asia/);
    expect(text).toContain('event: state');
    expect(text.includes('04815926')).toBe(told);
  });

  it.each([
    ['127.0.0.1', true],
    ['192.0.2.7', false],
  ])('how the gate is set up from elsewhere is told to a display at %s: %s', async (address, told) => {
    const { app, display } = server();
    const setUp = { address: 'https://192.0.2.5:8443/setup', figures: '04815926' };
    display.tell('main', { ...STATE, setUp });
    const text = await read((await app.request('/display/main/events', {}, address)).body, /Asia/);
    expect(text).toContain('event: state');
    expect(text.includes('04815926') && text.includes('192.0.2.5')).toBe(told);
    expect(text.includes('setUp')).toBe(told);
  });
});

describe('a page elsewhere', () => {
  it('cannot hand on a code, whatever name it reached the gate by', async () => {
    const { app, scans } = server();
    const body = JSON.stringify({ text: 'X1' });
    const foreign = { origin: 'https://evil.example' };
    expect((await app.request('/display/main/scan', { method: 'POST', body, headers: foreign })).status).toBe(
      403,
    );
    const rebound = { host: 'evil.example' };
    expect((await app.request('/display/main/scan', { method: 'POST', body, headers: rebound })).status).toBe(
      421,
    );
    expect(scans).toEqual([]);
  });
});

describe('a lane’s display', () => {
  it('is told the present state and time first, then each verdict', async () => {
    const { app, display } = server();
    display.tell('main', STATE);
    const answer = await app.request('/display/main/events');
    display.tell('main', VERDICT);
    const text = await read(answer.body, /event: verdict[\s\S]*\n\n/);
    expect(text.indexOf('event: state')).toBeLessThan(text.indexOf('event: verdict'));
    expect(text).toContain(`data: ${JSON.stringify(VERDICT)}`);
    expect(text).toContain('2026-11-21T08:00:42Z');
  });

  it('is told which pages are served, so that it loads new ones after an update', async () => {
    const { app, display } = server();
    display.tell('main', STATE);
    const answer = await app.request('/display/main/events');
    expect(await read(answer.body, /pages/)).toContain('"pages":"\\"1\\""');
  });

  it('is not there for a lane that is not', async () => {
    expect((await server().app.request('/display/north/events')).status).toBe(404);
  });

  it('is refused beyond the number that a lane may have, and welcome again when one has left', async () => {
    const { app, display } = server();
    const ends = Array.from({ length: DISPLAYS_PER_LANE_MAX }, () => display.listen('main', () => undefined));
    expect((await app.request('/display/main/events')).status).toBe(503);
    ends[0]?.();
    expect((await app.request('/display/main/events')).status).toBe(200);
  });

  it('hands on what its camera read', async () => {
    const { app, scans } = server();
    const answer = await app.request('/display/main/scan', {
      method: 'POST',
      body: JSON.stringify({ text: 'X1' }),
    });
    expect([answer.status, scans]).toEqual([202, ['X1']]);
  });

  it('is told when the lane is busy', async () => {
    const { app, fill } = server();
    fill();
    const answer = await app.request('/display/main/scan', {
      method: 'POST',
      body: JSON.stringify({ text: 'X1' }),
    });
    expect(answer.status).toBe(503);
  });

  it.each([
    ['no JSON', 'X1', 400],
    ['no text', '{}', 400],
    ['an empty text', '{"text":""}', 400],
    ['a text that is too long', JSON.stringify({ text: 'x'.repeat(513) }), 400],
    ['a body that is too long', JSON.stringify({ text: 'x'.repeat(5_000) }), 413],
    ['one field more', '{"text":"X1","lane":"other"}', 400],
  ])('cannot hand on %s', async (_, body, status) => {
    const { app, scans } = server();
    expect((await app.request('/display/main/scan', { method: 'POST', body })).status).toBe(status);
    expect(scans).toEqual([]);
  });

  it('gives the places of displays that take nothing away, and ends their streams', async () => {
    const { app, display } = server();
    const stalled = await Promise.all(
      Array.from({ length: DISPLAYS_PER_LANE_MAX }, async () => app.request('/display/main/events')),
    );
    expect((await app.request('/display/main/events')).status).toBe(503);
    for (let told = 0; told < 200; told += 1) display.tell('main', { ...VERDICT, seq: told });
    const next = await app.request('/display/main/events');
    expect(next.status).toBe(200);
    await Promise.all([...stalled.map(({ body }) => body?.cancel()), next.body?.cancel()]);
  });
});
