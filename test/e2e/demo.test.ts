import { createHmac, createPublicKey, verify } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  bytesToSign,
  parseCode,
  shortCodeGroups,
  shortCodeMessage,
  shortCodeText,
  signedMessage,
  truncated,
} from '../../src/code/index.ts';
import { openPage, pictureFolder, type Seen, type Size, seriousFindings, startBrowser } from './browser.ts';
import { type PageServer, servePages } from './page-server.ts';
import { readCode } from './picture.ts';
import { DISTRICT, ScriptedDistrict, SHORT_CODE_SECRET } from './scripted-district.ts';

const ENTRY = {
  gate: 'demo-1',
  seq: 12,
  at: '2026-11-20T10:04:09.123Z',
  lane: 'main-in',
  decision: 'granted',
  kind: 3,
  index: 4711,
  name: '测*',
  acknowledged: false,
};
const REFUSED = {
  ...ENTRY,
  seq: 11,
  at: '2026-11-20T10:03:09.123Z',
  decision: 'refused',
  refusal: 'revoked',
  acknowledged: true,
};
const SIZES: readonly Size[] = ['phone', 'tablet', 'desktop', 'portrait'];

let browser: Browser;
let district: ScriptedDistrict;
let server: PageServer;
let seen: Seen;
const pictures = pictureFolder();

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  pictures.clear();
});
beforeEach(async () => {
  district = new ScriptedDistrict();
  server = await servePages(district.handle);
});
afterEach(async () => {
  await seen.page.context().close();
  await server.stop();
  expect(seen.strays).toEqual([]);
  expect(seen.errors).toEqual([]);
});

async function open(size: Size, options: object = {}): Promise<void> {
  seen = await openPage(browser, { url: `${server.origin}/`, size, ...options });
  await seen.page.locator('.qr canvas').waitFor();
}

/** What a reader makes of the symbol on the screen. */
async function shown(): Promise<string | undefined> {
  return readCode(await seen.page.locator('.code-paper').screenshot());
}

/** The symbol stands in its place a moment before it is drawn. */
async function isIssued(): Promise<void> {
  await expect.poll(async () => (await shown()) === district.issued()).toBe(true);
}

function kind(name: string): Promise<void> {
  return seen.page.getByRole('button', { name, exact: true }).click();
}

/** Kind 3 as it stands on the screen now, held to the key that the page registered. */
async function shownProof() {
  const text = (await shown()) ?? '';
  const read = parseCode(text);
  expect(read.ok, text).toBe(true);
  if (!read.ok || read.value.fields.kind !== 3) throw new Error(`not a proof: ${text}`);
  const { fields, bytes } = read.value;
  const key = district.asked.find(({ path }) => path.endsWith('/keys'))?.body['publicKey'];
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(String(key), 'hex').toString('base64url') };
  const message = signedMessage('holder', DISTRICT, bytesToSign(fields, 'holder'));
  const holds = verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), bytes.subarray(-64));
  return { text, fields, holds };
}

/** The digits that a phone of this district shows at these steps. */
function shortCodesAround(seconds: number): string[] {
  const step = Math.floor(seconds / 60);
  return [step - 1, step, step + 1].map((each) => {
    const hmac = createHmac('sha256', Buffer.from(SHORT_CODE_SECRET, 'hex')).update(shortCodeMessage(each));
    return shortCodeGroups(shortCodeText(truncated(new Uint8Array(hmac.digest()))));
  });
}

describe.each(SIZES)('on a %s', (size) => {
  test('the code is there at once and can be read from the screen', async () => {
    district.entries = [ENTRY, REFUSED];
    await open(size);
    await isIssued();
    await expect.poll(() => seen.page.locator('.entry').count()).toBe(2);
    await seen.page.screenshot({ path: pictures.path(`demo-${size}`), fullPage: true });
    expect(await seriousFindings(seen.page)).toEqual([]);
    const width = await seen.page.locator('html').evaluate((html) => html.scrollWidth);
    expect(width).toBe(seen.page.viewportSize()?.width);
  });
});

