import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openPage, pictureFolder, type Seen, type Size, seriousFindings, startBrowser } from './browser.ts';
import { type PageServer, ScriptedGate, servePages } from './page-server.ts';
import { bitmapFile, cameraFilm } from './picture.ts';

const CODE = `X1${'0123456789ABCDEFGHIJKLMNOPQRSTUV'.repeat(4).slice(0, 120)}`;
const READING = {
  type: 'state',
  lane: 'main-in',
  direction: 'in',
  at: '2026-11-20T10:04:09.000Z',
  timeZone: 'Asia/Shanghai',
  problems: ['readers'],
  pageReads: true,
};

const folder = mkdtempSync(join(tmpdir(), 'menwei-camera-'));
const film = join(folder, 'code.y4m');
const pictures = pictureFolder();
let browser: Browser;
let gate: ScriptedGate;
let server: PageServer;
let seen: Seen;

beforeAll(async () => {
  writeFileSync(film, cameraFilm(CODE));
  browser = await startBrowser([
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`,
  ]);
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
  pictures.clear();
});
beforeEach(async () => {
  gate = new ScriptedGate();
  gate.state(READING);
  server = await servePages(gate.handle);
});
afterEach(async () => {
  await seen.page.context().close();
  await server.stop();
  expect(seen.strays).toEqual([]);
  expect(seen.errors).toEqual([]);
});

async function open(size: Size, permissions: string[] = []): Promise<void> {
  seen = await openPage(browser, { url: `${server.origin}/display/main-in`, size, permissions });
  await seen.page.locator('.reader').waitFor();
}

function told(): Promise<string> {
  return seen.page.locator('.told').innerText();
}

test('the camera reads a code held before it, once, and goes on beneath the verdict', async () => {
  await open('tablet', ['camera']);
  await seen.page.getByRole('button', { name: '打开摄像头' }).click();
  await expect.poll(() => gate.scans, { timeout: 40_000 }).toEqual([CODE]);
  await seen.page.screenshot({ path: pictures.path('reader-camera-tablet') });
  expect(await seriousFindings(seen.page)).toEqual([]);
  gate.verdict({ type: 'verdict', seq: 1, tone: 'pass', people: 1, showMs: 1_000 });
  await seen.page.locator('main.verdict-pass').waitFor();
  expect(await seen.page.locator('video').evaluate((video) => video.paused)).toBe(false);
  // The same code in view is handed on again only after some seconds, and the gate then says that it was used.
  await expect.poll(() => gate.scans.length, { timeout: 40_000 }).toBeGreaterThan(1);
});

test('a tablet that starts again goes on reading by itself', async () => {
  await open('tablet', ['camera']);
  await seen.page.getByRole('button', { name: '打开摄像头' }).click();
  await expect.poll(() => gate.scans.length, { timeout: 40_000 }).toBe(1);
  await seen.page.reload();
  await expect.poll(() => gate.scans.length, { timeout: 40_000 }).toBeGreaterThan(1);
});

test('a refused camera is explained, and asked for again', async () => {
  await open('phone');
  await seen.page.getByRole('button', { name: '打开摄像头' }).click();
  await expect.poll(told).toContain('没有摄像头权限');
  await seen.page.context().grantPermissions(['camera']);
  await seen.page.getByRole('button', { name: '打开摄像头' }).click();
  await expect.poll(() => gate.scans.length, { timeout: 40_000 }).toBe(1);
});

test('a chosen picture is read', async () => {
  await open('desktop');
  await seen.page
    .locator('input[type=file]')
    .setInputFiles({ name: 'code.bmp', mimeType: 'image/bmp', buffer: bitmapFile(CODE) });
  await expect.poll(() => gate.scans, { timeout: 40_000 }).toEqual([CODE]);
  await expect.poll(told).toBe('已送门禁判断');
});

test('a dropped picture is read', async () => {
  await open('desktop');
  const text = bitmapFile(CODE).toString('base64');
  await seen.page.locator('.reader').evaluate((reader, content) => {
    const view = reader.ownerDocument.defaultView;
    const dataTransfer = new view.DataTransfer();
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    dataTransfer.items.add(new view.File([bytes], 'code.bmp', { type: 'image/bmp' }));
    reader.dispatchEvent(new view.DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, text);
  await expect.poll(() => gate.scans, { timeout: 40_000 }).toEqual([CODE]);
});

test.each([
  ['a picture without a code', Buffer.from(bitmapFile(CODE).fill(200, 1078))],
  ['a file that is no picture', Buffer.from('not a picture')],
])('%s is told, and nothing is sent', async (_name, buffer) => {
  await open('desktop');
  await seen.page.locator('input[type=file]').setInputFiles({ name: 'a.bmp', mimeType: 'image/bmp', buffer });
  await expect.poll(told, { timeout: 40_000 }).toContain('没有找到通行码');
  expect(gate.scans).toEqual([]);
});

test('a pasted text is sent, and a gate that is busy or away is told', async () => {
  await open('phone');
  const paste = async () => {
    await seen.page.getByLabel('粘贴通行码文字').fill(`  ${CODE}\n`);
    await seen.page.getByRole('button', { name: '验码' }).click();
  };
  await paste();
  await expect.poll(() => gate.scans).toEqual([CODE]);
  await seen.page.screenshot({ path: pictures.path('reader-phone'), fullPage: true });
  expect(await seriousFindings(seen.page)).toEqual([]);
  gate.scanStatus = 429;
  await paste();
  await expect.poll(told).toContain('门禁正忙');
  gate.scanStatus = 500;
  await paste();
  await expect.poll(told).toContain('没有送到门禁');
});
