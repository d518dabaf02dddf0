import { describe, expect, it } from 'vitest';
import type { Direction } from '../wire/index.ts';
import { codeTwin, GateTwin, HEALTHY, lanePolicy, rosterTwin, SENSED } from './testing.ts';

/** Step 7 of docs/code-format.md. */

const LATER_MS = 30_000;

function usedAt(
  gate: GateTwin,
  code: string,
  more: { direction?: Direction; gate?: string; at?: number } = {},
) {
  return gate.take({ type: 'used', code, gate: 'gate-2', direction: 'in', at: gate.seconds, ...more });
}

describe.each([1, 2, 3] as const)('a live code of kind %i', (kind) => {
  const code = codeTwin(kind);

  it('opens once and is already used the second time', () => {
    const gate = new GateTwin();
    expect(gate.scan(code).sign?.tone).toBe('pass');
    expect(gate.advance(LATER_MS).scan(code).sign).toMatchObject({ tone: 'stop', refusal: 'already-used' });
    expect(gate.pulses).toHaveLength(1);
  });

  it('stays used after a power cut', () => {
    const gate = new GateTwin();
    gate.scan(code);
    expect(gate.restart().advance(1_000).scan(code).sign?.refusal).toBe('already-used');
  });

  it('stays used on every other lane of the gate at once', () => {
    const gate = new GateTwin();
    gate.scan(code);
    expect(gate.advance(500).scan(code, { lane: 'south', reader: 'scanner-2' }).sign?.refusal).toBe(
      'already-used',
    );
  });

  it('counts by direction: in once and out once', () => {
    const gate = new GateTwin();
    gate.scan(code);
    expect(gate.advance(LATER_MS).scan(code, { direction: 'out' }).sign?.tone).toBe('pass');
    expect(gate.advance(LATER_MS).scan(code, { direction: 'out' }).sign?.refusal).toBe('already-used');
  });

  it.each(['in', 'out'] as const)('used on a two-way lane is used for %s as well', (direction) => {
    const gate = new GateTwin();
    gate.scan(code, { direction: 'both' });
    expect(gate.advance(LATER_MS).scan(code, { direction }).sign?.refusal).toBe('already-used');
  });

  it.each(['in', 'out'] as const)('used for %s is used on a two-way lane', (direction) => {
    const gate = new GateTwin();
    gate.scan(code, { direction });
    expect(gate.advance(LATER_MS).scan(code, { direction: 'both' }).sign?.refusal).toBe('already-used');
  });

  it('is not used up by a refusal', () => {
    const gate = new GateTwin(lanePolicy({ lockdown: true }));
    expect(gate.scan(code).memory).toEqual([]);
    gate.policy = new GateTwin().policy;
    expect(gate.advance(LATER_MS).scan(code).sign?.tone).toBe('pass');
  });

  it('used at a sister gate is used here, also after a power cut', () => {
    const gate = new GateTwin();
    const outcome = usedAt(gate, code.codeHash);
    expect(outcome.rows).toEqual([]);
    expect(outcome.memory).toHaveLength(1);
    expect(gate.restart().scan(code).sign?.refusal).toBe('already-used');
  });

  it('used at a sister gate for the way out may still come in', () => {
    const gate = new GateTwin();
    usedAt(gate, code.codeHash, { direction: 'out' });
    expect(gate.scan(code).sign?.tone).toBe('pass');
  });

  it('is told to the sister gates when it lets somebody in', () => {
    const { expiresAt } = code.verified;
    expect(new GateTwin().scan(code).effects).toContainEqual({
      type: 'used',
      codeHash: code.codeHash,
      direction: 'in',
      expiresAt,
    });
  });
});