test('at night the code stays black on white', async () => {
  await open('phone', { colorScheme: 'dark' });
  await isIssued();
  await seen.page.screenshot({ path: pictures.path('demo-night-phone') });
  expect(await seriousFindings(seen.page)).toEqual([]);
});

test('a phone that is turned shows the whole symbol', async () => {
  await open('phone');
  const { width, height } = seen.page.viewportSize() ?? { width: 0, height: 0 };
  await seen.page.setViewportSize({ width: height, height: width });
  await isIssued();
  await seen.page.setViewportSize({ width, height });
  await isIssued();
});

test('what a gate tells about itself is counted, and not in the way of the entries', async () => {
  district.entries = [
    { ...ENTRY, decision: 'system', kind: undefined, index: undefined, name: undefined, seq: 10 },
    ENTRY,
  ];
  await open('phone');
  await expect.poll(() => seen.page.locator('.of-device').innerText()).toBe('另有门禁自身的记录: 1');
  expect(await seen.page.locator('.entry').count()).toBe(1);
});

test('refresh asks for another code, and a token renews itself before it ends', async () => {
  await open('phone');
  await seen.page.getByRole('button', { name: '刷新' }).click();
  await expect.poll(() => district.asked.filter(({ path }) => path.endsWith('/token'))).toHaveLength(2);
  await isIssued();
  // 30 s are spared, so this one is renewed after about two seconds.
  district.ttlSeconds = 32;
  await seen.page.getByRole('button', { name: '刷新' }).click();
  await expect
    .poll(() => district.asked.filter(({ path }) => path.endsWith('/token')).length, { timeout: 30_000 })
    .toBeGreaterThan(3);
});

test('a visitor’s pass and a printed card are asked for by their own routes', async () => {
  await open('phone');
  await kind('来访码');
  await expect
    .poll(() => district.asked.at(-1))
    .toEqual({ path: '/api/residents/4711/passes', body: { community: 1 } });
  await kind('打印卡');
  await expect.poll(() => district.asked.at(-1)).toEqual({ path: '/api/residents/4711/card', body: {} });
  await isIssued();
});

test('the offline code is signed by a key that never left the browser, and goes on with no network', async () => {
  await open('phone');
  await kind('离线码');
  await expect.poll(async () => (await shown())?.slice(0, 2)).toBe('X3');
  const first = await shownProof();
  expect(first.holds).toBe(true);
  expect(first.fields).toMatchObject({ index: 4711, slot: 0, party: 0 });
  const registered = district.asked.filter(({ path }) => path.endsWith('/keys'));
  expect(registered).toHaveLength(1);
  expect(parseCode(String(registered[0]?.body['proof']))).toMatchObject({
    ok: true,
    value: { fields: { kind: 3, slot: 0 } },
  });

  await seen.page.context().setOffline(true);
  await expect
    .poll(async () => (await seen.page.locator('.connection').getAttribute('data-connection')) ?? '')
    .not.toBe('connecting');
  await seen.page.waitForTimeout(1_100);
  await seen.page.getByRole('button', { name: '刷新' }).click();
  await expect.poll(shown).not.toBe(first.text);
  const second = await shownProof();
  expect(second.holds).toBe(true);
  expect(second.fields.ts).toBeGreaterThan(first.fields.ts);
  await seen.page.screenshot({ path: pictures.path('demo-offline-phone') });
});

test('the short code stands under the symbol, is said digit by digit, and needs no district once it is there', async () => {
  await open('phone');
  const digits = seen.page.locator('.digits');
  await digits.waitFor();
  expect(shortCodesAround(Date.now() / 1000)).toContain(await digits.innerText());
  // Their minute may end between the two.
  const spelled = async () => [...(await digits.innerText()).replace(' ', '')].join(' ');
  const said = () => seen.page.locator('.short-code .unseen').innerText();
  await expect.poll(async () => (await said()) === (await spelled())).toBe(true);
  expect(await seriousFindings(seen.page)).toEqual([]);
  await seen.page.screenshot({ path: pictures.path('demo-short-code-phone'), fullPage: true });

  await kind('离线码');
  await expect.poll(async () => (await shown())?.slice(0, 2)).toBe('X3');
  const asked = district.shortCodesAsked;
  district.down = true;
  await kind('在线码');
  await kind('离线码');
  await digits.waitFor();
  expect(shortCodesAround(Date.now() / 1000)).toContain(await digits.innerText());
  expect(district.shortCodesAsked).toBe(asked);

  await kind('来访码');
  await expect.poll(() => digits.count()).toBe(0);
});

