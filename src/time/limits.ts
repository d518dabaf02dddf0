/** Every figure that the clock's judgement rests on, with its reason. */

/**
 * Growth of the error bound in holdover. GB 50396-2007 allows a control unit 10 s a day: 10 / 86,400 = 116 ppm;
 * crystals of single-board computers stay within half of it.
 */
export const DRIFT_PPM = 116;

/** The two clocks of a machine are not read in one instant; a difference below this is no jump. */
export const JITTER_MS = 250;

/** A wall clock may be set forward by so much in all, between two proofs, without signed evidence (docs/threats.md T5). */
export const FORWARD_STEP_MAX_MS = 120_000;

/** A proof of time stays `synced` for so long; after it, holdover begins. */
export const SYNCED_FOR_MS = 15 * 60_000;

/** Beyond this error bound a clock proves nothing: about a month of holdover. */
export const ERROR_MAX_MS = 300_000;

/** A signed answer that took longer than this is no proof of the present. */
export const ROUND_TRIP_MAX_MS = 10_000;

/** Error of a source that the operating system holds to be proved. */
export const SYSTEM_ERROR_MS = 1_000;

/** Longest time without power after which a battery-backed clock is still believed. */
export const BATTERY_SPAN_MAX_MS = 14 * 86_400_000;

/** Error of a battery-backed clock when it was last set. */
export const BATTERY_ERROR_MS = 2_000;

/** Different residents whose codes must agree that time has moved on. */
export const CODE_RESIDENTS_MIN = 3;

/** Most that one such agreement moves the clock on. */
export const CODE_STEP_MAX_MS = 4 * 3_600_000;

/** A code counts as evidence of its time of issue for so long. */
export const CODE_EVIDENCE_LIFE_MS = 30 * 60_000;

/** Codes kept while waiting for agreement; the oldest goes first. */
export const CODE_EVIDENCE_MAX = 16;

/** A code may be so far ahead of the gate by ordinary skew (docs/code-format.md: 30 s by default, twice for margin). */
export const CODE_AHEAD_MIN_MS = 60_000;
