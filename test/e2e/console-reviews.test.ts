import { hash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { argon2id } from '../../src/crypto/index.ts';
import { type District, startDistrict } from '../../src/district/index.ts';
import { generatedPerson, testJpeg } from '../../src/district/testing.ts';
import type { PersonBody } from '../../src/wire/index.ts';
import { memoryLog, realClock } from '../twins/broker.ts';
import { quietCrypto } from '../twins/quiet-district.ts';
import { signedIn } from '../twins/signed-in.ts';
import { openPage, pictureFolder, type Seen, seriousFindings, SIZES, startBrowser } from './browser.ts';

/** The review queues in a real browser: taken down at the counter, decided by another person, in both languages, at three widths. */

const COMMUNITY = 1001;
const TOKEN = 'the-portal-of-this-test';
const folder = mkdtempSync(join(tmpdir(), 'menwei-reviews-'));
const pictures = pictureFolder();
const isKept = process.env['MENWEI_SCREENSHOTS'] !== undefined;
const photo = { name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(testJpeg(600, 800)) };
let browser: Browser;
let district: District;
let seen: Seen;
let page: Page;
let resident: number;
let people = 0;

beforeAll(async () => {
  district = await startDistrict({
    dataDir: folder,
    district: 'gaoxin',
    timeZone: 'Asia/Shanghai',
    communities: [{ id: COMMUNITY }, { id: 1002 }],
    http: { host: '127.0.0.1', port: 0 },
    broker: { host: '127.0.0.1', port: 0 },
    crypto: {
      ...quietCrypto,
      argon2id: (message, salt, cost) => argon2id(message, salt, { ...cost, memory: 64 }),
    },
    clock: realClock,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log: memoryLog(),
    reviews: { portalTokenHash: hash('sha256', TOKEN, 'hex') },
  });
  browser = await startBrowser();
  const place = { community: COMMUNITY, room: '1-1-101', display: '王*', assurance: 1 } as const;
  resident = (await district.addResident({ ...place, needsMoreTime: false, minor: false }))?.index ?? -1;
  seen = await openPage(browser, { url: `${district.httpUrl}/console`, size: 'desktop' });
  page = seen.page;
});

afterAll(async () => {
  await browser.close();
  await district.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  pictures.clear();
  expect({ strays: seen.strays, errors: seen.errors }).toEqual({ strays: [], errors: [] });
});

function somebody(): PersonBody {
  people += 1;
  return generatedPerson(people * 7 + 3, (below) => people % below);
}

/** Somebody else sits down at the screen. */
async function sit(...roles: ('registrar' | 'reviewer')[]): Promise<string> {
  const { account, cookie } = await signedIn(district, roles);
  const [name = '', value = ''] = cookie.split('=');
  await page.context().clearCookies({ name });
  const { hostname } = new URL(district.httpUrl);
  await page
    .context()
    .addCookies([{ name, value, domain: hostname, path: '/', secure: true, httpOnly: true }]);
  return account;
}

async function go(path: string): Promise<void> {
  const answer = await page.goto(`${district.httpUrl}/console${path}`);
  expect(answer?.status(), path).toBe(200);
}

async function portal(path: string, body: object): Promise<string> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(`${district.httpUrl}/api/applications/${path}`, init);
  const said = (await answer.json()) as { receipt?: string };
  expect(answer.status, JSON.stringify(said)).toBe(201);
  return said.receipt ?? '';
}

const fill = (form: string, name: string, value: string) => page.fill(`[id="${form}-${name}"]`, value);
const submit = (form: string) =>
  page.locator(`form:has(input[name="form"][value="${form}"]) button[type=submit]`).click();
const h1 = () => page.locator('h1').innerText();

/** At three widths nothing is wider than its screen; at one axe looks, by day and by night. */
async function looks(name: string): Promise<void> {
  for (const [size, { width, height }] of Object.entries(SIZES)) {
    if (size === 'portrait') continue;
    await page.setViewportSize({ width, height });
    const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(over, `${name} at ${width} px`).toBeLessThanOrEqual(0);
    if (isKept) await page.screenshot({ path: pictures.path(`${name}-${size}`), fullPage: true });
  }
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    if (isKept && colorScheme === 'dark')
      await page.screenshot({ path: pictures.path(`${name}-dark`), fullPage: true });
    expect(await seriousFindings(page), `${name}, ${colorScheme}`).toEqual([]);
  }
}

