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

/** @param gates of all, when left out */
export async function storedStreams(
  database: Database,
  gates?: readonly string[],
): Promise<readonly StoredStream[]> {
  const all = database.selectFrom('stream').selectAll().orderBy('gate');
  const streams = await (gates === undefined ? all : all.where('gate', 'in', [...gates, ''])).execute();
  return streams.map(({ gate, journal, seq, hash, checkpoint, updated_at: updatedAt }) => {
    return { gate, journal, seq, hash, checkpoint, updatedAt };
  });
}

/** Newest decision about a code, by gate; a gate whose rows are all of another kind, or past their retention, is left out. @param gates of all, when left out */
export async function lastVerdicts(
  database: Database,
  gates?: readonly string[],
): Promise<ReadonlyMap<string, ChainedRow>> {
  const all = database.selectFrom('gate');
  const found = await (gates === undefined ? all : all.where('gate.id', 'in', [...gates, '']))
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
