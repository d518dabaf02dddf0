/** Limits of finding people by their short codes. */

/** Computing gives way to scans and requests after so long: well within the 10 ms that nothing may take of them. */
export const SLICE_MS = 5;
/** Members computed between two looks at the clock: a quarter of a millisecond on a desktop, one on a small board. */
export const MEMBERS_PER_LOOK = 32;
/** Look-ups that wait for the one that is computing. */
export const WAITING_MAX = 4;
/** Codes that were used and have not run out; the oldest goes first. Guards look up 30 people an hour, a code lives 7 minutes at most. */
export const USED_MAX = 1_024;
/** Wrong codes in a row that are an alarm: a bad line is heard wrongly once or twice. */
export const WRONG_IN_A_ROW_MAX = 5;
