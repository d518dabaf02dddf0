import { describe, expect, it } from 'vitest';
import { PULSE_MS, type Policy, policyPayload, rulesOf } from '../wire/index.ts';
import { localPolicy } from './local-policy.ts';

function signed(rules: object): Policy {
  return policyPayload.parse({
    iss: 'd',
    aud: 1,
    version: 1,
    iat: 0,
    exp: 1,
    timeZone: 'Asia/Shanghai',
    ...rules,
  });
}

describe('a gate’s own view of the signed policy', () => {
  it('finds a lane’s rules by the name that the gate gives them', () => {
    const policy = signed({ lanes: { 'north-in': { passback: 'refuse' } } });
    const local = localPolicy(policy, [{ id: 'main', rulesName: 'north-in' }]);
    expect(rulesOf(local, 'main').passback).toBe('refuse');
  });

  it.each([
    ['the policy’s word first', { rules: { lane: { pulseMs: 5_000 } }, own: 1_000, expected: 5_000 }],
    ['then the configuration’s', { rules: {}, own: 1_000, expected: 1_000 }],
    ['then the default', { rules: {}, own: undefined, expected: PULSE_MS }],
  ])('for the length of an opening takes %s', (_, { rules, own, expected }) => {
    const lane = { id: 'main', rulesName: 'main', ...(own === undefined ? {} : { pulseMs: own }) };
    expect(rulesOf(localPolicy(signed(rules), [lane]), 'main').pulseMs).toBe(expected);
  });
});
