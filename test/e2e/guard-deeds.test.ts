import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pictureFolder, type Seen, seriousFindings, startBrowser } from './browser.ts';
import { focused, lookUp, onDuty, openDialog, PIN, press, soon } from './guard-seat.ts';
import { type PageServer, servePages } from './page-server.ts';
import { FAMILY, LANES, member, NOW, ScriptedDesk } from './scripted-desk.ts';

const ASKING = {
  type: 'entry',
  seq: 41,
  at: NOW,
  clock: 'synced',
  lane: 'side',
  direction: 'both',
  decision: 'guard',
  refusal: 'needs-guard',
  kind: 5,
  index: 815,
  display: '试*',
  people: 1,
};

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
beforeEach(async () => {
  desk = new ScriptedDesk();
  seen = await onDuty({ browser, server, desk, before: seen });
});
afterEach(async () => {
  expect(seen.strays).toEqual([]);
  expect(seen.errors).toEqual([]);
});

/** The deed's answer is told, and the search box has the focus again. */
async function done(text: string): Promise<void> {
  await soon(() => seen.page.locator('.undo').allInnerTexts()).toEqual([expect.stringContaining(text)]);
  await soon(() => focused(seen)).toBe('search');
}

describe('by keyboard alone', () => {
  test('a resident who was looked up by document is let in with two keys, and the row is told', async () => {
    await lookUp(seen, 'E12345678', '1');
    await openDialog(seen, 'F2');
    await seen.page.screenshot({ path: pictures.path('guard-let-in') });
    expect(await seriousFindings(seen.page)).toEqual([]);
    await press(seen, 'Enter');
    await done('记录 814');
    expect(desk.deeds).toMatchObject([
      { deed: 'let-in', lane: 'main-in', reason: 'document-seen', index: 4711, party: [], long: false },
    ]);
    await soon(() => seen.page.locator('.results').count()).toBe(0);
  });

  test('Enter on the empty box is the same as F2; a child goes with the family that is ticked', async () => {
    desk.found = FAMILY;
    await lookUp(seen, '8-2-2702', '1');
    await openDialog(seen, 'Enter');
    await press(seen, '7', 'a', 'b', 'Enter');
    await done('已开门');
    expect(desk.deeds).toMatchObject([{ reason: 'with-family', index: 4711, party: [4712, 4713] }]);
  });

  test('who is slow gets the longer opening without asking, and it can be changed', async () => {
    desk.found = [member({ needsMoreTime: true })];
    await lookUp(seen, 'cs', '1');
    await openDialog(seen, 'F2');
    await press(seen, '5', 'Enter');
    await done('已开门');
    await lookUp(seen, 'cs', '1');
    await openDialog(seen, 'F2');
    await press(seen, '5', 'l', 'Enter');
    await soon(() => desk.deeds.length).toBe(2);
    expect(desk.deeds).toMatchObject([{ long: true }, { long: false }]);
  });

  test('whoever waits is on top, and is let in at their lane with their row', async () => {
    desk.tell(ASKING);
    await seen.page.locator('.waiting').waitFor();
    expect(await seen.page.locator('[role=alert]').allInnerTexts()).toContainEqual(
      expect.stringContaining('有人等您'),
    );
    await openDialog(seen, 'F2');
    await press(seen, 'Enter');
    await done('已开门');
    expect(desk.deeds).toMatchObject([
      { deed: 'let-in', lane: 'side', reason: 'card-confirmed', index: 815, entry: 41 },
    ]);
    desk.tell({
      ...ASKING,
      seq: 42,
      decision: 'manual',
      entry: 41,
      actor: 'g-07',
      refusal: undefined,
    });
    await soon(() => seen.page.locator('.waiting').count()).toBe(0);
  });

  test('whoever waits and is not let in leaves with one key', async () => {
    desk.tell(ASKING);
    await seen.page.locator('.waiting').waitFor();
    await press(seen, 'Delete');
    await soon(() => seen.page.locator('.waiting').count()).toBe(0);
    expect(desk.deeds).toEqual([]);
  });

  test('a visitor needs a host, and is counted', async () => {
    await press(seen, 'F3');
    await soon(() => seen.page.locator('.search-told').innerText()).toContain('先查住户');
    await lookUp(seen, '8-2-2702', '3');
    await openDialog(seen, 'F3');
    await press(seen, '2', '+', '+', 'Enter');
    await done('访客已登记');
    expect(desk.deeds).toMatchObject([{ deed: 'visitor', reason: 'host-came', index: 4711, people: 3 }]);
  });

  test('a delivery', async () => {
    await openDialog(seen, 'F4');
    await press(seen, '2', 'Enter');
    await done('已登记');
    expect(desk.deeds).toMatchObject([{ deed: 'delivery', reason: 'food', lane: 'main-in', people: 1 }]);
  });

  test('an ambulance: the door is held open by one guard, once a reason is chosen', async () => {
    await openDialog(seen, 'F8');
    await press(seen, 'Enter');
    await soon(() => seen.page.locator('dialog').innerText()).toContain('请按数字选原因');
    await press(seen, '1', 'Enter');
    await done('已上报');
    expect(desk.deeds).toMatchObject([{ deed: 'emergency', reason: 'ambulance', hold: true }]);
    expect(await seen.page.getByText('没有进入，撤销').count()).toBe(0);
  });

  test('holding open takes a second guard, who is somebody else', async () => {
    await openDialog(seen, 'F9');
    await press(seen, '2', 'Tab', 'g-07', 'Tab', PIN, 'Enter');
    await soon(() => seen.page.locator('dialog').innerText()).toContain('第二人须是另一个人');
    await seen.page.screenshot({ path: pictures.path('guard-hold') });
    expect(await seriousFindings(seen.page)).toEqual([]);
    await seen.page.keyboard.press('Shift+Tab');
    await press(seen, 'Control+a', 'g-08', 'Tab', PIN, 'Enter');
    await done('保持打开');
    expect(desk.deeds).toMatchObject([
      { deed: 'hold', reason: 'vehicle', second: { account: 'g-08', secret: PIN } },
    ]);
    desk.state({ lanes: [LANES[0], { ...LANES[1], mode: 'held-open' }] });
    await soon(() => seen.page.locator('.actions').innerText()).toContain('结束常开');
    await openDialog(seen, 'F9');
    await press(seen, 'Enter');
    await expect
      .poll(() => desk.deeds.at(-1))
      .toMatchObject({ deed: 'end-hold', lane: 'side', reason: 'over' });
  });

  test('a lock-down of all lanes, and its end', async () => {
    await openDialog(seen, 'F10');
    await press(seen, '1', 'Enter');
    await done('已封闭');
    expect(desk.deeds[0]).toMatchObject({ deed: 'lock-down', reason: 'threat' });
    expect(desk.deeds[0]).not.toHaveProperty('lane');
    desk.state({ lanes: LANES.map((lane) => ({ ...lane, mode: 'lock-down' })) });
    await soon(() => seen.page.locator('.actions').innerText()).toContain('解除封闭');
    await openDialog(seen, 'F10');
    await press(seen, 'Enter');
    await soon(() => desk.deeds.at(-1)).toMatchObject({ deed: 'release', reason: 'over' });
  });

  test('an opening is taken back with one key while there is time', async () => {
    await openDialog(seen, 'F4');
    await press(seen, 'Enter');
    await done('没有进入');
    await press(seen, 'Control+z');
    await done('已撤销');
    expect(desk.deeds[1]).toMatchObject({ deed: 'undo', entry: 813, reason: 'did-not-enter' });
  });

  test('every alarm is acknowledged with one key, and says who has seen it', async () => {
    desk.tell({ type: 'alarm', id: 'a1', alarm: 'held-open', at: NOW, lane: 'side' });
    await seen.page.locator('.alarms').waitFor();
    expect(await seen.page.locator('.alarms').innerText()).toContain('请去关门');
    await press(seen, 'F7');
    await soon(() => seen.page.locator('.alarms').count()).toBe(0);
    await openDialog(seen, '/');
    await press(seen, '3');
    await soon(() => seen.page.locator('.alarm-list').innerText()).toContain('已由 g-07');
  });

  test('all keys are listed, and the focus comes back', async () => {
    await openDialog(seen, '?');
    const listed = await seen.page.locator('.key-list').innerText();
    for (const key of ['F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9', 'F10', 'Ctrl+Z', 'Delete', '/'])
      expect(listed).toContain(key);
    await press(seen, 'Escape');
    await soon(() => focused(seen)).toBe('search');
  });
});

