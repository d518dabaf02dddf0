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
/** A certificate is renewed when a quarter of its span is left (main/certificate-keeper.ts). */
export const CERTIFICATE_DUE_SHARE = 1 / 4;
export const PAGE_CERTIFICATE_DUE_MS = 14 * 86_400_000;
