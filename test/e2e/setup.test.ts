import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { GateProcess } from '../twins/gate-process.ts';
import { RelayTrace } from '../twins/relay-trace.ts';
import { openPage, pictureFolder, type Seen, type Size, seriousFindings, startBrowser } from './browser.ts';
import { buildPages } from './page-server.ts';

/** The set-up page of a real gate that knows nothing yet, in a real browser; only what is plugged in is played. */

const SCANNER = '/dev/serial/by-id/usb-Honeywell_Voyager_1400g-if00';

let folder: string;
let gate: GateProcess;
let origin: string;
let browser: Browser;
let relay: RelayTrace;
const pictures = pictureFolder();

beforeAll(async () => {
  buildPages();
  folder = mkdtempSync(join(tmpdir(), 'menwei-setup-e2e-'));
  relay = new RelayTrace(join(folder, 'door'));
  mkdirSync(join(folder, 'pictures'));
  const lane = {
    id: 'main',
    readers: [{ id: 'page', type: 'display' }],
    door: { driver: 'folder', chip: 'door', relay: { pulseMs: 200 } },
  };
  const config = join(folder, 'gate.yaml');
  writeFileSync(config, JSON.stringify({ dataDir: 'data', http: { port: 0 }, lanes: [lane] }));
  gate = new GateProcess({ config });
  [browser, origin] = await Promise.all([startBrowser(), gate.open()]);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await gate?.stop();
  pictures.clear();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function open(size: Size, more: Parameters<typeof openPage>[1] | object = {}): Promise<Seen> {
  const seen = await openPage(browser, { ...more, url: `${origin}/setup`, size });
  await seen.page.locator('.setup[data-inside=inside] .card, .setup[data-inside=outside] .card').waitFor();
  return seen;
}

async function close({ page, strays, errors }: Seen): Promise<void> {
  await page.context().close();
  expect([strays, errors]).toEqual([[], []]);
}

async function looksRight(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: pictures.path(name), fullPage: true });
  expect(await seriousFindings(page)).toEqual([]);
  const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect(tooWide, name).toBeLessThanOrEqual(0);
}

const TIME = {
  service: 'chrony',
  synchronised: true,
  name: 'time.example',
  canSet: true,
  mustProve: false,
};

