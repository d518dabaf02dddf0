import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  openAgain,
  openPage,
  pictureFolder,
  type Seen,
  type Size,
  seriousFindings,
  startBrowser,
} from './browser.ts';
import { GUARD, PASS, SLOW_PHONE, STATE } from './display-messages.ts';
import { type PageServer, ScriptedGate, servePages } from './page-server.ts';

const SIZES: readonly Size[] = ['phone', 'tablet', 'desktop', 'portrait'];

let browser: Browser;
let gate: ScriptedGate;
let server: PageServer;
let seen: Seen;
/** The page of the test before, which is used again. */
let kept: Seen | undefined;
const pictures = pictureFolder();

beforeAll(async () => {
  browser = await startBrowser();
  server = await servePages((...asked) => gate.handle(...asked));
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  pictures.clear();
});
beforeEach(() => {
  gate = new ScriptedGate();
});
afterEach(() => {
  expect(seen.strays).toEqual([]);
  expect(seen.errors).toEqual([]);
});

async function open(size: Size, state: object = STATE, dark = false): Promise<void> {
  gate.state(state);
  const sight = {
    url: `${server.origin}/display/main-in`,
    size,
    colorScheme: dark ? ('dark' as const) : ('light' as const),
  };
  seen = kept ?? (await openPage(browser, sight));
  if (kept !== undefined) await openAgain(kept, sight);
  kept = seen;
  await expect.poll(() => gate.listeners).toBe(1);
  await seen.page.locator('.display:not([data-face=connecting])').waitFor();
}

function face(): Promise<string | null> {
  return seen.page.locator('.display').getAttribute('data-face');
}

async function looksRight(name: string): Promise<void> {
  await seen.page.screenshot({ path: pictures.path(name) });
  expect(await seriousFindings(seen.page)).toEqual([]);
  expect(await overflowing()).toEqual([]);
}

/** Texts that do not fit their screen; a tall page may be scrolled while it waits. */
function overflowing(): Promise<string[]> {
  const texts = seen.page.locator(':is(h1, p:not(.unseen), li, .clock, button, label):not([inert] *)');
  return texts.evaluateAll((elements) => {
    const outside: string[] = [];
    for (const element of elements) {
      const { innerWidth, innerHeight } = element.ownerDocument.defaultView;
      const box = element.getBoundingClientRect();
      const scrolls = element.closest('.waiting') !== null && innerHeight > innerWidth;
      const tooTall = !scrolls && (box.top < -1 || box.bottom > innerHeight + 1);
      if (tooTall || box.left < -1 || box.right > innerWidth + 1) outside.push(element.textContent);
    }
    return outside;
  });
}

/** Height of the letters as a part of the screen's height. */
function letterHeight(selector: string): Promise<number> {
  return seen.page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const view = element.ownerDocument.defaultView;
      return Number.parseFloat(view.getComputedStyle(element).fontSize) / view.innerHeight;
    });
}

describe.each(SIZES)('on a %s', (size) => {
  test('waiting: both languages say how to hold the code', async () => {
    await open(size);
    await expect.poll(face).toBe('waiting');
    const said = await seen.page.locator('main').innerText();
    expect(said).toContain('请出示通行码');
    expect(said).toContain('Show your code');
    expect(await seen.page.locator('time').innerText()).toContain('18:04:');
    await looksRight(`waiting-${size}`);
  });

  test.each([
    ['pass', { ...PASS, people: 3 }, ['请通行', 'Please pass', '测*', '共 3 人']],
    ['stop', SLOW_PHONE, ['不能通行', '您的手机时间慢了 3 分 40 秒', 'Your phone is 3 min 40 s slow']],
    ['guard', GUARD, ['请找门卫', 'See the guard', '请到岗亭']],
  ])('verdict %s fills the screen in Chinese and English', async (tone, verdict, texts) => {
    await open(size);
    gate.verdict(verdict);
    await expect.poll(face).toBe('verdict');
    const sign = seen.page.locator(`main.verdict-${tone}`);
    const said = await sign.innerText();
    for (const text of texts) expect(said).toContain(text);
    expect(await sign.locator('svg.sign').isVisible()).toBe(true);
    await looksRight(`verdict-${tone}-${size}`);
    expect(await seen.page.locator('.beneath').getAttribute('inert')).not.toBeNull();
  });
});

