import type { MonotonicMs } from '../base/index.ts';

/**
 * Whether a door still follows its relay: of so many openings in a row, a lock that works and a contact that tells see at least
 * one. Pure; it knows nothing of who was let in.
 */

/** Fewer may be people who changed their minds. */
export const UNFOLLOWED_MAX = 5;

export interface Following {
  /** There is a contact to follow it by. */
  readonly wired: boolean;
  /** Openings in a row that nothing followed. */
  readonly unfollowed: number;
  /** Until when the last opening may still be followed; undefined: none is waited for. */
  readonly until?: MonotonicMs;
  readonly told: boolean;
}

export function following(wired: boolean): Following {
  return { wired, unfollowed: 0, told: false };
}

/** The relay was told to open a door that stands closed. Openings that overlap are one. */
export function ordered(before: Following, until: MonotonicMs): Following {
  return before.wired ? { ...before, until } : before;
}

/** Door or turnstile moved, by whomever: lock and contact work. */
export function moved(): Following {
  return following(true);
}

/** Nobody can say any more whether the opening would have been followed. */
export function excused({ until: _, ...before }: Following): Following {
  return before;
}

/** What time has decided. */
export function judged(before: Following, at: MonotonicMs): Following {
  if (before.until === undefined || at < before.until) return before;
  const unfollowed = before.unfollowed + 1;
  return { ...excused(before), unfollowed, told: before.told || unfollowed >= UNFOLLOWED_MAX };
}
