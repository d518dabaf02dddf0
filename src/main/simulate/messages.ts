import type { LinkSettings } from '../../link/index.ts';
import type { RosterKey } from '../gate-keys.ts';
import type { Counts } from './histogram.ts';

/** What the simulator's own processes say to each other. */

/** What one simulated gate needs to be somebody. */
export interface Seat {
  readonly gate: string;
  /** Counts from 0 over all gates. */
  readonly place: number;
  readonly community: number;
  /** Ed25519 seed, hex: each gate has a device key of its own. */
  readonly deviceSeed: string;
  readonly rosterKey: RosterKey;
  readonly password: string;
  /** Rows of the past that this gate has not sent, at its start. */
  readonly backlogRows: number;
}

export interface Phone {
  readonly index: number;
  readonly community: number;
  /** Ed25519 seed, hex */
  readonly seed: string;
}

/** Scans in a hundred, by what is shown. */
export interface Mix {
  /** A kind 3 code, signed by a phone, judged against the gate's own documents. */
  readonly phone: number;
  /** Text that is no code, parsed and refused. */
  readonly nonsense: number;
  /** The row alone, with nothing judged. */
  readonly plain: number;
}

export interface Crew {
  readonly district: string;
  readonly timeZone: string;
  readonly root: string;
  readonly broker: Omit<LinkSettings, 'clientId' | 'username' | 'password'>;
  readonly seats: readonly Seat[];
  readonly phones: readonly Phone[];
  readonly mix: Mix;
  /** Scans a second of this process. */
  readonly rate: number;
  /** The gates connect spread over so long. A gate with a backlog waits for `release`. */
  readonly connectWithinMs: number;
  /** Whether uses are told as `seen`. */
  readonly tellUses: boolean;
}

export type ToCrew =
  | { readonly type: 'start'; readonly crew: Crew }
  /** This gate is shown this code. */
  | { readonly type: 'scan'; readonly gate: string; readonly code: string }
  /** The gate with the backlog connects now. */
  | { readonly type: 'release' }
  /** No more scans: send what is left. */
  | { readonly type: 'settle' }
  /** People come from now on. */
  | { readonly type: 'people' }
  /** Every gate of the community judges this code again whenever its documents change. */
  | { readonly type: 'watch'; readonly code: string; readonly community: number }
  | { readonly type: 'stop' };

/** Since the message before. */
export interface Tick {
  readonly rows: number;
  readonly acknowledged: number;
  readonly granted: number;
  readonly refused: number;
  readonly ackMs: Counts;
  /** Gates that hold a connection and a key set now. */
  readonly ready: number;
  readonly connected: number;
  /** Rows that no acknowledgement covers yet; those of the backlog apart. */
  readonly unsent: number;
  readonly backlogUnsent: number;
}

/** Where a journal ended. */
export interface JournalEnd {
  readonly gate: string;
  readonly journal: string;
  readonly seq: number;
  readonly hash: string;
}

/** A moment at one gate: a code was used there, another gate's use was heard there, a watched code was refused there. */
export interface Seen {
  readonly what: 'used' | 'heard' | 'refused';
  /** SHA-256 of the code's bytes, or the watched code's text. */
  readonly code: string;
  readonly gate: string;
  /** Unix milliseconds with their fraction, by the machine's one clock. */
  readonly atMs: number;
}

export type FromCrew =
  | ({ readonly type: 'tick' } & Tick)
  | { readonly type: 'ends'; readonly ends: readonly JournalEnd[] }
  | ({ readonly type: 'seen' } & Seen)
  | { readonly type: 'warning'; readonly text: string }
  | { readonly type: 'failed'; readonly why: string };
