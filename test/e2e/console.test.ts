import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ok } from '../../src/base/index.ts';
import { argon2id } from '../../src/crypto/index.ts';
import { type District, openDeskAlone, startDistrict } from '../../src/district/index.ts';
import { generatedPerson, openDatabase } from '../../src/district/testing.ts';
import { memoryLog, realClock } from '../twins/broker.ts';
import { quietCrypto } from '../twins/quiet-district.ts';
import { releaseText, trialMaker } from '../twins/releases.ts';
import { TRIAL_JOURNAL } from '../twins/stored-gates.ts';
import { storeGates } from './console-gates.ts';
import { openPage, pictureFolder, type Seen, seriousFindings, SIZES, startBrowser } from './browser.ts';
import { readCode } from './picture.ts';

/** The console in a real browser, over HTTP, with a real district behind it: at three widths, by day and night, in both languages. */

const PASSWORD = 'vier kleine Kraniche';
const COMMUNITY = 1001;
const DISTRICT = 'lianhu';
/** A picture in the documents loads at once. */
const PICTURE_BYTES_MAX = 150_000;

const folder = mkdtempSync(join(tmpdir(), 'menwei-console-'));
const pictures = pictureFolder();
/** Pictures are for people: without anybody to look at them the widths are measured alone. */
const isKept = process.env['MENWEI_SCREENSHOTS'] !== undefined;
const base = {
  dataDir: folder,
  clock: realClock,
  random: { bytes: (length: number) => new Uint8Array(randomBytes(length)) },
};
const maker = await trialMaker(1);
let browser: Browser;
let district: District;
let seen: Seen;
let page: Page;
let resident: number;
/** The page of one who was registered with a document. */
let person: string;

beforeAll(async () => {
  district = await startDistrict({
    ...base,
    district: DISTRICT,
    timeZone: 'Asia/Shanghai',
    communities: [{ id: COMMUNITY }, { id: 1002 }],
    http: { host: '127.0.0.1', port: 0 },
    broker: { host: '127.0.0.1', port: 0 },
    crypto: { ...quietCrypto, argon2id },
    log: memoryLog(),
    makers: () => ok([maker.key]),
  });
  for (const [at, display] of ['王*', '李*', '张*', '刘*', '陈*', '杨*'].entries()) {
    const place = { community: COMMUNITY, room: `${1 + (at % 2)}-1-${1 + (at % 3)}02`, display } as const;
    const added = await district.addResident({
      ...place,
      assurance: 2,
      needsMoreTime: at === 3,
      minor: at === 4,
    });
    resident ??= added?.index ?? -1;
  }
  await storeGates({ ...base, folder, district: DISTRICT, community: COMMUNITY, resident });
  browser = await startBrowser();
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

async function go(path: string): Promise<void> {
  const answer = await page.goto(`${district.httpUrl}/console${path}`);
  expect(answer?.status(), path).toBe(200);
}

let people = 0;
function somebody() {
  people += 1;
  return generatedPerson(people, (below) => people % below);
}

/** A busy machine takes its time; nothing here is measured by how long it waits. */
const within = (condition: () => Promise<boolean>) =>
  expect.poll(condition, { timeout: 40_000, interval: 200 }).toBe(true);

const button = (form: string) => page.locator(`form:has(input[name="form"][value="${form}"]) button`).first();

test('an account begins with its invitation, and signing in leads to the gates', async () => {
  const alone = { ...base, log: memoryLog(), crypto: { argon2id } };
  const beside = await openDeskAlone(alone);
  const roles = ['registrar', 'reviewer', 'operator', 'auditor', 'administrator'] as const;
  const opened = await beside.desk.accounts.open({ account: 'li-wei', roles }, 'machine');
  await beside.close();
  if (!opened.ok) throw new Error(opened.error);
  await page.getByRole('link', { name: '请先设定密码' }).click();
  expect(await seriousFindings(page)).toEqual([]);
  await page.locator('[name=invitation]').fill(opened.value.invitation);
  await page.locator('[name=password]').fill(PASSWORD);
  await page.locator('[name=again]').fill(PASSWORD);
  await page.locator('main button').click();
  expect(await page.getByRole('status').innerText()).toContain('密码已设定');
  await page.locator('[name=account]').fill('li-wei');
  await page.locator('[name=password]').fill('not this one');
  await page.locator('main button').click();
  expect(await page.getByRole('alert').innerText()).toContain('账号或密码不对');
  await page.screenshot({ path: pictures.path('console-sign-in') });
  await page.locator('[name=password]').fill(PASSWORD);
  await page.locator('main button').click();
  await page.waitForURL('**/console/gates');
  expect(await page.locator('h1').innerText()).toBe('门禁');
});

test('the wall has trouble first, and is live', async () => {
  await hearAll();
  await go('/gates');
  const first = await page.locator('main table').first().innerText();
  expect(first.indexOf('south-2')).toBeLessThan(first.indexOf('depot-7'));
  await within(
    async () => (await page.locator('.connection-mark').getAttribute('data-connection')) === 'live',
  );
  await page.locator('.sums a', { hasText: '需要处理' }).click();
  await within(async () => (await page.locator('.tile').count()) === 0);
});

test('the picture of the documents', async () => {
  await hearAll();
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1200, height: 750 });
  await go('/gates');
  const picture = await page.screenshot();
  await page.setViewportSize(SIZES.desktop);
  writeFileSync(pictures.path('console'), picture);
  expect(picture.length).toBeLessThanOrEqual(PICTURE_BYTES_MAX);
  await go('/gates/plaza-3');
  const plots = await page.locator('#history').screenshot();
  writeFileSync(pictures.path('console-gate'), plots);
  expect(plots.length).toBeLessThanOrEqual(PICTURE_BYTES_MAX);
});

