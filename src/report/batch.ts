import { assert, utf8 } from '../base/index.ts';
import { BATCH_BYTES_MAX, BATCH_ROWS_MAX, type SentRow } from '../wire/index.ts';

/**
 * Cuts the beginning of a backlog into one batch that fits the contract: at most so many rows and so many bytes.
 * The first row always goes, since a row is far smaller than a batch.
 */

/** Room for the journal id, the checkpoint and the punctuation around them. */
const ENVELOPE_BYTES = 2_048;

/** @param bytesMax what the broker takes, where it names less than the contract allows */
export function cutBatch(rows: readonly SentRow[], bytesMax: number = BATCH_BYTES_MAX): readonly SentRow[] {
  const room = Math.min(bytesMax, BATCH_BYTES_MAX) - ENVELOPE_BYTES;
  let bytes = 0;
  let count = 0;
  for (const row of rows.slice(0, BATCH_ROWS_MAX)) {
    bytes += utf8(JSON.stringify(row)).length + 1;
    if (bytes > room && count > 0) break;
    count += 1;
  }
  assert(rows.length === 0 || count > 0, 'a batch makes progress');
  return rows.slice(0, count);
}
