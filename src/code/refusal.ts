/**
 * Why a gate says no: the closed list of docs/code-format.md, in the order in which a code is judged.
 * The same words stand in the journal, on the wire and in the dictionaries of the screens.
 */
export const REFUSALS = [
  'not-a-code',
  'unsupported',
  'malformed',
  'unknown-key',
  'key-retired',
  'wrong-issuer',
  'not-on-roster',
  'bad-signature',
  'not-yet-valid',
  'expired',
  'clock-unsure',
  'revoked',
  'suspended',
  'needs-guard',
  'wrong-community',
  'already-used',
  'passback',
  'pass-used-up',
  'outside-hours',
  'assurance-too-low',
  'lockdown',
  'trust-stale',
  'journal-unavailable',
  'door-fault',
] as const;

export type Refusal = (typeof REFUSALS)[number];