test('a chain is verified, an alarm acknowledged, and an order to a gate that hears none is told as such', async () => {
  await go('/gates/north-1');
  await button('verify').click();
  expect(await page.getByRole('status').first().innerText()).toContain('核对已开始');
  await within(async () => {
    await go('/gates/north-1');
    return (await page.locator('[data-part="chain"]').innerText()).includes('第 1 条到第 9 条完整');
  });
  await go('/gates/south-2');
  await button('acknowledge').click();
  expect(await page.getByRole('status').first().innerText()).toContain('报警已确认');
  await go('/gates/west-lift');
  expect(await page.locator('main').innerText()).toContain('请到现场处理');
});

test('a resident is suspended and restored, gets a pass that a reader reads, and a card', async () => {
  await go(`/residents/${resident}`);
  for (const [state, word] of [
    ['suspended', '已暂停'],
    ['valid', '正常'],
  ] as const) {
    await page.locator('#state-state').selectOption(state);
    await page.locator('#state-reason').selectOption('checked');
    await button('state').click();
    await within(async () => (await page.locator('.heading .mark').innerText()) === word);
  }
  const download = page.waitForEvent('download');
  await button('card').click();
  expect((await download).suggestedFilename()).toBe('card.pdf');
  await button('pass').click();
  await page.waitForURL('**/shown/**');
  expect(await readCode(await page.locator('.qr-sheet').screenshot())).toMatch(/^X4/);
  await page.screenshot({ path: pictures.path('console-pass') });
});

test('a person is registered, with the check’s words beside a wrong number, and a list is taken after a look', async () => {
  await go('/residents/new');
  const { name, document } = somebody();
  await page.locator('#register-room').fill('3-1-301');
  await page.locator('#register-name').fill(name);
  await page.locator('[id="register-document.number"]').fill(document.number.slice(0, 17));
  await button('register').click();
  expect(await page.locator('.field-error').innerText()).toContain('应为 18 位');
  expect(await seriousFindings(page)).toEqual([]);
  await shots('residents-wrong', 'day');
  await page.locator('[id="register-document.number"]').fill(document.number);
  await button('register').click();
  expect(await page.getByRole('status').first().innerText()).toContain('住户已登记');
  person = page.url().replace(/^.*\/console|\?.*$/g, '');
  expect(await page.locator('main').innerText()).not.toContain(document.number);
  await go('/import');
  const rows = [somebody(), somebody()].map((each, at) => `${each.name},${each.document.number},4,1,40${at}`);
  const list = ['姓名,证件号码,楼栋,单元,房号', ...rows, `${name},123,4,1,409`].join('\n');
  const file = { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(list) };
  await page.locator('#look-file').setInputFiles(file);
  await button('look').click();
  await page.waitForURL('**/import/*');
  expect(await page.locator('main').innerText()).toContain('应为 18 位');
  expect(await seriousFindings(page)).toEqual([]);
  await shots('import-report', 'day');
  await button('take-good').click();
  expect(await page.getByRole('status').first().innerText()).toContain('导入完成');
});

test('a new gate’s symbol is shown with the time that is left', async () => {
  await go('/enrol');
  await page.locator('#enrol-gate').fill('east-3');
  await button('enrol').click();
  await page.waitForURL('**/shown/**');
  expect(await page.locator('.count-down').innerText()).toMatch(/^(9|10):\d\d$/);
  expect(await readCode(await page.locator('.qr-sheet').screenshot())).toMatch(/^MENWEI-ENROL:1:/);
  expect(await seriousFindings(page)).toEqual([]);
  await page.screenshot({ path: pictures.path('console-enrol') });
});