test('without an answer the same deed is sent again, and is done once', async () => {
  await openDialog(seen, 'F4');
  desk.losesAnswers = true;
  await press(seen, 'Enter');
  await soon(() => seen.page.locator('dialog').innerText()).toContain('不会重复开门');
  desk.losesAnswers = false;
  await press(seen, 'Enter');
  await done('已登记');
  expect(desk.asked.filter(({ path }) => path === 'POST deeds').length).toBeGreaterThan(1);
  expect(desk.deeds).toHaveLength(1);
});

test('a deed that is refused says what to do', async () => {
  const told = [
    [{ problem: 'not-recorded', status: 503 }, '请用墙上的开门按钮'],
    [{ problem: 'lane-unknown', status: 404 }, '请重新选择通道'],
    [{ problem: 'no-shift', status: 409 }, '请先开始上班'],
    [{ problem: 'door-faulty', status: 503 }, '用墙上的开门按钮或钥匙'],
  ] as const;
  await openDialog(seen, 'F4');
  for (const [refused, next] of told) {
    desk.refuseNext = refused;
    await press(seen, 'Enter');
    await soon(() => seen.page.locator('dialog').innerText()).toContain(next);
  }
  expect(desk.deeds).toEqual([]);
});

test('an undo that comes too late is told', async () => {
  await openDialog(seen, 'F4');
  await press(seen, 'Enter');
  await done('没有进入');
  desk.refuseNext = { problem: 'nothing-to-undo', status: 409 };
  await press(seen, 'Control+z');
  await soon(() => seen.page.locator('.undo').innerText()).toContain('已经不能撤销');
});

test('the row of whoever was refused with a known code can be answered', async () => {
  desk.tell({ ...ASKING, decision: 'refused', refusal: 'expired', kind: 1 });
  await seen.page.locator('.entry button').click();
  await seen.page.locator('dialog[open]').waitFor();
  await press(seen, '4', 'Enter');
  await soon(() => desk.deeds).toMatchObject([{ deed: 'let-in', entry: 41, index: 815 }]);
});
