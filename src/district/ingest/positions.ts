import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { FOLLOW_ROWS } from '../limits.ts';
import type { Batch } from './batch.ts';
import type { Position, Stored } from './stored-before.ts';

/** How far a journal is stored without a gap: found along its rows, and kept. */
export interface Followed {
  readonly after: Position;
}

type Storing = Batch & { readonly stored: Stored; readonly forked: readonly unknown[] };

/** From where it stood on, along rows that name it and each other, as far as they go. The batch is stored already. */
export async function followRows(database: Database, work: Storing): Promise<Followed> {
  const { stored, batch, forked } = work;
  const saysTwoThings = forked.length > 0 || [...stored.known.values()].some(({ size }) => size > 1);
  if (saysTwoThings) return { after: await followStored(database, work, stored.position) };
  let after = stored.position;
  for (const { seq, hash, previousHash } of batch.rows)
    if (seq === after.seq + 1 && previousHash === after.hash) after = { seq, hash };
  // The batch may have filled a hole: then what lay behind it hangs together too.
  const goesOn = after.seq > stored.position.seq && stored.known.has(after.seq + 1);
  return { after: goesOn ? await followStored(database, work, after) : after };
}

async function followStored(database: Database, { gate, batch }: Batch, from: Position): Promise<Position> {
  let here = from;
  for (;;) {
    const page = await database
      .selectFrom('journal_row')
      .select(['seq', 'hash', 'previous_hash'])
      .where('gate', '=', gate)
      .where('journal', '=', batch.journal)
      .where('seq', '>', here.seq)
      .orderBy('seq')
      .orderBy('received_at')
      .limit(FOLLOW_ROWS)
      .execute();
    const start = here;
    for (const row of page) {
      if (row.seq === here.seq + 1 && row.previous_hash === here.hash)
        here = { seq: row.seq, hash: row.hash };
    }
    if (page.length < FOLLOW_ROWS || here.seq === start.seq) return here;
  }
}

/** A checkpoint is kept when its row lies on the way: the rows after it hang on it by the chain. */
export async function savePositions(
  database: Database,
  works: readonly (Batch & Followed & { readonly stored: Stored; readonly forked: boolean })[],
): Promise<void> {
  const values = works
    .filter(({ stored, after }) => after.seq > stored.position.seq)
    .map(({ gate, batch, now, stored, after: { seq, hash }, forked }) => {
      const end = batch.rows.at(-1)?.seq ?? 0;
      const isOnTheWay = !forked && end > stored.position.seq && end <= seq;
      const checkpoint = isOnTheWay ? batch.checkpoint : null;
      return { gate, journal: batch.journal, seq, hash, checkpoint, updated_at: now };
    });
  if (values.length === 0) return;
  await database
    .insertInto('stream')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['gate', 'journal']).doUpdateSet((row) => ({
        seq: row.ref('excluded.seq'),
        hash: row.ref('excluded.hash'),
        checkpoint: sql<string | null>`coalesce(excluded.checkpoint, stream.checkpoint)`,
        updated_at: row.ref('excluded.updated_at'),
      })),
    )
    .execute();
}