describe('the word of a sister gate', () => {
  it.each(['gate-1', 'gate-99'])(
    'from %s counts for nothing: it is us, or the policy does not list it',
    (from) => {
      const gate = new GateTwin();
      expect(usedAt(gate, codeTwin(1).codeHash, { gate: from }).memory).toEqual([]);
      expect(gate.scan(codeTwin(1)).sign?.tone).toBe('pass');
    },
  );

  it('about another code locks nobody out', () => {
    const gate = new GateTwin();
    usedAt(gate, 'f'.repeat(64));
    expect(gate.scan(codeTwin(1)).sign?.tone).toBe('pass');
  });

  it('counts entries of a pass at both gates', () => {
    const gate = new GateTwin();
    const pass = codeTwin(4, { uses: 2 });
    usedAt(gate, pass.codeHash);
    expect(gate.scan(pass).sign?.tone).toBe('pass');
    expect(gate.advance(LATER_MS).scan(pass).sign?.refusal).toBe('pass-used-up');
  });

  it('said twice is one use', () => {
    const gate = new GateTwin();
    const pass = codeTwin(4, { uses: 2 });
    usedAt(gate, pass.codeHash);
    expect(usedAt(gate, pass.codeHash).memory).toEqual([]);
    expect(gate.scan(pass).sign?.tone).toBe('pass');
  });
});

describe('a visitor pass', () => {
  it('opens as often as it says, also over a power cut', () => {
    const gate = new GateTwin();
    const pass = codeTwin(4, { uses: 2 });
    gate.scan(pass);
    gate.restart().advance(LATER_MS).scan(pass);
    expect(gate.advance(LATER_MS).scan(pass).sign?.refusal).toBe('pass-used-up');
    expect(gate.pulses).toHaveLength(2);
  });

  it('always lets its visitor out', () => {
    const gate = new GateTwin();
    const pass = codeTwin(4);
    gate.scan(pass);
    for (let time = 0; time < 3; time += 1) {
      expect(gate.advance(LATER_MS).scan(pass, { direction: 'out' }).sign?.tone).toBe('pass');
    }
  });

  it('bound to another gate has no entries here, but lets out', () => {
    const gate = new GateTwin({ passGates: { '11': 'gate-2' } });
    expect(gate.scan(codeTwin(4)).sign?.refusal).toBe('pass-used-up');
    expect(gate.advance(LATER_MS).scan(codeTwin(4), { direction: 'out' }).sign?.tone).toBe('pass');
  });

  it('bound to this gate opens', () => {
    expect(new GateTwin({ passGates: { '11': 'gate-1' } }).scan(codeTwin(4)).sign?.tone).toBe('pass');
  });

  it('whose number is given to a later pass does not count for that one', () => {
    const gate = new GateTwin();
    gate.scan(codeTwin(4));
    expect(gate.advance(LATER_MS).scan(codeTwin(4, { at: gate.seconds })).sign?.tone).toBe('pass');
  });
});

describe('a printed card', () => {
  const card = codeTwin(5);
  const policy = lanePolicy({ printedCard: 'open' });

  it('opens at most once in 60 s, and again after', () => {
    const gate = new GateTwin(policy);
    gate.scan(card);
    expect(gate.advance(59_000).scan(card).sign?.refusal).toBe('already-used');
    expect(gate.advance(1_000).scan(card).sign?.tone).toBe('pass');
  });

  it('just used at a sister gate waits too', () => {
    const gate = new GateTwin(policy);
    usedAt(gate, card.codeHash);
    expect(gate.advance(30_000).scan(card).sign?.refusal).toBe('already-used');
    expect(gate.advance(30_000).scan(card).sign?.tone).toBe('pass');
  });

  it('is not kept out by a sister gate whose clock is a day ahead', () => {
    const gate = new GateTwin(policy);
    usedAt(gate, card.codeHash, { at: gate.seconds + 86_400 });
    expect(gate.scan(card).sign?.tone).toBe('pass');
  });

  it('waits over a power cut', () => {
    const gate = new GateTwin(policy);
    gate.scan(card);
    expect(gate.restart().advance(30_000).scan(card).sign?.refusal).toBe('already-used');
  });
});

