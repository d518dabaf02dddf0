import { describe, expect, it } from 'vitest';
import { MANUAL_VERBS, type ManualItem } from '../wire/index.ts';
import { codeTwin, GateTwin, lanePolicy, SENSED } from './testing.ts';
import { lookUpsLeft } from './look-ups.ts';
import { insideNow } from './state.ts';

function manual(more: Partial<ManualItem> = {}): ManualItem {
  return { type: 'manual', verb: 'open', lane: 'north', actor: 'guard-1', reason: 'document-seen', ...more };
}

describe('every deed of a guard', () => {
  it.each(MANUAL_VERBS)('%s names who and why, or is not done', (verb) => {
    const gate = new GateTwin();
    expect(gate.take(manual({ verb, actor: ' ' }))).toMatchObject({
      problem: 'actor-missing',
      rows: [],
      effects: [],
    });
    expect(gate.take(manual({ verb, reason: '' }))).toMatchObject({
      problem: 'reason-missing',
      rows: [],
      effects: [],
    });
  });

  it.each(['open', 'hold', 'end-hold', 'lock-down', 'release'] as const)(
    '%s on a lane that is not ours is not done',
    (verb) => {
      const outcome = new GateTwin().take(manual({ verb, lane: 'west' }));
      expect(outcome).toMatchObject({ problem: 'lane-unknown', rows: [], effects: [], memory: [] });
    },
  );

  it('under duress looks as usual; only a silent alarm and its row tell', () => {
    const usual = new GateTwin().take(manual());
    const forced = new GateTwin().take(manual({ duress: true }));
    expect(forced.rows[0]).toEqual(usual.rows[0]);
    expect(forced.sign).toEqual(usual.sign);
    expect(forced.effects).toEqual([
      ...usual.effects,
      { type: 'alarm', alarm: 'duress', row: 1, lane: 'north', silent: true },
    ]);
    expect(forced.rows[1]).toMatchObject({ reason: 'alarm:duress', actor: 'guard-1' });
  });
});

describe('what is done at the desk itself', () => {
  it.each(['sign-in', 'sign-out', 'shift-start', 'shift-end', 'acknowledge', 'account'] as const)(
    '%s is written down and opens nothing',
    (verb) => {
      const outcome = new GateTwin().take(manual({ verb, reason: 'pin' }));
      expect(outcome.rows).toMatchObject([{ decision: 'system', actor: 'guard-1', reason: `${verb}:pin` }]);
      expect(outcome.effects).toEqual([]);
    },
  );

  it('signing in under duress raises the silent alarm at once', () => {
    const { effects } = new GateTwin().take(manual({ verb: 'sign-in', duress: true }));
    expect(effects).toMatchObject([{ type: 'alarm', alarm: 'duress', silent: true }]);
  });
});

