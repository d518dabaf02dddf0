import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterEach, describe, expect, it } from 'vitest';
import {
  allowedHosts,
  listen,
  ownOrigin,
  readStaticFiles,
  securityHeaders,
  selfSignedCertificate,
  serveStaticFiles,
} from './index.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

function guarded(): Hono {
  const app = new Hono();
  app.use(securityHeaders(), allowedHosts(['localhost', '[::1]', 'gate.local']), ownOrigin());
  app.all('/', (context) => context.text('done'));
  return app;
}

describe('who may ask', () => {
  it.each([
    ['its own name', 'localhost', 200],
    ['its own name with a port', 'gate.local:8443', 200],
    ['an IPv6 address', '[::1]:8443', 200],
    ['capitals', 'LOCALHOST', 200],
    ['a name that only points here (DNS rebinding)', 'evil.example', 421],
    ['a name that begins like ours', 'localhost.evil.example', 421],
    ['our name as a user', 'localhost@evil.example', 421],
    ['an empty name', '', 421],
    ['two names', 'localhost, evil.example', 421],
  ])('by %s: %s is answered %i', async (_, host, status) => {
    expect((await guarded().request('/', { headers: { host } })).status).toBe(status);
  });

  it('by an address that this machine was given while it ran is answered, and not by one that it has lost', async () => {
    let addresses = ['192.0.2.7'];
    const app = new Hono();
    app.use(allowedHosts(() => addresses));
    app.get('/', (context) => context.text('done'));
    const asked = async (host: string) => (await app.request('/', { headers: { host } })).status;
    expect([await asked('192.0.2.7'), await asked('192.0.2.50:8443')]).toEqual([200, 421]);
    addresses = ['192.0.2.50'];
    expect([await asked('192.0.2.7'), await asked('192.0.2.50:8443')]).toEqual([421, 200]);
  });

  it.each([
    ['a page of ours', { origin: 'http://localhost:8443' }, 200],
    ['a program', {}, 200],
    ['a page elsewhere', { origin: 'http://evil.example' }, 403],
    ['another port of this machine', { origin: 'http://localhost:9000' }, 403],
    ['a sandboxed frame', { origin: 'null' }, 403],
    ['a page elsewhere whose browser hides its origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a sister site', { 'sec-fetch-site': 'same-site' }, 403],
    [
      'a page of ours, said by the browser',
      { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:8443' },
      200,
    ],
  ])('writes by %s are answered so', async (_, headers, status) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await guarded().request('/', {
        method,
        headers: { host: 'localhost:8443', ...headers },
      });
      expect(answer.status).toBe(status);
    }
  });

  it('gives every answer the same armour, refusals too', async () => {
    for (const host of ['localhost', 'evil.example']) {
      const { headers } = await guarded().request('/', { headers: { host } });
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe-inline|unsafe-eval(?!')/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('static pages', () => {
  function site(): Hono {
    const folder = mkdtempSync(join(tmpdir(), 'menwei-pages-'));
    cleanUp.push(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'site/assets'), { recursive: true });
    writeFileSync(join(folder, 'secret.json'), '{}');
    writeFileSync(join(folder, 'site/index.html'), '<p>hello</p>');
    writeFileSync(join(folder, 'site/assets/main-Ab3dE6gH.js'), '1');
    const app = new Hono();
    app.use('/ui/*', serveStaticFiles(readStaticFiles(join(folder, 'site')), '/ui'));
    return app;
  }

  it('are served with their type, and asked for again by name but not by content', async () => {
    const page = await site().request('/ui/index.html');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const script = await site().request('/ui/assets/main-Ab3dE6gH.js');
    expect(script.headers.get('cache-control')).toMatch(/immutable/);
  });

  it('are not sent twice to who has them', async () => {
    const app = site();
    const etag = (await app.request('/ui/index.html')).headers.get('etag') ?? '';
    expect((await app.request('/ui/index.html', { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it.each([
    '/ui/../secret.json',
    '/ui/%2e%2e/secret.json',
    '/ui/..%2fsecret.json',
    '/ui//etc/passwd',
    '/ui/',
  ])('give nothing else away: %s', async (path) => {
    expect((await site().request(path)).status).toBe(404);
  });
});

describe('a server that is stopped', () => {
  it.each(['in the clear', 'over TLS'])(
    'waits for nobody who has connected %s and says nothing',
    async (how) => {
      const certificate =
        how === 'over TLS' ? await selfSignedCertificate(['localhost'], new Date()) : undefined;
      const server = await listen(new Hono(), {
        host: '127.0.0.1',
        port: 0,
        ...(certificate && { certificate }),
      });
      const silent = connect(server.port, '127.0.0.1').on('error', () => undefined);
      await once(silent, 'connect');
      const ended = once(silent, 'close');
      await server.stop();
      await ended;
    },
    5_000,
  );
});

describe('a certificate of the gate’s own', () => {
  it('is good for TLS under the names it was made for', async () => {
    const made = await selfSignedCertificate(['localhost', '127.0.0.1'], new Date());
    const app = new Hono();
    app.get('/', (context) => context.text('over TLS'));
    const server = await listen(app, { host: '127.0.0.1', port: 0, certificate: made });
    cleanUp.push(() => server.stop());
    const text = await new Promise<string>((resolve, reject) => {
      request(
        { host: '127.0.0.1', port: server.port, ca: made.certificate, servername: 'localhost' },
        (answer) => {
          let body = '';
          answer.on('data', (chunk: Buffer) => {
            body += chunk.toString();
          });
          answer.on('end', () => resolve(body));
        },
      )
        .on('error', reject)
        .end();
    });
    expect(text).toBe('over TLS');
    expect(server.url).toMatch(/^https:/);
  });
});

describe('a server', () => {
  it('names a port that is taken, and the key to change', async () => {
    const first = await listen(new Hono(), { host: '127.0.0.1', port: 0 });
    cleanUp.push(() => first.stop());
    await expect(listen(new Hono(), { host: '127.0.0.1', port: first.port })).rejects.toThrow(
      /choose another http\.port/,
    );
  });
});
