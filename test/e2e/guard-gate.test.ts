import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { personTerms, somebody } from '../../src/district/registry/testing.ts';
import { checkPerson, maskedName } from '../../src/wire/index.ts';
import { canariesOf, found } from '../scenario/canaries.ts';
import { canaryBytes, filesWith } from '../scenario/canary-bytes.ts';
import { GUARD, GuardTrial, HEAD, LANE } from '../scenario/guard-trial.ts';
import { openPageIn, pictureFolder, type Seen, seriousFindings, startProfile } from './browser.ts';
import { focused, lookUp, openDialog, press, soon, storedTexts } from './guard-seat.ts';
import { buildPages } from './page-server.ts';

/** The guard's page at a real gate: its process, its journal, its door; and what a shift leaves behind in the browser. */

const PERSON = somebody({ name: '测试青川' });
const { number: NUMBER } = PERSON.document;
const CHECKED = checkPerson(PERSON, new Date().toISOString().slice(0, 10));
if (!CHECKED.ok) throw new Error('a canary is nobody');
const BIRTH_DATE = CHECKED.value.birthDate ?? '';
const FAMILY = [
  {
    index: 11,
    household: 5,
    order: 0,
    display: maskedName(PERSON.name),
    lookups: [...personTerms(CHECKED.value).filter((term) => !term.startsWith('phone:')), 'room:8-2-2702'],
  },
  { index: 12, household: 5, order: 1, display: '试*', lookups: ['room:8-2-2702'] },
];

const profile = mkdtempSync(join(tmpdir(), 'menwei-profile-'));
let at: GuardTrial;
let browser: BrowserContext;
let seen: Seen;
const pictures = pictureFolder();

beforeAll(async () => {
  buildPages();
  [at, browser] = await Promise.all([GuardTrial.begin(FAMILY), startProfile(profile, 'desktop')]);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await at?.end();
  rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  pictures.clear();
}, 60_000);

test('a guard signs in, looks up, lets in, takes back, holds open and ends, by keyboard', async () => {
  seen = await openPageIn(browser, `${at.address}/guard`);
  await seen.page.locator('.pin-pad').waitFor();
  await press(seen, GUARD.account, 'Tab', '111111', 'Enter');
  await soon(() => seen.page.locator('.failed').innerText()).toContain('工号或 PIN 不对');
  await press(seen, GUARD.secret, 'Enter');
  await seen.page.locator('.lane').waitFor();
  expect(await seen.page.locator('.lane').innerText()).toContain(LANE);

  await lookUp(seen, NUMBER, '1');
  expect(await seen.page.locator('.member').innerText()).toContain('测*');
  await openDialog(seen, 'F2');
  await press(seen, 'Enter');
  await soon(() => seen.page.locator('.undo').allInnerTexts()).toEqual([expect.stringMatching(/记录 \d+/)]);
  await press(seen, 'Control+z');
  await soon(() => seen.page.locator('.undo').allInnerTexts()).toEqual([expect.stringContaining('已撤销')]);
  await soon(() => at.trial.relay.openings().length).toBe(1);
  await soon(() => seen.page.locator('.entries').innerText()).toContain('看过证件');

  await lookUp(seen, '8-2-2702', '1');
  expect(await seen.page.locator('.member').count()).toBe(2);
  await openDialog(seen, 'F2');
  await press(seen, '7', 'a', 'Enter');
  await soon(() => at.rows(/with-family/).map(({ index, party }) => ({ index, party }))).toEqual([
    { index: 11, party: [12] },
  ]);

  for (const [typed, purpose] of [
    [PERSON.name, '1'],
    [`${NUMBER.slice(-6)} ${BIRTH_DATE}`, '2'],
  ] as const) {
    await lookUp(seen, typed, purpose);
    expect(await seen.page.locator('.member').innerText()).toContain('测*');
  }
  await press(seen, 'Escape');

  await openDialog(seen, 'F9');
  await press(seen, '1', 'Tab', HEAD.account, 'Tab', HEAD.secret, 'Enter');
  await soon(() => seen.page.locator('.lane').innerText()).toContain('常开');
  await soon(() => at.isRelayOn()).toBe(true);
  await openDialog(seen, 'F9');
  await press(seen, 'Enter');
  await soon(() => at.isRelayOn()).toBe(false);
});

test('a refused scan is on the list, and a lock-down is said until it is over', async () => {
  at.trial.terminal.write('X1NOT-A-CODE\r');
  await soon(() => seen.page.locator('.entries').innerText()).toContain('未放行');
  await openDialog(seen, 'F10');
  await press(seen, '3', 'Enter');
  await soon(() => seen.page.locator('.problems').innerText()).toContain('封闭中');
  await openDialog(seen, 'F10');
  await press(seen, 'Enter');
  await soon(() => seen.page.locator('.problems').innerText()).not.toContain('封闭中');
});

test('who is inside, the report, and the end of the shift', async () => {
  await openDialog(seen, '/');
  await press(seen, '1');
  await soon(() => seen.page.locator('dialog .inside-list').innerText()).toContain('试*');
  await press(seen, 'Escape');
  await soon(() => focused(seen)).toBe('search');
  await openDialog(seen, '/');
  await press(seen, '2');
  await soon(() => seen.page.locator('.report article').innerText()).toContain('和家人一起');
  await seen.page.screenshot({ path: pictures.path('guard-gate-report') });
  expect(await seriousFindings(seen.page)).toEqual([]);
  await press(seen, 'Escape');
  await soon(() => focused(seen)).toBe('search');
  await openDialog(seen, '/');
  await press(seen, '8');
  await seen.page.locator('textarea').waitFor();
  await press(seen, '一切正常', 'Control+Enter');
  await seen.page.locator('.pin-pad').waitFor();
  expect(seen.strays).toEqual([]);
  expect(seen.errors).toEqual([]);
});

test('of whom the guard looked up nothing is left: in no storage, cookie or address, nor on the browser’s disk', async () => {
  const canaries = canariesOf([PERSON]);
  expect(found((await storedTexts(seen)).join('\n'), canaries)).toEqual([]);
  expect(seen.asked.length).toBeGreaterThan(20);
  expect(found([seen.page.url(), ...seen.asked].join('\n'), canaries)).toEqual([]);
  const length = await seen.page.evaluate<number>('history.length');
  for (let back = 1; back < length; back += 1) {
    await seen.page.goBack();
    expect(found(`${seen.page.url()}\n${await seen.page.content()}`, canaries)).toEqual([]);
  }
  await browser.close();
  expect(filesWith(profile, canaryBytes([PERSON]))).toEqual([]);
  // What the page does keep is found there, so the search sees what a browser writes.
  expect(filesWith(profile, [Buffer.from('menwei-screen')]).length).toBeGreaterThan(0);
});