describe('in twice with no out between', () => {
  const first = codeTwin(1);
  const second = codeTwin(1, { at: first.verified.expiresAt - 500 });

  it('is refused where policy asks for it, also after a power cut', () => {
    const gate = new GateTwin(lanePolicy({ passback: 'refuse' }));
    gate.scan(first);
    expect(gate.restart().advance(LATER_MS).scan(second).sign?.refusal).toBe('passback');
  });

  it('is let in and flagged where policy asks for that', () => {
    const gate = new GateTwin(lanePolicy({ passback: 'flag' }));
    gate.scan(first);
    expect(gate.advance(LATER_MS).scan(second).rows[0]).toMatchObject({
      decision: 'granted',
      reason: 'passback',
    });
  });

  it('is nothing where policy does not ask', () => {
    const gate = new GateTwin();
    gate.scan(first);
    expect(gate.advance(LATER_MS).scan(second).rows[0]).not.toHaveProperty('reason');
  });

  it.each(['out', 'both'] as const)('is fine after a way %s', (direction) => {
    const gate = new GateTwin(lanePolicy({ passback: 'refuse' }));
    gate.scan(first);
    gate.advance(LATER_MS).scan(codeTwin(1, { at: 1 }), { direction });
    expect(gate.advance(LATER_MS).scan(second).sign?.tone).toBe('pass');
  });

  it('never keeps anybody from leaving', () => {
    const gate = new GateTwin(lanePolicy({ passback: 'refuse' }));
    gate.scan(first);
    expect(gate.advance(LATER_MS).scan(second, { direction: 'both' }).sign?.tone).toBe('pass');
  });

  it('by a companion of a family code is refused too', () => {
    const gate = new GateTwin(lanePolicy({ passback: 'refuse' }));
    gate.scan(codeTwin(1, { index: 12 }));
    const family = codeTwin(3, { index: 11, companions: [rosterTwin(12)] });
    expect(gate.advance(LATER_MS).scan(family).sign?.refusal).toBe('passback');
  });

  it('comes after a used code in the order of the standard', () => {
    const gate = new GateTwin(lanePolicy({ passback: 'refuse' }));
    gate.scan(first);
    expect(gate.advance(LATER_MS).scan(first).sign?.refusal).toBe('already-used');
  });
});

