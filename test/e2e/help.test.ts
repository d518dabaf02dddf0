import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  openPage,
  pictureFolder,
  type Seen,
  SIZES,
  type Size,
  seriousFindings,
  startBrowser,
} from './browser.ts';
import { type PageServer, servePages } from './page-server.ts';

/** The guard's one page, as the gate serves it from docs/help. */

let browser: Browser;
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
  server = await servePages(() => false);
});
afterEach(async () => {
  await seen.page.context().close();
  await server.stop();
  expect([seen.strays, seen.errors]).toEqual([[], []]);
});

async function open(size: Size): Promise<void> {
  seen = await openPage(browser, { url: `${server.origin}/help`, size });
  await seen.page.locator('h1').waitFor();
}

/** Leaves of the tree of pages in what the browser would print. */
async function printed(): Promise<number> {
  const file = Buffer.from(await seen.page.pdf({ preferCSSPageSize: true })).toString('latin1');
  return [...file.matchAll(/\/Type\s*\/Page\b/g)].length;
}

test('it says what to do in both languages, and prints on one side of A4 in either', async () => {
  await open('phone');
  expect(await seen.page.locator('main').innerText()).toContain('有人过不去');
  await seen.page.screenshot({ path: pictures.path('help-phone'), fullPage: true });
  expect(await seriousFindings(seen.page)).toEqual([]);
  const width = await seen.page.locator('html').evaluate((html) => html.scrollWidth);
  expect(width).toBe(seen.page.viewportSize()?.width);
  expect(await printed()).toBe(1);

  await seen.page.getByRole('button', { name: 'English' }).click();
  await expect.poll(() => seen.page.locator('main').innerText()).toContain('Somebody cannot get through');
  expect(await seen.page.locator('main').innerText()).not.toMatch(/[\u4E00-\u9FFF]/u);
  await seen.page.setViewportSize(SIZES.desktop);
  await seen.page.screenshot({ path: pictures.path('help-english-desktop'), fullPage: true });
  expect(await printed()).toBe(1);
  await seen.page.emulateMedia({ media: 'print' });
  expect(await seen.page.locator('nav').isVisible()).toBe(false);
});
