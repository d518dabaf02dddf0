import { signal } from '@preact/signals';
import type { Deed, DeedBody, FoundMemberAnswer } from '../../wire/index.ts';
import { onLeave } from './session.ts';
import type { Failure } from './call.ts';
import { doDeed } from './api.ts';

/** The deed that the guard is about to do, and the one just done. Each has a token, so that trying again does nothing twice. */

/** Whoever was looked up, or was named by a scan: of the latter no more is known. */
export type Person = Pick<FoundMemberAnswer, 'index' | 'display'> & Partial<FoundMemberAnswer>;

/** What a deed begins with: whom the guard has before them. */
export interface DeedStart {
  readonly deed: Exclude<Deed, 'undo'>;
  readonly lane?: string | undefined;
  readonly who?: Person | undefined;
  /** Others of the same household, to come along. */
  readonly family?: readonly FoundMemberAnswer[] | undefined;
  readonly entry?: number | undefined;
  /** What the context says the reason is. */
  readonly reason?: string | undefined;
}

export interface DeedDone {
  readonly deed: Deed;
  readonly row: number;
  /** Steady milliseconds until which it can be taken back; absent: it cannot. */
  readonly undoUntil?: number | undefined;
  readonly undoMs: number;
}

export const deedStart = signal<DeedStart | undefined>(undefined);
export const deedDone = signal<DeedDone | undefined>(undefined);
export const undoFailure = signal<Failure | undefined>(undefined);

onLeave(() => {
  deedStart.value = undefined;
  deedDone.value = undefined;
  undoFailure.value = undefined;
});

const UNDOABLE: ReadonlySet<Deed> = new Set<Deed>(['let-in', 'visitor', 'delivery']);

/** 128 random bits. */
export function onceToken(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

/** @returns what went wrong, or nothing */
export async function perform(body: DeedBody): Promise<Failure | undefined> {
  const answer = await doDeed(body);
  if (!answer.ok) return answer.error;
  const { row, undoMs } = answer.value;
  const canUndo = UNDOABLE.has(body.deed) && undoMs > 0;
  undoFailure.value = undefined;
  deedDone.value = {
    deed: body.deed,
    row,
    undoMs: canUndo ? undoMs : TOLD_MS,
    undoUntil: canUndo ? performance.now() + undoMs : undefined,
  };
  return undefined;
}

/** How long a deed that cannot be taken back stays told. */
export const TOLD_MS = 8_000;

let undoing: { readonly row: number; readonly once: string } | undefined;

export async function undo(reason: 'did-not-enter' | 'mistake'): Promise<void> {
  const done = deedDone.value;
  if (done?.undoUntil === undefined) return;
  if (undoing?.row !== done.row) undoing = { row: done.row, once: onceToken() };
  undoFailure.value = await perform({ deed: 'undo', once: undoing.once, entry: done.row, reason });
}
