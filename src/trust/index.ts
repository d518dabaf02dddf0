/**
 * Takes in signed documents, keeps them durably, and hands out one immutable snapshot of what may be believed.
 * Nothing is believed because of where it came from, and no version ever falls.
 */

export type { SignedTimeSeen, TrustNow } from './case.ts';
export type { CommandContext } from './command.ts';
export type { GateKey } from './envelope.ts';
export type { ExpiryWarning, Freshness, KindStandings, StalenessReason, Standing } from './freshness.ts';
export type { BundleOutcome, TrustKeeper, TrustProblem } from './keeper.ts';
export { nodeDisk } from './node-disk.ts';
export { openTrust, type TrustOptions } from './open.ts';
export { DOCUMENT_REFUSALS, type DocumentRefusal, type DocumentRefused, describeRefused } from './refused.ts';
export { type HeldRoot, rootFingerprint, walkRoots } from './root.ts';
export type { HeldVersion, TrustSnapshot } from './snapshot.ts';
export type { Accepted } from './taking.ts';