describe('opening by hand', () => {
  it('has its row and opens once', () => {
    const outcome = new GateTwin().take(manual({ index: 11, entry: 4 }));
    expect(outcome.rows).toMatchObject([
      { decision: 'manual', lane: 'north', actor: 'guard-1', reason: 'document-seen', index: 11, entry: 4 },
    ]);
    expect(outcome.effects).toEqual([{ type: 'open', lane: 'north', pulseMs: 3_000, row: 0, people: 1 }]);
    expect(outcome.sign?.tone).toBe('pass');
  });

  it('names those who come along, and lets so many pass', () => {
    const outcome = new GateTwin().take(manual({ index: 11, party: [12, 13] }));
    expect(outcome.rows[0]).toMatchObject({ index: 11, party: [12, 13] });
    expect(outcome.effects[0]).toMatchObject({ type: 'open', people: 3 });
    const crowd = new GateTwin().take(manual({ people: 99 }));
    expect(crowd.effects[0]).toMatchObject({ people: 9 });
    expect(crowd.rows[0]).not.toHaveProperty('party');
  });

  it('takes longer for somebody who needs it', () => {
    expect(new GateTwin().take(manual({ long: true })).effects[0]).toMatchObject({ pulseMs: 10_000 });
  });

  it('works in a lock-down and while the clock is unsure', () => {
    const gate = new GateTwin(lanePolicy({ lockdown: true }));
    gate.quality = 'unsure';
    expect(gate.take(manual()).effects[0]?.type).toBe('open');
  });

  it.each([
    ['hold', true],
    ['end-hold', false],
  ] as const)('%s is a row and an effect with its receipt', (verb, open) => {
    const outcome = new GateTwin().take(manual({ verb }));
    expect(outcome.rows).toMatchObject([{ decision: 'manual', reason: `${verb}:document-seen` }]);
    expect(outcome.effects).toEqual([{ type: 'hold', lane: 'north', open, row: 0 }]);
  });

  it('a hold that a second guard confirms has a row of theirs, and no alarm', () => {
    const { rows, effects } = new GateTwin().take(manual({ verb: 'hold', second: 'guard-2' }));
    expect(rows[1]).toMatchObject({
      decision: 'system',
      actor: 'guard-2',
      reason: 'second:hold',
      entryOf: 0,
      lane: 'north',
    });
    expect(effects.map(({ type }) => type)).toEqual(['hold']);
  });

  it('a hold by one person in an emergency is an alarm at once, after the door', () => {
    const { rows, effects } = new GateTwin().take(
      manual({ verb: 'hold', reason: 'ambulance', emergency: true }),
    );
    expect(rows).toMatchObject([
      { decision: 'manual', actor: 'guard-1', reason: 'hold:ambulance' },
      { decision: 'system', actor: 'guard-1', reason: 'alarm:emergency', entryOf: 0 },
    ]);
    expect(effects).toEqual([
      { type: 'hold', lane: 'north', open: true, row: 0 },
      { type: 'alarm', alarm: 'emergency', row: 1, lane: 'north', detail: 'ambulance' },
    ]);
  });

  it('a lock-down by the guard refuses codes until it is released', () => {
    const gate = new GateTwin();
    gate.take(manual({ verb: 'lock-down' }));
    expect(gate.restart().scan(codeTwin(1)).sign?.refusal).toBe('lockdown');
    gate.take(manual({ verb: 'release' }));
    expect(gate.advance(100).scan(codeTwin(1)).sign?.tone).toBe('pass');
  });
});

describe('"did not enter"', () => {
  it.each([
    [10_000, undefined],
    [10_001, 'nothing-to-undo'],
  ])('%i ms after the grant', (age, problem) => {
    const gate = new GateTwin();
    gate.scan(codeTwin(1));
    expect(gate.advance(age).take(manual({ verb: 'undo', entry: 1 })).problem).toBe(problem);
  });

  it('frees the code and says who said so', () => {
    const gate = new GateTwin();
    gate.scan(codeTwin(1));
    const outcome = gate.take(manual({ verb: 'undo', entry: 1 }));
    expect(outcome.rows).toMatchObject([
      { decision: 'door', door: 'undone', entry: 1, lane: 'north', actor: 'guard-1' },
    ]);
    expect(outcome.effects).toEqual([]);
    expect(insideNow(gate.state, gate.seconds).size).toBe(0);
    expect(gate.advance(100).scan(codeTwin(1)).rows[0]).toMatchObject({ decision: 'granted' });
  });

  it('undoes an opening by hand as well', () => {
    const gate = new GateTwin();
    gate.take(manual());
    expect(gate.take(manual({ verb: 'undo', entry: 1 })).problem).toBeUndefined();
  });

  it('says of an opening by hand who took it back, and once only', () => {
    const gate = new GateTwin();
    gate.take(manual({ index: 11, reason: 'let-in:no-phone' }));
    const undone = gate.advance(10_000).take(manual({ verb: 'undo', entry: 1, reason: 'undo:mistake' }));
    expect(undone.rows).toMatchObject([
      { decision: 'door', door: 'undone', entry: 1, lane: 'north', actor: 'guard-1', reason: 'undo:mistake' },
    ]);
    expect(undone.effects).toEqual([]);
    expect(gate.take(manual({ verb: 'undo', entry: 1 })).problem).toBe('nothing-to-undo');
    gate.take(manual());
    expect(gate.advance(10_001).take(manual({ verb: 'undo', entry: 3 })).problem).toBe('nothing-to-undo');
  });

  it('frees neither a hold nor a lock-down, which are ended', () => {
    const gate = new GateTwin();
    gate.take(manual({ verb: 'hold' }));
    gate.take(manual({ verb: 'lock-down' }));
    for (const entry of [1, 2])
      expect(gate.take(manual({ verb: 'undo', entry })).problem).toBe('nothing-to-undo');
  });

  it('is too late once somebody has passed, and done once only', () => {
    const gate = new GateTwin();
    gate.scan(codeTwin(1), { health: SENSED });
    gate.take({ type: 'door', lane: 'north', event: 'passed', entry: 1 });
    expect(gate.take(manual({ verb: 'undo', entry: 1 })).problem).toBe('nothing-to-undo');
    gate.take(manual());
    gate.take(manual({ verb: 'undo', entry: 3 }));
    expect(gate.take(manual({ verb: 'undo', entry: 3 })).problem).toBe('nothing-to-undo');
  });
});