test('English is chosen in place and kept over a reload', async () => {
  await open('desktop');
  await seen.page.getByRole('button', { name: 'English' }).click();
  expect(await seen.page.locator('h1 .first').innerText()).toBe('Show your code');
  await looksRight('waiting-english-desktop');
  await seen.page.reload();
  await expect.poll(() => seen.page.locator('h1 .first').innerText()).toBe('Show your code');
  gate.verdict({ ...SLOW_PHONE, offsetSeconds: 125 });
  await expect.poll(face).toBe('verdict');
  expect(await seen.page.locator('.sentence .first').first().innerText()).toBe(
    'Your phone is 2 min 5 s fast.',
  );
  await looksRight('verdict-stop-english-desktop');
});

test('the word of a verdict is tall enough for 5 m', async () => {
  await open('desktop');
  gate.verdict(SLOW_PHONE);
  await expect.poll(face).toBe('verdict');
  // On a 24-inch monitor (300 mm high) 25 mm is the word's least height at 5 m, and 14 mm a sentence's (ISO 9241-303: 16 and 10 minutes of arc).
  expect(await letterHeight('.verdict h1 .first')).toBeGreaterThan(25 / 300);
  expect(await letterHeight('.verdict .sentence .first')).toBeGreaterThan(14 / 300);
});

test('a verdict is on the screen within 50 ms of its event', async () => {
  await open('desktop');
  const took: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    gate.verdict({ ...PASS, seq: round + 1, showMs: 500 });
    // The sign itself may be gone before it is looked for; what was measured of it stays.
    await expect
      .poll(() =>
        seen.page.evaluate(() => performance.getEntriesByName('verdict-shown').at(-1)?.duration ?? -1),
      )
      .toBeGreaterThanOrEqual(0);
    took.push(
      await seen.page.evaluate(() => performance.getEntriesByName('verdict-shown').at(-1)?.duration ?? -1),
    );
    await expect.poll(face).toBe('waiting');
    await seen.page.evaluate(() => performance.clearMeasures());
  }
  took.sort((left, right) => left - right);
  // The machine may be doing something else for many of them.
  expect(took[2], took.join(' ')).toBeLessThan(50);
});

test('the screen waits again by itself, and a newer verdict replaces an older one', async () => {
  await open('tablet');
  gate.verdict({ ...PASS, showMs: 60_000 });
  await seen.page.locator('main.verdict-pass').waitFor();
  gate.verdict({ ...GUARD, showMs: 3_000 });
  await seen.page.locator('main.verdict-guard').waitFor();
  expect(await seen.page.locator('main.verdict-pass').count()).toBe(0);
  await expect.poll(face).toBe('waiting');
});

test('a verdict is said to screen readers without the name', async () => {
  await open('tablet');
  gate.verdict(GUARD);
  await expect.poll(() => seen.page.locator('[aria-live=assertive]').innerText()).toContain('请找门卫');
  expect(await seen.page.locator('[aria-live=assertive]').innerText()).not.toContain('测*');
});

test.each([
  ['journal', '通行记录无法保存'],
  ['door', '门开不了'],
  ['readers', '读码器故障'],
  ['fire', '火警'],
  ['lockdown', '临时封闭'],
  ['starting', '正在启动'],
])('out of order: %s is said in place of the invitation', async (problem, said) => {
  await open('desktop', { ...STATE, problems: [problem, 'clock'] });
  await expect.poll(face).toBe('closed');
  expect(await seen.page.locator('main').innerText()).toContain(said);
  expect(await seen.page.locator('main').innerText()).not.toContain('请出示通行码');
  await looksRight(`problem-${problem}-desktop`);
});

test('out of order on a phone-sized screen and on its side', async () => {
  await open('portrait', { ...STATE, problems: ['journal', 'trust'] });
  await looksRight('problem-journal-portrait');
  await seen.page.setViewportSize({ width: 390, height: 844 });
  await looksRight('problem-journal-phone');
});

test('clock and trust are told beside the invitation', async () => {
  await open('desktop', { ...STATE, problems: ['trust', 'clock'] });
  await expect.poll(face).toBe('waiting');
  expect(await seen.page.locator('.notices li').count()).toBe(2);
  await looksRight('notices-desktop');
});

test('fire goes before a verdict', async () => {
  await open('desktop');
  gate.verdict({ ...PASS, showMs: 60_000 });
  await expect.poll(face).toBe('verdict');
  gate.state({ ...STATE, problems: ['fire'] });
  await expect.poll(face).toBe('closed');
});

