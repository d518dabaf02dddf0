/** Where the doctor draws its lines, and what the set-up page may hold. */

/** The firmware of a Raspberry Pi slows the processor from here on. */
export const HOT_C = 80;
export const MEMORY_LOW_BYTES = 64 * 1024 * 1024;
/** Well above the journal's reserve and its log. */
export const DISK_FULL_BYTES = 16 * 1024 * 1024;
export const DISK_LOW_BYTES = 256 * 1024 * 1024;
/** The gate reports each minute. */
export const HEARD_LATE_MS = 10 * 60_000;
export const UNSENT_MANY = 1_000;
/** A certificate is renewed when a quarter of its span is left (main/broker/certificate-keeper.ts). */
export const CERTIFICATE_DUE_SHARE = 1 / 4;
export const PAGE_CERTIFICATE_DUE_MS = 14 * 86_400_000;

/** Tries of one caller at the figures of the console. */
export const CODE_TRIES = 5;
export const CODE_TRIES_WITHIN_MS = 60_000;
export const CALLERS_MAX = 1_024;
/** Of all callers together; then there are other figures: one in a million at the very most gets in by guessing. */
export const WRONG_CODES_MAX = 50;
export const SESSIONS_MAX = 4;
/** A page that is only left open holds up no gate for longer. */
export const SESSION_IDLE_MS = 15 * 60_000;
export const BODY_BYTES_MAX = 8_192;
/** A reader is listened to for so long at most. */
export const LISTEN_MS_MAX = 30_000;
