import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monotonicMs } from '../base/index.ts';
import { memoryChange, rowContent } from '../wire/index.ts';
import { decide } from './decide.ts';
import type { Evidence } from './evidence.ts';
import type { Outcome } from './outcome.ts';
import { restore } from './state.ts';
import { type CodeTwin, codeTwin, DIRECTIONS, GateTwin, lanePolicy, rosterTwin, SENSED } from './testing.ts';

/** The invariants of docs/architecture.md, tried on random days at a gate. */

const RUNS = 300;

const CODES: readonly CodeTwin[] = [
  codeTwin(1, { index: 1 }),
  codeTwin(2, { index: 1 }),
  codeTwin(3, { index: 2, companions: [rosterTwin(3)] }),
  codeTwin(4, { index: 4, uses: 2 }),
  codeTwin(5, { index: 5 }),
];
const LIVE = CODES.slice(0, 3);

type Step = (gate: GateTwin) => Evidence | undefined;

const lane = fc.constantFrom('north', 'south');
const direction = fc.constantFrom(...DIRECTIONS);
const sensor = fc.constantFrom('none' as const, 'healthy' as const, 'faulty' as const);

const scan = fc
  .record({
    code: fc.constantFrom(...CODES, 'expired' as const, 'not-a-code' as const),
    lane,
    direction,
    sensor,
    journal: fc.boolean(),
  })
  .map(
    ({ code, sensor: kind, journal, ...more }): Step =>
      (gate) =>
        gate.scanOf(code, {
          ...more,
          reader: `scanner-${more.lane}`,
          health: { ...SENSED, sensor: kind, journal },
        }),
  );

const manual = fc
  .record({
    verb: fc.constantFrom('open', 'hold', 'lock-down', 'release', 'undo', 'look-up'),
    lane,
    actor: fc.constantFrom('guard-1', ''),
    back: fc.nat(3),
  })
  .map(
    ({ back, ...more }): Step =>
      (gate) => ({ type: 'manual', reason: 'r', entry: gate.rows.length - back, ...more }),
  );

const command = fc
  .record({
    verb: fc.constantFrom('open', 'lock-down', 'release', 'reload'),
    lane,
    counter: fc.integer({ min: 1, max: 20 }),
    age: fc.integer({ min: 0, max: 40 }),
  })
  .map(
    ({ age, ...more }): Step =>
      (gate) => {
        const issuedAt = gate.seconds - age;
        const life = { issuedAt, expiresAt: issuedAt + 30, receivedAt: monotonicMs(gate.at - age * 500) };
        return {
          type: 'command',
          jti: `c${more.counter}`,
          actor: 'operator-1',
          reason: 'r',
          key: 'k',
          ...life,
          ...more,
        };
      },
  );

const door = fc
  .record({ event: fc.constantFrom('passed', 'annulled', 'opened', 'forced'), back: fc.nat(5), lane })
  .map(
    ({ back, ...more }): Step =>
      (gate) => ({ type: 'door', entry: Math.max(1, gate.rows.length - back), ...more }),
  );

const used = fc.record({ code: fc.constantFrom(...CODES), direction }).map(
  ({ code, ...more }): Step =>
    (gate) => ({ type: 'used', code: code.codeHash, gate: 'gate-2', at: gate.seconds, ...more }),
);

const pass = fc.constantFrom(100, 1_900, 2_100, 14_000, 61_000).map(
  (milliseconds): Step =>
    (gate) => {
      gate.advance(milliseconds);
      return { type: 'timer' };
    },
);

const clock = fc.constantFrom('synced' as const, 'unsure' as const).map(
  (quality): Step =>
    (gate) => {
      gate.quality = quality;
      return { type: 'system', event: 'clock' };
    },
);

const powerCut = fc.constant<Step>((gate) => {
  gate.restart();
  return { type: 'system', event: 'started' };
});

const day = (...more: fc.Arbitrary<Step>[]) =>
  fc.array(
    fc.oneof({ weight: 6, arbitrary: scan }, { weight: 3, arbitrary: pass }, manual, command, door, ...more),
    { maxLength: 40 },
  );

function gateOf(): GateTwin {
  return new GateTwin(lanePolicy({ printedCard: 'open', passback: 'refuse' }));
}

function live(
  steps: readonly Step[],
  look: (outcome: Outcome, evidence: Evidence, gate: GateTwin) => void = () => undefined,
): GateTwin {
  const gate = gateOf();
  for (const step of steps) {
    const evidence = step(gate);
    if (evidence !== undefined) look(gate.take(evidence), evidence, gate);
  }
  return gate;
}

const opens = (outcome: Outcome) =>
  outcome.effects.filter((effect) => effect.type === 'open' || effect.type === 'hold');

