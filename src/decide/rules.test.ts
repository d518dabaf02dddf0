import { describe, expect, it } from 'vitest';
import type { Kind, Refusal } from '../code/index.ts';
import { isForTheGuard } from './outcome.ts';
import { isOpenHour } from './rules.ts';
import { codeTwin, FRESH, GateTwin, HEALTHY, lanePolicy, rosterTwin, TWIN_START_MS } from './testing.ts';

/** Steps 8 and 9 of docs/code-format.md. */

const KINDS: readonly Kind[] = [1, 2, 3, 4, 5];
const shut = { weekdays: [], holidays: [] };

describe('the refusals of policy and gate come in the order of the standard', () => {
  /** Each makes one check fail; the earlier one names the refusal, whatever follows. */
  const failures: readonly [Refusal, (gate: GateTwin) => void][] = [
    [
      'already-used',
      (gate) =>
        gate.take({
          type: 'used',
          code: codeTwin(5, { assurance: 0 }).codeHash,
          gate: 'gate-2',
          direction: 'in',
          at: gate.seconds,
        }),
    ],
    ['passback', (gate) => gate.state.memory.write({ key: 'inside/11', value: '1' })],
    ['outside-hours', (gate) => setRule(gate, { hours: shut })],
    ['assurance-too-low', (gate) => setRule(gate, { minimumAssurance: 2 })],
    ['lockdown', (gate) => setRule(gate, { lockdown: true })],
    ['trust-stale', (gate) => setScan(gate, { freshness: { ...FRESH, 5: 'none' } })],
    [
      'clock-unsure',
      (gate) => {
        gate.quality = 'unsure';
      },
    ],
    ['needs-guard', (gate) => setRule(gate, { printedCard: 'guard' })],
    ['journal-unavailable', (gate) => setScan(gate, { health: { ...HEALTHY, journal: false } })],
    ['door-fault', (gate) => setScan(gate, { health: { ...healthOf(gate), door: false } })],
  ];
  const scans = new WeakMap<GateTwin, { readonly health?: typeof HEALTHY }>();

  function setRule(gate: GateTwin, rule: object): void {
    gate.policy = { ...gate.policy, lane: { ...gate.policy.lane, ...rule } };
  }
  function setScan(gate: GateTwin, more: object): void {
    scans.set(gate, { ...scans.get(gate), ...more });
  }
  function healthOf(gate: GateTwin) {
    return scans.get(gate)?.health ?? HEALTHY;
  }

  it.each(failures.map(([refusal], at) => [refusal, at] as const))(
    '%s names the refusal when all later ones fail too',
    (refusal, at) => {
      const gate = new GateTwin(lanePolicy({ printedCard: 'open', passback: 'refuse' }));
      for (const [, fail] of failures.slice(at)) fail(gate);
      const outcome = gate.scan(codeTwin(5, { assurance: 0 }), scans.get(gate) ?? {});
      expect(outcome.sign?.refusal).toBe(refusal);
      expect(outcome.rows[0]).toMatchObject({
        decision: isForTheGuard(refusal) ? 'guard' : 'refused',
        refusal,
        index: 11,
        kind: 5,
      });
      expect(gate.pulses).toEqual([]);
      expect(outcome.memory).toEqual([]);
    },
  );

  it('none of them: it opens', () => {
    const gate = new GateTwin(lanePolicy({ printedCard: 'open', passback: 'refuse' }));
    expect(gate.scan(codeTwin(5, { assurance: 0 })).sign?.tone).toBe('pass');
  });
});

describe('what verify has refused is refused', () => {
  it('with the identity that a signature has proved, and the offset of the phone', () => {
    const gate = new GateTwin();
    const refused = { refusal: 'expired', kind: 2, index: 9, offsetSeconds: -220 } as const;
    const outcome = gate.scan('expired', { outcome: { ok: false, error: refused } });
    expect(outcome.rows).toEqual([
      expect.objectContaining({ decision: 'refused', refusal: 'expired', kind: 2, index: 9 }),
    ]);
    expect(outcome.sign).toEqual({ tone: 'stop', refusal: 'expired', offsetSeconds: -220, people: 1 });
  });

  it('while the clock is unsure the guard is asked', () => {
    const outcome = new GateTwin().scan('clock-unsure');
    expect(outcome.rows[0]?.decision).toBe('guard');
    expect(outcome.sign?.tone).toBe('guard');
  });
});

describe('opening hours are the district’s own', () => {
  const office = {
    weekdays: [1, 2, 3, 4, 5].map((weekday) => ({
      weekday,
      spans: [{ fromMinute: 8 * 60, toMinute: 18 * 60 }],
    })),
    holidays: [
      { date: '2026-01-06', spans: [] },
      { date: '2026-01-10', spans: [{ fromMinute: 0, toMinute: 1440 }] },
    ],
  };
  const at = (iso: string) => Date.parse(iso) / 1_000;

  it.each([
    ['Monday noon', '2026-01-05T12:00:00+08:00', true],
    ['the first minute', '2026-01-05T08:00:00+08:00', true],
    ['the second before', '2026-01-05T07:59:59+08:00', false],
    ['the last second', '2026-01-05T17:59:59+08:00', true],
    ['the closing minute', '2026-01-05T18:00:00+08:00', false],
    ['a holiday without hours', '2026-01-06T12:00:00+08:00', false],
    ['Wednesday at eight, when it is midnight in UTC', '2026-01-07T08:00:00+08:00', true],
    ['Sunday, which is not listed', '2026-01-11T12:00:00+08:00', false],
    ['a Saturday with hours of its own, at its last minute', '2026-01-10T23:59:59+08:00', true],
    ['a Saturday with hours of its own, at its first minute', '2026-01-10T00:00:00+08:00', true],
  ])('%s', (_, iso, open) => {
    expect(isOpenHour(office, at(iso), 'Asia/Shanghai')).toBe(open);
  });

  it('a lane without hours is always open', () => {
    expect(isOpenHour(undefined, 0, 'Asia/Shanghai')).toBe(true);
  });
});

