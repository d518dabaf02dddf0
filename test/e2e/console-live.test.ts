import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { argon2id } from '../../src/crypto/index.ts';
import { type District, openDeskAlone, startDistrict } from '../../src/district/index.ts';
import { openDatabase, Registry } from '../../src/district/testing.ts';
import type { StatusPayload } from '../../src/wire/index.ts';
import { memoryLog, realClock } from '../twins/broker.ts';
import { keyPair } from '../twins/gate.ts';
import { quietCrypto } from '../twins/quiet-district.ts';
import { addTrialGate, TRIAL_JOURNAL } from '../twins/stored-gates.ts';
import { openPage, type Seen, startBrowser } from './browser.ts';

/** The console follows what gates say, by their own messages through the broker, without a page that is loaded again. */

const PASSWORD = 'vier kleine Kraniche';
const DISTRICT = 'lianhu';
const STORED_GATES = 960;
const SPEAKING_GATES = 40;
const UPDATES_PER_SECOND = 50;
const UPDATES_FOR_MS = 5_000;
const WALL_WITHIN_MS = 20_000;
/** Of the page's time, what scripts, style and layout may take while all that comes in; the machine is slow and shared. */
const BUSY_SHARE_MAX = 0.5;

const folder = mkdtempSync(join(tmpdir(), 'menwei-live-'));
const base = {
  dataDir: folder,
  clock: realClock,
  random: { bytes: (length: number) => new Uint8Array(randomBytes(length)) },
};
let browser: Browser;
let district: District;
let seen: Seen;
let page: Page;
let resident: number;
const speaking = new Map<string, MqttClient>();

beforeAll(async () => {
  district = await startDistrict({
    ...base,
    district: DISTRICT,
    timeZone: 'Asia/Shanghai',
    communities: [{ id: 1001 }],
    http: { host: '127.0.0.1', port: 0 },
    broker: { host: '127.0.0.1', port: 0 },
    crypto: { ...quietCrypto, argon2id },
    log: memoryLog(),
  });
  const person = { community: 1001, room: '1-1-101', display: '王*', assurance: 2 } as const;
  resident = (await district.addResident({ ...person, needsMoreTime: false, minor: false }))?.index ?? -1;
  await storeGates();
  await speakUp();
  const beside = await openDeskAlone({ ...base, log: memoryLog(), crypto: { argon2id } });
  const roles = ['registrar', 'operator', 'auditor', 'administrator'] as const;
  const opened = await beside.desk.accounts.open({ account: 'li-wei', roles }, 'machine');
  if (!opened.ok) throw new Error(opened.error);
  await beside.desk.accounts.redeem({ invitation: opened.value.invitation, password: PASSWORD });
  await beside.close();
  browser = await startBrowser();
  seen = await openPage(browser, { url: `${district.httpUrl}/console`, size: 'desktop' });
  page = seen.page;
  await page.locator('[name=account]').fill('li-wei');
  await page.locator('[name=password]').fill(PASSWORD);
  await page.locator('main button').click();
  await page.waitForURL('**/console/gates');
}, 120_000);

afterAll(async () => {
  await browser.close();
  for (const client of speaking.values()) await client.endAsync(true);
  await district.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  expect({ strays: seen.strays, errors: seen.errors }).toEqual({ strays: [], errors: [] });
});

async function storeGates(): Promise<void> {
  const database = await openDatabase(join(folder, 'district.sqlite'));
  const registry = new Registry({ ...base, database, places: 65_536 });
  const place = { ...base, district: DISTRICT, database, registry };
  for (let at = 0; at < STORED_GATES; at += 1)
    await addTrialGate(place, { name: `many-${at}`, community: 1001, status: {} });
  await database.destroy();
}

