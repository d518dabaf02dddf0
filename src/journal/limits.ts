/** Every limit of the journal, in one place. */

/** Rows of one batch: a scan makes two or three, a family code at most nine. */
export const APPEND_ROWS_MAX = 64;
export const APPEND_MEMORY_MAX = 256;

/** Most rows that one read returns. */
export const READ_ROWS_MAX = 1_000;

/** Without a younger checkpoint, so many rows are verified before the journal is ready; the rest follow in the background. */
export const VERIFY_AT_OPEN_ROWS_MAX = 20_000;
/** Rows verified between two turns of the event loop: well under a millisecond, so that no verdict waits. */
export const VERIFY_CHUNK_ROWS = 100;

/** Checkpoints kept: 80 days of one an hour. */
export const CHECKPOINTS_MAX = 2_000;

/** Kept back for manual openings: several thousand rows, or 340 before the first checkpoint of a fresh WAL. */
export const RESERVE_BYTES = 4 * 1024 * 1024;

/** The WAL goes back into the database after so many pages, and its file is never kept longer than this. */
export const WAL_PAGES_MAX = 1_000;
export const WAL_FILE_BYTES_MAX = 8 * 1024 * 1024;
/** Two passages' pages: a shorter log is not worth a commit of its own in an idle moment. */
export const WAL_PAGES_TIDY = 16;

/** How long a statement waits for a reader that is just recovering the WAL. */
export const BUSY_TIMEOUT_MS = 200;

/** Rows whose content one purge removes; it is called again while it says that there are more. */
export const PURGE_ROWS_MAX = 2_000;
/** Rows that the district has not acknowledged keep their content at least this long (reliability.md). */
export const UNSENT_KEPT_MS_MIN = 120 * 3_600_000;

export const LISTENERS_MAX = 32;

/** Failures in a row on one database handle after which the file is opened again. */
export const FAULTS_BEFORE_REOPENING = 2;

/** With less than this free, a failed write is a full disk whatever SQLite calls it. */
export const FULL_DISK_BYTES = 64 * 1024;
