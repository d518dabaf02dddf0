import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../twins/ports.ts';
import { openPage, pictureFolder, type Seen, seriousFindings, SIZES, startBrowser } from './browser.ts';
import { joinedPicture } from './joined-picture.ts';
import { startTownProcess, type TownProcess } from './town-process.ts';
import { DisplayScreen, PhoneScreen } from './town-screens.ts';

const CLOSED_WITHIN_MS = 30_000;
/** A picture in the README loads at once. */
const PICTURE_BYTES_MAX = 150_000;
/** The gate's screen on pictures: a small monitor. */
const MONITOR = { width: 1120, height: 630 };

const dataDir = mkdtempSync(join(tmpdir(), 'menwei-town-'));
const pictures = pictureFolder();
const took: number[] = [];
let browser: Browser;
let town: TownProcess;
let seen: readonly Seen[] = [];
let phone: PhoneScreen;
let display: DisplayScreen;

beforeAll(async () => {
  const [port, gatePort] = [await freePort(), await freePort()];
  [town, browser] = await Promise.all([startTownProcess({ dataDir, port, gatePort }), startBrowser()]);
  const [onPhone, atGate] = await Promise.all([
    openPage(browser, { url: town.phone, size: 'phone' }),
    openPage(browser, { url: town.display, size: 'desktop' }),
  ]);
  seen = [onPhone, atGate];
  phone = new PhoneScreen(onPhone.page);
  display = new DisplayScreen(atGate.page);
  await display.page.locator('.reader').waitFor();
});

afterAll(async () => {
  await browser.close();
  await town.stop();
  rmSync(dataDir, { recursive: true, force: true });
  pictures.clear();
  const middle = took.toSorted((left, right) => left - right)[Math.floor(took.length / 2)];
  process.stdout.write(
    `from sending a text to the frame with its verdict: ${middle?.toFixed(0)} ms (middle of ${took.length})\n`,
  );
  for (const { strays, errors } of seen) expect({ strays, errors }).toEqual({ strays: [], errors: [] });
});

/** Holds the phone before the gate. */
async function show(tone: 'pass' | 'stop' | 'guard'): Promise<string> {
  await display.read(await phone.picture());
  const said = await display.verdict(tone);
  took.push(await display.sentToShownMs());
  return said;
}

test('a code is read from the phone’s screen, lets in, and its entry is seen and acknowledged', async () => {
  await phone.resident(0);
  await phone.kind('token');
  const said = await show('pass');
  expect(said).toContain('请通行');
  expect(said).toMatch(/^.\*$/mu);
  await expect.poll(() => phone.decision().innerText()).toContain('放行');
  await expect.poll(() => phone.decision().innerText(), { timeout: 30_000 }).toContain('✓ 已确认');
  expect(await phone.decision().innerText()).toMatch(/.\*\s· 在线码/u);
  await expect.poll(() => display.face(), { timeout: 30_000 }).toBe('waiting');
});

test('the same code again is refused, with a sentence and a next step in both languages', async () => {
  await phone.resident(3);
  await phone.kind('token');
  await show('pass');
  await phone.everybodyPassed();
  const said = await show('stop');
  await display.page.screenshot({ path: pictures.path('town-already-used') });
  for (const line of ['不能通行', 'Not admitted', '这个码刚才用过了。', 'This code was used already.'])
    expect(said).toContain(line);
  for (const next of ['请点“刷新”，用新码再扫一次。', 'Please tap refresh and show the new one.'])
    expect(said).toContain(next);
  await phone.refresh('token');
  await show('pass');
});

test('a phone with no network makes its own codes, and they let in', async () => {
  await phone.resident(0);
  await phone.kind('proof');
  await phone.page.context().setOffline(true);
  try {
    await phone.refresh('proof');
    expect(await show('pass')).toContain('请通行');
    await phone.refresh('proof');
    await show('pass');
  } finally {
    await phone.page.context().setOffline(false);
  }
  await expect.poll(() => phone.decision().innerText(), { timeout: 40_000 }).toContain('离线码');
});

test('a visitor’s pass opens once; a printed card is for the guard', async () => {
  await phone.resident(3);
  await phone.kind('pass');
  await show('pass');
  await phone.everybodyPassed();
  expect(await show('stop')).toContain('来访码在这个门的次数已用完');
  await phone.kind('card');
  const said = await show('guard');
  for (const line of ['请找门卫', 'See the guard', '请到岗亭', 'Please go to the gate house'])
    expect(said).toContain(line);
  await display.page.screenshot({ path: pictures.path('town-guard') });
  await expect.poll(() => phone.decision().innerText()).toContain('找门卫');
});

/** Version of the residents' list that the gate holds, by its own last word to the district. */
function heldList(): number {
  const database = new DatabaseSync(join(dataDir, 'district', 'district.sqlite'), { readOnly: true });
  try {
    const row = database.prepare('select status from gate where status is not null').get();
    const status = JSON.parse(String(row?.['status'] ?? '{}')) as { documents?: Record<string, number> };
    return status.documents?.['residents'] ?? 0;
  } finally {
    database.close();
  }
}

