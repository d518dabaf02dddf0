/** Limits of an import: a file is read whole, so its size, its rows and what it unfolds to are bounded before that. */

export const IMPORT_BYTES_MAX = 32 * 1_048_576;
export const IMPORT_ROWS_MAX = 100_000;
export const IMPORT_COLUMNS_MAX = 64;
/** Longest line of a CSV file, characters: a quote that is never closed ends here. */
export const IMPORT_LINE_MAX = 16_384;
/** What the parts of an .xlsx file come to, unpacked, and how many there may be. */
export const XLSX_UNPACKED_BYTES_MAX = 256 * 1_048_576;
export const XLSX_PARTS_MAX = 1_000;
/** Problems that are told one by one; the others are counted. */
export const IMPORT_PROBLEMS_TOLD_MAX = 1_000;
/** Rows that one transaction enters, and the pause after it: a writer of another process looks again every 25 ms. */
export const IMPORT_STEP_ROWS = 500;
export const IMPORT_PAUSE_MS = 40;