test('the short code is another one when its minute is over', async () => {
  await open('phone');
  const digits = seen.page.locator('.digits');
  await digits.waitFor();
  const first = await digits.innerText();
  await seen.page.clock.install();
  await seen.page.reload();
  await digits.waitFor();
  await seen.page.clock.fastForward(61_000);
  await expect.poll(() => digits.innerText()).not.toBe(first);
});

test('the key is kept over a reload and not registered twice', async () => {
  await open('phone');
  await kind('离线码');
  await expect.poll(async () => (await shown())?.slice(0, 2)).toBe('X3');
  await seen.page.reload();
  await kind('离线码');
  await expect.poll(async () => (await shown())?.slice(0, 2)).toBe('X3');
  expect(district.asked.filter(({ path }) => path.endsWith('/keys'))).toHaveLength(1);
  expect((await shownProof()).holds).toBe(true);
});

test('with the district away the last code stays, and the page says so', async () => {
  await open('phone');
  await isIssued();
  const last = await shown();
  district.down = true;
  await seen.page.getByRole('button', { name: '刷新' }).click();
  await expect.poll(() => seen.page.locator('.trouble').innerText()).toContain('区中心没有回应');
  expect(await shown()).toBe(last);
});

test('a resident is revoked and restored, and another one chosen', async () => {
  await open('desktop');
  await seen.page.getByRole('button', { name: '注销此住户' }).click();
  await expect.poll(() => seen.page.locator('.state').innerText()).toContain('已注销');
  expect(district.asked).toContainEqual({ path: '/api/residents/4711/state', body: { state: 'revoked' } });
  await seen.page.getByRole('button', { name: '恢复此住户' }).click();
  await expect.poll(() => seen.page.locator('.state').innerText()).toContain('正常');
  await seen.page.getByLabel('住户').selectOption('815');
  await expect.poll(() => district.asked.at(-1)?.path).toBe('/api/residents/815/token');
  await isIssued();
});

test('entries come in live, turn to acknowledged, and stay so', async () => {
  await open('desktop');
  await expect.poll(() => district.listeners).toBe(1);
  district.entry(ENTRY);
  const entry = seen.page.locator('.entry').first();
  await expect.poll(() => entry.innerText()).toContain('待确认');
  district.entry({ ...ENTRY, acknowledged: true });
  district.entry(ENTRY);
  await expect.poll(() => entry.innerText()).toContain('已确认');
  district.entry({ ...REFUSED, seq: 13, at: '2026-11-20T10:05:00.000Z' });
  await expect.poll(() => entry.innerText()).toContain('已注销');
  expect(await seen.page.locator('.entry').count()).toBe(2);
});

test('a lost line is told, and what came meanwhile is caught up', async () => {
  await open('desktop');
  await expect.poll(() => district.listeners).toBe(1);
  district.down = true;
  district.hangUp();
  await expect.poll(() => seen.page.locator('.connection').innerText()).toContain('连接中断');
  district.entries = [REFUSED];
  district.down = false;
  await expect.poll(() => seen.page.locator('.entry').count(), { timeout: 40_000 }).toBe(1);
});

test('English, in place', async () => {
  district.entries = [REFUSED];
  await open('desktop');
  await seen.page.getByRole('button', { name: 'English' }).click();
  await expect.poll(() => seen.page.locator('h1').innerText()).toBe('Menwei · demonstration');
  await expect.poll(() => seen.page.locator('.entry').innerText()).toContain('refused');
  expect(await seen.page.locator('main').innerText()).not.toMatch(/[\u4E00-\u9FFF](?<![测试])/u);
  await seen.page.screenshot({ path: pictures.path('demo-english-desktop') });
});
