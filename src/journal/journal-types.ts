import type { ClockQuality, Result, WallMs } from '../base/index.ts';
import type { Receipt } from '../ports/index.ts';
import type { BatchDraft, ChainedRow, CheckpointClaims, JournalHead, MemoryChange } from '../wire/index.ts';
import type { Checkpoint } from './checkpoints-table.ts';
import type { JournalFault } from './faults.ts';
import type { OpenedAt, OpeningOptions } from './opening.ts';
import type { PurgeReport, PurgeRequest } from './purge.ts';
import type { CursorPosition } from './store.ts';

/** What the journal promises to the rest of the house. */

export interface JournalOptions extends OpeningOptions {
  /** Kept back on the disk for manual openings; RESERVE_BYTES in a real gate. */
  readonly reserveBytes: number;
  /** Signs a checkpoint with the gate's device key; adds what it knows of itself. Absent: no checkpoints. */
  readonly sign?: (claims: Omit<CheckpointClaims, 'iss' | 'aud'>) => Promise<string>;
}

/**
 * `code`: a scan; `network`: what anybody on the network, or a loose cable, can bring many of. Both are refused once only the
 * reserve is left. `manual`: a guard's opening, what follows from it, and alarms may use the reserve.
 */
export type Priority = 'code' | 'network' | 'manual';

export interface CheckpointTime {
  readonly at: WallMs;
  readonly clock: ClockQuality;
}

export type VerifyReport =
  | { readonly state: 'whole'; readonly rows: number }
  | { readonly state: 'damaged'; readonly detail: string; readonly seq?: number }
  | { readonly state: 'unread'; readonly detail: string };

export interface JournalHealth {
  /** The last use of the file went well. */
  readonly writable: boolean;
  readonly fault?: JournalFault;
  /** Bytes do not hold: `startAnew` is due. */
  readonly damage?: string;
  readonly reserve: 'whole' | 'released';
  readonly freeBytes?: number;
  /** False: the file could not be read at the start. Codes are refused until `loadMemory` has been called again with success. */
  readonly memoryKnown: boolean;
  readonly listenerFaults: number;
}

export interface Journal {
  /** Newest acknowledged row; undefined only when the file could never be opened. */
  readonly head: JournalHead | undefined;
  /**
   * Rows and memory durable together, in one transaction, before it returns; or a fault, and nothing of them acknowledged.
   * After the fault `corrupt` the next batch may stand in a new journal: its receipts name another id, and sequence
   * numbers of entries before it say nothing there.
   * @param drafts at most APPEND_ROWS_MAX; receipts come in the same order
   */
  append(
    drafts: readonly BatchDraft[],
    memory: readonly MemoryChange[],
    priority: Priority,
  ): Result<readonly Receipt[], JournalFault>;
  /** All that is remembered; nothing when the file can not be read (`health().memoryKnown`). */
  loadMemory(): readonly MemoryChange[];
  cursor(name: string): CursorPosition | undefined;
  /** @returns false, and nothing moves, when it would go backwards or names no row of this journal by its hash */
  moveCursor(name: string, position: CursorPosition): Result<boolean, JournalFault>;
  /** Signs the newest row, or row `seq`, and keeps the statement. Undefined when there is no signer or no such row. */
  checkpoint(time: CheckpointTime, seq?: number): Promise<Result<Checkpoint | undefined, JournalFault>>;
  lastCheckpoint(): Checkpoint | undefined;
  /**
   * Verifies what was not verified at the opening, in the background; `whole`: everything once more, as it now stands in
   * the file, for when somebody else could not read a row. Damage shows in `health` too.
   */
  verifyRest(reach?: 'rest' | 'whole'): Promise<VerifyReport>;
  /** Sets the file aside and begins a journal with a new id that names the old one. Sequence numbers begin again. */
  startAnew(opened: OpenedAt): Result<JournalHead, JournalFault>;
  purge(request: PurgeRequest): Result<PurgeReport, JournalFault>;
  /** For idle moments: brings the log back into the database, so that no append has to; restores the reserve. */
  maintain(): void;
  /** Read-only, after the commit, for screens and metrics. @returns a function that ends it */
  onAppend(listener: (rows: readonly ChainedRow[]) => void): () => void;
  health(): JournalHealth;
  close(): void;
}
