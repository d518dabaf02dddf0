import type { Refusal } from '../code/index.ts';
import type { Alarm, BatchDraft, Direction, MemoryChange } from '../wire/index.ts';
import type { VerdictSign } from './sign.ts';
import type { Volatile } from './volatile.ts';

/**
 * What a decision says shall happen; nothing here has happened yet. The order is: rows and memory become durable as one,
 * `apply` takes the state on, then the effects are carried out.
 */
export interface Outcome {
  /** The first is the entry, if there is one; later ones tell more about it or about others. May be empty. */
  readonly rows: readonly BatchDraft[];
  /** May be there without rows: it is made durable all the same. */
  readonly memory: readonly MemoryChange[];
  readonly effects: readonly Effect[];
  /** What lives in memory only. */
  readonly next: Volatile;
  /** For the lane's display. */
  readonly sign?: VerdictSign;
  /** Why a guard's wish was not carried out; there are no rows then. */
  readonly problem?: ManualProblem;
}

export type Effect =
  | OpenEffect
  | HoldEffect
  | AlarmEffect
  | UsedEffect
  | ReplyEffect
  | ResendEffect
  | { readonly type: 'reload' }
  | { readonly type: 'identify'; readonly lane?: string }
  | { readonly type: 'update'; readonly jti: string; readonly release: number };

export interface OpenEffect {
  readonly type: 'open';
  readonly lane: string;
  readonly pulseMs: number;
  /** Place in `rows` of the row whose receipt opens. */
  readonly row: number;
  /** The earlier entry that this opening goes on with; absent: the row itself is the entry. */
  readonly entry?: number;
  /** How many may pass. */
  readonly people: number;
}

export interface HoldEffect {
  readonly type: 'hold';
  readonly lane: string;
  readonly open: boolean;
  readonly row: number;
}

export interface AlarmEffect {
  readonly type: 'alarm';
  readonly alarm: Alarm;
  /** Place in `rows` of the row that tells it. */
  readonly row: number;
  readonly lane?: string;
  readonly reader?: string;
  readonly detail?: string;
  /** Must not show at the gate. */
  readonly silent?: boolean;
}

/** Tell the sister gates. */
export interface UsedEffect {
  readonly type: 'used';
  readonly codeHash: string;
  readonly direction: Direction;
  /** Unix seconds after which time alone refuses the code. */
  readonly expiresAt: number;
}

export interface ReplyEffect {
  readonly type: 'reply';
  readonly jti: string;
  readonly ok: boolean;
  readonly detail?: string;
  readonly row: number;
}

export interface ResendEffect {
  readonly type: 'resend';
  readonly from: number;
}

export type ManualProblem = 'actor-missing' | 'reason-missing' | 'lane-unknown' | 'nothing-to-undo';

/** Refusals that are not the resident's doing: the guard settles them on the spot. */
const FOR_THE_GUARD: ReadonlySet<Refusal> = new Set<Refusal>([
  'needs-guard',
  'clock-unsure',
  'trust-stale',
  'journal-unavailable',
  'door-fault',
]);

export function isForTheGuard(refusal: Refusal): boolean {
  return FOR_THE_GUARD.has(refusal);
}
