import type { ChainedRow } from '../../wire/index.ts';
import type { DeskWork, Period } from '../work.ts';
import { ROWS_PER_SLICE, ROWS_READ_MAX } from './limits.ts';

/** Reads a part of the journal in slices, so that no scan waits for it; rows whose content is past its date are left out. */
export type Reading = Pick<DeskWork, 'journal' | 'pause'>;

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** @throws what reading throws */
export async function eachRow(
  { journal, pause }: Reading,
  { from, to }: Span,
  see: (row: ChainedRow) => void,
): Promise<void> {
  for (let next = from; next <= to; ) {
    const piece = journal.rows(next, Math.min(ROWS_PER_SLICE, to - next + 1));
    const last = piece.at(-1);
    if (last === undefined) return;
    for (const row of piece) if ('at' in row) see(row);
    next = last.seq + 1;
    await pause();
  }
}

/** The rows of a period, at most ROWS_READ_MAX of them, the newest. An empty span has its end before its beginning. */
export function spanOf({ journal }: Pick<Reading, 'journal'>, { since, until }: Period): Span {
  const newest = journal.head().seq;
  const to = until === undefined ? newest : firstFrom(journal, until, newest) - 1;
  return { from: Math.max(firstFrom(journal, since, newest), to - ROWS_READ_MAX + 1), to };
}

/** Effective time never falls, so halving finds the first row of a time. A row without content is an old one. */
function firstFrom(journal: Reading['journal'], at: number, newest: number): number {
  let [low, high] = [1, newest + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [row] = journal.rows(middle, 1);
    if (row === undefined || !('at' in row) || Date.parse(row.at) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
