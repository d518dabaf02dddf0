/** Limits and periods of signing in, the same at the district and at a gate. */

/** Wrong tries of one account, and from one address, before the lock; each lock after the other is twice as long. */
export const SIGN_IN_TRIES_MAX = 5;
export const SIGN_IN_WINDOW_MS = 15 * 60_000;
export const SIGN_IN_LOCK_MAX_MS = 60 * 60_000;
/** Locks are forgotten after a day of quiet. */
export const SIGN_IN_FORGET_MS = 24 * 3_600_000;

/** Passwords that are hashed at once, and that wait for it: a flood of them leaves processor and memory to the rest. */
export const PASSWORDS_HASHED_MAX = 2;
export const PASSWORDS_WAITING_MAX = 16;

/** Figures of a PIN. */
export const PIN_FIGURES_MIN = 6;
