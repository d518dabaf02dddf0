import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localTime } from '../../src/base/index.ts';
import { issueCard } from '../../src/issue/index.ts';
import { firstGuards, GUARD, HEAD } from '../scenario/guard-trial.ts';
import { LANE } from '../scenario/trial.ts';
import { type PaperTrial, paperTrial } from '../scenario/paper-trial.ts';
import { DeskClient } from '../twins/desk-client.ts';
import { type GateProcess, menwei } from '../twins/gate-process.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { nowSeconds } from '../twins/paper-community.ts';
import { openPage, pictureFolder, type Seen, seriousFindings, SIZES, startBrowser } from './browser.ts';
import { openDialog, overflowing, press } from './guard-seat.ts';
import { buildPages } from './page-server.ts';

/** What goes wrong at a real gate, each by its real cause, and what guards and residents are told of it: words and next step. */

const COMMUNITY = 9;
const RESIDENT = 11;
const DOOR = { driver: 'folder', chip: 'door', contact: true, fire: true, relay: { pulseMs: 400 } };
/** The district is silent, and a door is held, for half a minute before anybody is told; tries at a broker are up to a minute apart. */
const PATIENCE_MS = 110_000;
/** A picture in the documents loads at once. */
const PICTURE_BYTES_MAX = 150_000;

let at: PaperTrial;
let gate: GateProcess;
let browser: Browser;
/** A guard at the tablet in Chinese, a head guard at night in English on a phone, and the screen at the lane. */
let guard: Seen;
let head: Seen;
let display: Seen;
const pictures = pictureFolder();

/** `expect.poll` that waits as long as a gate does before it tells. */
const told = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: PATIENCE_MS });
const problems = ({ page }: Seen) => page.locator('.problems').innerText();
const alarms = ({ page }: Seen) => page.locator('.alarms').allInnerTexts();
const input = (name: string, active: boolean) =>
  writeFileSync(join(at.trial.folder, 'door', name), active ? '1' : '0');

