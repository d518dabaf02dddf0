import type { CodeFields, Kind, Refusal } from '../code/index.ts';
import type { RosterEntry } from './trust.ts';

/** A code whose signatures, time, status and place are in order. Whether it opens is for `decide`. */
export interface Verified {
  readonly fields: CodeFields;
  /** The holder's roster entry, where this community has one (kind 4: the host's). */
  readonly entry?: RosterEntry;
  /** Companions of a family code, by order. */
  readonly companions: readonly RosterEntry[];
  /** Identifies a single-use code: kind, index, iat or ts (and slot). Absent for kinds 4 and 5. */
  readonly replayKey?: string;
  /** Unix seconds after which the code would be refused by time alone. */
  readonly expiresAt: number;
}

/** A refusal, with what may be said about it. Identity is given only once a signature has proved it. */
export interface Refused {
  readonly refusal: Refusal;
  readonly kind?: Kind;
  readonly index?: number;
  readonly passId?: number;
  /** Kinds 2 and 3 refused by time: the phone's clock minus the gate's, seconds. */
  readonly offsetSeconds?: number;
}
