import type { LinkSettings } from '../../link/index.ts';
import type { RosterKey } from '../gate/gate-keys.ts';
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
  /** Rows of the past that this gate has not sent: at its start, or from `release` on where it is `connected` before. */
  readonly backlogRows: number;
  readonly backlogConnected: boolean;
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
  /** The gates connect spread over so long. A gate that is away with a backlog waits for `release`. */
  readonly connectWithinMs: number;
}

export type ToCrew =
  | { readonly type: 'start'; readonly crew: Crew }
  /** The gates with a backlog connect now, all at once; those that are connected have it now. */
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
  /** From the use of a code to a sister gate's knowing of it, of gates of one process. */
  readonly usedMs: Counts;
  /** Gates that hold a connection and a key set now. */
  readonly ready: number;
  readonly connected: number;
  /** Rows that no acknowledgement covers yet; those of the backlog apart. */
  readonly unsent: number;
  readonly backlogUnsent: number;
  /** Since `settle` was heard and the last scan is through: no row is added any more. */
  readonly isSettled: boolean;
}

/** Where a journal ended. */
export interface JournalEnd {
  readonly gate: string;
  readonly journal: string;
  readonly seq: number;
  readonly hash: string;
}

/** A watched code was refused as revoked at one gate. */
export interface Refused {
  readonly gate: string;
  /** Unix milliseconds with their fraction, by the machine's one clock. */
  readonly atMs: number;
}

export type FromCrew =
  | ({ readonly type: 'tick' } & Tick)
  | { readonly type: 'ends'; readonly ends: readonly JournalEnd[] }
  | ({ readonly type: 'refused' } & Refused)
  | { readonly type: 'warning'; readonly text: string }
  | { readonly type: 'failed'; readonly why: string };