const step = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${name}`) });
const json = (body: object, status = 200) => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
});

async function plugIn(page: Page): Promise<void> {
  const device = { type: 'serial', path: SCANNER };
  await page.route('**/setup/api/devices', (route) => route.fulfill(json({ devices: [device] })));
}

describe('the set-up page', () => {
  test('asks who is not at the gate for the figures of its console', async () => {
    // As whoever comes by way of another machine.
    const seen = await open('phone', { extraHTTPHeaders: { 'x-forwarded-for': '192.0.2.7' } });
    const { page } = seen;
    const code = /"setupCode":"(\d{8})"/.exec(gate.log)?.[1] ?? '';
    const field = page.getByLabel('八位数字');
    await field.fill(code === '00000000' ? '11111111' : '00000000');
    await page.getByRole('button', { name: '进入' }).click();
    await page.getByText('数字不对').waitFor();
    await looksRight(page, 'setup-entrance');
    await field.fill(code);
    await page.getByRole('button', { name: '进入' }).click();
    await page.getByRole('heading', { name: '把门禁登记到区中心' }).waitFor();
    await looksRight(page, 'setup-enrol-phone');
    expect(
      await page.evaluate('JSON.stringify([localStorage, sessionStorage, location.href])'),
    ).not.toContain(code);
    await close(seen);
  });

  test('says why a text enrols nobody', async () => {
    const seen = await open('tablet');
    const { page } = seen;
    await page.getByLabel('登记码文字').fill('MENWEI-ENROL:1:NOTHING');
    await page.getByRole('button', { name: '登记', exact: true }).last().click();
    await page.getByText('这不是登记码').waitFor();
    await looksRight(page, 'setup-enrol');
    await close(seen);
  });

  test('finds a reader, shows it the symbol, and says how it is set', async () => {
    const seen = await open('desktop');
    const { page } = seen;
    await plugIn(page);
    const heard = Promise.withResolvers<void>();
    await page.route('**/setup/api/readers/test', async (route) => {
      expect(route.request().postDataJSON()).toEqual({
        reader: { type: 'serial', id: 'scanner', path: SCANNER, baudRate: 9_600 },
      });
      await heard.promise;
      const caps = {
        zh: '大小写颠倒：请关闭 Caps Lock',
        en: 'Upper and lower case are swapped: turn Caps Lock off.',
      };
      await route.fulfill(json({ usable: true, heard: true, findings: [caps] }));
    });
    await step(page, '读码器').click();
    await page.getByRole('button', { name: '试读 Honeywell Voyager 1400g' }).click();
    await page.getByRole('img', { name: '设置图案' }).waitFor();
    await looksRight(page, 'setup-symbol');
    heard.resolve();
    await page.getByText('大小写颠倒').waitFor();
    await looksRight(page, 'setup-reader-heard');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Plugged in' }).waitFor();
    await looksRight(page, 'setup-readers');
    await close(seen);
  });

  test('opens the door once after it was asked twice, and asks whether it did', async () => {
    const seen = await open('tablet', { colorScheme: 'dark' });
    const { page } = seen;
    await step(page, '门').click();
    await page.getByText('现在的门是模拟的').waitFor();
    await page.getByRole('button', { name: '试开门' }).click();
    expect(relay.openings()).toEqual([]);
    await looksRight(page, 'setup-door-sure');
    await page.getByRole('button', { name: '现在打开' }).click();
    await page.getByText('没有接门磁；门开了吗？').waitFor();
    expect(relay.openings()).toHaveLength(1);
    await page.getByRole('button', { name: '没开' }).click();
    await page.getByText('锁的电源').waitFor();
    await looksRight(page, 'setup-door');
    const length = page.getByLabel('开门时长');
    expect(await length.inputValue()).toBe('0.2');
    await length.fill('0，03');
    await page.getByText('请填 0.1 到 30 秒').waitFor();
    await length.fill('0，3');
    await page.getByText('还没有保存').waitFor();
    await step(page, '网络').click();
    await step(page, '门').click();
    expect(await length.inputValue()).toBe('0.3');
    await close(seen);
  });

  test('joins a Wi-Fi and sets an address where the machine can, and keeps no password', async () => {
    const seen = await open('desktop');
    const { page } = seen;
    const link = { device: 'wlan0', wireless: true, up: true, addresses: [] };
    const network = { canChange: true, hostname: 'gate', links: [link], nameServers: ['192.0.2.1'] };
    await page.route('**/setup/api/network', (route) =>
      route.fulfill(json({ ...network, timeServer: TIME })),
    );
    const asked: unknown[] = [];
    await page.route('**/setup/api/network/*', (route) => {
      asked.push(route.request().postDataJSON());
      return route.fulfill(json({ done: true }));
    });
    await step(page, '网络').click();
    await page.getByLabel('网络名称').fill('north');
    await page.getByLabel('密码').fill('canary-wifi-1');
    await page.getByRole('button', { name: '加入' }).click();
    await page.getByText('已加入').waitFor();
    expect(await page.getByLabel('密码').inputValue()).toBe('');
    await page.getByLabel('固定地址').check();
    await page.getByLabel('IPv4 地址').fill('192.0.2.20');
    await looksRight(page, 'setup-network');
    await page.getByRole('button', { name: '应用' }).click();
    await page.getByText('已保存').waitFor();
    expect(asked).toEqual([
      { device: 'wlan0', ssid: 'north', password: 'canary-wifi-1' },
      { method: 'fixed', device: 'wlan0', address: '192.0.2.20', prefix: 24 },
    ]);
    await close(seen);
  });

  test('asks through the proxy that is typed, at night on a phone, and shows no password again', async () => {
    const seen = await open('phone', { colorScheme: 'dark' });
    const { page } = seen;
    await step(page, '网络').click();
    const card = page.locator('.card', { has: page.getByRole('heading', { name: '代理', exact: true }) });
    await card.getByLabel('使用代理').check();
    await card.getByLabel('代理地址').fill('https://proxy.example');
    await card.getByRole('button', { name: '保存' }).click();
    await card.getByText('请写成 http://主机:端口').waitFor();
    await card.getByLabel('代理地址').fill('proxy.example:3128/');
    await card.getByLabel('用户名').fill('north-1');
    await card.getByLabel('密码').fill('canary-proxy-1');
    await card.getByLabel('不经过代理的主机').fill('district.example，.lan');
    await card.getByRole('button', { name: '保存' }).click();
    await card.getByText('立即生效').waitFor();
    await card.getByText('已保存，不显示').waitFor();
    expect(await card.getByLabel('密码').inputValue()).toBe('');
    await looksRight(page, 'setup-proxy-phone-night');
    const { proxy } = parse(readFileSync(join(folder, 'gate.yaml'), 'utf8')) as { proxy: unknown };
    expect(proxy).toEqual({
      url: 'http://proxy.example:3128',
      username: 'north-1',
      password: 'canary-proxy-1',
      direct: ['district.example', '.lan'],
    });
    await card.getByLabel('不使用').check();
    await card.getByRole('button', { name: '保存' }).click();
    await expect.poll(() => readFileSync(join(folder, 'gate.yaml'), 'utf8')).not.toContain('proxy');
    expect(gate.log).not.toContain('canary-proxy-1');
    await close(seen);
  });

  test('names a time server where the machine lets it, and the way by hand where not', async () => {
    const seen = await open('phone', { colorScheme: 'dark' });
    const { page } = seen;
    const asked: unknown[] = [];
    let timeServer: object = TIME;
    const base = { canChange: false, hostname: 'gate', links: [], nameServers: ['192.0.2.1'] };
    await page.route('**/setup/api/network', (route) => route.fulfill(json({ ...base, timeServer })));
    await page.route('**/setup/api/network/time', (route) => {
      asked.push(route.request().postDataJSON());
      timeServer = { ...TIME, own: { server: 'ntp.example', nts: false } };
      return route.fulfill(json({ done: true }));
    });
    await step(page, '网络').click();
    const card = page.locator('.card', { has: page.getByRole('heading', { name: '对时', exact: true }) });
    await card.getByText('time.example').waitFor();
    await card.getByLabel('指定服务器').check();
    await card.getByLabel('时间服务器').fill(' ntp.example ');
    await card.getByRole('button', { name: '保存' }).click();
    await card.getByText('还没有应答').waitFor();
    await looksRight(page, 'setup-time-phone-night');
    expect(asked).toEqual([{ method: 'own', server: 'ntp.example', nts: false }]);
    timeServer = { service: 'timesyncd', synchronised: false, canSet: false, mustProve: false };
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('/etc/systemd/timesyncd.conf').waitFor();
    await looksRight(page, 'setup-time-by-hand');
    await close(seen);
  });

  test('shows the network, and at the end what is left to do', async () => {
    const seen = await open('phone');
    const { page } = seen;
    await step(page, '网络').click();
    await page.getByText('域名服务器').first().waitFor();
    await looksRight(page, 'setup-network-phone');
    await step(page, '完成').click();
    await page.getByText('本门禁尚未登记').waitFor();
    expect(await page.getByRole('button', { name: '启动门禁' }).isDisabled()).toBe(true);
    await looksRight(page, 'setup-finish-phone');
    await page.setViewportSize({ width: 1440, height: 900 });
    await looksRight(page, 'setup-finish');
    await close(seen);
  });
});
