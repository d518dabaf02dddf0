/** Every number that bounds a decision, in one place. What policy may change is not here. */

/** The same code read again on the same lane so soon is the same showing: a reader's double output, or a phone held still. */
export const DOUBLE_READ_MS = 2_000;

/** docs/code-format.md, step 7: the same code on the same lane opens again as the same entry. */
export const GRACE_MS = 15_000;

/** docs/code-format.md, step 7: a printed card opens at most once in so long. */
export const CARD_PAUSE_SECONDS = 60;

/** Those who come along with one opening, as a row names them; with the one they come with. */
export const PARTY_MAX = 8;
export const PEOPLE_MAX = 9;

/** docs/screens.md: "did not enter". */
export const UNDO_MS = 10_000;

/** Identical refusals of one reader closer than this are counted, not written one by one (docs/threats.md, T17). */
export const REPEAT_GAP_MS = 10_000;
/** Counted scans are written down after so long at the latest. */
export const COUNT_FLUSH_MS = 10_000;

/**
 * Refusals that one reader may have written in a burst, and how fast that comes back; grants cost nothing. A rush hour's
 * worth keeps a row for each scan, while a flood of a whole day (20 a second) stays near 63,000 rows: about 30 MB.
 */
export const REFUSAL_BURST = 2_000;
export const REFUSAL_REFILL_MS = 2_000;
/** The same for commands that are not believed: nobody sends so many by mistake. */
export const COMMAND_BURST = 200;

/** GB 50396-2007: alarm after at most five wrong tries in a row. */
export const REFUSALS_IN_A_ROW = 5;

/** docs/code-format.md: so many unreadable texts in a row from one keyboard reader ask for its set-up. */
export const UNREADABLE_IN_A_ROW = 3;

/** docs/trust-documents.md: `exp` − `iat` of a command; while the clock is unsure, its age since it came in. */
export const COMMAND_LIFE_SECONDS = 30;
/** A district's clock may run ahead of the gate's by so much. */
export const COMMAND_SKEW_SECONDS = 5;

/** docs/reliability.md: look-ups of one guard in an hour; the next one alarms. */
export const LOOK_UPS_PER_HOUR = 30;

/**
 * A used code is remembered so long beyond its own end: a growing clock error bound (900 s at most), a longer window
 * (900 s) and a larger skew (300 s) may let the same code live again, as policy changes.
 */
export const USED_MARGIN_SECONDS = 3_600;

/** A sister gate's used code whose end is not known: the longest kind 1 lives 63 min, and the margins above. */
export const SEEN_SECONDS = 2 * 3_600;
/** Longest that a sister's word keeps a code: a pass lives 65 535 min. */
export const SEEN_SECONDS_MAX = 46 * 86_400;
/** Codes used at sister gates that are remembered; the oldest goes first. */
export const SEEN_MAX = 100_000;

/** Openings whose outcome is awaited. One that is pushed out counts as used. */
export const GRANTS_MAX = 64;
/** No door reports later than this: the longest pulse is 60 s, the grace 15 s. */
export const GRANT_KEPT_MS = 120_000;

/** Readers of one gate. */
export const READERS_MAX = 64;

/** docs of the row: longest `reason`. */
export const REASON_MAX = 200;

/** Remembered keys that are looked at per decision, to forget what has run out. */
export const SWEEP_STEP = 8;
