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

/** Accounts of one gate. */
export const GUARDS_MAX = 100;
/** An account is begun with eight figures; they hold so long. */
export const INVITATION_MS = 24 * 3_600_000;
/** A PIN in letters and figures is no shorter than one in figures. */
export const SECRET_CHARACTERS_MIN = 6;
/** The figures of the first account change after so many wrong ones. */
export const FIRST_CODE_TRIES_MAX = 5;
/** Accounts and addresses whose tries are counted; beyond, the ones that end first are forgotten. */
export const TRIED_KEYS_MAX = 2_000;
/** Addresses from which a guard has signed in, and how long each is remembered. */
export const FAMILIAR_MAX = 500;
export const FAMILIAR_MS = 183 * 24 * 3_600_000;

/** A shift that nobody ends is over after so long. */
export const SHIFT_MS = 14 * 3_600_000;
/** Shifts and their notes are kept for so long (Cybersecurity Law of the PRC, article 21: six months), and at most so many. */
export const SHIFTS_KEPT_MS = 183 * 24 * 3_600_000;
export const SHIFTS_KEPT_MAX = 2_000;

/** Sessions and shifts that are over are looked for so often. */
export const SWEEP_EVERY_MS = 5_000;
export const SHIFTS_SWEPT_EVERY_MS = 60_000;

/** In each window so many locks are told, and one time that requests of other pages or programs are refused. */
export const ABUSE_WINDOW_MS = 15 * 60_000;
export const ABUSE_LOCKS_TOLD_MAX = 5;
export const ABUSE_REQUESTS = 10;
export const ABUSE_LOGGED_MAX = 20;

/** Whoever holds the file for as long as a command takes is waited for. */
export const FILE_BUSY_MS = 2_000;

/**
 * One guard's look-ups and deeds: more is no work of a person. The thirty-first look-up of an hour raises the alarm
 * (docs/reliability.md, Personal data); it stops nobody, for while codes open nothing everybody is looked up.
 */
export const LOOK_UPS_PER_MINUTE_MAX = 60;
export const DEEDS_PER_MINUTE_MAX = 60;
