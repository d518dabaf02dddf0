import { GENESIS_HASH } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import type { Batch } from './batch.ts';

/** What the database has of several gates before a batch of each is stored, read for all of them at once. */
export interface Stored {
  /** Rows up to this one are stored and hang together. */
  readonly position: Position;
  /** Hashes stored under each number, from the row before the batch to the row after it. */
  readonly known: ReadonlyMap<number, ReadonlySet<string>>;
  /** All journals of this gate. */
  readonly streams: readonly Stream[];
  /** It is known that this journal says two things. */
  readonly forkedBefore: boolean;
}

export interface Position {
  readonly seq: number;
  readonly hash: string;
}

export interface Stream extends Position {
  readonly journal: string;
  readonly updated_at: number;
}

/** @returns in the order of the batches */
export async function storedBefore(database: Database, batches: readonly Batch[]): Promise<Stored[]> {
  const hashes = await hashesOf(database, batches);
  const streams = await streamsOf(database, batches);
  const forks = await forksOf(database, batches);
  return batches.map(({ gate, batch }) => {
    const known = new Map<number, Set<string>>();
    for (const { seq, hash } of hashes.get(gate) ?? []) {
      const under = known.get(seq);
      if (under === undefined) known.set(seq, new Set([hash]));
      else under.add(hash);
    }
    const own = streams.get(gate) ?? [];
    const { seq = 0, hash = GENESIS_HASH } = own.find(({ journal }) => journal === batch.journal) ?? {};
    const forkedBefore = (forks.get(gate) ?? []).some(({ id }) => id.startsWith(idStart(batch.journal)));
    return { position: { seq, hash }, known, streams: own, forkedBefore };
  });
}

/** First letters of a tampering's id: those of its journal. */
export function idStart(journal: string): string {
  return journal.slice(0, 8);
}

async function hashesOf(database: Database, batches: readonly Batch[]) {
  const rows = await database
    .selectFrom('journal_row')
    .select(['gate', 'seq', 'hash'])
    .where((row) =>
      row.or(
        batches.map(({ gate, batch: { journal, rows: sent } }) =>
          row.and([
            row('gate', '=', gate),
            row('journal', '=', journal),
            row('seq', '>=', (sent[0]?.seq ?? 1) - 1),
            row('seq', '<=', (sent.at(-1)?.seq ?? 0) + 1),
          ]),
        ),
      ),
    )
    .execute();
  return Map.groupBy(rows, ({ gate }) => gate);
}

async function streamsOf(database: Database, batches: readonly Batch[]) {
  const rows = await database
    .selectFrom('stream')
    .select(['gate', 'journal', 'seq', 'hash', 'updated_at'])
    .where(
      'gate',
      'in',
      batches.map(({ gate }) => gate),
    )
    .orderBy('updated_at', 'desc')
    .execute();
  return Map.groupBy(rows, ({ gate }) => gate);
}

/** A fork whose first row is known has its alarm. */
async function forksOf(database: Database, batches: readonly Batch[]) {
  const rows = await database
    .selectFrom('alarm')
    .select(['gate', 'id'])
    .where((alarm) =>
      alarm.or(
        batches.map(({ gate, batch: { journal } }) =>
          alarm.and([
            alarm('gate', '=', gate),
            alarm.or([
              alarm('id', 'like', `${idStart(journal)}-edited-%`),
              alarm('id', 'like', `${idStart(journal)}-cut-%`),
            ]),
          ]),
        ),
      ),
    )
    .execute();
  return Map.groupBy(rows, ({ gate }) => gate);
}
