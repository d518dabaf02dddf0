import { z } from 'zod';
import { type ChainedRow, chainedRow, sentRow } from '../../wire/index.ts';

const stored = z.object({ rows: z.array(sentRow) });

/** Rows of a `stored` event that still have their content. */
export function storedRows(data: unknown): ChainedRow[] {
  return stored.parse(data).rows.flatMap((row) => chainedRow.safeParse(row).data ?? []);
}
