import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openPage, pictureFolder, type Seen, type Size, seriousFindings, startBrowser } from './browser.ts';
import { focused, onDuty, openDialog, overflowing, PIN, press, storedTexts, soon } from './guard-seat.ts';
import { type PageServer, ScriptedGate, servePages } from './page-server.ts';
import { ScriptedDesk } from './scripted-desk.ts';

let browser: Browser;
let desk: ScriptedDesk;
let gate: ScriptedGate;
let server: PageServer;
let seen: Seen;
const pictures = pictureFolder();

beforeAll(async () => {
  browser = await startBrowser();
  server = await servePages((...asked) => desk.handle(...asked) || gate.handle(...asked));
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  pictures.clear();
});
beforeEach(() => {
  desk = new ScriptedDesk();
  gate = new ScriptedGate();
});
afterEach(async () => {
  await seen.page.context().close();
  expect(seen.strays).toEqual([]);
  expect(seen.errors).toEqual([]);
});

async function open(size: Size = 'desktop', options: object = {}): Promise<void> {
  seen = await openPage(browser, { url: `${server.origin}/guard`, size, ...options });
  await seen.page.locator('.entrance-card h1').waitFor();
}

function said(): Promise<string> {
  return seen.page.locator('main').innerText();
}

async function looksRight(name: string): Promise<void> {
  await seen.page.screenshot({ path: pictures.path(name) });
  expect(await seriousFindings(seen.page)).toEqual([]);
  expect(await overflowing(seen)).toEqual([]);
}

test('account and PIN by keyboard, the note of the guard before, and the shift begins', async () => {
  await open();
  await press(seen, 'g-07', 'Tab', PIN, 'Enter');
  await seen.page.locator('.hand-over').waitFor();
  expect(await said()).toContain('侧门读码器有时慢');
  await looksRight('guard-shift');
  await press(seen, 'Enter');
  await seen.page.locator('.lane').first().waitFor();
  await soon(() => focused(seen)).toBe('search');
  expect(desk.asked.map(({ path }) => path)).toEqual(['GET session', 'POST session', 'POST shift/start']);
  expect((await storedTexts(seen)).join()).not.toContain(PIN);
});

test('by touch alone: the pad types the PIN, and the screen’s keyboard stays away', async () => {
  await open('tablet', { hasTouch: true });
  await seen.page.locator('input').first().fill('g-07');
  expect(await seen.page.locator('input[type=password]').getAttribute('inputmode')).toBe('none');
  for (const digit of '2468109') await seen.page.getByRole('button', { name: digit, exact: true }).tap();
  await seen.page.getByRole('button', { name: '删除' }).tap();
  await seen.page.getByRole('button', { name: '登录' }).tap();
  await seen.page.locator('.hand-over').waitFor();
});

test('a wrong PIN and a lock say what to do next, in both languages', async () => {
  await open('phone');
  await press(seen, 'g-07', 'Tab', '111111', 'Enter');
  await soon(said).toContain('工号或 PIN 不对');
  expect(await seen.page.locator('input[type=password]').inputValue()).toBe('');
  await looksRight('guard-wrong-phone');
  desk.refuseNext = { status: 429, problem: 'locked', waitSeconds: 90 };
  await press(seen, PIN, 'Enter');
  await soon(said).toContain('请稍后再试，或请班长解锁');
  await soon(said).toMatch(/(90|8\d) 秒/);
  await seen.page.getByRole('button', { name: 'English' }).click();
  await soon(said).toContain('Wait, or ask your head guard to unlock you');
});

test('the first account is begun with the digits that the gate shows', async () => {
  desk.firstAccount = true;
  await open();
  await soon(said).toContain('门禁显示屏');
  await press(seen, '1234', 'Enter');
  await soon(said).toContain('应为八位数字');
  expect(desk.asked).toHaveLength(1);
  await press(seen, '5678', 'Tab', 'g-01', 'Tab', '135790', 'Tab', '135791', 'Enter');
  await soon(said).toContain('两次输入不一样');
  await looksRight('guard-first');
  await press(seen, 'Control+a', '135790', 'Enter');
  await seen.page.locator('.hand-over').waitFor();
  expect(desk.asked.at(-1)).toEqual({
    path: 'POST accounts/begin',
    body: { account: 'g-01', code: '12345678', secret: '135790' },
  });
});

test('after a pause the page asks the PIN again, of the same account', async () => {
  seen = await onDuty({ browser, server, desk });
  desk.tell({ type: 'signed-out', why: 'idle' });
  await seen.page.locator('.entrance-again').waitFor();
  expect(await said()).toContain('g-07');
  expect(await seen.page.locator('.lane').count()).toBe(0);
  await looksRight('guard-idle');
  await press(seen, PIN, 'Enter');
  await seen.page.locator('.lane').first().waitFor();
});

test('a locked desk still calls when a lane sends somebody to the guard, and names nobody', async () => {
  seen = await onDuty({ browser, server, desk });
  desk.tell({ type: 'signed-out', why: 'idle' });
  await seen.page.locator('.entrance-again').waitFor();
  await soon(() => gate.listeners).toBe(2);
  const verdict = { type: 'verdict', seq: 9, refusal: 'needs-guard', name: '测*', people: 1, showMs: 5_000 };
  gate.verdict({ ...verdict, tone: 'pass' });
  gate.verdict({ ...verdict, tone: 'guard' });
  await soon(() => seen.page.locator('[role=alert]').allInnerTexts()).toContainEqual(
    expect.stringContaining('有人等您'),
  );
  expect(await said()).not.toContain('测*');
  await press(seen, PIN, 'Enter');
  await seen.page.locator('.lane').first().waitFor();
  await soon(() => gate.listeners).toBe(0);
});

test('a session that ended elsewhere names nobody', async () => {
  seen = await onDuty({ browser, server, desk });
  desk.tell({ type: 'signed-out', why: 'elsewhere' });
  await soon(said).toContain('已在另一处登录');
  expect(await seen.page.locator('input').first().inputValue()).toBe('');
});

test('the shift ends with a note, by keyboard', async () => {
  seen = await onDuty({ browser, server, desk });
  await openDialog(seen, '/');
  await press(seen, '8');
  await seen.page.locator('textarea').waitFor();
  await press(seen, '北门灯坏了', 'Control+Enter');
  await seen.page.locator('.pin-pad').waitFor();
  expect(desk.asked.at(-1)).toEqual({ path: 'POST shift/end', body: { note: '北门灯坏了' } });
});

test('signing out leaves the shift going', async () => {
  seen = await onDuty({ browser, server, desk });
  await openDialog(seen, '/');
  await press(seen, '7');
  await seen.page.locator('dialog .button-main').waitFor();
  await press(seen, 'Enter');
  await seen.page.locator('.pin-pad').waitFor();
  await soon(() => desk.asked.at(-1)?.path).toBe('DELETE session');
});

test('a gate that is starting is waited for', async () => {
  desk.down = true;
  seen = await openPage(browser, { url: `${server.origin}/guard`, size: 'desktop' });
  await soon(said).toContain('正在打开');
  desk.down = false;
  await seen.page.locator('.pin-pad').waitFor();
});
