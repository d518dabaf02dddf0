import type { ClockQuality } from '../base/index.ts';
import type { Kind, Suite } from '../code/index.ts';
import type { VerifyKey } from './engine.ts';

/** What verify needs to believe, already checked and immutable: `trust/` builds it, verify only reads it. */
export interface VerifyTrust {
  readonly district: string;
  readonly community: number;
  /** IANA zone of the district, from the signed policy. */
  readonly timeZone: string;
  readonly keys: ReadonlyMap<number, IssuerKey>;
  readonly residents: StatusList;
  readonly passes: StatusList;
  readonly roster: Roster;
}

export interface IssuerKey {
  readonly kid: number;
  readonly suite: Suite;
  readonly key: VerifyKey;
  /** Unix seconds, first and last second in which the key counts. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly retired: boolean;
  /** Unix seconds: kind 1 issued before it, and all codes without a time of issue, count no more. */
  readonly cutOff?: number;
  /** Absent: all kinds. */
  readonly kinds?: ReadonlySet<Kind>;
  /** Absent: all communities of the district. */
  readonly communities?: ReadonlySet<number>;
}

/** 0 valid, 1 revoked, 2 suspended, 3 ask the guard. */
export type Status = 0 | 1 | 2 | 3;

export interface StatusList {
  readonly length: number;
  /** A place beyond the end is revoked. O(1). */
  at(place: number): Status;
}

export interface Roster {
  get(index: number): RosterEntry | undefined;
  /** The member of a household by the order given for life, 0..7. */
  member(household: number, order: number): RosterEntry | undefined;
}

export interface RosterEntry {
  readonly index: number;
  readonly household: number;
  readonly order: number;
  readonly keys: readonly HolderKey[];
  /** Masked for a screen, e.g. 张*; never a full name. */
  readonly display?: string;
  readonly needsMoreTime?: boolean;
  readonly minor?: boolean;
  /** Last local day on which the entry counts, days since 2020-01-01. */
  readonly lastDay?: number;
}

export interface HolderKey {
  readonly slot: number;
  /** 32 bytes */
  readonly publicKey: Uint8Array;
  readonly key: VerifyKey;
}

/** The rules of one lane that verify applies, out of the signed policy. */
export interface VerifyRules {
  readonly skewSeconds: number;
  readonly windowSeconds: number;
  /** Most that the gate's own clock error may widen the window by. */
  readonly wideningMaxSeconds: number;
  /** Who may enter: those on this community's roster, or any resident of the district. */
  readonly who: 'roster' | 'district';
}

/** The present, as the gate knows it. */
export interface VerifyNow {
  readonly seconds: number;
  readonly quality: ClockQuality;
  /** Bound of the gate's own clock error, seconds. */
  readonly errorSeconds: number;
}