describe('whatever happens at a gate', () => {
  it('one scan gives at most one pulse, and only a grant gives one', () => {
    const isGranted = (outcome: Outcome) => outcome.rows[0]?.decision === 'granted';
    fc.assert(
      fc.property(day(used, clock, powerCut), (steps) => {
        live(steps, (outcome, evidence) => {
          if (evidence.type !== 'scan') return;
          expect(opens(outcome)).toHaveLength(isGranted(outcome) ? 1 : 0);
          if (!evidence.outcome.ok || !evidence.health.journal) expect(isGranted(outcome)).toBe(false);
          if (outcome.sign?.tone !== 'pass') expect(opens(outcome)).toEqual([]);
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('nothing opens without a row of its own in the same outcome, which says who or what let it open', () => {
    fc.assert(
      fc.property(day(used, clock, powerCut), (steps) => {
        live(steps, (outcome, evidence) => {
          for (const effect of opens(outcome)) {
            const row = outcome.rows[effect.row];
            expect(row?.lane).toBe(effect.lane);
            expect(['granted', 'manual']).toContain(row?.decision);
            if (row?.decision === 'manual') expect(row.actor && row.reason).toBeTruthy();
          }
          if (!['scan', 'manual', 'command'].includes(evidence.type)) expect(opens(outcome)).toEqual([]);
          if (outcome.problem !== undefined)
            expect([outcome.rows, outcome.memory, outcome.effects]).toEqual([[], [], []]);
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('rows and memory are what the journal can hold', () => {
    fc.assert(
      fc.property(day(used, clock, powerCut), (steps) => {
        const gate = live(steps, (outcome) => {
          for (const change of outcome.memory) memoryChange.parse(change);
        });
        for (const row of gate.rows) rowContent.parse(row);
      }),
      { numRuns: RUNS },
    );
  });

  it('a live code lets in once in each direction, over power cuts, unless its entry was annulled or undone', () => {
    fc.assert(
      fc.property(day(used, clock, powerCut), (steps) => {
        const uses = new Map<number, string[]>();
        const gate = live(steps, (outcome, evidence, { rows }) => {
          const row = outcome.rows[0];
          if (evidence.type !== 'scan' || row?.decision !== 'granted' || row.entry !== undefined) return;
          const code = LIVE.find((each) => each.codeHash === evidence.codeHash);
          if (code === undefined) return;
          const ways = evidence.direction === 'both' ? ['in', 'out'] : [evidence.direction];
          uses.set(
            rows.length - outcome.rows.length + 1,
            ways.map((way) => `${code.codeHash} ${way}`),
          );
        });
        for (const row of gate.rows) {
          if (row.door === 'annulled' || row.door === 'undone') uses.delete(row.entry ?? 0);
        }
        const all = [...uses.values()].flat();
        expect(new Set(all).size).toBe(all.length);
      }),
      { numRuns: RUNS },
    );
  });

  it('a command’s counter never counts twice', () => {
    fc.assert(
      fc.property(day(powerCut), (steps) => {
        const gate = live(steps);
        const obeyed = gate.effects.flatMap((effect) =>
          effect.type === 'reply' && effect.ok ? [Number(effect.jti.slice(1))] : [],
        );
        expect(obeyed).toEqual([...new Set(obeyed)].sort((one, other) => one - other));
      }),
      { numRuns: RUNS },
    );
  });

  it('every scan is counted exactly once', () => {
    fc.assert(
      fc.property(day(used, clock), (steps) => {
        let scans = 0;
        const gate = live(steps, (_, evidence) => {
          if (evidence.type === 'scan') scans += 1;
        });
        gate.take({ type: 'system', event: 'stopping' });
        const counted = gate.rows.map((row) =>
          ['granted', 'refused', 'guard'].includes(row.decision)
            ? 1
            : Number(/^(?:repeated|flooded):(\d+)$/.exec(row.reason ?? '')?.[1] ?? 0),
        );
        expect(counted.reduce((sum, count) => sum + count, 0)).toBe(scans);
      }),
      { numRuns: RUNS },
    );
  });

  it('deciding changes nothing, and says the same when asked again', () => {
    fc.assert(
      fc.property(day(used, clock), scan, (steps, last) => {
        const gate = live(steps);
        const evidence = last(gate);
        if (evidence === undefined) return;
        const before = [...gate.state.memory.all('used', 0)];
        const first = decide(evidence, gate.setting, gate.now);
        expect(decide(evidence, gate.setting, gate.now)).toEqual(first);
        expect([...gate.state.memory.all('used', 0)]).toEqual(before);
      }),
      { numRuns: RUNS },
    );
  });

  it('a gate that lost its power decides as one that did not, once the grace is over', () => {
    fc.assert(
      fc.property(day(used, clock, powerCut), scan, command, (steps, lastScan, lastCommand) => {
        const gate = live(steps);
        gate.advance(16_000);
        const restored = restore(gate.memory.values(), gate.seconds);
        for (const step of [lastScan, lastCommand]) {
          const evidence = step(gate);
          if (evidence === undefined) continue;
          const kept = decide(evidence, gate.setting, gate.now);
          const lost = decide(evidence, { ...gate.setting, state: restored }, gate.now);
          expect(lost.sign).toEqual(kept.sign);
          expect(lost.memory).toEqual(kept.memory);
          expect(opens(lost)).toEqual(opens(kept));
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('losing power never opens for what would have been refused', () => {
    fc.assert(
      fc.property(day(used, clock), scan, (steps, last) => {
        const gate = live(steps);
        const evidence = last(gate);
        if (evidence === undefined) return;
        const kept = decide(evidence, gate.setting, gate.now);
        const state = restore(gate.memory.values(), gate.seconds);
        // A double read opens nothing either, but it is no refusal: a pass may have entries left.
        if (kept.sign?.tone === 'pass') return;
        expect(opens(decide(evidence, { ...gate.setting, state }, gate.now))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
});
