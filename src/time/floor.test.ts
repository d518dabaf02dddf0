import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monotonicMs, type WallMs, wallMs } from '../base/index.ts';
import { floorOf, startClock } from './index.ts';
import { DAY, Machine } from './testing.ts';

describe('any sequence of readings, jumps, evidence and restarts', () => {
  const time = fc.integer({ min: 0, max: 2_000_000_000 }).map((seconds) => wallMs(seconds * 1000));
  const move = fc.oneof(
    fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 5 * DAY }) }),
    fc.record({ do: fc.constant('set' as const), ms: fc.integer({ min: -500 * DAY, max: 500 * DAY }) }),
    fc.record({ do: fc.constant('nudge' as const), ms: fc.integer({ min: -2_000, max: 2_000 }) }),
    fc.record({ do: fc.constant('signed' as const), at: time }),
    fc.record({ do: fc.constant('row' as const), at: time }),
    fc.record({ do: fc.constant('answer' as const), at: time, trip: fc.integer({ min: 0, max: 12_000 }) }),
    fc.record({ do: fc.constant('code' as const), index: fc.integer({ min: 1, max: 5 }), at: time }),
    fc.record({ do: fc.constant('restart' as const), battery: fc.boolean() }),
    fc.record({ do: fc.constant('reset' as const) }),
  );

  it('never shows a time below the floor, nor one that runs backwards but for a lost key', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        const machine = new Machine();
        let last: WallMs = wallMs(0);
        for (const one of moves) {
          if (one.do === 'pass') machine.pass(one.ms);
          else if (one.do === 'set') machine.wrong = one.ms;
          else if (one.do === 'nudge') machine.wrong += one.ms;
          else if (one.do === 'signed') machine.take({ type: 'signed', atMs: one.at });
          else if (one.do === 'row') machine.take({ type: 'row', atMs: one.at });
          else if (one.do === 'code') machine.code(one.index, one.at);
          else if (one.do === 'answer') {
            const askedAt = monotonicMs(machine.mono);
            machine.pass(one.trip);
            machine.take({ type: 'answered', atMs: one.at, askedAt, answeredAt: monotonicMs(machine.mono) });
          } else if (one.do === 'reset') {
            machine.take({ type: 'time-key-changed' });
            last = wallMs(0);
          } else {
            const { localFloorMs, signedFloorMs } = machine.state;
            machine.state = startClock({ buildMs: localFloorMs, signedMs: signedFloorMs });
            machine.battery = one.battery;
            machine.mono = 0;
            last = wallMs(0);
          }
          const now = machine.read();
          expect(now.at).toBeGreaterThanOrEqual(floorOf(machine.state));
          expect(now.at).toBeGreaterThanOrEqual(machine.state.localFloorMs);
          expect(now.at).toBeGreaterThanOrEqual(last);
          last = now.at;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
