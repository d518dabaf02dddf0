import { errorMessage } from './error-message.ts';

/**
 * What can go wrong with the journal's file, as values. A fault promises that nothing of the batch was acknowledged;
 * it never says that half of it is there.
 */

/**
 * - `disk-full`: no space, or only the reserve is left. Goes away by itself.
 * - `io`: the file can not be read or written just now. Retried with every append.
 * - `corrupt`: bytes are not what was written. `startAnew` sets the file aside.
 * - `busy`: another process holds the journal.
 * - `closed`: `close` was called.
 * - `unsigned`: a checkpoint could not be signed.
 */
export const JOURNAL_FAULTS = ['disk-full', 'io', 'corrupt', 'busy', 'closed', 'unsigned'] as const;
export type JournalFaultCode = (typeof JOURNAL_FAULTS)[number];

export interface JournalFault {
  readonly code: JournalFaultCode;
  readonly detail: string;
}

/** Bytes are not what was written. `seq` is the first row that does not hold, where it is known. */
export class Damage extends Error {
  readonly seq: number | undefined;

  constructor(detail: string, seq?: number) {
    super(detail);
    this.name = 'Damage';
    this.seq = seq;
  }
}

/** Primary result codes of SQLite (https://sqlite.org/rescode.html); the low byte of an extended one. */
const SQLITE_CODES: Readonly<Record<number, JournalFaultCode>> = {
  5: 'busy',
  6: 'busy',
  11: 'corrupt',
  13: 'disk-full',
  19: 'corrupt',
  26: 'corrupt',
};

/** SQLITE_ERROR: a table or column is gone, so the schema is not ours any more. */
const SQLITE_ERROR = 1;

/**
 * The fault that an exception of SQLite, of the file system or of our own checks stands for.
 * @throws anything that is none of these: a bug
 */
export function faultOf(cause: unknown): JournalFault {
  if (cause instanceof Damage) return { code: 'corrupt', detail: cause.message };
  const detail = errorMessage(cause);
  const { errcode, code } = cause as { errcode?: unknown; code?: unknown };
  if (typeof errcode === 'number') {
    const primary = errcode & 0xff;
    return { code: primary === SQLITE_ERROR ? 'corrupt' : (SQLITE_CODES[primary] ?? 'io'), detail };
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return { code: 'disk-full', detail };
  if (cause instanceof Error && typeof (cause as NodeJS.ErrnoException).syscall === 'string')
    return { code: 'io', detail };
  throw cause;
}