describe('with a sensor that tells whether somebody passed', () => {
  const code = codeTwin(2);
  const health = SENSED;

  it('the same code opens again within 15 s as the same entry', () => {
    const gate = new GateTwin();
    gate.scan(code, { health });
    const again = gate.advance(15_000).scan(code, { health });
    expect(again.rows).toMatchObject([{ decision: 'granted', entry: 1, reason: 're-opened' }]);
    expect(again.effects).toMatchObject([{ type: 'open', entry: 1 }]);
    expect(again.memory).toEqual([]);
  });

  it('it does not after 15 s', () => {
    const gate = new GateTwin();
    gate.scan(code, { health });
    expect(gate.advance(15_001).scan(code, { health }).sign?.refusal).toBe('already-used');
  });

  it('the 15 s count from the first grant, however often it was opened again', () => {
    const gate = new GateTwin();
    gate.scan(code, { health });
    gate.advance(10_000).scan(code, { health });
    expect(gate.advance(6_000).scan(code, { health }).sign?.refusal).toBe('already-used');
  });

  it('it does not once somebody has passed', () => {
    const gate = new GateTwin();
    gate.scan(code, { health });
    gate.take({ type: 'door', lane: 'north', event: 'passed', entry: 1 });
    expect(gate.advance(1_000).scan(code, { health }).sign?.refusal).toBe('already-used');
  });

  it.each([
    ['on another lane', { health, lane: 'south' }],
    ['when the sensor has failed since', { health: { ...health, sensor: 'faulty' as const } }],
  ])('it does not %s', (_, more) => {
    const gate = new GateTwin();
    gate.scan(code, { health });
    expect(gate.advance(5_000).scan(code, more).sign?.refusal).toBe('already-used');
  });

  it('it does not when the sensor had failed at the grant: that was a use', () => {
    const gate = new GateTwin();
    gate.scan(code, { health: { ...health, sensor: 'faulty' } });
    expect(gate.advance(5_000).scan(code, { health }).sign?.refusal).toBe('already-used');
  });

  it('it does not after a power cut: an opening nobody remembers is a use', () => {
    const gate = new GateTwin();
    gate.scan(code, { health });
    expect(gate.restart().advance(5_000).scan(code, { health }).sign?.refusal).toBe('already-used');
  });

  it('a lock-down in between still refuses', () => {
    const gate = new GateTwin();
    gate.scan(code, { health });
    gate.take({ type: 'manual', verb: 'lock-down', actor: 'guard-1', reason: 'order' });
    expect(gate.advance(5_000).scan(code, { health }).sign?.refusal).toBe('lockdown');
  });

  it('an entry that nobody used is annulled and frees the code, durably', () => {
    const gate = new GateTwin();
    gate.scan(code, { health });
    gate.take({ type: 'door', lane: 'north', event: 'annulled', entry: 1 });
    expect(gate.memory.size).toBe(0);
    expect(gate.restart().advance(5_000).scan(code, { health }).rows[0]).toMatchObject({
      decision: 'granted',
    });
    expect(gate.rows.at(-1)).not.toHaveProperty('entry');
  });

  it('an annulled entry of a pass gives back one entry, not those of others', () => {
    const gate = new GateTwin();
    const pass = codeTwin(4, { uses: 2 });
    gate.scan(pass, { health });
    gate.advance(LATER_MS).scan(pass, { health });
    gate.take({ type: 'door', lane: 'north', event: 'annulled', entry: 1 });
    expect(gate.advance(LATER_MS).scan(pass, { health }).sign?.tone).toBe('pass');
    expect(gate.advance(LATER_MS).scan(pass, { health }).sign?.refusal).toBe('pass-used-up');
  });

  it('an annulled entry takes nothing back that a later one wrote', () => {
    const gate = new GateTwin(lanePolicy({ passback: 'flag' }));
    gate.scan(codeTwin(1), { health });
    gate.advance(LATER_MS).scan(codeTwin(1, { at: 5 }), { health });
    gate.take({ type: 'door', lane: 'north', event: 'annulled', entry: 1 });
    expect(gate.memory.has('inside/11')).toBe(true);
  });

  it('an annulled way out leaves the resident inside', () => {
    const gate = new GateTwin(lanePolicy({ passback: 'refuse' }));
    gate.scan(codeTwin(1), { health });
    gate.take({ type: 'door', lane: 'north', event: 'passed', entry: 1 });
    gate.advance(LATER_MS).scan(codeTwin(1, { at: 5 }), { health, direction: 'out' });
    gate.take({ type: 'door', lane: 'north', event: 'annulled', entry: 3 });
    expect(gate.advance(LATER_MS).scan(codeTwin(1, { at: 6 }), { health }).sign?.refusal).toBe('passback');
  });
});

describe('without a sensor a grant is a use', () => {
  it('there is no opening again', () => {
    const gate = new GateTwin();
    gate.scan(codeTwin(2), { health: HEALTHY });
    expect(gate.advance(5_000).scan(codeTwin(2), { health: HEALTHY }).sign?.refusal).toBe('already-used');
  });
});

describe('the same code read twice', () => {
  it('within 2 s is one showing: one entry, one pulse, and counted', () => {
    const gate = new GateTwin();
    gate.scan(codeTwin(1));
    const again = gate.advance(2_000).scan(codeTwin(1));
    expect(again).toMatchObject({ rows: [], memory: [], effects: [], sign: { tone: 'pass' } });
    gate.advance(10_000).take({ type: 'timer' });
    expect(gate.rows.at(-1)).toMatchObject({ decision: 'system', reason: 'repeated:1', entry: 1 });
  });

  it('held still before two readers stays one showing', () => {
    const gate = new GateTwin();
    gate.scan(codeTwin(1));
    for (let time = 0; time < 10; time += 1) {
      const reader = time % 2 === 0 ? 'camera-1' : 'scanner-1';
      expect(gate.advance(1_500).scan(codeTwin(1), { reader }).sign?.tone).toBe('pass');
    }
    expect(gate.pulses).toHaveLength(1);
  });

  it('after 2 s is a second use', () => {
    const gate = new GateTwin();
    gate.scan(codeTwin(1));
    expect(gate.advance(2_001).scan(codeTwin(1)).sign?.refusal).toBe('already-used');
  });
});
