import type { ClockQuality, MonotonicMs, Result, WallMs } from '../base/index.ts';
import type { Kind } from '../code/index.ts';
import type { Refused, Verified } from '../verify/index.ts';
import type { Direction, InboxItem, Policy } from '../wire/index.ts';
import type { ReadState } from './state.ts';

/** All that a decision may be made of. Whatever is not here has no say. */
export type Evidence = ScanEvidence | TimerEvidence | InboxItem;

/** A text that a reader brought, after parse and verify. */
export interface ScanEvidence {
  readonly type: 'scan';
  readonly lane: string;
  readonly direction: Direction;
  readonly reader: string;
  /** The reader types like a keyboard, so that its layout may be wrong. */
  readonly keyboard: boolean;
  readonly outcome: Result<Verified, Refused>;
  /** SHA-256 of the code's bytes, or of a text that is no code, hex: tells one text from the next, and is never written down. */
  readonly codeHash?: string;
  /** When it was read. */
  readonly at: MonotonicMs;
  readonly health: LaneHealth;
  readonly freshness: FreshnessByKind;
}

export interface LaneHealth {
  /** Rows can be made durable. */
  readonly journal: boolean;
  readonly door: boolean;
  /** Contact or turnstile that tells whether somebody passed. */
  readonly sensor: 'none' | 'healthy' | 'faulty';
}

/**
 * What the age of the trust documents says about a kind of code (docs/trust-documents.md, rule 4):
 * as usual; goes on but is flagged; the guard confirms; opens nothing by itself.
 */
export type Freshness = 'normal' | 'flagged' | 'guard' | 'none';
export type FreshnessByKind = { readonly [Each in Kind]: Freshness };

/** Time has passed: what was only counted is written down. Wanted at `wakeAt(state)`. */
export interface TimerEvidence {
  readonly type: 'timer';
}

/** What a decision is made against. */
export interface Setting {
  readonly state: ReadState;
  readonly policy: Policy;
  /** This gate's id. */
  readonly gate: string;
  /** Ids of the gate's lanes. */
  readonly lanes: readonly string[];
}

/** The present, as the gate knows it. */
export interface Now {
  /** Effective time: never below the floor. */
  readonly wall: WallMs;
  readonly monotonic: MonotonicMs;
  readonly quality: ClockQuality;
  /** Bound of the gate's own clock error, seconds. */
  readonly errorSeconds: number;
}