describe.skipIf(mosquittoPath === undefined)('a gate in trouble', { timeout: 2 * PATIENCE_MS }, () => {
  beforeAll(async () => {
    buildPages();
    const resident = { index: RESIDENT, household: 5, order: 0, display: '测*', lookups: ['room:8-2-2702'] };
    const community = { district: 'village', community: COMMUNITY, places: 128 };
    [at, browser] = await Promise.all([
      paperTrial({ ...community, issuers: [{ kid: 1, suite: 1 }], people: [resident], lifeDays: 200 }),
      startBrowser(),
    ]);
    await at.broker.kill();
    configure();
    const bundle = at.trial.write('bundle.json', await at.paper.bundle());
    const imported = await menwei(['trust', 'import', bundle, '--config', at.trial.configFile]);
    expect(imported.code, imported.error).toBe(0);
    gate = await at.trial.open();
    await openPages();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await at?.trial.end();
    pictures.clear();
  }, 60_000);

  test('started without a network and without proof of the time: the guard confirms, and the display says why', async () => {
    await told(() => problems(guard)).toMatch(/门禁时间不可靠[\s\S]*请查人后放行/);
    await told(() => problems(head)).toMatch(/clock is not sure[\s\S]*Check the network/);
    await told(() => display.page.locator('main').innerText()).toMatch(/门禁时间待校准[\s\S]*需门卫确认/);
    await picture('clock');
  });

  test('the network comes, and with it the time: in order by itself, without a banner', async () => {
    await at.broker.start();
    await told(() => problems(guard)).toBe('');
    await told(() => display.page.locator('.notices').count()).toBe(0);
    while ((await guard.page.locator('.alarm').count()) > 0) await press(guard, 'F7');
    for (const seen of [guard, head]) await told(() => alarms(seen)).toEqual([]);
  });

  test('somebody with a printed card waits: on top of the page, looked at, let in by their own row', async () => {
    showCard();
    await told(() => display.page.locator('main.verdict').allInnerTexts()).toEqual([
      expect.stringContaining('请找门卫'),
    ]);
    await guard.page.locator('.waiting').waitFor();
    expect(await guard.page.locator('.waiting').innerText()).toMatch(/有人等您[\s\S]*测\*[\s\S]*打印卡/);
    expect(await head.page.locator('.waiting').innerText()).toContain('Somebody waits for you');
    await picture('waits');
    await documentPicture();
    await press(guard, 'F6');
    await told(() => guard.page.locator('.member').allInnerTexts()).toEqual([expect.stringContaining('测*')]);
    await openDialog(guard, 'F2');
    await press(guard, '8', 'Enter');
    await told(() => at.trial.relay.openings().length).toBe(1);
    for (const seen of [guard, head]) await told(() => seen.page.locator('.waiting').count()).toBe(0);
    const asked = at.trial.rows().find(({ decision }) => decision === 'guard');
    expect(at.trial.rows().findLast(({ decision }) => decision === 'manual')).toMatchObject({
      entry: asked?.seq,
      index: RESIDENT,
      reason: 'let-in:card-confirmed',
    });
  });

  test('the network is pulled: work goes on, and is said until it is back', async () => {
    await at.broker.kill();
    await told(() => problems(guard)).toMatch(/没有连上区中心[\s\S]*照常放行[\s\S]*请检查网络/);
    await told(() => problems(head)).toMatch(/The district is not reached[\s\S]*Check the network/);
    await told(() => guard.page.locator('.uplink-away').count()).toBe(1);
    await told(() => face()).toBe('waiting');
    await picture('network');
    // The district itself is gone when the network is back; that it is, nobody is told before rows have waited a while.
    await at.centre.stop();
    await at.broker.start();
    await told(() => problems(guard)).not.toContain('没有连上区中心');
  });

  test('the journal takes no row: nothing opens by itself or by hand, and paper is asked for', async () => {
    limitFiles('1:');
    showCard();
    await told(() => problems(guard)).toMatch(/记录写不进去[\s\S]*开门按钮[\s\S]*纸上登记[\s\S]*不要断电/);
    await told(() => problems(head)).toMatch(/Nothing can be recorded[\s\S]*Do not cut the power/);
    await told(() => display.page.locator('main').innerText()).toMatch(/本通道暂停扫码[\s\S]*请找门卫登记/);
    await picture('journal');
    const openings = at.trial.relay.openings().length;
    await openDialog(guard, 'F4');
    await press(guard, '1', 'Enter');
    await told(() => guard.page.locator('dialog .failed').allInnerTexts()).toEqual([
      expect.stringContaining('请用墙上的开门按钮'),
    ]);
    await press(guard, 'Escape');
    expect(at.trial.relay.openings()).toHaveLength(openings);
    limitFiles('unlimited:');
    await told(() => problems(guard)).not.toContain('记录写不进去');
    await told(() => face()).toBe('waiting');
  });

  test('the reader is unplugged: whom to look up how, and the other lanes for residents', async () => {
    await at.trial.terminal.hangUp();
    await told(() => problems(guard)).toMatch(/读码器全部不能用[\s\S]*请查人后放行[\s\S]*检查接线/);
    await told(() => problems(head)).toMatch(/No reader works[\s\S]*Check the cables/);
    await told(() => display.page.locator('main').innerText()).toMatch(/读码器故障[\s\S]*其他通道/);
    await told(() => alarms(guard)).toEqual([expect.stringContaining('读码器断开')]);
    await picture('reader');
  });

  test('the door was left open: an alarm that somebody closes it, until a guard has seen to it', async () => {
    // Not before: what is due while nothing can be recorded is not recorded.
    const before = at.trial.relay.openings().length;
    await openDialog(guard, 'F4');
    await press(guard, '1', 'Enter');
    await told(() => at.trial.relay.openings().length).toBe(before + 1);
    input('contact', true);
    await told(() => alarms(guard)).toEqual([expect.stringMatching(/门久开未关[\s\S]*请去关门/)]);
    expect(await alarms(head)).toEqual([expect.stringMatching(/Door left open[\s\S]*Please close it/)]);
    await picture('door-held');
    input('contact', false);
    await told(() => guard.page.locator('.lane').innerText()).toContain('门关着');
    while ((await guard.page.locator('.alarm').count()) > 0) await press(guard, 'F7');
    for (const seen of [guard, head]) await told(() => alarms(seen)).toEqual([]);
  });

  test('a fire: doors are released, people are led out and counted', async () => {
    input('fire', true);
    await told(() => problems(guard)).toMatch(/火警[\s\S]*引导撤离[\s\S]*119/);
    await told(() => problems(head)).toMatch(/Fire![\s\S]*Who is inside/);
    await told(() => display.page.locator('main').innerText()).toMatch(/火警！请撤离[\s\S]*无需扫码/);
    await picture('fire');
    input('fire', false);
    await told(() => problems(guard)).not.toContain('火警');
  });

  test('the district is down behind a broker that stands: as without a network, and how much waits', async () => {
    await told(() => problems(guard)).toMatch(/没有连上区中心[\s\S]*记录会先存在本机/);
    expect(await guard.page.locator('.uplink-away').innerText()).toMatch(/[1-9]\d* 条待上报/);
    await picture('district');
  });
});

