import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DoorEvidence, DoorInputName, DoorSettings } from './door-state.ts';
import { DoorTwin } from './testing.ts';

describe('whatever happens at a door', () => {
  const step = fc.oneof(
    fc.record({
      type: fc.constant('pulse' as const),
      entry: fc.integer({ min: 1, max: 6 }),
      people: fc.constant(1),
      pulseMs: fc.constant(3_000),
    }),
    fc.record({
      type: fc.constant('input' as const),
      input: fc.constantFrom<DoorInputName>('contact', 'passage', 'exitButton', 'fire', 'tamper'),
      active: fc.boolean(),
    }),
    fc.record({ type: fc.constant('relay' as const), on: fc.boolean() }),
    fc.record({ type: fc.constant('hold' as const), open: fc.boolean() }),
    fc.record({ type: fc.constant('hold-failed' as const) }),
    fc.record({ type: fc.constant('driver' as const), ok: fc.boolean() }),
    fc.record({ type: fc.constant('sensor' as const), healthy: fc.boolean() }),
    fc.record({
      type: fc.constant('pulse-failed' as const),
      entry: fc.integer({ min: 1, max: 6 }),
      fault: fc.constant('gpio'),
    }),
    fc.constantFrom(10, 900, 2_500, 16_000, 40_000),
  );
  const sensor = fc.constantFrom('passage' as const, 'contact' as const, 'none' as const);

  function run(
    steps: readonly (DoorEvidence | number)[],
    settings: Partial<DoorSettings>,
    look?: (twin: DoorTwin) => void,
  ): DoorTwin {
    const twin = new DoorTwin(settings);
    for (const each of steps) {
      if (typeof each === 'number') twin.advance(each);
      else twin.hear(each);
      look?.(twin);
    }
    return twin;
  }

  it('one person’s entry is passed at most once, and never both passed and annulled', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), sensor, (steps, kind) => {
        const ends = run(steps, { sensor: kind })
          .advance(100_000)
          .events.filter((event) => /^(passed|annulled) /.test(event));
        const entries = ends.map((event) => event.split(' ')[1]);
        expect(new Set(entries).size).toBe(entries.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('forced is told only when a closed door opens with nothing that allows it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), sensor, (steps, kind) => {
        const twin = new DoorTwin({ sensor: kind });
        let causeAt = Number.NEGATIVE_INFINITY;
        for (const each of steps) {
          const { open, fire, holding } = twin.state;
          const before = twin.told.length;
          if (typeof each === 'number') twin.advance(each);
          else twin.hear(each);
          const forced = twin.told.slice(before).some((item) => item.event === 'forced');
          const opens =
            typeof each === 'object' && each.type === 'input' && each.input === 'contact' && each.active;
          if (forced)
            expect({ opens, open, fire, holding, caused: twin.at - causeAt <= 5_000 }).toEqual({
              opens: true,
              open: false,
              fire: false,
              holding: false,
              caused: false,
            });
          if (typeof each === 'object' && each.type === 'pulse') causeAt = twin.at;
          if (!forced && opens && !open)
            expect(twin.told.slice(before).map((item) => item.event)).toContain('opened');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('it never asks to be woken in the past, and comes to rest', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), sensor, (steps, kind) => {
        const twin = run(steps, { sensor: kind }, ({ wakeAt, at }) => {
          if (wakeAt !== undefined) expect(wakeAt).toBeGreaterThan(at - 1);
        });
        expect(twin.advance(1_000_000).wakeAt).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });
});
