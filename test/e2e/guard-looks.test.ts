import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { pictureFolder, type Seen, type Size, seriousFindings, startBrowser } from './browser.ts';
import {
  focused,
  lookUp,
  onDuty,
  openDialog,
  overflowing,
  PIN,
  press,
  soon,
  storedTexts,
} from './guard-seat.ts';
import { type PageServer, servePages } from './page-server.ts';
import { FAMILY, NOW, ScriptedDesk, STATE } from './scripted-desk.ts';

const ENTRY = {
  type: 'entry',
  at: NOW,
  clock: 'synced',
  lane: 'main-in',
  direction: 'in',
  people: 1,
} as const;
const ROWS = [
  { seq: 31, decision: 'granted', kind: 3, index: 1, display: '测*', people: 3 },
  { seq: 32, decision: 'refused', refusal: 'expired', kind: 1, index: 2, display: '试*' },
  { seq: 33, decision: 'manual', reason: 'let-in:parcel', actor: 'g-07', lane: 'side' },
  { seq: 34, decision: 'door', door: 'passed', entry: 31 },
  { seq: 35, decision: 'guard', refusal: 'trust-stale', kind: 5, index: 815, display: '试*' },
] as const;
const TROUBLE = {
  problems: [
    { problem: 'trust-stale', amount: 190_000 },
    { problem: 'clock' },
    { problem: 'reader', lane: 'main-in', reader: 'scanner-1' },
  ],
  uplink: { state: 'away', unsent: 412 },
};
const VIEWS = [
  ['1', '.inside-list'],
  ['2', '.report article'],
  ['3', '.alarm-list'],
  ['4', '.side-gate'],
  ['5', '.settings'],
  ['6', '.choices'],
  ['9', '.accounts li'],
] as const;

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
});
afterEach(async () => {
  expect(seen.strays).toEqual([]);
  expect(seen.errors).toEqual([]);
});

async function looksRight(name: string): Promise<void> {
  await seen.page.screenshot({ path: pictures.path(name) });
  expect(await seriousFindings(seen.page)).toEqual([]);
  expect(await overflowing(seen)).toEqual([]);
}

async function busyNight(): Promise<void> {
  for (const row of ROWS) desk.tell({ ...ENTRY, ...row });
  desk.tell({ type: 'alarm', id: 'a1', alarm: 'forced', at: NOW, lane: 'side' });
  desk.state(TROUBLE);
  await seen.page.locator('.waiting').waitFor();
  await seen.page.locator('.banner').first().waitFor();
}

const looks: readonly (readonly [Size, 'light' | 'dark', 'zh-CN' | 'en'])[] = [
  ['phone', 'dark', 'zh-CN'],
  ['phone', 'light', 'en'],
  ['tablet', 'dark', 'en'],
  ['desktop', 'light', 'zh-CN'],
];

test.each(looks)('on a %s, %s, in %s: a busy moment and a household', async (size, colorScheme, language) => {
  seen = await onDuty({ browser, server, desk, before: seen }, { size, colorScheme });
  if (language === 'en') await seen.page.getByRole('button', { name: 'English' }).click();
  await busyNight();
  await seen.page.screenshot({ path: pictures.path(`guard-${size}-${colorScheme}-${language}`) });
  expect(await overflowing(seen)).toEqual([]);
  const said = await seen.page.locator('.desk').innerText();
  expect(said).toContain(language === 'en' ? 'Somebody waits for you' : '有人等您');
  desk.found = FAMILY;
  await seen.page.locator('#search').focus();
  await lookUp(seen, '8-2-2702', '1');
  await looksRight(`guard-found-${size}-${colorScheme}-${language}`);
});

/** What the gate's own machine may suffer from (docs/reliability.md, Degraded modes), as much at once as is not folded. */
const MACHINE = {
  hot: [{ problem: 'power' }, { problem: 'temperature', amount: 84 }],
  worn: [{ problem: 'door-still', lane: 'main-in' }, { problem: 'storage-slow' }],
} as const;

test.each(looks)('on a %s, %s, in %s: a machine in trouble', async (size, colorScheme, language) => {
  seen = await onDuty({ browser, server, desk, before: seen }, { size, colorScheme });
  if (language === 'en') await seen.page.getByRole('button', { name: 'English' }).click();
  const said = async () => (await seen.page.locator('.banner').allInnerTexts()).join('\n');
  const titles = {
    hot: language === 'en' ? /too weak.*\(84 °C\)/s : /电压偏低.*（84 °C）/s,
    worn: language === 'en' ? /does not follow.*card is slow/s : /没有动.*存储卡很慢/s,
  };
  for (const name of ['hot', 'worn'] as const) {
    desk.state({ problems: MACHINE[name] });
    await soon(said).toMatch(titles[name]);
    await looksRight(`guard-${name}-${size}-${colorScheme}-${language}`);
  }
});

