/** Where a gate begins to speak of its own machine, and when it is quiet again. */

/** The firmware of a Raspberry Pi slows the processor from here on (its documentation, Frequency management and thermal control). */
export const HOT_C = 80;
/** Over only here: a processor that was slowed down cools at once, and heats again. */
export const COOL_C = 72;
/** A weak supply comes and goes with the load: it is in order after so long without a complaint. */
export const POWER_QUIET_MS = 5 * 60_000;
/** Somebody at the reader waits for each append. A good card takes some milliseconds, a worn one stalls. */
export const SLOW_APPEND_MS = 300;
/** Of the last so many appends, so many slow ones over so long a time are the card; fewer are its own tidying up. */
export const APPENDS_JUDGED = 8;
export const SLOW_APPENDS = 4;
export const SLOW_FOR_MS = 30_000;
/** So many quick ones in a row, and it is in order. */
export const QUICK_APPENDS = 4;