test('a revocation is in force as soon as the gate has the list, and so is its end', async () => {
  await phone.resident(7);
  const revoked = await phone.kind('token');
  const turn = phone.page.locator('.resident-state button');
  const published = phone.page.waitForResponse((answer) => answer.url().endsWith('/state'));
  const before = heldList();
  await turn.click();
  await published;
  await expect.poll(heldList, { timeout: 30_000 }).toBeGreaterThan(before);
  expect(await show('stop')).toContain('这个码已经注销');
  await expect.poll(() => phone.page.locator('.state').innerText()).toContain('已注销');
  await expect.poll(() => phone.page.locator('.trouble').innerText()).toContain('不再签发新码');
  await phone.page.screenshot({ path: pictures.path('town-revoked-phone'), fullPage: true });
  const restored = phone.page.waitForResponse((answer) => answer.url().endsWith('/state'));
  const revokedBy = heldList();
  await turn.click();
  await restored;
  await expect.poll(heldList, { timeout: 30_000 }).toBeGreaterThan(revokedBy);
  await phone.another('token', revoked);
  await show('pass');
});

test('a text that is no code gets a clear sentence', async () => {
  await display.paste('hello, 门卫!');
  const said = await display.verdict('stop');
  for (const line of [
    '这不是通行码。',
    'This is not an entry code.',
    'Please open “My code” and scan again.',
  ])
    expect(said).toContain(line);
});

test('the pictures of the README: a phone with its code, and the display that lets in', async () => {
  await phone.resident(0);
  await phone.kind('token');
  await display.page.setViewportSize(MONITOR);
  await show('pass');
  const [onPhone, atGate] = await Promise.all([phone.page.screenshot(), display.page.screenshot()]);
  const town = await joinedPicture(browser, { phone: onPhone, display: atGate });
  await display.page.setViewportSize(SIZES.desktop);
  for (const [name, picture] of [
    ['display', atGate],
    ['town', town],
  ] as const) {
    writeFileSync(pictures.path(name), picture);
    expect(picture.length, name).toBeLessThanOrEqual(PICTURE_BYTES_MAX);
  }
});

/** Each language with one light, so that both are seen on every size. */
async function photograph(name: string, colorScheme: 'light' | 'dark'): Promise<void> {
  await display.page.locator('main.verdict').waitFor({ state: 'detached', timeout: 40_000 });
  for (const size of ['tablet', 'desktop', 'phone'] as const) {
    for (const [which, { page }] of [
      ['phone', phone],
      ['display', display],
    ] as const) {
      await page.setViewportSize(SIZES[size]);
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: pictures.path(`town-${which}-${size}-${name}`) });
      const wide = await page.locator('html').evaluate((html) => html.scrollWidth);
      expect(wide, `${which} on a ${size}`).toBeLessThanOrEqual(SIZES[size].width);
    }
  }
  await display.page.setViewportSize(SIZES.desktop);
}

test('by day, in Chinese, on every size', async () => {
  await photograph('day', 'light');
  expect(await phone.kind('token')).toMatch(/^X1/);
});

test('at night, in English and in place, on every size; also for a verdict', async () => {
  await Promise.all([phone.english(), display.english()]);
  await photograph('night-english', 'dark');
  for (const { page } of [phone, display]) expect(await seriousFindings(page)).toEqual([]);
  expect(await phone.page.locator('h1').innerText()).toBe('Menwei · demonstration');
  expect(await display.page.locator('h1 .first').innerText()).toBe('Show your code');
  await phone.refresh('token');
  const said = await show('pass');
  expect(said.indexOf('Please pass')).toBeLessThan(said.indexOf('请通行'));
});

test('the town ends cleanly, the screens say that they are cut off, and all is well when it is back', async () => {
  const before = performance.now();
  expect(await town.stop()).toBe(0);
  expect(performance.now() - before).toBeLessThan(CLOSED_WITHIN_MS);
  expect(town.complaints()).toBe('');
  await expect.poll(() => display.face(), { timeout: 30_000 }).toBe('lost');
  await expect.poll(() => display.page.locator('main').innerText()).toContain('This screen is disconnected');
  await expect.poll(() => phone.page.locator('.connection').innerText()).toContain('Connection lost');
  await display.page.screenshot({ path: pictures.path('town-display-lost') });
  const used = await phone.picture();
  const [port, gatePort] = [town.phone, town.display].map((address) => Number(new URL(address).port));
  town = await startTownProcess({ dataDir, port: port ?? 0, gatePort: gatePort ?? 0 });
  await expect.poll(() => display.face(), { timeout: 40_000 }).toBe('waiting');
  await display.read(used);
  expect(await display.verdict('stop')).toContain('This code was used already.');
  await phone.refresh('token');
  expect(await show('pass')).toContain('Please pass');
  await expect.poll(() => phone.decision().innerText(), { timeout: 40_000 }).toContain('✓ acknowledged');
});