test('in English no Chinese is left but the names', async () => {
  seen = await onDuty({ browser, server, desk, before: seen });
  await seen.page.getByRole('button', { name: 'English' }).click();
  await busyNight();
  const said = await seen.page.locator('main').innerText();
  expect(said.replace(/[测试]\*/g, '')).not.toMatch(/\p{Script=Han}/u);
  expect(await seen.page.locator('html').getAttribute('lang')).toBe('en');
});

test.each(['desktop', 'phone'] as const)('every sheet of the menu, by keyboard, on a %s', async (size) => {
  desk.role = 'head';
  seen = await onDuty({ browser, server, desk, before: seen }, { size });
  desk.tell({ type: 'alarm', id: 'a1', alarm: 'fire', at: NOW });
  for (const [key, shown] of VIEWS) {
    await openDialog(seen, '/');
    await press(seen, key);
    await seen.page.locator(`dialog ${shown}`).first().waitFor();
    if (size === 'desktop') await looksRight(`guard-view-${key}`);
    else expect(await overflowing(seen)).toEqual([]);
    await press(seen, 'Escape');
    await soon(() => focused(seen)).toBe('search');
  }
});

test('a guard without the head’s rights is not offered the accounts', async () => {
  seen = await onDuty({ browser, server, desk, before: seen });
  await openDialog(seen, '/');
  expect(await seen.page.locator('.menu').innerText()).not.toContain('门卫账号');
  await press(seen, '9');
  expect(await seen.page.locator('.accounts').count()).toBe(0);
});

test('a head guard invites, and the digits are shown once', async () => {
  desk.role = 'head';
  seen = await onDuty({ browser, server, desk, before: seen });
  await openDialog(seen, '/');
  await press(seen, '9');
  await seen.page.locator('.accounts li').first().waitFor();
  await press(seen, 'g-11', 'Enter');
  await soon(() => seen.page.locator('.invitation').allInnerTexts()).toEqual([
    expect.stringContaining('1357 2468'),
  ]);
  expect(desk.asked.find(({ path }) => path === 'POST accounts')?.body).toEqual({
    account: 'g-11',
    role: 'guard',
  });
});

test('a duress PIN is set beside one’s own, and ended', async () => {
  seen = await onDuty({ browser, server, desk, before: seen });
  await openDialog(seen, '/');
  await press(seen, '6');
  await seen.page.locator('dialog .choices').waitFor();
  await press(seen, 'ArrowDown', 'Tab', PIN, 'Tab', '135791', 'Tab', '135791', 'Enter');
  await soon(() => seen.page.locator('dialog').innerText()).toContain('已保存');
  expect(desk.asked.at(-1)?.body).toEqual({ secret: PIN, next: '135791', duress: true });
  expect((await storedTexts(seen)).join()).not.toContain('135791');
  await seen.page.getByText('取消胁迫 PIN').click();
  await seen.page.locator('dialog input[type=password]').fill(PIN);
  await press(seen, 'Enter');
  await soon(() => desk.asked.at(-1)).toEqual({ path: 'POST secret/no-duress', body: { secret: PIN } });
  await soon(() => seen.page.locator('dialog').innerText()).toContain('已保存');
});

test('the report of a shift fits one page of paper', async () => {
  seen = await onDuty({ browser, server, desk, before: seen });
  await openDialog(seen, '/');
  await press(seen, '2');
  await seen.page.locator('.report article').waitFor();
  const paper = (await seen.page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(paper.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});

test('volume and quiet hours are kept, and nothing else', async () => {
  seen = await onDuty({ browser, server, desk, before: seen });
  await openDialog(seen, '/');
  await press(seen, '5');
  await seen.page.locator('.settings').waitFor();
  await press(seen, 'ArrowRight');
  await soon(() => seen.page.locator('.settings').innerText()).toContain('4 / 4');
  const kept = await storedTexts(seen);
  expect(kept.filter((text) => !text.startsWith('{')).sort()).toEqual([
    'menwei-guard-sound',
    'menwei-screen',
  ]);
});

test('a lost line is said, what is on the screen stays, and it heals by itself', async () => {
  seen = await onDuty({ browser, server, desk, before: seen });
  desk.down = true;
  desk.hangUp();
  await soon(() => seen.page.locator('.problems').innerText()).toContain('与门禁断开');
  expect(await seen.page.locator('.lane').count()).toBe(STATE.lanes.length);
  desk.down = false;
  await soon(() => seen.page.locator('.problems').innerText()).not.toContain('与门禁断开');
});
