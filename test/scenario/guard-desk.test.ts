import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  checkCharacter,
  documentLookup,
  type GuardMessage,
  type InsideAnswer,
  type LookUpAnswer,
  type ShiftReport,
} from '../../src/wire/index.ts';
import { until } from '../twins/broker.ts';
import { unexplained } from '../twins/relay-trace.ts';
import { GuardTrial, LANE, PULSE_MS } from './guard-trial.ts';

/** A guard's shift at a real gate: its process, its journal, its door, over HTTP. J1, A4, P2. */

const BODY = '61999919800101002';
const NUMBER = `${BODY}${checkCharacter(BODY)}`;
const FAMILY = [
  {
    index: 11,
    household: 5,
    order: 0,
    display: '张*',
    lookups: [documentLookup(NUMBER), 'room:8-2-2702', 'initials:zs'],
  },
  { index: 12, household: 5, order: 1, display: '李*', lookups: ['room:8-2-2702'] },
];

/** The relay's process ends its pulse by itself; a busy machine takes its time. */
const RESTS_WITHIN_MS = 15_000;
/** What a row had ordered, and the relay's process had not heard yet when the gate's ended. */
const ON_THE_WAY_MS = 1_000;

describe('a guard at the desk', () => {
  let at: GuardTrial;
  let told: GuardMessage[];
  beforeAll(async () => {
    at = await GuardTrial.begin(FAMILY);
    told = await at.guard.listen();
    await until(() => told.length > 0, 'the page begins');
  }, 120_000);
  afterAll(() => at?.end(), 60_000);

  const ofType = <Type extends GuardMessage['type']>(type: Type) =>
    told.filter((message): message is Extract<GuardMessage, { type: Type }> => message.type === type);
  const lane = () => ofType('state').at(-1)?.lanes[0];
  const openings = () => at.trial.relay.openings();

  test('nobody else is told anything', async () => {
    for (const path of ['look-ups', 'deeds', 'alarms/acknowledge', 'inside', 'events', 'shift/report']) {
      const stranger = await fetch(`${at.address}/guard/api/${path}`, {
        method: /look|deeds|ack/.test(path) ? 'POST' : 'GET',
        headers: { 'content-type': 'application/json' },
        ...(/look|deeds|ack/.test(path) ? { body: '{}' } : {}),
      });
      expect([path, stranger.status]).toEqual([path, 401]);
    }
  });

  test('looks somebody up: the row is in the journal when the answer is there', async () => {
    const { body, headers, status, text } = await at.guard.ask<LookUpAnswer>('look-ups', {
      by: 'document',
      number: NUMBER,
      purpose: 'no-phone',
    });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toMatchObject({ found: [{ index: 11, display: '张*', state: 'valid', refusals: {} }] });
    expect(at.rows(/^look-up:/)).toMatchObject([{ seq: body.row, actor: 'g-07', index: 11 }]);
    expect(text).not.toContain(NUMBER);
    const wrong = await at.guard.ask('look-ups', {
      by: 'document',
      number: `${NUMBER}1`,
      purpose: 'no-phone',
    });
    expect([wrong.status, wrong.body['problem']]).toEqual([400, 'invalid']);
    expect(wrong.text).toMatch(/"number: must have 17 digits/);
    expect(wrong.text).not.toContain(NUMBER);
  });

  test('lets them in: one pulse after its row, the page is told, and it can be taken back', async () => {
    const letIn = { deed: 'let-in', lane: LANE, reason: 'no-phone', index: 11 };
    const { body } = await at.guard.deed(letIn);
    expect(at.trial.rows().find(({ seq }) => seq === body['row'])).toMatchObject({
      decision: 'manual',
      reason: 'let-in:no-phone',
      actor: 'g-07',
    });
    expect(openings()).toHaveLength(1);
    await until(() => !at.isRelayOn(), 'the pulse is over', RESTS_WITHIN_MS);
    expect(unexplained(openings(), at.trial.rows(), { pulseMs: PULSE_MS })).toEqual([]);
    await until(() => ofType('entry').some(({ seq }) => seq === body['row']), 'the page has the entry');
    expect(ofType('entry').at(-1)).toMatchObject({ display: '张*', actor: 'g-07', people: 1 });
    const undone = await at.guard.deed({ deed: 'undo', entry: body['row'], reason: 'did-not-enter' });
    expect([undone.status, body['undoMs']]).toEqual([200, 10_000]);
    expect(at.rows(/^undo:/)).toMatchObject([{ door: 'undone', entry: body['row'], actor: 'g-07' }]);
    const again = await at.guard.deed({ deed: 'undo', entry: body['row'], reason: 'did-not-enter' });
    expect([again.status, again.body['problem']]).toEqual([409, 'nothing-to-undo']);
  });

  test('sent twice, a deed is done once', async () => {
    const body = { once: 'a-name-that-is-sent-twice', deed: 'delivery', lane: LANE, reason: 'parcel' };
    const before = openings().length;
    const answers = await Promise.all([at.guard.ask('deeds', body), at.guard.ask('deeds', body)]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
    expect(at.rows(/^delivery:parcel$/)).toHaveLength(1);
    // A pulse within another makes it longer.
    expect(openings().length - before).toBeLessThanOrEqual(1);
  });

  test('holds the door open with another guard, and ends it', async () => {
    await until(() => !at.isRelayOn(), 'the relay rests');
    const hold = { deed: 'hold', lane: LANE, reason: 'removal' };
    const { account, secret } = at.head;
    const wrong = await at.guard.deed({ ...hold, second: { account, secret: '000000' } });
    expect([wrong.status, wrong.body['problem']]).toEqual([401, 'second-wrong']);
    const same = await at.guard.deed({ ...hold, second: { account: 'g-07', secret: at.guard.secret } });
    expect([same.status, same.body['problem']]).toEqual([409, 'second-same']);
    expect(at.isRelayOn()).toBe(false);
    const held = await at.guard.deed({ ...hold, second: { account, secret } });
    expect(held.status, held.text).toBe(200);
    await until(() => at.isRelayOn() && lane()?.mode === 'held-open', 'held, and the page says so');
    expect(at.rows(/^second:hold$/)).toMatchObject([{ actor: 'h-01', entry: held.body['row'] }]);
    await at.guard.deed({ deed: 'end-hold', lane: LANE, reason: 'over' });
    await until(() => !at.isRelayOn() && lane()?.mode === 'normal', 'at rest again');
  });

  test('holds it alone for an ambulance: an alarm, which another guard acknowledges', async () => {
    const held = await at.guard.deed({ deed: 'emergency', lane: LANE, reason: 'ambulance', hold: true });
    expect(held.status, held.text).toBe(200);
    await until(() => ofType('alarm').length > 0, 'the alarm is there');
    const [alarm] = ofType('alarm');
    expect(alarm).toMatchObject({ alarm: 'emergency', lane: LANE });
    await at.guard.deed({ deed: 'end-hold', lane: LANE, reason: 'over' });
    expect((await at.head.ask('alarms/acknowledge', { alarm: alarm?.id })).status).toBe(204);
    await until(() => ofType('alarm').at(-1)?.acknowledged?.by === 'h-01', 'the page knows that it is seen');
    const unknown = await at.head.ask('alarms/acknowledge', { alarm: 'never' });
    expect([unknown.status, unknown.body['problem']]).toEqual([409, 'alarm-unknown']);
  });

  test('locks down and releases; by hand the door opens all the same', async () => {
    await at.guard.deed({ deed: 'lock-down', reason: 'drill' });
    await until(() => lane()?.mode === 'lock-down', 'the page says so');
    expect(ofType('state').at(-1)?.problems).toContainEqual({ problem: 'lockdown', lane: LANE });
    const { body } = await at.guard.ask<LookUpAnswer>('look-ups', {
      by: 'household',
      household: 5,
      purpose: 'safety',
    });
    expect(body.found[1]?.refusals).toEqual({ [LANE]: 'lockdown' });
    expect(
      (await at.guard.deed({ deed: 'let-in', lane: LANE, reason: 'child', index: 12, party: [11] })).status,
    ).toBe(200);
    await at.guard.deed({ deed: 'release', reason: 'drill' });
    await until(() => lane()?.mode === 'normal', 'released');
  });

  test('reads who is inside, and the shift in numbers; no row names nobody', async () => {
    const inside = (await at.guard.ask<InsideAnswer>('inside')).body;
    expect(inside.people.map(({ index, display }) => [index, display])).toEqual([
      [12, '李*'],
      [11, '张*'],
    ]);
    expect(inside.unnamed).toBe(1);
    const report = (await at.guard.ask<ShiftReport>('shift/report')).body;
    expect(report).toMatchObject({
      account: 'g-07',
      lookUps: 2,
      manual: { 'let-in:no-phone': 1, 'undo:did-not-enter': 1, 'delivery:parcel': 1, 'hold:removal': 1 },
      alarms: [{ alarm: 'emergency', acknowledgedBy: 'h-01' }],
    });
    for (const row of at.trial.rows().filter(({ decision }) => decision === 'manual'))
      expect([row.actor, row.reason]).toEqual([expect.stringMatching(/./), expect.stringMatching(/.:./)]);
  });

  test('ends the shift: the page is told, and sees no more', async () => {
    await at.guard.ask('shift/end', { note: 'quiet' });
    await until(() => ofType('signed-out').length > 0, 'the page signs out');
    expect((await at.guard.ask('inside')).status).toBe(401);
  });
});

describe('a gate that is killed under a guard’s hands', () => {
  const ROUNDS = 3;
  let at: GuardTrial;
  beforeAll(async () => {
    at = await GuardTrial.begin(FAMILY);
  }, 120_000);
  afterAll(() => at?.end(), 60_000);

  test('never opened without a row, and opens nothing when it comes back; what was open for the guard still is', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const deeds = ['child', 'no-phone', 'document-seen'].map((reason) =>
        at.guard.deed({ deed: 'let-in', lane: LANE, reason, index: 11 }).catch(() => undefined),
      );
      const alarm = at.guard
        .deed({ deed: 'emergency', lane: LANE, reason: 'police', hold: true })
        .catch(() => undefined);
      if (round > 0) await Promise.race(deeds);
      await at.gate.kill();
      const killedMs = Date.now();
      const answers = (await Promise.all([...deeds, alarm])).filter((each) => each !== undefined);
      await until(() => !at.isRelayOn(), 'the relay rests without the gate', RESTS_WITHIN_MS);
      await at.again();
      const late = at.trial.relay.openings().filter(({ onMs }) => onMs > killedMs + ON_THE_WAY_MS);
      expect(late).toEqual([]);
      const rows = at.trial.rows();
      for (const { body } of answers) expect(rows.some(({ seq }) => seq === body['row'])).toBe(true);
      const unexplainedNow = unexplained(at.trial.relay.openings(), rows, { pulseMs: PULSE_MS });
      expect(unexplainedNow.filter((each) => each.includes('without a row'))).toEqual([]);
      const told = await listening(at);
      const raised = at.rows(/^alarm:emergency$/).length;
      await until(
        () => told.filter((each) => each.type === 'alarm' && each.alarm === 'emergency').length === raised,
        'its alarms are open still',
      );
    }
    expect(at.rows(/^let-in:/).length).toBeGreaterThan(0);
    expect(await at.trial.verify()).toContain('whole from row 1');
  }, 180_000);
});

/** A desk that has just started may still be reading its journal back. */
async function listening(at: GuardTrial): Promise<GuardMessage[]> {
  for (;;) {
    try {
      return await at.guard.listen();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
