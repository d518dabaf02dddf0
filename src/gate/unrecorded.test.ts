import { describe, expect, it } from 'vitest';
import { UNRECORDED_KEPT_MAX, UnrecordedRing } from './unrecorded.ts';

const row = (index: number) =>
  ({
    at: '2026-03-01T08:00:00.000Z',
    clock: 'synced',
    decision: 'refused',
    refusal: 'journal-unavailable',
    lane: 'north',
    kind: 1,
    index,
    reader: 'north-1',
    passId: 7,
  }) as const;

describe('verdicts that no journal took', () => {
  it('are counted, and kept without what says who it was beyond the index', () => {
    const ring = new UnrecordedRing();
    ring.add(row(5));
    expect(ring.count).toBe(1);
    expect(ring.kept).toEqual([
      {
        at: row(5).at,
        lane: 'north',
        decision: 'refused',
        refusal: 'journal-unavailable',
        kind: 1,
        index: 5,
      },
    ]);
  });

  it('are counted also where there is no place to keep them: the newest stay', () => {
    const ring = new UnrecordedRing();
    for (let index = 1; index <= UNRECORDED_KEPT_MAX + 3; index += 1) ring.add(row(index));
    expect(ring.count).toBe(UNRECORDED_KEPT_MAX + 3);
    expect(ring.kept).toHaveLength(UNRECORDED_KEPT_MAX);
    expect(ring.kept.at(-1)?.index).toBe(UNRECORDED_KEPT_MAX + 3);
  });

  it('are forgotten once their number is written', () => {
    const ring = new UnrecordedRing();
    ring.add(row(1));
    ring.recorded();
    expect([ring.count, ring.kept]).toEqual([0, []]);
  });
});