test('a lost line is said, and heals by itself', async () => {
  await open('desktop');
  gate.down = true;
  gate.hangUp();
  await expect.poll(face).toBe('lost');
  expect(await seen.page.locator('main').innerText()).toContain('显示屏已断开');
  await looksRight('lost-desktop');
  gate.down = false;
  await expect.poll(face, { timeout: 40_000 }).toBe('waiting');
});

test('at night the screen is dark', async () => {
  await open('desktop', STATE, true);
  const ground = await seen.page
    .locator('html')
    .evaluate((html) => html.ownerDocument.defaultView.getComputedStyle(html).backgroundColor);
  expect(ground).toBe('rgb(11, 21, 19)');
  await looksRight('waiting-night-desktop');
});

test('figures of the first account are shown to read off and to hear, and go beneath a verdict', async () => {
  await open('tablet', { ...STATE, firstAccount: '00481523', problems: ['clock'] });
  const figures = seen.page.locator('.figures');
  await expect.poll(() => figures.innerText()).toContain('0048 1523');
  expect(await figures.locator('.unseen').innerText()).toBe('0 0 4 8 1 5 2 3');
  await looksRight('first-account-tablet');
  gate.verdict(PASS);
  await expect.poll(face).toBe('verdict');
  gate.state({ ...STATE, problems: ['not-enrolled'] });
  await expect.poll(() => figures.count()).toBe(0);
});

test('a gate that nobody has set up says where and with which figures it is done', async () => {
  const setUp = { address: 'https://192.168.100.217:8443/setup', figures: '00481523' };
  await open('desktop', { ...STATE, setUp, problems: ['not-enrolled'], enrolment: { step: 'symbol' } });
  const figures = seen.page.locator('.figures');
  await expect.poll(() => figures.innerText()).toContain('0048 1523');
  expect(await figures.innerText()).toContain(setUp.address);
  await looksRight('set-up-desktop');
  // The screens that are mounted at gates; what does not fit is scrolled to, and lies over nothing.
  for (const [width, height] of Object.entries({ 1280: 800, 1024: 600, 800: 480 })) {
    await seen.page.setViewportSize({ width: Number(width), height });
    const [band, title] = await Promise.all([figures.boundingBox(), seen.page.locator('h1').boundingBox()]);
    expect(title?.y, `${width} × ${height}`).toBeGreaterThanOrEqual((band?.y ?? 0) + (band?.height ?? 0));
  }
  gate.state({ ...STATE, problems: ['not-enrolled'], enrolment: { step: 'confirm' } });
  await expect.poll(() => figures.count()).toBe(0);
});

test('what does not stop the lane is marked small, by shape and word', async () => {
  await open('desktop', { ...STATE, marks: ['alone', 'reserve', 'unrecorded'] });
  await expect
    .poll(() => seen.page.locator('.mark').allInnerTexts())
    .toEqual(['联系不上其他门', '存储将满', '有扫码未记录']);
  await looksRight('marks-desktop');
  gate.state(STATE);
  await expect.poll(() => seen.page.locator('.mark').count()).toBe(0);
});

test('a sign: no pointer while nobody moves it, and no scroll bars', async () => {
  await open('phone');
  const cursor = () =>
    seen.page
      .locator('.waiting h1')
      .evaluate((element) => element.ownerDocument.defaultView.getComputedStyle(element).cursor);
  expect(await cursor()).toBe('none');
  await seen.page.mouse.move(50, 60);
  await expect.poll(cursor).not.toBe('none');
  await expect.poll(cursor, { timeout: 30_000 }).toBe('none');
  const widths = await seen.page
    .locator('html, .waiting')
    .evaluateAll((elements) => elements.map((each) => each.offsetWidth - each.clientWidth));
  expect(widths).toEqual([0, 0]);
});

test('after an update the page loads the new pages, never over a verdict, and whatever else the state says', async () => {
  await open('tablet', { ...STATE, pages: '"one"' });
  await seen.page.evaluate(() => performance.mark('loaded-before'));
  const isTheOld = () => seen.page.evaluate(() => performance.getEntriesByName('loaded-before').length === 1);
  gate.verdict({ ...PASS, showMs: 6_000 });
  await expect.poll(face).toBe('verdict');
  gate.state({ ...STATE, pages: '"two"', unheardOf: true });
  expect([await face(), await isTheOld()]).toEqual(['verdict', true]);
  await expect.poll(() => isTheOld().catch(() => true), { timeout: 40_000 }).toBe(false);
  await expect.poll(() => gate.listeners).toBe(1);
});

