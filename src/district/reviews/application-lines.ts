import {
  APPLICATION_KINDS,
  APPLICATION_STATES,
  type ApplicationLine,
  type ApplicationStateView,
  correctionEffect,
  nextWords,
  REFUSAL_WORDS,
  type RefusalReason,
} from '../../wire/index.ts';
import { assert } from '../../base/index.ts';
import type { ApplicationRow } from './tables.ts';

/** Applications as the desk lists them, and as whoever has the receipt number is told: neither has anything of what was sent. */
export function linesOf(
  rows: readonly ApplicationRow[],
  {
    now,
    shown,
  }: {
    readonly now: number /** Receipts of the photos that guards are shown. */;
    readonly shown: ReadonlySet<string>;
  },
): ApplicationLine[] {
  return rows.map((row) => {
    const kind = APPLICATION_KINDS.find((each) => each === row.kind);
    const state = APPLICATION_STATES.find((each) => each === row.state);
    assert(kind !== undefined && state !== undefined, 'what is stored was written by this house');
    return {
      receipt: row.receipt,
      kind,
      state,
      community: row.community,
      submittedAt: row.submitted_at,
      submittedBy: row.submitted_by,
      overdue: row.due_at !== null && row.due_at < now,
      hasContent: row.subject !== null,
      ...present('dueAt', row.due_at),
      ...present('decidedAt', row.decided_at),
      ...present('reviewedBy', row.reviewed_by),
      ...present('appliedBy', row.applied_by),
      ...present('reason', row.reason),
      ...present('resident', row.place),
      ...(row.for_guards === 0 ? {} : { forGuards: true as const }),
      ...(row.for_guards === 0 || state !== 'accepted' ? {} : { guardPhoto: shown.has(row.receipt) }),
      ...(row.effect === null ? {} : { effect: correctionEffect.parse(JSON.parse(row.effect)) }),
    };
  });
}

export function stateView(line: ApplicationLine, words: string | undefined): ApplicationStateView {
  const { receipt, kind, state, submittedAt, dueAt, decidedAt, reason } = line;
  const known = reason !== undefined && Object.hasOwn(REFUSAL_WORDS, reason);
  return {
    receipt,
    kind,
    state,
    submittedAt,
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(decidedAt === undefined ? {} : { decidedAt }),
    ...(known ? { reason: { code: reason, ...REFUSAL_WORDS[reason as RefusalReason] } } : {}),
    ...(words === undefined ? {} : { words }),
    next: nextWords(kind, state),
  };
}

function present<Name extends string, Value>(name: Name, value: Value | null): { [Key in Name]?: Value } {
  return (value === null ? {} : { [name]: value }) as { [Key in Name]?: Value };
}