async function speakUp(): Promise<void> {
  const names = Array.from({ length: SPEAKING_GATES }, (_, at) => `live-${String(at).padStart(2, '0')}`);
  const gates = names.map((gate) => ({ gate, community: 1001, deviceKey: keyPair().publicKeyHex }));
  const passwords = await district.trial.enrolGates(gates);
  for (const [at, gate] of names.entries()) {
    const settings = {
      username: gate,
      password: passwords[at] ?? '',
      clientId: `menwei-${DISTRICT}-${gate}`,
    };
    speaking.set(gate, await connectAsync(district.brokerUrl, settings));
    await say(gate, {});
  }
}

function say(gate: string, more: Partial<StatusPayload>): Promise<unknown> {
  const status: StatusPayload = {
    state: 'online',
    since: '2026-03-01T06:00:00.000Z',
    session: 'c'.repeat(32),
    software: '0.1.0',
    journal: { id: TRIAL_JOURNAL, seq: 0, hash: '0'.repeat(64) },
    documents: {},
    clock: { quality: 'synced', errorSeconds: 0.2 },
    lanes: [],
    protocol: 4,
    ...more,
  };
  const topic = `menwei/1/${DISTRICT}/gates/${gate}/status`;
  return (
    speaking.get(gate)?.publishAsync(topic, JSON.stringify(status), { qos: 1, retain: true }) ??
    Promise.reject(new Error(gate))
  );
}

const lane = (mode: 'normal' | 'lock-down') =>
  [{ lane: 'main', direction: 'in', mode, door: { ok: true, relayOn: false, open: false } }] as const;

async function go(path: string): Promise<void> {
  const answer = await page.goto(`${district.httpUrl}/console${path}`);
  expect(answer?.status(), path).toBe(200);
}

const within = (condition: () => Promise<boolean>) =>
  expect.poll(condition, { timeout: 40_000, interval: 100 }).toBe(true);
const isLive = async () =>
  (await page.locator('.connection-mark').getAttribute('data-connection')) === 'live';
/** Lost as soon as the page is loaded again. */
const setMark = () => page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
const hasMark = () => page.evaluate(() => 'isSamePage' in globalThis);

/** In the page: how far apart its frames are, and which tasks held them up. */
const MEASURE = `
  globalThis.told = { frames: [], tasks: [] };
  new PerformanceObserver((list) => told.tasks.push(...list.getEntries().map((entry) => entry.duration)))
    .observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now) => {
    told.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
`;

test('a thousand gates are one page, and what changes moves alone', { timeout: 180_000 }, async () => {
  const before = performance.now();
  await go('/gates');
  const took = performance.now() - before;
  expect(await page.locator('[data-wall] [data-gate]').count()).toBe(STORED_GATES + SPEAKING_GATES);
  expect(took).toBeLessThan(WALL_WITHIN_MS);
  await within(isLive);
  await setMark();
  const still = await page.locator('[data-gate="many-7"]').elementHandle();
  const devtools = await page.context().newCDPSession(page);
  // Of this thread alone: what other programs take of the machine is not counted.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.evaluate(MEASURE);
  const first = await busySeconds(devtools);
  const names = [...speaking.keys()];
  const start = performance.now();
  for (let at = 0; performance.now() - start < UPDATES_FOR_MS; at += 1) {
    const mode = Math.floor(at / names.length) % 2 === 0 ? 'lock-down' : 'normal';
    await say(names[at % names.length] ?? '', { lanes: [...lane(mode)] });
    const due = start + ((at + 1) * 1_000) / UPDATES_PER_SECOND - performance.now();
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
  }
  const spanSeconds = (performance.now() - start) / 1_000;
  const share = ((await busySeconds(devtools)) - first) / spanSeconds;
  const told = await page.evaluate(
    () => Reflect.get(globalThis, 'told') as { frames: number[]; tasks: number[] },
  );
  const frames = told.frames.sort((left, right) => left - right);
  const p95 = frames[Math.floor(frames.length * 0.95)] ?? 0;
  const longest = Math.max(0, ...told.tasks);
  process.stdout.write(
    `a wall of ${STORED_GATES + SPEAKING_GATES} gates: ${took.toFixed(0)} ms; under ${UPDATES_PER_SECOND} updates a second: ` +
      `frames p95 ${p95.toFixed(0)} ms, ${told.tasks.length} long tasks, the longest ${longest.toFixed(0)} ms, busy ${(share * 100).toFixed(0)} %\n`,
  );
  expect(share).toBeLessThan(BUSY_SHARE_MAX);
  for (const [at, name] of names.entries())
    await say(name, { lanes: [...lane(at === 3 ? 'lock-down' : 'normal')] });
  const needs = page.locator('[data-place="needs"]');
  await within(async () => (await needs.locator('tr').count()) === 1);
  expect(await needs.innerText()).toContain('live-03');
  expect([await hasMark(), await still?.evaluate((element) => element.isConnected)]).toEqual([true, true]);
});

