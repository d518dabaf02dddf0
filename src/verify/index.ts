/** code + trust snapshot + now → Verified | Refused, in the order of docs/code-format.md. Pure and browser-safe. */
export type { SignatureEngine, VerifyKey } from './engine.ts';
export { judgeBy } from './context.ts';
export { holderKeyCache, lazyKey } from './keys.ts';
export type {
  HolderKey,
  IssuerKey,
  Roster,
  RosterEntry,
  Status,
  StatusList,
  VerifyNow,
  VerifyRules,
  VerifyTrust,
} from './trust.ts';
export type { Refused, Verified } from './verdict.ts';
export { createVerifier, type Verify, type VerifyAgainst } from './verify.ts';
