import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { portrait } from '../twins/portrait.ts';
import { pictureFolder, type Seen, seriousFindings, startBrowser } from './browser.ts';
import { lookUp, onDuty, press, soon, storedTexts } from './guard-seat.ts';
import { type PageServer, servePages } from './page-server.ts';
import { FAMILY, ScriptedDesk } from './scripted-desk.ts';

/** The photo beside a masked name, where the community's policy lets guards see it. */
let browser: Browser;
let desk: ScriptedDesk;
let server: PageServer;
let seen: Seen;
const pictures = pictureFolder();

beforeAll(async () => {
  browser = await startBrowser();
  server = await servePages((...asked) => desk.handle(...asked));
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  pictures.clear();
});
beforeEach(() => {
  desk = new ScriptedDesk();
  desk.found = FAMILY;
});
afterEach(() => {
  expect(seen.strays).toEqual([]);
});

const shownWidth = () =>
  seen.page.evaluate<number>("document.querySelector('.member img.photo')?.naturalWidth ?? 0");
const photosAsked = () => desk.asked.filter(({ path }) => path === 'POST look-ups/photo');

test('is fetched for whoever is chosen, once each, and leaves with the answer', async () => {
  desk.photos = new Map([
    [4711, portrait()],
    [4712, portrait({ shirt: [150, 60, 60] })],
  ]);
  seen = await onDuty({ browser, server, desk });
  await lookUp(seen, '8-2-2702', '1');
  await soon(shownWidth).toBe(180);
  expect(await seen.page.locator('.member img.photo').getAttribute('alt')).toContain('请与本人核对');
  await seen.page.screenshot({ path: pictures.path('guard-photo') });
  expect(await seriousFindings(seen.page)).toEqual([]);
  await press(seen, 'ArrowDown');
  await soon(() => seen.page.locator('.member').nth(1).locator('img.photo').count()).toBe(1);
  await press(seen, 'ArrowUp');
  await soon(() => seen.page.locator('.member').nth(0).locator('img.photo').count()).toBe(1);
  expect(photosAsked().map(({ body }) => body)).toEqual([
    { row: 813, index: 4711 },
    { row: 813, index: 4712 },
  ]);
  const address = await seen.page.locator('img.photo').getAttribute('src');
  await press(seen, 'Escape');
  await soon(() => seen.page.locator('img.photo').count()).toBe(0);
  expect(await seen.page.evaluate(`fetch('${address}').then(() => 'there', () => 'gone')`)).toBe('gone');
  expect((await storedTexts(seen)).join()).not.toContain('blob:');
});

test('that cannot be had is told with the next step, and the answer stands without it', async () => {
  desk.photos = new Map([[4711, 'photo-offline']]);
  seen = await onDuty({ browser, server, desk, before: seen }, { size: 'phone', colorScheme: 'dark' });
  await lookUp(seen, '8-2-2702', '1');
  const missing = seen.page.locator('.photo-missing');
  await soon(() => missing.innerText()).toContain('照片暂时取不到');
  expect(await missing.innerText()).toContain('请核对证件');
  await seen.page.screenshot({ path: pictures.path('guard-photo-offline') });
  expect(await seriousFindings(seen.page)).toEqual([]);
  desk.photos = new Map([[4711, portrait()]]);
  await missing.locator('button').click();
  await soon(shownWidth).toBe(180);
  await seen.page.screenshot({ path: pictures.path('guard-photo-phone') });
  await seen.page.locator('.member').nth(1).click();
  await soon(() => missing.innerText()).toContain('没有可看的照片');
  expect(await missing.locator('button').count()).toBe(0);
});

test('is asked for nowhere without the policy’s word', async () => {
  seen = await onDuty({ browser, server, desk, before: seen });
  await lookUp(seen, '8-2-2702', '1');
  await seen.page.locator('.member').nth(2).waitFor();
  expect(await seen.page.locator('.photo').count()).toBe(0);
  expect(photosAsked()).toEqual([]);
});