test('a release is registered with its makers’ file, and begins with one gate', async () => {
  await hearAll();
  await go('/updates');
  const text = await releaseText(maker, realClock);
  const file = { name: 'release.jws', mimeType: 'application/jose', buffer: Buffer.from(text) };
  await page.locator('#register-file').setInputFiles(file);
  await page.locator('#register-address').fill('https://releases.example/menwei/');
  await button('register').click();
  expect(await page.getByRole('status').first().innerText()).toContain('签名无误');
  await page.locator('#begin-gate').selectOption('yard-03');
  await shots('updates-begin', 'day');
  expect(await seriousFindings(page)).toEqual([]);
  await button('begin').click();
  // No machine stands behind it: the order cannot get out, and that stops the stages until somebody has looked.
  await within(async () => {
    await go('/updates');
    return (await button('looked').count()) > 0;
  });
  expect(await page.locator('main').innerText()).toContain('yard-03');
});

const PAGES = [
  '/gates',
  '/gates/north-1',
  '/gates/south-2',
  '/gates/plaza-3',
  '/gates/new-gate',
  '/feed',
  '/entries',
  '/residents',
  '/residents/new',
  '/import',
  '/enrol',
  '/trust',
  '/updates',
  '/approvals',
  '/accounts',
  '/review',
  '/audit',
  '/system',
] as const;

/** As if every gate had just spoken: pictures take longer than a gate may be silent. */
async function hearAll(): Promise<void> {
  const database = await openDatabase(join(folder, 'district.sqlite'));
  await database
    .updateTable('gate')
    .set({ seen_at: realClock.wall() })
    .where('seen_at', 'is not', null)
    .execute();
  await database.destroy();
}

/** The page that is open, at every width: nothing is wider than the screen. */
async function shots(place: string, name: string): Promise<void> {
  for (const size of ['phone', 'tablet', 'desktop'] as const) {
    await page.setViewportSize(SIZES[size]);
    const wide = await page.locator('html').evaluate((html) => html.scrollWidth);
    expect(wide, `${place} on a ${size}`).toBeLessThanOrEqual(SIZES[size].width);
    if (isKept && size !== 'tablet')
      await page.screenshot({ path: pictures.path(`console-${place}-${size}-${name}`), fullPage: true });
  }
}

/** Each page once, in a language with one light. */
async function walk(
  name: string,
  colorScheme: 'light' | 'dark',
  checked: 'phone' | 'desktop',
): Promise<void> {
  await hearAll();
  await page.emulateMedia({ colorScheme });
  const places = [
    ...PAGES.map((path) => [path, path.slice(1).replaceAll('/', '-')] as const),
    [`/entries/north-1/${TRIAL_JOURNAL}/5`, 'entry'] as const,
    [person, 'resident'] as const,
  ];
  for (const [path, place] of places) {
    await go(path);
    await shots(place, name);
    await page.setViewportSize(SIZES[checked]);
    expect(await seriousFindings(page), `${path} on a ${checked}`).toEqual([]);
  }
}

test('every page by day, in Chinese, at every width', { timeout: 240_000 }, () =>
  walk('day', 'light', 'phone'),
);

test('every page at night, in English, at every width', { timeout: 240_000 }, async () => {
  await page.setViewportSize(SIZES.desktop);
  await go('/gates');
  await page.getByRole('button', { name: 'English' }).click();
  await within(async () => (await page.locator('html').getAttribute('lang')) === 'en');
  await walk('night-english', 'dark', 'desktop');
});

test('the language is switched back in place', async () => {
  await go('/trust');
  if ((await page.locator('html').getAttribute('lang')) === 'en')
    await page.getByRole('button', { name: '中文' }).click();
  await within(async () => (await page.locator('h1').innerText()) === '密钥与文件');
  expect(page.url()).toMatch(/trust$/);
});

test('without script everything is there, and pages of what happens renew themselves', async () => {
  const state = await page.context().storageState();
  const context = await browser.newContext({ javaScriptEnabled: false, storageState: state });
  const bare = await context.newPage();
  await bare.goto(`${district.httpUrl}/console/gates`);
  expect(await bare.locator('noscript').count()).toBe(1);
  await bare.locator('main td a').first().click();
  await bare.waitForURL(/\/console\/gates\/[a-z0-9-]+$/);
  await bare.locator('.language button').click();
  await within(async () => (await bare.locator('html').getAttribute('lang')) === 'en');
  await context.close();
});

test('signing out ends it: going back shows nothing', async () => {
  await page.locator('form[action="/console/sign-out"] button').click();
  await page.waitForURL('**/sign-in?done=signed-out');
  await page.goto(`${district.httpUrl}/console/residents`);
  expect(page.url()).toContain('/console/sign-in');
});
