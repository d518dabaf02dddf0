import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type District, startDistrict } from '../../src/district/index.ts';
import { memoryLog, realClock } from '../twins/broker.ts';
import { districtCrypto } from '../twins/district-crypto.ts';
import { type SignedIn, signedIn } from '../twins/signed-in.ts';
import { startBrowser } from './browser.ts';

/** What a real browser does with the session's cookie, at a district without TLS on this machine. */

let folder: string;
let district: District;
let operator: SignedIn;
let browser: Browser;
let elsewhere: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-sign-in-'));
  district = await startDistrict({
    dataDir: folder,
    district: 'd-1',
    timeZone: 'Asia/Shanghai',
    communities: [{ id: 7 }],
    places: 4_096,
    http: { host: '127.0.0.1', port: 0 },
    broker: { host: '127.0.0.1', port: 0 },
    crypto: districtCrypto,
    clock: realClock,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log: memoryLog(),
    pages: (app) => {
      app.get('/', (context) => context.html('<!doctype html><title>desk</title>'));
    },
  });
  operator = await signedIn(district);
  elsewhere = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>elsewhere</title>');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  browser = await startBrowser();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  elsewhere?.close();
  await district?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly body?: string;
  readonly mode?: 'cors' | 'no-cors';
}

/** @returns the status, or what the browser says instead */
function ask(page: Page, { path, method = 'GET', body, mode = 'cors' }: Asked): Promise<number | string> {
  const json: Record<string, string> = mode === 'cors' ? { 'content-type': 'application/json' } : {};
  const init = {
    method,
    mode,
    credentials: 'include' as const,
    headers: json,
    ...(body === undefined ? {} : { body }),
  };
  return page.evaluate(
    async ([address, options]) => {
      try {
        return (await fetch(address, options)).status;
      } catch {
        return 'refused by the browser';
      }
    },
    [path, init] as const,
  );
}

async function signedInPage(name: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${district.httpUrl.replace('127.0.0.1', name)}/`);
  const body = JSON.stringify({ account: operator.account, password: operator.password });
  expect(await ask(page, { path: '/api/session', method: 'POST', body })).toBe(201);
  return page;
}

test.each(['127.0.0.1', 'localhost'])(
  'the browser keeps the session at http://%s, shows it to no script, and lets it go at signing out',
  async (name) => {
    const page = await signedInPage(name);
    expect(await ask(page, { path: '/api/gates' })).toBe(200);
    expect(await page.evaluate('document.cookie')).toBe('');
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({
      name: '__Host-menwei',
      httpOnly: true,
      secure: true,
      sameSite: 'Strict',
      path: '/',
    });
    expect(await ask(page, { path: '/api/session', method: 'DELETE' })).toBe(200);
    expect(await ask(page, { path: '/api/gates' })).toBe(401);
    expect(await page.context().cookies()).toEqual([]);
    await page.context().close();
  },
);

test('a page of another port, to which the browser would send the cookie, changes nothing and reads nothing', async () => {
  const page = await signedInPage('127.0.0.1');
  const other = await page.context().newPage();
  await other.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
  const path = `${district.httpUrl}/api/accounts`;
  expect(await ask(other, { path })).toBe('refused by the browser');
  const before = await district.desk.accounts.list();
  const body = JSON.stringify({ account: 'li-1', roles: ['administrator'] });
  expect(await ask(other, { path, method: 'POST', body })).toBe('refused by the browser');
  await ask(other, { path, method: 'POST', body, mode: 'no-cors' });
  await ask(other, { path: `${district.httpUrl}/api/session`, method: 'POST', body: '{}', mode: 'no-cors' });
  expect(await district.desk.accounts.list()).toEqual(before);
  expect(await ask(page, { path: '/api/gates' })).toBe(200);
  await page.context().close();
});
