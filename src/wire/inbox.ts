import type { MonotonicMs } from '../base/index.ts';
import type { Direction } from './fields.ts';
import type { DoorEvent } from './row.ts';

/**
 * Everything that flows against the way of a scan enters at the front, as data, through one bounded queue
 * and takes the same path and the same journal.
 */
export type InboxItem =
  | CommandItem
  | RejectedCommandItem
  | ManualItem
  | UsedElsewhereItem
  | DoorItem
  | ReaderItem
  | SystemItem;

export const COMMAND_VERBS = [
  'open',
  'lock-down',
  'release',
  'resend-from',
  'reload',
  'identify',
  'update',
] as const;
export type CommandVerb = (typeof COMMAND_VERBS)[number];

/** A district command whose signature, gate, session nonce and shape hold. Counter and life are judged by decide. */
export interface CommandItem {
  readonly type: 'command';
  readonly jti: string;
  readonly verb: CommandVerb;
  readonly lane?: string;
  readonly actor: string;
  readonly reason: string;
  /** Key that signed, and its counter for this gate. */
  readonly key: string;
  readonly counter: number;
  /** Unix seconds */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly receivedAt: MonotonicMs;
  /** `resend-from`: first sequence number wanted. */
  readonly from?: number;
  /** `update`: number of the release that is meant. */
  readonly release?: number;
}

/** A command that was not believed: it becomes a row and an alarm. */
export interface RejectedCommandItem {
  readonly type: 'command-rejected';
  readonly why: 'retained' | 'signature' | 'gate' | 'nonce' | 'verb' | 'actor' | 'expired' | 'malformed';
  readonly jti?: string;
  readonly actor?: string;
}

export const MANUAL_VERBS = [
  'open',
  'hold',
  'end-hold',
  'lock-down',
  'release',
  'undo',
  'look-up',
  'sign-in',
  'sign-out',
  'shift-start',
  'shift-end',
  'acknowledge',
  'account',
] as const;
export type ManualVerb = (typeof MANUAL_VERBS)[number];

/** What a guard did at the desk. */
export interface ManualItem {
  readonly type: 'manual';
  readonly verb: ManualVerb;
  /** Absent: the gate's only lane; `lock-down` and `release`: all lanes. */
  readonly lane?: string;
  readonly actor: string;
  readonly reason: string;
  readonly index?: number;
  /** `open`: who comes along, by index. `look-up`: those who were found, when there are several. */
  readonly party?: readonly number[];
  /** `open`: how many may pass, 1 to 9; absent: the party and the one it goes with. */
  readonly people?: number;
  /** `open`: the row that asked for the guard. `undo`: the entry that did not happen. */
  readonly entry?: number;
  /** The person needs more time at the door. */
  readonly long?: boolean;
  /** `hold`: the second guard, who has confirmed it. */
  readonly second?: string;
  /** `hold` by one person: it is reported at once. */
  readonly emergency?: boolean;
  /** Signed in under duress: nothing shows it at the gate, a silent alarm goes out. */
  readonly duress?: boolean;
}

/** A code just used at a sister gate of the community, its signature checked. */
export interface UsedElsewhereItem {
  readonly type: 'used';
  /** SHA-256 of the code's bytes, hex. */
  readonly code: string;
  readonly gate: string;
  readonly direction: Direction;
  /** Unix seconds */
  readonly at: number;
  /** Unix seconds after which time alone refuses the code; absent: not known here. */
  readonly expiresAt?: number;
}

/** What the door supervisor concluded from relay and inputs. */
export interface DoorItem {
  readonly type: 'door';
  readonly lane: string;
  readonly event: DoorEvent;
  /** The entry that this belongs to. */
  readonly entry?: number;
  readonly detail?: string;
}

export interface ReaderItem {
  readonly type: 'reader';
  readonly reader: string;
  readonly lane: string;
  readonly event: 'ready' | 'lost' | 'dropped';
  readonly count?: number;
  readonly detail?: string;
}

export const SYSTEM_EVENTS = [
  'started',
  'stopping',
  'trust-changed',
  'clock',
  'alarm-cleared',
  'document-refused',
  'storage',
  /** The machine is too hot, or no longer. */
  'temperature',
  /** The machine's supply is too weak, or no longer. */
  'power',
  'expiry',
  'unrecorded',
  /** Somebody tries what only an attacker or a mistake would at the guard's desk. */
  'desk-abuse',
  /** A trouble was rehearsed: which one, and how it went. */
  'drill',
  /** What became of an update that the district ordered (update-outcome.ts). */
  'update-outcome',
] as const;
export type SystemEvent = (typeof SYSTEM_EVENTS)[number];

export interface SystemItem {
  readonly type: 'system';
  readonly event: SystemEvent;
  readonly detail?: string;
}
