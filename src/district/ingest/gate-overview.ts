import { type ChainedRow, chainedRow } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';

/** What a screen of all gates asks of the stored rows, each in one question however many gates there are. */
export interface StoredStream {
  readonly gate: string;
  readonly journal: string;
  /** Rows up to this one are stored without a gap. */
  readonly seq: number;
  readonly hash: string;
  /** The gate's signed word for the newest row of a batch. */
  readonly checkpoint: string | null;
  /** Unix milliseconds */
  readonly updatedAt: number;
}

export async function storedStreams(database: Database): Promise<readonly StoredStream[]> {
  const streams = await database.selectFrom('stream').selectAll().orderBy('gate').execute();
  return streams.map(({ gate, journal, seq, hash, checkpoint, updated_at: updatedAt }) => {
    return { gate, journal, seq, hash, checkpoint, updatedAt };
  });
}

/** Newest decision about a code, by gate; a gate whose rows are all of another kind, or past their retention, is left out. */
export async function lastVerdicts(database: Database): Promise<ReadonlyMap<string, ChainedRow>> {
  const found = await database
    .selectFrom('gate')
    .select((each) => [
      'gate.id',
      each
        .selectFrom('journal_row')
        .select('journal_row.content')
        .whereRef('journal_row.gate', '=', 'gate.id')
        .where('journal_row.decision', 'in', ['granted', 'refused', 'guard'])
        .where('journal_row.content', 'is not', null)
        .orderBy('journal_row.at', 'desc')
        .limit(1)
        .as('content'),
    ])
    .execute();
  const rows = found.flatMap(({ id, content }) =>
    content === null ? [] : [[id, chainedRow.parse(JSON.parse(content))] as const],
  );
  return new Map(rows);
}