test('at the counter a registration, a photo and an appeal are taken down, each with its receipt', async () => {
  await sit('registrar');
  await go('/reviews/new');
  await looks('counter-registration');
  const person = somebody();
  await fill('registration', 'room', '8-2-2702');
  await fill('registration', 'name', person.name);
  await fill('registration', 'document.number', person.document.number.slice(0, -1));
  await fill('registration', 'consent', '2026-1');
  await page.check('#registration-agreed');
  await submit('registration');
  expect(await page.locator('[id="registration-document.number-error"]').innerText()).toContain('18');
  expect(await page.inputValue('#registration-name')).toBe(person.name);
  await fill('registration', 'document.number', person.document.number);
  await submit('registration');
  expect(await h1()).toMatch(/^([2-9A-Z]{4}-){3}[2-9A-Z]{4}$/);
  expect(await page.getByRole('status').first().innerText()).toContain('回执号');
  await go('/reviews/new?kind=photo');
  await fill('photo', 'resident', String(resident));
  await page.setInputFiles('#photo-picture', { ...photo, buffer: Buffer.from('<svg/> is no photo at all') });
  await submit('photo');
  expect(await page.getByRole('alert').innerText()).toContain('JPEG、PNG 或 WebP');
  await page.setInputFiles('#photo-picture', photo);
  await submit('photo');
  expect(await h1()).toMatch(/^([2-9A-Z]{4}-){3}/);
  await go('/reviews/new?kind=appeal');
  await looks('counter-appeal');
  const right = somebody();
  await fill('appeal', 'room', '8-2-2703');
  await fill('appeal', 'name', right.name);
  await fill('appeal', 'document.number', right.document.number);
  await page.setInputFiles('#appeal-picture', photo);
  await page.check('#appeal-declared');
  await submit('appeal');
  expect(await h1()).toMatch(/^([2-9A-Z]{4}-){3}/);
});

test('the queue counts what waits, beside the menu too, and is live', async () => {
  await sit('reviewer');
  await go('/reviews');
  expect(await page.locator('nav .count').innerText()).toBe('3');
  expect(await page.locator('tbody tr').count()).toBe(3);
  await expect
    .poll(() => page.locator('.connection-mark').getAttribute('data-connection'), { timeout: 40_000 })
    .toBe('live');
  const person = { ...somebody(), consent: { version: '2026-1', at: 1 } };
  await portal('registrations', { community: 1002, room: '2-1-101', person });
  await expect.poll(() => page.locator('[data-part=open] tbody tr').count(), { timeout: 40_000 }).toBe(4);
  await looks('reviews');
  await page.locator('nav.spans a', { hasText: '1002' }).click();
  expect(await page.locator('[data-part=open] tbody tr').count()).toBe(1);
});

test('a photo is seen beside what to look at, and accepted by a key; its receipt can be downloaded', async () => {
  await go('/reviews?kind=photo');
  await page.locator('[data-part=open] tbody a').first().click();
  const receipt = await h1();
  const width = () => page.evaluate<number>("document.querySelector('.photo img').naturalWidth");
  await expect.poll(width, { timeout: 40_000 }).toBe(600);
  await looks('photo');
  await page.keyboard.press('Alt+a');
  await page.waitForURL('**/console/reviews?done=application-accepted');
  await go(`/reviews/${receipt}`);
  const file = page.waitForEvent('download');
  await page.getByRole('link', { name: '下载照片回执' }).click();
  expect((await file).suggestedFilename()).toBe(`${receipt}.pdf`);
});

test('a registration is masked until a purpose is named, refused with a reason, and the next one is there', async () => {
  await go('/reviews?kind=registration');
  await page.locator('[data-part=open] tbody a').first().click();
  const receipt = await h1();
  expect(await page.locator('main').innerText()).toContain('***********');
  await looks('registration');
  await page.selectOption('#reveal-reason', 'review');
  await submit('reveal');
  expect(await page.locator('main').innerText()).not.toContain('***********');
  expect(page.url()).not.toContain('reveal');
  await go(`/reviews/${receipt}`);
  await page.keyboard.press('Alt+r');
  expect(await page.getByRole('alert').innerText()).toContain('理由');
  await page.selectOption('#refuse-reason', 'room-unconfirmed');
  await fill('refuse', 'words', '请带租房合同');
  await page.keyboard.press('Alt+r');
  await page.waitForURL('**?done=application-refused');
  expect(await h1()).not.toBe(receipt);
  await page.keyboard.press('Alt+a');
  await page.waitForURL('**/console/reviews?done=application-accepted');
});

