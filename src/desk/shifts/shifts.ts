import { err, isoTime, ok, type Result, wallMs } from '../../base/index.ts';
import type { HandOver, Shift } from '../../wire/index.ts';
import type { DeskFile } from '../desk-file.ts';
import type { DeskGate } from '../gate-port.ts';
import type { Guard } from '../guard.ts';
import { SHIFT_MS, SHIFTS_KEPT_MAX, SHIFTS_KEPT_MS } from '../limits.ts';

/**
 * Who is on duty, since when, and what the guard before has left. A shift outlives sessions and restarts; one that nobody
 * ends is over after a time. Each beginning and end has its row.
 */
export interface ShiftsOptions {
  readonly file: DeskFile;
  readonly gate: DeskGate;
}

/** A shift as its report needs it. Times are Unix milliseconds. */
export interface KeptShift {
  readonly account: string;
  readonly startedAt: number;
  /** Of its beginning and its end; absent when the journal took none. */
  readonly startedRow: number | undefined;
  /** Absent: it goes on. */
  readonly endedAt: number | undefined;
  readonly endedRow: number | undefined;
  readonly note: string;
}

type Who = Pick<Guard, 'account' | 'duress'>;

export class Shifts {
  readonly #file: DeskFile;
  readonly #gate: DeskGate;

  constructor({ file, gate }: ShiftsOptions) {
    this.#file = file;
    this.#gate = gate;
  }

  /** @returns the guard's present shift */
  current(account: string): KeptShift | undefined {
    return this.#find('account = ? AND ended_at IS NULL ORDER BY id DESC', account);
  }

  /** @returns the guard's newest shift, whether it goes on or not */
  newest(account: string): KeptShift | undefined {
    return this.#find('account = ? ORDER BY id DESC', account);
  }

  /** Begins one; one that goes on already goes on. */
  start(guard: Who): void {
    if (this.current(guard.account) !== undefined) return;
    const row = this.#note(guard, 'shift-start', 'desk');
    this.#file.run(
      "INSERT INTO shift (account, started_at, started_row, note) VALUES (?, ?, ?, '')",
      guard.account,
      this.#gate.now(),
      row ?? null,
    );
  }

  /** @param note about the gate, not about people; at most 500 characters */
  end(guard: Who, note: string, reason = 'desk'): Result<undefined, 'no-shift'> {
    if (this.current(guard.account) === undefined) return err('no-shift');
    const row = this.#note(guard, 'shift-end', reason);
    this.#file.run(
      'UPDATE shift SET ended_at = ?, ended_row = ?, note = ? WHERE account = ? AND ended_at IS NULL',
      this.#gate.now(),
      row ?? null,
      note,
      guard.account,
    );
    return ok(undefined);
  }

  /** What a guard's page is told of the shift: as long as it has not begun, what the one before has left. */
  told(account: string): { readonly shift: Shift | undefined; readonly handOver: HandOver | undefined } {
    const shift = this.current(account);
    if (shift !== undefined)
      return { shift: { startedAt: isoTime(wallMs(shift.startedAt)) }, handOver: undefined };
    const before = this.#find('ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC');
    if (before?.endedAt === undefined || before.note === '') return { shift: undefined, handOver: undefined };
    const { account: by, endedAt, note } = before;
    return { shift: undefined, handOver: { account: by, at: isoTime(wallMs(endedAt)), note } };
  }

  /** Ends what nobody has ended, and forgets what is old enough. */
  sweep(): void {
    const now = this.#gate.now();
    const forgotten = this.#file.all(
      'SELECT account FROM shift WHERE ended_at IS NULL AND started_at <= ?',
      now - SHIFT_MS,
    );
    for (const { account } of forgotten)
      this.end({ account: String(account), duress: false }, '', 'forgotten');
    this.#file.run('DELETE FROM shift WHERE ended_at <= ?', now - SHIFTS_KEPT_MS);
    this.#file.run(
      'DELETE FROM shift WHERE id IN (SELECT id FROM shift WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT -1 OFFSET ?)',
      SHIFTS_KEPT_MAX,
    );
  }

  /** A journal that takes no row ends no shift: the guard stays responsible, and the file knows when. */
  #note({ account, duress }: Who, verb: 'shift-start' | 'shift-end', reason: string): number | undefined {
    const written = this.#gate.takeManual({
      type: 'manual',
      verb,
      actor: account,
      reason,
      ...(duress && { duress }),
    });
    return written.ok ? written.value.row : undefined;
  }

  #find(where: string, ...values: string[]): KeptShift | undefined {
    const line = this.#file.one(`SELECT * FROM shift WHERE ${where} LIMIT 1`, ...values);
    if (line === undefined) return undefined;
    const number = (name: string) => (line[name] === null ? undefined : Number(line[name]));
    return {
      account: String(line['account']),
      startedAt: Number(line['started_at']),
      startedRow: number('started_row'),
      endedAt: number('ended_at'),
      endedRow: number('ended_row'),
      note: String(line['note']),
    };
  }
}
