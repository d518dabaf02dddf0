import { describe, expect, it } from 'vitest';
import { standingOf } from './standing.ts';
import { GateTwin, lanePolicy } from './testing.ts';

const NOBODY_SHUT_OUT = { status: 0, onRoster: true } as const;
/** 2026-01-05, days since 2020-01-01. */
const TODAY = 2_196;

function standing(person: Partial<Parameters<typeof standingOf>[0]['person']>, gate = new GateTwin()) {
  return standingOf({ person: { ...NOBODY_SHUT_OUT, ...person }, lane: 'north' }, gate.setting, gate.now);
}

const shut = { weekdays: [{ weekday: 1, spans: [{ fromMinute: 0, toMinute: 60 }] }], holidays: [] };

describe('what the rules say of somebody without a code', () => {
  it.each([
    ['on the roster', {}, undefined],
    ['revoked', { status: 1 }, 'revoked'],
    ['suspended', { status: 2 }, 'suspended'],
    ['whom the guard is to look at', { status: 3 }, 'needs-guard'],
    ['of no roster', { onRoster: false }, 'not-on-roster'],
    ['on the last day', { lastDay: TODAY }, undefined],
    ['after the last day', { lastDay: TODAY - 1 }, 'not-on-roster'],
    ['revoked and of no roster: the standard asks the list first', { status: 1, onRoster: false }, 'revoked'],
  ] as const)('%s', (_who, person, refusal) => {
    expect(standing(person)).toBe(refusal);
  });

  it('a lane for the whole district asks for no roster', () => {
    expect(standing({ onRoster: false }, new GateTwin(lanePolicy({ who: 'district' })))).toBeUndefined();
  });

  it('hours, and a lock-down by policy or by hand, are the lane’s', () => {
    expect(standing({}, new GateTwin(lanePolicy({ hours: shut })))).toBe('outside-hours');
    expect(standing({}, new GateTwin(lanePolicy({ lockdown: true })))).toBe('lockdown');
    const gate = new GateTwin();
    gate.take({ type: 'manual', verb: 'lock-down', lane: 'north', actor: 'guard-1', reason: 'threat' });
    expect(standing({}, gate)).toBe('lockdown');
    expect(standingOf({ person: NOBODY_SHUT_OUT, lane: 'south' }, gate.setting, gate.now)).toBeUndefined();
  });
});