describe('a look-up', () => {
  const lookUp = (actor = 'guard-1') => manual({ verb: 'look-up', actor, index: 11, reason: 'no-phone' });

  it('leaves a row that names who, whom by index, and why', () => {
    expect(new GateTwin().take(lookUp()).rows).toMatchObject([
      { decision: 'system', reason: 'look-up:no-phone', actor: 'guard-1', index: 11 },
    ]);
  });

  it('the 31st of one guard in an hour raises the alarm, also over a restart', () => {
    const gate = new GateTwin();
    for (let time = 0; time < 30; time += 1) gate.advance(60_000).take(lookUp());
    expect(gate.effects).toEqual([]);
    gate.restart().take(lookUp());
    expect(gate.effects).toEqual([{ type: 'alarm', alarm: 'look-ups', row: 0, detail: 'guard-1' }]);
    gate.take(lookUp('guard-2'));
    expect(gate.effects).toHaveLength(1);
  });

  it('says in its row that it is one too many, and how many are left', () => {
    const gate = new GateTwin();
    expect(lookUpsLeft(gate.state, 'guard-1', gate.seconds)).toBe(30);
    for (let time = 0; time < 31; time += 1) gate.advance(1_000).take(lookUp());
    expect(gate.rows.slice(-2).map(({ reason }) => reason)).toEqual([
      'look-up:no-phone',
      'look-up:no-phone:over',
    ]);
    expect(lookUpsLeft(gate.restart().state, 'guard-1', gate.seconds)).toBe(0);
    expect(lookUpsLeft(gate.state, 'guard-2', gate.seconds)).toBe(30);
    expect(lookUpsLeft(gate.state, 'guard-1', gate.seconds + 3_600)).toBe(30);
  });

  it('names all who were found, eight at most', () => {
    const party = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const { index: _, ...item } = lookUp();
    expect(new GateTwin().take({ ...item, party }).rows[0]).toMatchObject({ party: party.slice(0, 8) });
  });

  it('31 in more than an hour do not', () => {
    const gate = new GateTwin();
    for (let time = 0; time < 31; time += 1) gate.advance(120_000).take(lookUp());
    expect(gate.effects).toEqual([]);
  });
});

describe('who is inside', () => {
  it('is known by index, with companions, over a power cut', () => {
    const gate = new GateTwin();
    gate.scan(codeTwin(1, { index: 21 }));
    gate.scan(codeTwin(1, { index: 22 }));
    gate.scan(codeTwin(1, { index: 21, at: 3 }), { direction: 'out' });
    expect([...insideNow(gate.restart().state, gate.seconds).keys()]).toEqual([22]);
  });
});
