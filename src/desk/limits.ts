/** Limits and periods of the guard's desk. */

/** Largest body of a request, bytes: a hand-over note of 500 characters, each written as an escape. */
export const BODY_BYTES_MAX = 8_192;
/** A body that is not there by then is not waited for. */
export const BODY_WITHIN_MS = 5_000;

/** A session ends with the longest shift, and after so long in which its guard did nothing. */
export const SESSION_MS = 14 * 3_600_000;
export const SESSION_IDLE_MS = 30 * 60_000;
/** Of one guard: the desk and a tablet; the oldest ends when one more begins. */
export const SESSIONS_OF_GUARD_MAX = 2;
