import { describe, expect, it } from 'vitest';
import type { RowDraft } from '../../wire/index.ts';
import { DeskTwin } from '../testing.ts';
import { insideNow } from './inside.ts';

const IN = { decision: 'granted', lane: 'north', direction: 'in', kind: 1 } as const;
const OUT = { ...IN, lane: 'south', direction: 'out' } as const;
const BY_HAND = { decision: 'manual', lane: 'north', actor: 'g-07' } as const;

async function inside(...rows: Partial<RowDraft>[]) {
  const twin = new DeskTwin([{ index: 11, display: '张*' }, { index: 12 }]);
  for (const row of rows) twin.row(row);
  const { people, unnamed } = await insideNow(twin.work, twin.now);
  return { inside: people.map(({ index }) => index), unnamed, people };
}

describe('who is inside', () => {
  it.each([
    ['who came in, with those who came along', [{ ...IN, index: 11, party: [12, 13] }], [[11, 12, 13], 0]],
    [
      'who went out is not',
      [
        { ...IN, index: 11 },
        { ...OUT, index: 11 },
      ],
      [[], 0],
    ],
    [
      'who came in again is',
      [
        { ...IN, index: 11 },
        { ...OUT, index: 11 },
        { ...IN, index: 11 },
      ],
      [[11], 0],
    ],
    [
      'a second opening for the same entry is none',
      [
        { ...IN, index: 11 },
        { ...IN, index: 11, entry: 1 },
      ],
      [[11], 0],
    ],
    [
      'nobody passed: annulled',
      [
        { ...IN, index: 11 },
        { decision: 'door', door: 'annulled', entry: 1 },
      ],
      [[], 0],
    ],
    [
      'taken back by the guard',
      [
        { ...IN, index: 11 },
        { decision: 'door', door: 'undone', entry: 1 },
      ],
      [[], 0],
    ],
    [
      'taken back, and passed all the same',
      [
        { ...IN, index: 11 },
        { decision: 'door', door: 'undone', entry: 1 },
        { decision: 'door', door: 'passed', entry: 1 },
      ],
      [[11], 0],
    ],
    [
      'an exit that did not happen',
      [
        { ...IN, index: 11 },
        { ...OUT, index: 11 },
        { decision: 'door', door: 'annulled', entry: 2 },
      ],
      [[11], 0],
    ],
    ['let in by hand', [{ ...BY_HAND, reason: 'let-in:child', index: 12, party: [13] }], [[12, 13], 0]],
    ['a visitor is not the host', [{ ...BY_HAND, reason: 'visitor:host-asked', index: 11 }], [[], 1]],
    ['three visitors are three', [{ ...BY_HAND, reason: 'visitor:host-asked/3', index: 11 }], [[], 3]],
    ['an opening that names nobody', [{ ...BY_HAND, reason: 'emergency:police' }], [[], 1]],
    [
      'by hand on the way out',
      [
        { ...IN, index: 12 },
        { ...BY_HAND, lane: 'south', reason: 'let-in:child', index: 12 },
      ],
      [[], 0],
    ],
    [
      'what opens for nobody',
      [
        { ...BY_HAND, reason: 'hold:removal' },
        { ...BY_HAND, reason: 'lock-down:drill' },
        { decision: 'refused', lane: 'north', direction: 'in', index: 11, refusal: 'expired' },
      ],
      [[], 0],
    ],
    [
      'a visitor’s pass, in and out',
      [
        { ...IN, kind: 4, passId: 40 },
        { ...IN, kind: 4, passId: 41 },
        { ...OUT, kind: 4, passId: 40 },
      ],
      [[], 1],
    ],
  ] as const)('%s', async (_who, rows, told) => {
    const found = await inside(...(rows as readonly Partial<RowDraft>[]));
    expect([found.inside, found.unnamed]).toEqual(told);
  });

  it('is told with the mask of the roster, and the time', async () => {
    const { people } = await inside({ ...IN, index: 11 });
    expect(people).toEqual([{ index: 11, display: '张*', at: '2026-01-05T04:00:00.000Z' }]);
  });

  it('on a lane for both ways errs on the side of naming one too many, and says so', async () => {
    const both = { ...IN, direction: 'both' } as const;
    const { people } = await inside({ ...both, index: 11 }, { ...both, index: 11 });
    expect(people).toMatchObject([{ index: 11, unsure: true }]);
  });

  it('is of the last 24 hours', async () => {
    const twin = new DeskTwin();
    twin.row({ ...IN, index: 11 });
    twin.gate.advance(24 * 3_600_000 - 1_000);
    twin.row({ ...IN, index: 12 });
    const indices = async () => (await insideNow(twin.work, twin.now)).people.map(({ index }) => index);
    expect(await indices()).toEqual([11, 12]);
    twin.gate.advance(2_000);
    expect(await indices()).toEqual([12]);
  });
});
