import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { openAgain, openPage, type Seen, type Size } from './browser.ts';
import type { PageServer } from './page-server.ts';
import type { ScriptedDesk } from './scripted-desk.ts';

/** A guard's place for the tests: the page opened on duty, and keys pressed as on a keyboard without a mouse. */

export const PIN = '246810';

export interface Place {
  readonly browser: Browser;
  readonly server: PageServer;
  readonly desk: ScriptedDesk;
  readonly before?: Seen | undefined;
}

interface Sight {
  readonly size?: Size;
  readonly colorScheme?: 'light' | 'dark';
}

/** @param before the page of the test before, which is used again */
export async function onDuty(
  { browser, server, desk, before }: Place,
  { size = 'desktop', colorScheme = 'light' }: Sight = {},
): Promise<Seen> {
  desk.account = 'g-07';
  desk.hasShift = true;
  const sight = { url: `${server.origin}/guard`, size, colorScheme };
  const seen = before ?? (await openPage(browser, sight));
  if (before !== undefined) await openAgain(before, sight);
  await seen.page.locator('.lane').first().waitFor();
  await soon(() => focused(seen)).toBe('search');
  return seen;
}

/** `expect.poll` that has patience with a machine under load. */
export function soon<Value>(read: () => Value | Promise<Value>) {
  return expect.poll(read, { timeout: 40_000 });
}

/** One after the other; a word of several letters that names no key is typed. */
export async function press({ page }: Seen, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const isKey =
      key.length === 1 || /^(F\d+|Enter|Escape|Tab|Delete|Arrow\w+|(Control|Shift)\+\w+)$/.test(key);
    await (isKey ? page.keyboard.press(key) : page.keyboard.type(key));
  }
}

/** The id of what has the focus, or its role in the page. */
export function focused({ page }: Seen): Promise<string> {
  return page.evaluate('document.activeElement?.id || document.activeElement?.tagName || ""');
}

/** Types, Enter, the purpose's digit, and waits for who is found. */
export async function lookUp(seen: Seen, typed: string, purpose: string): Promise<void> {
  await dialogsGone(seen);
  await press(seen, typed, 'Enter');
  await seen.page.locator('.purposes').waitFor();
  await press(seen, purpose);
  await seen.page.locator('.results').waitFor();
}

export async function openDialog(seen: Seen, key: string): Promise<void> {
  await dialogsGone(seen);
  await press(seen, key);
  await seen.page.locator('dialog[open]').waitFor();
}

/** The desk's keys are not heard while the last dialog is still closing. */
async function dialogsGone({ page }: Seen): Promise<void> {
  await soon(() => page.locator('dialog[open]').count()).toBe(0);
}

/** What this page has kept: names and values of every storage there is, cookies that no script sees, and its address. */
export async function storedTexts({ page }: Seen): Promise<string[]> {
  const kept: string[] = await page.evaluate(
    `(async () => [...Object.entries(localStorage).flat(), ...Object.entries(sessionStorage).flat(),
      ...(await indexedDB.databases()).map(({ name }) => name), ...(await caches.keys()), document.cookie,
      JSON.stringify(history.state)])()`,
  );
  const cookies = await page.context().cookies();
  return [...kept, ...cookies.map(({ name, value }) => `${name} ${value}`)].filter(
    (text) => text !== 'null' && text !== '',
  );
}

export async function overflowing({ page }: Seen): Promise<string[]> {
  return page
    .locator(':is(h1, h2, p:not(.unseen), li, button, label, input, dt, dd):visible')
    .evaluateAll((elements) =>
      elements
        .filter((element) => {
          const { left, right, width } = element.getBoundingClientRect();
          const { innerWidth } = element.ownerDocument.defaultView;
          return width > 1 && (left < -1 || right > innerWidth + 1);
        })
        .map((element) => element.textContent),
    );
}
