/** Limits of looking people up. */

/** docs/reliability.md: one masked result; a room shows its household, which has eight orders. */
export const FOUND_MAX = 8;
/** The answer leaves the screen after so long. */
export const SHOW_MS = 30_000;
/** Answers that may be on screens at once: of every session of a busy gate house. */
export const SHOWN_KEPT_MAX = 64;
/** Questions for one face in one look-up: a page that was slow asks again. */
export const PHOTO_TRIES_MAX = 3;
/** A pass's host is looked for in the rows of so long. */
export const PASS_ROWS_MS = 24 * 3_600_000;
