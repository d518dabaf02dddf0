/**
 * Wall time and monotonic time are different types, so that a duration is never measured with a clock that can jump.
 * Only `main/` makes real ones; everything else is handed them.
 */

declare const wall: unique symbol;
declare const monotonic: unique symbol;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type WallMs = number & { readonly [wall]: true };

/** Milliseconds of a clock that never jumps; its zero means nothing. */
export type MonotonicMs = number & { readonly [monotonic]: true };

export function wallMs(milliseconds: number): WallMs {
  return milliseconds as WallMs;
}

export function monotonicMs(milliseconds: number): MonotonicMs {
  return milliseconds as MonotonicMs;
}

/** Whole Unix seconds of a wall time, as codes and JWTs carry them. */
export function unixSeconds(at: WallMs): number {
  return Math.floor(at / 1000);
}

/** `2026-12-31T03:04:05.678Z`. */
export function isoTime(at: WallMs): string {
  return new Date(at).toISOString();
}

/** How far a gate trusts its clock: proved lately, drifting since then, or not proved at all. */
export type ClockQuality = 'synced' | 'holdover' | 'unsure';
