/** Limits of reading the journal back for a guard's page. */

/** Rows between two turns of the event loop: a few milliseconds, so that no scan waits. */
export const ROWS_PER_SLICE = 100;
/** Rows that one answer looks through: more than the busiest gate writes in a day. */
export const ROWS_READ_MAX = 50_000;
/** Rows that are looked through at a start for alarms that nobody has acknowledged. */
export const ROWS_BACK_MAX = 20_000;
/** Rows that may come while those are read. */
export const ROWS_WAITING_MAX = 5_000;
