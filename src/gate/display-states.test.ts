import { describe, expect, test } from 'vitest';
import type { TrustSnapshot } from '../trust/index.ts';
import type { DisplayState } from '../wire/index.ts';
import { displayState } from '../wire/index.ts';
import { DisplayHub } from './display-hub.ts';
import { DisplayStates, type StateSources } from './display-states.ts';
import type { Lane } from './lane.ts';

const AT = Date.parse('2026-11-20T10:00:00Z');
const LANE = {
  id: 'main',
  direction: 'in',
  readers: [{ health: () => ({ state: 'ready' }) }],
  door: { isFire: false, healthy: true },
} as unknown as Lane;

function stateWith(more: Partial<StateSources>): DisplayState {
  const hub = new DisplayHub(['main'], () => '2026-11-20T10:00:00Z');
  const trust = { freshness: () => ({ kinds: { 1: 'normal' } }) } as unknown as TrustSnapshot;
  const states = new DisplayStates(hub, {
    lanes: [LANE],
    timeZone: () => 'Asia/Shanghai',
    now: () => ({ at: AT, seconds: AT / 1000, quality: 'synced', errorSeconds: 0 }) as never,
    trust: () => trust,
    journalWorks: () => true,
    unrecorded: () => 0,
    journal: { health: () => ({ reserve: 'whole' }) },
    isLockedDown: () => false,
    ...more,
  });
  states.refresh();
  return displayState.parse(hub.state('main'));
}

describe('what a display is told', () => {
  test('of a gate in order is nothing but the lane and the time', () => {
    expect(stateWith({})).toEqual({
      type: 'state',
      lane: 'main',
      direction: 'in',
      at: '2026-11-20T10:00:00.000Z',
      timeZone: 'Asia/Shanghai',
      problems: [],
      pageReads: false,
    });
  });

  test.each([
    { mark: 'alone', sources: { standsAlone: () => true }, problems: [] },
    {
      mark: 'reserve',
      sources: { journalWorks: () => false, journal: { health: () => ({ reserve: 'released' as const }) } },
      problems: ['journal'],
    },
    { mark: 'unrecorded', sources: { unrecorded: () => 3 }, problems: ['journal'] },
  ])('has the mark $mark, and says whether the lane goes on', ({ mark, sources, problems }) => {
    const state = stateWith(sources);
    expect([state.marks, state.problems]).toEqual([[mark], problems]);
  });

  test('has the figures of the first account while there are any', () => {
    expect(stateWith({ firstAccount: () => '00481523' }).firstAccount).toBe('00481523');
    expect(stateWith({ firstAccount: () => undefined }).firstAccount).toBeUndefined();
  });
});
