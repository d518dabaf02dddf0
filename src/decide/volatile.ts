import type { MonotonicMs } from '../base/index.ts';
import type { Refusal } from '../code/index.ts';
import type { VerdictSign } from './sign.ts';

/** What a gate keeps in memory alone; losing it errs on the safe side (state.ts). */
export interface Volatile {
  /** Openings whose outcome is not known yet, oldest first; at most GRANTS_MAX. */
  readonly grants: readonly Grant[];
  /** By reader; at most READERS_MAX. */
  readonly tallies: ReadonlyMap<string, Tally>;
  /** Wrong tries since the last grant, by lane. */
  readonly wrongTries: ReadonlyMap<string, number>;
  /** Unix seconds; memory that had run out before may be forgotten. 0: nothing may. */
  readonly forgetBefore: number;
}

export interface Grant {
  /** Sequence number of its row, or FIRST_ROW. */
  readonly entry: number;
  readonly lane: string;
  readonly codeHash?: string;
  /** First grant. */
  readonly at: MonotonicMs;
  readonly seenAt: MonotonicMs;
  /** A healthy sensor tells whether somebody passes. */
  readonly monitored: boolean;
  readonly restores: readonly Restore[];
  readonly sign: VerdictSign;
}

/** How a use is taken back. `back`: to what it was, if nobody wrote since. `count`: one fewer. */
export type Restore =
  | {
      readonly type: 'back';
      readonly key: string;
      readonly wrote?: string;
      readonly was?: string;
      readonly until: number;
    }
  | { readonly type: 'count'; readonly key: string; readonly until: number };

/** What one reader brought lately. */
export interface Tally {
  readonly lane?: string;
  readonly reader?: string;
  /** The newest refusal that has a row of its own. */
  readonly last?: LastRefusal;
  /** Scans that were counted with an earlier row instead of having their own. */
  readonly repeats?: Repeats;
  /** Scans beyond what is written one by one. */
  readonly flood?: { readonly count: number; readonly since: MonotonicMs };
  readonly unreadable: number;
  readonly tokens: number;
  readonly tokensAt: MonotonicMs;
}

export interface LastRefusal {
  readonly refusal: Refusal;
  readonly lane: string;
  readonly codeHash?: string;
  readonly entry: number;
  readonly seenAt: MonotonicMs;
}

export interface Repeats {
  readonly entry: number;
  readonly refusal?: Refusal;
  readonly count: number;
  readonly since: MonotonicMs;
}
