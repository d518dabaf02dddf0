/** Limits of looking people up. */

/** docs/reliability.md: one masked result; a room shows its household, which has eight orders. */
export const FOUND_MAX = 8;
/** The answer leaves the screen after so long. */
export const SHOW_MS = 30_000;
/** A pass's host is looked for in the rows of so long. */
export const PASS_ROWS_MS = 24 * 3_600_000;
