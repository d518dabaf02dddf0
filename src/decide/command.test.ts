import { describe, expect, it } from 'vitest';
import { monotonicMs } from '../base/index.ts';
import type { CommandItem } from '../wire/index.ts';
import { codeTwin, GateTwin, lanePolicy } from './testing.ts';

/** docs/mqtt.md, rule 2. */

let serial = 0;

function command(gate: GateTwin, more: Partial<CommandItem> = {}): CommandItem {
  serial += 1;
  return {
    type: 'command',
    jti: `command-${serial}`,
    verb: 'open',
    lane: 'north',
    actor: 'operator-1',
    reason: 'resident-called',
    key: 'key-1',
    counter: serial,
    issuedAt: gate.seconds,
    expiresAt: gate.seconds + 30,
    receivedAt: gate.at,
    ...more,
  };
}

function expectRejected(gate: GateTwin, item: CommandItem, why: string): void {
  const outcome = gate.take(item);
  expect(outcome.rows).toMatchObject([
    { decision: 'system', reason: `command-rejected:${why}`, command: item.jti, actor: 'operator-1' },
  ]);
  expect(outcome.effects[0]).toMatchObject({ type: 'alarm', alarm: 'command-rejected', row: 0 });
  expect(outcome.effects.some((effect) => effect.type === 'open' || effect.type === 'hold')).toBe(false);
}

describe('a command to open', () => {
  it('opens once, with a row that names command, actor and reason, and is answered', () => {
    const gate = new GateTwin();
    const item = command(gate);
    const outcome = gate.take(item);
    expect(outcome.rows).toMatchObject([
      {
        decision: 'manual',
        lane: 'north',
        actor: 'operator-1',
        reason: 'resident-called',
        command: item.jti,
      },
    ]);
    expect(outcome.effects).toEqual([
      { type: 'open', lane: 'north', pulseMs: 3_000, row: 0, people: 1 },
      { type: 'reply', jti: item.jti, ok: true, row: 0 },
    ]);
  });

  it('whose reason is too long for a row is cut between two characters', () => {
    const gate = new GateTwin();
    const item = command(gate, { verb: 'release', reason: `${'x'.repeat(191)}😀 and more` });
    expect(gate.take(item).rows[0]?.reason).toBe(`release:${'x'.repeat(191)}`);
  });

  it('spends its counter in the same outcome, before any effect', () => {
    const gate = new GateTwin();
    const item = command(gate);
    expect(gate.take(item).memory).toEqual([{ key: 'counter/key-1', value: String(item.counter) }]);
  });

  it('replayed is rejected, also after a power cut, and gets no answer', () => {
    const gate = new GateTwin();
    const item = command(gate);
    gate.take(item);
    expectRejected(gate.restart(), item, 'counter');
    expect(gate.effects.filter((effect) => effect.type === 'reply')).toHaveLength(1);
    expect(gate.pulses).toHaveLength(1);
  });

  it('older than one already obeyed is rejected; another key counts for itself', () => {
    const gate = new GateTwin();
    const older = command(gate);
    gate.take(command(gate));
    expectRejected(gate, older, 'counter');
    expect(gate.take({ ...older, key: 'key-2' }).effects[0]?.type).toBe('open');
  });

  it('opens during a lock-down: the operator knows of it', () => {
    const gate = new GateTwin(lanePolicy({ lockdown: true }));
    expect(gate.take(command(gate)).effects[0]?.type).toBe('open');
  });

  it.each([
    ['for a lane that is not ours', { lane: 'west' }],
    ['for no lane, where there are two', { lane: undefined }],
  ])('%s is rejected', (_, more) => {
    const gate = new GateTwin();
    const { lane: __, ...item } = command(gate);
    expectRejected(gate, more.lane === undefined ? item : { ...item, lane: more.lane }, 'lane');
  });

  it('for no lane opens the only one', () => {
    const gate = new GateTwin();
    gate.lanes = ['north'];
    const { lane: _, ...item } = command(gate);
    expect(gate.take(item).effects[0]).toMatchObject({ type: 'open', lane: 'north' });
  });
});