const face = () => display.page.locator('.display').getAttribute('data-face');

/** A card that nobody showed before. */
let cards = 0;
function showCard(): void {
  cards += 1;
  const { day } = localTime(nowSeconds(), 'Asia/Shanghai');
  const days = { firstDay: day - cards, lastDay: day + 5, assurance: 1 } as const;
  at.trial.scan(issueCard(at.paper.issuer(1), { index: RESIDENT, ...days }).canonical);
}

function configure(): void {
  const whole = JSON.parse(readFileSync(at.trial.configFile, 'utf8')) as { lanes: object[] };
  const lanes = whole.lanes.map((lane) => ({ ...lane, door: DOOR }));
  writeFileSync(at.trial.configFile, JSON.stringify({ ...whole, lanes, clock: { battery: false } }));
}

/** Of the gate's process: what it may still write of any file, as a full disk would have it. */
function limitFiles(bytes: string): void {
  execFileSync('prlimit', ['--pid', String(gate.pid), `--fsize=${bytes}`]);
}

async function openPages(): Promise<void> {
  const address = await gate.open();
  const clients = [new DeskClient(address, HEAD), new DeskClient(address, GUARD)] as const;
  await firstGuards(gate, ...clients);
  guard = await openPage(browser, { url: `${address}/guard`, size: 'tablet' });
  head = await openPage(browser, { url: `${address}/guard`, size: 'phone', colorScheme: 'dark' });
  display = await openPage(browser, { url: `${address}/display/${LANE}`, size: 'desktop' });
  await head.page.getByRole('button', { name: 'English' }).click();
  for (const [seen, { account, secret }] of [
    [guard, GUARD],
    [head, HEAD],
  ] as const) {
    await seen.page.locator('.pin-pad').waitFor();
    await seen.page.locator('input').first().fill(account);
    await seen.page.locator('input[type=password]').fill(secret);
    await seen.page.keyboard.press('Enter');
    await seen.page.locator('.lane').waitFor();
  }
}

/** The picture of the help and the README: the desk with somebody who waits. */
async function documentPicture(): Promise<void> {
  await guard.page.setViewportSize({ width: 1280, height: 720 });
  const taken = await guard.page.screenshot();
  await guard.page.setViewportSize(SIZES.tablet);
  writeFileSync(pictures.path('guard'), taken);
  expect(taken.length).toBeLessThanOrEqual(PICTURE_BYTES_MAX);
}

/** All three screens as they are, and nothing serious or cut off on the guard's. */
async function picture(name: string): Promise<void> {
  for (const [place, seen] of [
    ['guard', guard],
    ['head', head],
    ['display', display],
  ] as const)
    await seen.page.screenshot({ path: pictures.path(`trouble-${name}-${place}`) });
  for (const seen of [guard, head]) expect(await overflowing(seen)).toEqual([]);
  expect(await seriousFindings(head.page)).toEqual([]);
  for (const { strays, errors } of [guard, head, display]) expect([strays, errors]).toEqual([[], []]);
}