test('late in the evening the screen is dark by the gate’s own time', async () => {
  await open('desktop', { ...STATE, at: '2026-11-20T13:04:09.000Z' });
  const ground = () =>
    seen.page
      .locator('html')
      .evaluate((html) => html.ownerDocument.defaultView.getComputedStyle(html).backgroundColor);
  await expect.poll(ground).toBe('rgb(11, 21, 19)');
  await seen.page.getByRole('button', { name: 'English' }).click();
  expect(await seen.page.locator('h1 .first').innerText()).toBe('Show your code');
  expect(await ground()).toBe('rgb(11, 21, 19)');
  gate.state({ ...STATE, at: '2026-11-20T23:30:00.000Z' });
  await expect.poll(ground).toBe('rgb(238, 243, 241)');
});

test('verdicts are said by a voice of this machine alone; without one the tones remain', async () => {
  await open('desktop');
  await seen.page.addInitScript(() => {
    const said: string[] = [];
    const voices = [
      { name: 'far', lang: 'zh-CN', localService: false },
      { name: 'near', lang: 'zh-CN', localService: true },
    ];
    const synthesis = {
      getVoices: () => voices,
      cancel: () => undefined,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
      speak: ({ voice, text }: { voice: { name: string }; text: string }) =>
        said.push(`${voice.name}: ${text}`),
    };
    class Utterance {
      text: string;
      constructor(text: string) {
        this.text = text;
      }
    }
    Object.assign(globalThis, { said, voices, SpeechSynthesisUtterance: Utterance });
    Object.defineProperty(globalThis, 'speechSynthesis', { value: synthesis });
  });
  await seen.page.reload();
  const said = () => seen.page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
  await expect.poll(face).toBe('waiting');
  gate.verdict(GUARD);
  await expect.poll(said).toHaveLength(1);
  expect((await said())[0]).toMatch(/^near: 请找门卫。/);
  expect((await said())[0]).not.toContain('测*');
  // The one of this machine is gone: nothing is said, as the other would send the sentence away.
  await seen.page.evaluate(() => (globalThis as unknown as { voices: object[] }).voices.pop());
  gate.verdict({ ...SLOW_PHONE, showMs: 3_000 });
  await seen.page.locator('main.verdict-stop').waitFor();
  await expect.poll(face, { timeout: 30_000 }).toBe('waiting');
  expect(await said()).toHaveLength(1);
  // With this voice no other test begins.
  await seen.page.context().close();
  kept = undefined;
});

test('hundreds of verdicts leave nothing behind on the page', async () => {
  await open('tablet');
  const session = await seen.page.context().newCDPSession(seen.page);
  await session.send('Performance.enable');
  const run = async (verdicts: number) => {
    for (let seq = 1; seq <= verdicts; seq += 1) {
      gate.verdict({ ...(seq % 2 === 0 ? PASS : SLOW_PHONE), seq, showMs: 60_000 });
      if (seq % 25 === 0) gate.state({ ...STATE, problems: seq % 50 === 0 ? ['clock'] : [] });
    }
    gate.verdict({ ...GUARD, showMs: 3_000 });
    await seen.page.locator('main.verdict-guard').waitFor();
    await expect.poll(face).toBe('waiting');
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return { nodes: of('Nodes'), listeners: of('JSEventListeners'), bytes: of('JSHeapUsedSize') };
  };
  const before = await run(100);
  const after = await run(600);
  expect(after.nodes - before.nodes).toBeLessThan(100);
  expect(after.listeners - before.listeners).toBeLessThan(10);
  expect(after.bytes - before.bytes).toBeLessThan(500_000);
});

test('a message that breaks the contract changes nothing', async () => {
  await open('desktop');
  gate.verdict({ type: 'verdict', tone: 'open-everything' });
  gate.verdict({ ...PASS, tone: 'guard' });
  await seen.page.locator('main.verdict-guard').waitFor();
});

test('an address without a lane says what is missing', async () => {
  seen = await openPage(browser, { url: `${server.origin}/display/`, size: 'desktop' });
  expect(await seen.page.locator('main').innerText()).toContain('/display/main-in');
});
