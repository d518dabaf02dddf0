import { isoTime, monotonicMs, unixSeconds } from '../base/index.ts';
import type { Alarm, BatchDraft, MemoryChange } from '../wire/index.ts';
import type { Now, Setting } from './evidence.ts';
import { GRANT_KEPT_MS, GRANTS_MAX, REASON_MAX } from './limits.ts';
import type { AlarmEffect, Effect, ManualProblem, Outcome } from './outcome.ts';
import type { VerdictSign } from './sign.ts';
import type { ReadState } from './state.ts';
import type { Grant, Tally, Volatile } from './volatile.ts';

/** An outcome in the making: rules add to it, `finish` closes it. It never leaves the decision that began it. */
export class Draft {
  readonly #now: Now;
  readonly #rows: BatchDraft[] = [];
  readonly #memory: MemoryChange[] = [];
  readonly #effects: Effect[] = [];
  #next: Volatile;
  #sign: VerdictSign | undefined;

  constructor(state: ReadState, now: Now) {
    this.#now = now;
    const oldest = monotonicMs(now.monotonic - GRANT_KEPT_MS);
    const grants = state.volatile.grants.filter((grant) => grant.at >= oldest);
    // While the clock is unsure nothing expires, so nothing is forgotten either.
    const forgetBefore = now.quality === 'unsure' ? 0 : unixSeconds(now.wall);
    this.#next = { ...state.volatile, grants, forgetBefore };
  }

  get next(): Volatile {
    return this.#next;
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  /** @returns the row's place in the batch */
  row(fields: RowFields): number {
    const content = { at: isoTime(this.#now.wall), clock: this.#now.quality, ...fields };
    this.#rows.push(Object.fromEntries(Object.entries(content).filter(isSaid)) as BatchDraft);
    return this.#rows.length - 1;
  }

  remember(...changes: readonly MemoryChange[]): void {
    this.#memory.push(...changes);
  }

  effect(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** An alarm told by a row that is there already. */
  alarm(alarm: Omit<AlarmEffect, 'type'>): void {
    this.#effects.push({ type: 'alarm', ...alarm });
  }

  /** An alarm that needs a row of its own. */
  alarmWithRow(alarm: Alarm, where: Where & RowLink = {}): void {
    const { silent, detail, ...fields } = where;
    const row = this.row({ decision: 'system', reason: `alarm:${alarm}`, ...fields });
    this.alarm({
      alarm,
      row,
      ...(where.lane !== undefined && { lane: where.lane }),
      ...(where.reader !== undefined && { reader: where.reader }),
      ...(detail !== undefined && { detail }),
      ...(silent === true && { silent }),
    });
  }

  sign(sign: VerdictSign): void {
    this.#sign = sign;
  }

  tally(key: string, tally: Tally): void {
    this.#next = { ...this.#next, tallies: new Map(this.#next.tallies).set(key, tally) };
  }

  wrongTries(lane: string, count: number): void {
    this.#next = { ...this.#next, wrongTries: new Map(this.#next.wrongTries).set(lane, count) };
  }

  /** The oldest is let go when there are too many: its code stays used. */
  grants(change: (grants: readonly Grant[]) => readonly Grant[]): void {
    this.#next = { ...this.#next, grants: change(this.#next.grants).slice(-GRANTS_MAX) };
  }

  finish(): Outcome {
    return {
      rows: this.#rows,
      memory: this.#memory,
      effects: this.#effects,
      next: this.#next,
      ...(this.#sign && { sign: this.#sign }),
    };
  }
}

type Loose<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] | undefined };
export type RowFields = Loose<Omit<BatchDraft, 'at' | 'clock' | 'decision'>> & Pick<BatchDraft, 'decision'>;

interface Where {
  readonly lane?: string | undefined;
  readonly reader?: string | undefined;
  readonly actor?: string | undefined;
  readonly detail?: string;
  readonly silent?: boolean;
}
type RowLink = { readonly entry?: number | undefined; readonly entryOf?: number };

/** Nothing happens, and a guard is told why. */
export function refuseManual(setting: Setting, now: Now, problem: ManualProblem): Outcome {
  return { ...new Draft(setting.state, now).finish(), problem };
}

/** `what:detail`, no longer than a row allows, and never cut in the middle of a character. */
export function reasonOf(what: string, detail?: string): string {
  const whole = detail === undefined || detail === '' ? what : `${what}:${detail}`;
  return whole.slice(0, REASON_MAX).replace(/[\uD800-\uDBFF]$/, '');
}

/** Absent fields are left out, and so is an `entry` whose row could not be written. */
function isSaid([name, value]: readonly [string, unknown]): boolean {
  return value !== undefined && !(name === 'entry' && Number(value) < 1);
}