describe('a command’s life', () => {
  it.each([
    ['at its end', 30, 'expired'],
    ['made for longer than 30 s', 0, 'too-long-lived'],
  ])('%s it is rejected, answered, and its counter is spent', (_, ageSeconds, why) => {
    const gate = new GateTwin();
    const item = command(gate, why === 'expired' ? {} : { expiresAt: gate.seconds + 31 });
    gate.advance(ageSeconds * 1_000);
    const late = { ...item, receivedAt: gate.at };
    expectRejected(gate, late, why);
    expect(gate.effects.at(-1)).toMatchObject({ type: 'reply', ok: false, detail: why });
    expectRejected(gate, late, 'counter');
  });

  it('a second before its end it is obeyed', () => {
    const gate = new GateTwin();
    const item = command(gate);
    gate.advance(29_999);
    expect(gate.take({ ...item, receivedAt: gate.at }).effects[0]?.type).toBe('open');
  });

  it.each([
    [5, 'open'],
    [6, 'alarm'],
  ])('issued %i s ahead of the gate: %s', (ahead, effect) => {
    const gate = new GateTwin();
    const item = command(gate, { issuedAt: gate.seconds + ahead, expiresAt: gate.seconds + ahead + 20 });
    expect(gate.take(item).effects[0]?.type).toBe(effect);
  });

  it('ends 30 s after it came in, however slow the queue', () => {
    const gate = new GateTwin();
    expectRejected(gate, command(gate, { receivedAt: monotonicMs(gate.at - 30_001) }), 'expired');
  });

  it('while the clock is unsure is bounded by its age since it came in alone', () => {
    const gate = new GateTwin();
    gate.quality = 'unsure';
    const wrong = { issuedAt: 1, expiresAt: 31 };
    expect(
      gate.take(command(gate, { ...wrong, receivedAt: monotonicMs(gate.at - 30_000) })).effects[0]?.type,
    ).toBe('open');
    expectRejected(gate, command(gate, { ...wrong, receivedAt: monotonicMs(gate.at - 30_001) }), 'expired');
  });

  it('forgives the gate its own known clock error', () => {
    const gate = new GateTwin();
    gate.errorSeconds = 10;
    const item = command(gate, { issuedAt: gate.seconds - 35, expiresAt: gate.seconds - 5 });
    expect(gate.take(item).effects[0]?.type).toBe('open');
  });
});

describe('a lock-down by order', () => {
  it('refuses codes on all lanes, over a power cut, until it is released', () => {
    const gate = new GateTwin();
    const { lane: _, ...all } = command(gate, { verb: 'lock-down' });
    gate.take(all);
    gate.restart();
    expect(gate.scan(codeTwin(1)).sign?.refusal).toBe('lockdown');
    expect(gate.scan(codeTwin(1), { lane: 'south' }).sign?.refusal).toBe('lockdown');
    const { lane: __, ...released } = command(gate, { verb: 'release' });
    gate.take(released);
    expect(gate.restart().advance(100).scan(codeTwin(1)).sign?.tone).toBe('pass');
  });

  it('of one lane leaves the others alone', () => {
    const gate = new GateTwin();
    gate.take(command(gate, { verb: 'lock-down', lane: 'north' }));
    expect(gate.scan(codeTwin(1)).sign?.refusal).toBe('lockdown');
    expect(gate.scan(codeTwin(1), { lane: 'south' }).sign?.tone).toBe('pass');
  });

  it('released for one lane stays on the others', () => {
    const gate = new GateTwin();
    const { lane: _, ...all } = command(gate, { verb: 'lock-down' });
    gate.take(all);
    gate.take(command(gate, { verb: 'release', lane: 'north' }));
    gate.restart();
    expect(gate.scan(codeTwin(1)).sign?.tone).toBe('pass');
    expect(gate.scan(codeTwin(2), { lane: 'south' }).sign?.refusal).toBe('lockdown');
  });

  it('opens nothing, and its release neither', () => {
    const gate = new GateTwin();
    for (const verb of ['lock-down', 'release'] as const) gate.take(command(gate, { verb }));
    expect(gate.effects.map((effect) => effect.type)).toEqual(['reply', 'reply']);
  });
});

describe('the other verbs', () => {
  it.each([
    ['resend-from', { type: 'resend', from: 17 }],
    ['reload', { type: 'reload' }],
    ['identify', { type: 'identify', lane: 'north' }],
    ['update', expect.objectContaining({ type: 'update', release: 7 })],
  ] as const)('%s', (verb, effect) => {
    const gate = new GateTwin();
    const outcome = gate.take(command(gate, { verb, from: 17, release: 7 }));
    expect(outcome.effects[0]).toEqual(effect);
    expect(outcome.rows).toMatchObject([{ decision: 'system', reason: `${verb}:resident-called` }]);
    expect(gate.pulses).toEqual([]);
  });

  it.each(['resend-from', 'update'] as const)('%s without its number is rejected', (verb) => {
    const gate = new GateTwin();
    expectRejected(gate, command(gate, { verb }), 'malformed');
  });
});

describe('a command that was not believed', () => {
  it.each(['retained', 'signature', 'gate', 'nonce', 'verb', 'actor', 'expired', 'malformed'] as const)(
    '(%s) is a row and an alarm, nothing else',
    (why) => {
      const gate = new GateTwin();
      const outcome = gate.take({ type: 'command-rejected', why, jti: 'x' });
      expect(outcome.rows).toMatchObject([
        { decision: 'system', reason: `command-rejected:${why}`, command: 'x' },
      ]);
      expect(outcome.effects).toEqual([{ type: 'alarm', alarm: 'command-rejected', row: 0, detail: why }]);
      expect(outcome.memory).toEqual([]);
    },
  );

  it('a thousand at once do not fill the disk, and are counted', () => {
    const gate = new GateTwin();
    for (let time = 0; time < 1_000; time += 1) gate.take({ type: 'command-rejected', why: 'signature' });
    gate.advance(10_000).take({ type: 'timer' });
    expect(gate.rows.length).toBeLessThan(210);
    expect(gate.rows.at(-1)?.reason).toBe('flooded:800');
    expect(gate.pulses).toEqual([]);
  });
});
