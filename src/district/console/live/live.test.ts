import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addTrialGate, TRIAL_JOURNAL } from '../../../../test/twins/stored-gates.ts';
import type { Feed } from '../../server/feed.ts';
import { gateFacts } from '../gate-views.ts';
import {
  LIVE_LINES_MAX,
  UNHEARD_AFTER_MS,
  WALL_JUDGED_EVERY_MS,
  WALL_RESUMED_WITHIN_MS,
  WALL_TOLD_EVERY_MS,
} from '../limits.ts';
import { type ConsoleTrial, startConsoleTrial } from '../testing.ts';
import { GateWatch } from './gate-watch.ts';

/** Open pages hear what happens: only what changed, to whom it concerns, and never more than a bounded number of them. */

let trial: ConsoleTrial;
let feed: Feed;
beforeAll(async () => {
  trial = await startConsoleTrial();
  feed = trial.feed;
  await trial.account('li-wei', ['operator']);
  await trial.account('zhao', ['registrar']);
  for (const name of ['gate-1', 'gate-2', 'gate-3']) await addTrialGate(trial.quiet, { name, status: {} });
});
afterAll(() => trial.stop());

/** What is asked of the database takes its time, also when the clock stands still. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
}

async function setOffline(name: string, state: 'online' | 'offline'): Promise<void> {
  const gate = await trial.parts.registry.gate(name);
  const status = { ...JSON.parse(gate?.status ?? '{}'), state };
  await trial.parts.registry.saw(name, JSON.stringify(status));
  feed.tell({ type: 'status', gate: name, data: status });
}

describe('the watch over all gates', () => {
  let watch: GateWatch;
  let told: number;
  let asked: (readonly string[] | undefined)[];
  let close: () => void;
  beforeEach(async () => {
    [told, asked] = [0, []];
    for (const name of ['gate-1', 'gate-2', 'gate-3']) await setOffline(name, 'online');
    watch = new GateWatch({
      ...trial.parts,
      facts: (only) => {
        asked.push(only);
        return gateFacts(trial.parts, only);
      },
    });
    close = watch.open(() => {
      told += 1;
    });
    await settled();
  });

  const changedSince = async (since: ReturnType<GateWatch['since']>) =>
    (await watch.news(since))?.changed.map(({ id, tone }) => [id, tone]);

  test('looks up again only the gate that was heard, and tells it once however often it was', async () => {
    const since = watch.since();
    await setOffline('gate-2', 'offline');
    for (let times = 0; times < 20; times += 1) watch.heard({ type: 'status', gate: 'gate-2', data: {} });
    expect(told).toBe(1);
    trial.quiet.clock.step(WALL_TOLD_EVERY_MS);
    await settled();
    expect(asked).toEqual([undefined, ['gate-2']]);
    expect([told, await changedSince(since)]).toEqual([2, [['gate-2', 'bad']]]);
    close();
  });

  test('tells nothing of a gate that says the same again', async () => {
    const since = watch.since();
    watch.heard({ type: 'health', gate: 'gate-1', data: {} });
    trial.quiet.clock.step(WALL_TOLD_EVERY_MS);
    await settled();
    expect([told, await changedSince(since)]).toEqual([1, []]);
    close();
  });

  test('notices a gate that falls silent, without a word of it', async () => {
    const since = watch.since();
    trial.quiet.clock.step(UNHEARD_AFTER_MS + WALL_JUDGED_EVERY_MS + 1);
    await settled();
    expect((await changedSince(since))?.map(([, tone]) => tone)).toEqual(['bad', 'bad', 'bad']);
    close();
  });

  test('asks nothing while nobody looks, and still knows who was heard meanwhile', async () => {
    close();
    const since = watch.since();
    watch.heard({ type: 'alarm', gate: 'gate-3', data: {} });
    trial.quiet.clock.step(WALL_JUDGED_EVERY_MS * 3);
    expect(asked).toHaveLength(1);
    close = watch.open(() => undefined);
    await settled();
    expect((await changedSince(since))?.map(([id]) => id)).toEqual(['gate-3']);
    close();
  });

  test('a verdict that is not stored yet is shown', async () => {
    const since = watch.since();
    const hash = 'a'.repeat(64);
    const row = {
      seq: 9,
      at: '2026-03-01T09:00:00.000Z',
      clock: 'synced',
      decision: 'granted',
      previousHash: hash,
      digest: hash,
      hash,
    };
    watch.heard({ type: 'live', gate: 'gate-1', data: { journal: TRIAL_JOURNAL, row } });
    trial.quiet.clock.step(WALL_TOLD_EVERY_MS);
    await settled();
    expect((await watch.news(since))?.changed.map(({ verdict }) => verdict?.seq)).toEqual([9]);
    close();
  });

  test('goes on only where its page was made lately, by this process', () => {
    const since = watch.since();
    expect(watch.canResume(since)).toBe(true);
    expect(watch.canResume({ ...since, boot: '00000000' })).toBe(false);
    trial.quiet.clock.step(WALL_RESUMED_WITHIN_MS + 1);
    expect(watch.canResume(since)).toBe(false);
    close();
  });
});

describe('the lines', () => {
  const open = async (path: string, who?: string) => {
    const headers = who === undefined ? {} : { cookie: await trial.cookie(who) };
    const end = new AbortController();
    const answer = await trial.app.request(`/console/live/${path}`, { headers, signal: end.signal });
    return { status: answer.status, body: answer.body, end };
  };

  test.each([
    ['gates', undefined, 403],
    ['gates', 'zhao', 403],
    ['changes?types=status', undefined, 403],
    ['changes?types=nothing', 'li-wei', 400],
    ['changes?types=status&gate=%3Cx%3E', 'li-wei', 400],
  ])('%s for %s is answered %i', async (path, who, status) => {
    expect((await open(path, who)).status).toBe(status);
  });

  /** The next event, without beats. */
  async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
    for (;;) {
      const { value } = await reader.read();
      const text = new TextDecoder().decode(value);
      if (!text.startsWith('event: beat')) return text;
    }
  }

  test('a wall hears the tile that changed and the numbers, in its language', async () => {
    const page = await (
      await trial.app.request('/console/gates?state=all', {
        headers: { cookie: await trial.cookie('li-wei') },
      })
    ).text();
    const live = /data-live="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    await setOffline('gate-2', 'offline');
    const { body } = await open(live.replace('/console/live/', ''), 'li-wei');
    const reader = body?.getReader();
    if (reader === undefined) throw new Error('no line');
    const told = await next(reader);
    expect(told).toContain('event: gates');
    expect([...told.matchAll(/data-gate="([^"]+)"/g)].map(([, id]) => id)).toEqual(['gate-2']);
    expect(told).toContain('离线');
    await reader.cancel();
  });

  test('a page of one gate hears of that gate alone', async () => {
    const { body } = await open('changes?types=status&gate=gate-1', 'li-wei');
    const reader = body?.getReader();
    if (reader === undefined) throw new Error('no line');
    feed.tell({ type: 'status', gate: 'gate-2', data: {} });
    feed.tell({ type: 'alarm', gate: 'gate-1', data: {} });
    feed.tell({ type: 'status', gate: 'gate-1', data: {} });
    expect(await next(reader)).toContain('event: changed');
    await reader.cancel();
  });

  test('there are no more than there may be', async () => {
    const readers: ReadableStreamDefaultReader<Uint8Array>[] = [];
    for (let at = 0; at < LIVE_LINES_MAX; at += 1) {
      const reader = (await open('changes?types=status', 'li-wei')).body?.getReader();
      if (reader !== undefined) readers.push(reader);
    }
    expect((await open('changes?types=status', 'li-wei')).status).toBe(503);
    for (const reader of readers) await reader.cancel();
    const { status, body } = await open('changes?types=status', 'li-wei');
    expect(status).toBe(200);
    await body?.cancel();
  });
});
