import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openPage, pictureFolder, type Seen, type Size, seriousFindings, startBrowser } from './browser.ts';
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

async function open(size: Size, colorScheme: 'light' | 'dark'): Promise<void> {
  seen = await openPage(browser, { url: `${server.origin}/help`, size, colorScheme });
  await seen.page.locator('h1').waitFor();
}

/** Leaves of the tree of pages in what the browser would print. */
async function printed(): Promise<number> {
  const file = Buffer.from(await seen.page.pdf({ preferCSSPageSize: true })).toString('latin1');
  return [...file.matchAll(/\/Type\s*\/Page\b/g)].length;
}

test.each([
  ['phone', 'dark'],
  ['tablet', 'light'],
  ['desktop', 'dark'],
] as const)(
  'on a %s, %s, in both languages: nothing is cut off, and it prints on one side of A4',
  async (size, colorScheme) => {
    await open(size, colorScheme);
    for (const [language, words] of [
      ['中文', '有人过不去'],
      ['English', 'Somebody cannot get through'],
    ] as const) {
      if (language === 'English') await seen.page.getByRole('button', { name: language }).click();
      await expect.poll(() => seen.page.locator('main').innerText()).toContain(words);
      await seen.page.screenshot({ path: pictures.path(`help-${language}-${size}`), fullPage: true });
      expect(await seriousFindings(seen.page)).toEqual([]);
      const width = await seen.page.locator('html').evaluate((html) => html.scrollWidth);
      expect(width).toBe(seen.page.viewportSize()?.width);
      if (size === 'phone') expect(await printed()).toBe(1);
    }
    expect(await seen.page.locator('main').innerText()).not.toMatch(/[\u4E00-\u9FFF]/u);
    await seen.page.emulateMedia({ media: 'print' });
    expect(await seen.page.locator('nav').isVisible()).toBe(false);
  },
);

test('by keyboard alone: the language is changed, and the way to the desk is found', async () => {
  await open('desktop', 'light');
  for (const name of ['门卫台', 'English']) {
    await seen.page.keyboard.press('Tab');
    expect(await seen.page.locator(':focus').innerText()).toBe(name);
  }
  await seen.page.keyboard.press('Enter');
  await expect.poll(() => seen.page.locator('main').innerText()).toContain('Somebody cannot get through');
});

test('what is seriously wrong on a page is found out: an unnamed button, a picture without words, a nameless field', async () => {
  await open('desktop', 'light');
  await seen.page.locator('main').evaluate((main) => {
    main.innerHTML = '<button></button><img src="/ui/none.svg"><input>';
  });
  const found = await seriousFindings(seen.page);
  const rules = new Set(found.map((line) => line.split(':')[0]));
  expect(rules).toEqual(new Set(['button-name', 'image-alt', 'label']));
});
