/** Limits of what a guard's page is told live. */

/** Pages of one gate: the desk, a tablet, the gate house's second screen, and some that were left open. */
export const PAGES_MAX = 8;
/** Entries that a page begins with. */
export const ENTRIES_KEPT_MAX = 50;
/** Messages that one slow page may have waiting: what it begins with, and a burst. */
export const MESSAGES_WAITING_MAX = 256;
/** What time alone changes is looked at so often. */
export const LOOK_EVERY_MS = 1_000;
