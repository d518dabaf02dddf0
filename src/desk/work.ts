import type { Result, WallMs } from '../base/index.ts';
import type { StoredRow } from '../journal/reading.ts';
import type { TrustSnapshot } from '../trust/index.ts';
import type { ChainedRow, Direction, GuardState, StatusBits } from '../wire/index.ts';
import type { ShortCodes } from './short-code/short-codes.ts';

/** What a guard's work asks of the gate, its journal and its trust, besides `DeskGate`. None of it opens anything. */
export interface DeskWork {
  readonly community: number;
  readonly lanes: readonly { readonly lane: string; readonly direction: Direction }[];
  /** Openings can be taken back for so long. */
  readonly undoMs: number;
  readonly trust: () => Pick<TrustSnapshot, 'roster' | 'residents' | 'passes' | 'policy'>;
  /** What each lane's rules say now of somebody without a code: a refusal by lane; absent: may enter there. */
  readonly standing: (person: Standing) => Readonly<Record<string, string>>;
  /** Look-ups of a guard that raise no alarm yet. */
  readonly lookUpsLeft: (guard: string) => number;
  /** What became of the last order to a lane's door, once the door has had time to answer. */
  readonly doorAfter: (lane: string) => Promise<'works' | 'faulty' | 'released'>;
  readonly state: () => Omit<GuardState, 'type'>;
  /** Something of the state may have changed. @returns a function that ends it */
  readonly onChange: (listener: () => void) => () => void;
  readonly journal: WorkJournal;
  /** First 16 bytes of HMAC-SHA-256, hex. */
  readonly lookupHash: (key: Uint8Array, text: string) => string;
  /** Absent: the gate has no short codes. */
  readonly shortCodes?: Pick<ShortCodes, 'find'>;
  /**
   * The face of somebody who was looked up, from the district: JPEG, or none. Absent: the gate reports to no district.
   * `late`: no answer in time.
   */
  readonly photo?: (asked: {
    readonly index: number;
    /** Of the look-up. */
    readonly row: number;
  }) => Promise<Result<Uint8Array | undefined, 'offline' | 'late'>>;
  /** Comes back when everything else that waits has had its turn. */
  readonly pause: () => Promise<void>;
}

export interface Standing {
  readonly status: StatusBits;
  readonly onRoster: boolean;
  /** Days since 2020-01-01. */
  readonly lastDay?: number;
}

/** The journal as it is read: every row is checked against its chain. */
export interface WorkJournal {
  /** 32 hex digits */
  readonly id: string;
  head(): { readonly seq: number };
  /** Rows from that one on, oldest first. @throws what reading throws, Damage too */
  rows(from: number, limit: number): readonly StoredRow[];
  /** Called after a row is durable. @returns a function that ends it */
  onAppend(listener: (row: ChainedRow) => void): () => void;
}

/** A part of the journal by effective time. */
export interface Period {
  readonly since: WallMs;
  /** Absent: to the newest row. */
  readonly until?: WallMs;
}
