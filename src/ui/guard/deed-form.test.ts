import { describe, expect, test } from 'vitest';
import { deedBody, type GuardLane } from '../../wire/index.ts';
import type { DeedStart } from './deed.ts';
import { bodyOf, type DeedForm, firstForm, REASONS } from './deed-form.ts';

const ONCE = '0123456789abcdef';
const LANES = (['out', 'in'] as const).map(
  (direction): GuardLane => ({
    lane: `lane-${direction}`,
    direction,
    mode: 'normal',
    door: { healthy: true, relay: 'closed', contact: 'none' },
    readers: [],
  }),
);
const HOST = { index: 11, display: '测*' };

function made(start: DeedStart, change: Partial<DeedForm> = {}) {
  return bodyOf(start, { ...firstForm(start, LANES), ...change }, ONCE);
}

const DEEDS = Object.keys(REASONS) as readonly (keyof typeof REASONS)[];

describe.each(DEEDS)('%s', (deed) => {
  test.each(REASONS[deed])('because of %s is a body that the desk takes', (reason) => {
    const second = { account: 'g-08', secret: '246810' };
    const { body } = made({ deed, who: HOST, lane: 'lane-in' }, { reason, ...second }) as { body: object };
    expect(deedBody.safeParse(body).success).toBe(true);
    expect(body).toMatchObject({ deed, once: ONCE, reason, lane: 'lane-in' });
  });
});

describe('what is missing is named', () => {
  test('a reason, where none is likelier than others', () => {
    for (const deed of ['let-in', 'emergency', 'hold', 'lock-down'] as const)
      expect(made({ deed })).toEqual({ missing: 'reason' });
  });

  test('a lane, at a gate that has told none yet', () => {
    const start = { deed: 'delivery' } as const;
    expect(bodyOf(start, firstForm(start, []), ONCE)).toEqual({ missing: 'lane' });
  });

  test('the second guard, and one whose name cannot be right', () => {
    expect(made({ deed: 'hold' }, { reason: 'event' })).toEqual({ missing: 'second' });
    const odd = { reason: 'event', account: '!', secret: 'x' };
    expect(made({ deed: 'hold' }, odd)).toEqual({ missing: 'second' });
  });
});

test('somebody is let in where one comes in', () => {
  expect(firstForm({ deed: 'let-in' }, LANES).lane).toBe('lane-in');
});

test('a lock-down is of all lanes until one is chosen', () => {
  expect(made({ deed: 'lock-down' }, { reason: 'drill' })).toEqual({
    body: { deed: 'lock-down', once: ONCE, reason: 'drill' },
  });
});