describe('the age of what is believed', () => {
  it.each(KINDS)('flagged lets kind %i in, and says so to the guard', (kind) => {
    const gate = new GateTwin(lanePolicy({ printedCard: 'open' }));
    const outcome = gate.scan(codeTwin(kind), { freshness: { ...FRESH, [kind]: 'flagged' } });
    expect(outcome.sign).toMatchObject({ tone: 'pass', flagged: true });
    expect(outcome.rows[0]).toMatchObject({ decision: 'granted', reason: 'stale' });
  });

  it.each(KINDS)('too old for kind %i asks the guard', (kind) => {
    const gate = new GateTwin(lanePolicy({ printedCard: 'open' }));
    const outcome = gate.scan(codeTwin(kind), { freshness: { ...FRESH, [kind]: 'guard' } });
    expect(outcome.sign).toMatchObject({ tone: 'guard', refusal: 'needs-guard' });
  });

  it('one kind’s age says nothing about another', () => {
    const freshness = { 1: 'normal', 2: 'guard', 3: 'guard', 4: 'guard', 5: 'guard' } as const;
    expect(new GateTwin().scan(codeTwin(1), { freshness }).sign?.tone).toBe('pass');
  });
});

describe('printed cards', () => {
  it.each([
    ['guard', { tone: 'guard', refusal: 'needs-guard' }],
    ['open', { tone: 'pass' }],
    ['refuse', { tone: 'stop', refusal: 'assurance-too-low' }],
  ] as const)('under the rule "%s"', (printedCard, sign) => {
    expect(new GateTwin(lanePolicy({ printedCard })).scan(codeTwin(5)).sign).toMatchObject(sign);
  });

  it('need the guard by default', () => {
    expect(new GateTwin().scan(codeTwin(5)).sign?.refusal).toBe('needs-guard');
  });
});

describe('visitors on a lane of residents', () => {
  const policy = lanePolicy({ visitors: false });
  it('are sent to the guard', () => {
    expect(new GateTwin(policy).scan(codeTwin(4)).sign?.refusal).toBe('needs-guard');
    // Whom the guard is to ask.
    expect(new GateTwin(policy).scan(codeTwin(4)).rows[0]).toMatchObject({ passId: 11, index: 5 });
  });
  it('may leave', () => {
    expect(new GateTwin(policy).scan(codeTwin(4), { direction: 'out' }).sign?.tone).toBe('pass');
  });
  it('keep no resident out', () => {
    expect(new GateTwin(policy).scan(codeTwin(1)).sign?.tone).toBe('pass');
  });
});

describe('assurance', () => {
  it.each([
    [0, 0, true],
    [1, 0, true],
    [1, 1, true],
    [1, 2, false],
    [2, 2, true],
    [0, 1, false],
  ] as const)('a code of level %i on a lane of level %i', (assurance, minimumAssurance, opens) => {
    const { sign } = new GateTwin(lanePolicy({ minimumAssurance })).scan(codeTwin(1, { assurance }));
    expect(sign?.tone === 'pass').toBe(opens);
  });
});

describe('who passes', () => {
  const family = codeTwin(3, { entry: { display: '张*' }, companions: [rosterTwin(12), rosterTwin(13)] });

  it('a family code lets in so many, and the row names all by index', () => {
    const outcome = new GateTwin().scan(family);
    expect(outcome.rows[0]).toMatchObject({ index: 11, party: [12, 13] });
    expect(outcome.effects).toContainEqual(expect.objectContaining({ type: 'open', people: 3 }));
    expect(outcome.sign).toEqual({ tone: 'pass', name: '张*', people: 3 });
  });

  it('no name stands in any row, memory or effect', () => {
    const { rows, memory, effects } = new GateTwin().scan(family);
    expect(JSON.stringify({ rows, memory, effects })).not.toContain('张');
  });

  it('the name of a host is not shown to a visitor', () => {
    expect(new GateTwin().scan(codeTwin(4, { entry: { display: '李*' } })).sign).toEqual({
      tone: 'pass',
      people: 1,
    });
  });

  it('the name of a holder is not shown to whoever is refused', () => {
    const gate = new GateTwin(lanePolicy({ lockdown: true }));
    expect(gate.scan(codeTwin(1, { entry: { display: '李*' } })).sign).not.toHaveProperty('name');
  });

  it.each([
    ['the holder', codeTwin(2, { entry: { needsMoreTime: true } })],
    ['a companion', codeTwin(3, { companions: [rosterTwin(12, { needsMoreTime: true })] })],
  ])('the pulse is longer when %s needs more time', (_, code) => {
    const outcome = new GateTwin().scan(code);
    expect(outcome.effects).toContainEqual(expect.objectContaining({ type: 'open', pulseMs: 10_000 }));
    expect(outcome.sign?.long).toBe(true);
  });

  it('a lane’s own rules come before those of all lanes', () => {
    const gate = new GateTwin();
    gate.policy = { ...gate.policy, lanes: { north: { ...gate.policy.lane, pulseMs: 700 } } };
    expect(gate.scan(codeTwin(1)).effects).toContainEqual(
      expect.objectContaining({ type: 'open', pulseMs: 700 }),
    );
  });

  it('the time of the row is the gate’s effective time, with its quality', () => {
    const gate = new GateTwin();
    gate.quality = 'holdover';
    const at = new Date(TWIN_START_MS).toISOString();
    expect(gate.scan(codeTwin(1)).rows[0]).toMatchObject({ at, clock: 'holdover' });
  });
});