test('who agrees is seen by guards: the reviewer sees the small copy first, and it is removed at the resident’s page', async () => {
  await sit('registrar');
  await go('/reviews/new?kind=photo');
  await fill('photo', 'resident', String(resident));
  await page.setInputFiles('#photo-picture', photo);
  await page.check('#photo-forGuards');
  await looks('counter-photo');
  await submit('photo');
  const receipt = await h1();
  await sit('reviewer');
  await go(`/reviews/${receipt}`);
  await expect.poll(() => page.getAttribute('.guard-copy', 'data-copy'), { timeout: 40_000 }).toBe('drawn');
  await looks('photo-for-guards');
  // The ground of the picture stands in its corner, and the face in its middle.
  const pixel = (x: number, y: number) =>
    page.evaluate<number>(
      `document.querySelector('canvas').getContext('2d').getImageData(${x}, ${y}, 1, 1).data[2]`,
    );
  expect(await pixel(4, 4)).toBeGreaterThan(220);
  expect(await pixel(90, 108)).toBeLessThan(180);
  await page.keyboard.press('Alt+a');
  await page.waitForURL('**/console/reviews?done=photo-for-guards');
  await go(`/reviews/${receipt}`);
  expect(await page.locator('main').innerText()).toContain('门卫能看到');
  await sit('registrar');
  await go(`/residents/${resident}`);
  await looks('resident-photo');
  await submit('remove-photo');
  await page.waitForURL('**?done=photo-removed');
  expect(await page.locator('form:has(input[value="remove-photo"])').count()).toBe(0);
  await sit('reviewer');
});

test('an appeal stands beside the record that it is about, is accepted, and put into force', async () => {
  const holder = somebody();
  const taken = { ...holder, name: '测试他人' };
  const place = { community: COMMUNITY, room: '3-1-101', assurance: 1 } as const;
  await district.addResident({ ...place, person: taken, needsMoreTime: false, minor: false });
  const { name, document } = holder;
  const picture = photo.buffer.toString('base64');
  const body = { type: 'document', community: COMMUNITY, room: '3-1-102', right: { name, document } };
  const receipt = await portal('appeals', { ...body, declared: true, picture });
  await go(`/reviews/${receipt}`);
  expect(await page.locator('table', { hasText: '3-1-101' }).count()).toBe(1);
  await looks('appeal');
  await submit('accept');
  await go(`/reviews/${receipt}`);
  expect(await page.locator('main').innerText()).toContain('全部作废');
  await submit('apply');
  expect(await page.locator('main').innerText()).toContain('作废编号 1 个');
  await looks('appeal-applied');
});

test('in English too, and nobody decides what they took down themselves', async () => {
  await sit('registrar', 'reviewer');
  await go('/reviews/new?kind=photo');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('link', { name: 'Photo', exact: true }).click();
  await fill('photo', 'resident', String(resident));
  await page.setInputFiles('#photo-picture', photo);
  await page.check('#photo-forGuards');
  await submit('photo');
  expect(await page.locator('main').innerText()).toContain('Another reviewer decides it');
  expect(await page.locator('form:has(input[value="accept"])').count()).toBe(0);
  await looks('own-english');
  await go('/reviews');
  expect(await h1()).toBe('Reviews');
  await looks('reviews-english');
  expect(await page.locator('main').innerText()).not.toMatch(/\p{Script=Han}/u);
});

test('no address that was asked for names anybody, and no page or picture is kept by the browser', async () => {
  for (const address of seen.asked) expect(decodeURIComponent(address)).not.toMatch(/\p{Script=Han}|\d{17}/u);
  expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0);
  const address = seen.asked.find((each) => each.endsWith('/picture')) ?? '';
  const answer = await page.request.get(address);
  expect([answer.status(), answer.headers()['cache-control']]).toEqual([200, 'no-store']);
});
