import { assert, type WallMs } from '../base/index.ts';
import type { RowContent } from '../wire/index.ts';
import { parseContent, type RawRow } from './chain.ts';
import { PURGE_ROWS_MAX, UNSENT_KEPT_MS_MIN } from './limits.ts';
import type { RowsTable } from './rows-table.ts';

/** Which rows have outlived their date. Their content goes, digest and hash stay, so that the chain stays whole. */

export interface PurgeRequest {
  readonly now: WallMs;
  /** The district has stored all rows up to this one. */
  readonly acknowledgedUpTo: number;
  /** Acknowledged rows made before this lose their content. */
  readonly olderThan: WallMs;
  /** Rows that nobody has acknowledged lose it before this; at least 120 hours ago. Absent: never. */
  readonly unsentOlderThan?: WallMs;
}

export interface PurgeReport {
  /** Rows whose content was removed now. */
  readonly rows: number;
  /** Memory that had run out and was removed now. */
  readonly memory: number;
  /** All rows up to this one are without content. */
  readonly purgedUpTo: number;
  /** There is more to do: call again. */
  readonly more: boolean;
  /** Nothing of what was removed is left in the file; false while a reader holds the log. */
  readonly wiped: boolean;
}

export interface PurgeSpan {
  readonly from: number;
  readonly to: number;
  readonly more: boolean;
}

/**
 * The next rows to purge: always from the oldest on, without a gap.
 * A row with a wrong clock proves nothing about rows before it, so an `unsure` row counts only when all before it are old.
 */
export function purgeSpan(rows: RowsTable, request: PurgeRequest): PurgeSpan {
  const { now, unsentOlderThan } = request;
  if (unsentOlderThan !== undefined)
    assert(unsentOlderThan <= now - UNSENT_KEPT_MS_MIN, 'unsent rows are kept 120 hours at least');
  const from = firstWithContent(rows);
  const raws = rows.raws(from, PURGE_ROWS_MAX);
  let to = from - 1;
  for (const raw of raws) {
    const limit = raw.seq <= request.acknowledgedUpTo ? request.olderThan : unsentOlderThan;
    if (limit === undefined) break;
    const { at, clock } = contentOf(raw);
    if (Date.parse(at) < limit && (clock !== 'unsure' || raw.seq === to + 1)) to = raw.seq;
  }
  return { from, to, more: raws.length === PURGE_ROWS_MAX && to === raws.at(-1)?.seq };
}

/** Rows without content are always the oldest ones, so halving finds where they end. */
export function firstWithContent(rows: RowsTable): number {
  let low = 1;
  let high = rows.newest() + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (rows.raw(middle)?.content === null) low = middle + 1;
    else high = middle;
  }
  return low;
}

function contentOf(raw: RawRow): Pick<RowContent, 'at' | 'clock'> {
  assert(raw.content !== null, 'rows without content are the oldest ones');
  return parseContent(raw.content);
}