/** What scripts, style and layout took of the page so far. */
async function busySeconds(devtools: Awaited<ReturnType<ReturnType<Page['context']>['newCDPSession']>>) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return of('ScriptDuration') + of('LayoutDuration') + of('RecalcStyleDuration');
}

test('a filtered wall keeps its filter: a gate that is in order again leaves it', async () => {
  await go('/gates?state=attention');
  await within(isLive);
  await setMark();
  await say('live-05', { lanes: [...lane('lock-down')] });
  const wall = page.locator('[data-wall]');
  await within(async () => (await wall.innerText()).includes('live-05'));
  await say('live-05', { lanes: [...lane('normal')] });
  await within(async () => !(await wall.innerText()).includes('live-05'));
  expect([await wall.locator('.tile').count(), await hasMark()]).toEqual([0, true]);
});

test('a gate’s page and the live page follow it, and an alarm is there without a reload', async () => {
  await go('/gates/live-01');
  await within(isLive);
  await setMark();
  const alarm = { id: 'a-1', at: new Date().toISOString(), alarm: 'forced', lane: 'main' };
  const topic = `menwei/1/${DISTRICT}/gates/live-01/alarms`;
  await speaking.get('live-01')?.publishAsync(topic, JSON.stringify(alarm), { qos: 1 });
  await within(async () => (await page.locator('[data-part="alarms"]').innerText()).includes('门被强行打开'));
  expect(await hasMark()).toBe(true);
  await go('/feed?show=alarms');
  await within(isLive);
  await setMark();
  const again = { ...alarm, id: 'a-2', alarm: 'fire' };
  await speaking.get('live-01')?.publishAsync(topic, JSON.stringify(again), { qos: 1 });
  await within(async () => (await page.locator('[data-part="alarms"]').innerText()).includes('消防信号'));
  expect(await hasMark()).toBe(true);
});

test('a resident’s page shows which gates have taken the change', async () => {
  await go(`/residents/${resident}`);
  await page.locator('#state-state').selectOption('suspended');
  await page.locator('#state-reason').selectOption('checked');
  await page.locator('form:has(input[name="form"][value="state"]) button').first().click();
  const uptake = page.locator('[data-part="uptake"]');
  await within(async () => (await uptake.innerText()).includes('个门禁中 0 个已收到'));
  await setMark();
  const version = Number(/第 (\d+) 版/.exec(await uptake.innerText())?.[1]);
  for (const name of speaking.keys()) await say(name, { documents: { residents: version } });
  await within(async () => (await uptake.innerText()).includes(`中 ${SPEAKING_GATES} 个已收到`));
  expect(await uptake.innerText()).toMatch(/95% 在 [\d.]+ 秒内/);
  expect(await hasMark()).toBe(true);
});

test('a line that cannot be had is told, and goes on where the page was', { timeout: 120_000 }, async () => {
  await page.route('**/console/live/**', (route) => route.abort());
  await go('/gates');
  await within(async () => page.locator('.connection-mark .lost').isVisible());
  await setMark();
  await say('live-09', { lanes: [...lane('lock-down')] });
  await page.unroute('**/console/live/**');
  await within(isLive);
  await within(async () => (await page.locator('[data-place="needs"]').innerText()).includes('live-09'));
  expect(await hasMark()).toBe(true);
});
