import type { Clock } from '../../ports/index.ts';
import type { Database } from '../database/database.ts';
import { acknowledgeAlarm, listAlarms } from '../ingest/alarms.ts';
import { entryStory, findEntries } from '../ingest/entries.ts';
import { lastVerdicts, storedStreams } from '../ingest/gate-overview.ts';
import { storedChain } from '../ingest/stored-chains.ts';
import { passesOf } from '../registry/passes-of.ts';
import type { ChainResult, Rows } from './parts.ts';

/** The stored rows, alarms and documents of one database, as the console asks for them. */
export function rowsOf({ database, clock }: { readonly database: Database; readonly clock: Clock }): Rows {
  return {
    find: (query) => findEntries(database, query),
    story: (place) => entryStory(database, place),
    lastVerdicts: () => lastVerdicts(database),
    streams: () => storedStreams(database),
    alarms: (query) => listAlarms(database, query),
    acknowledge: (gate, id, by) => acknowledgeAlarm(database, { gate, id, by, now: clock.wall() }),
    verifyChains: (gate) => verifyChains(database, gate),
    passes: (host, limit) => passesOf(database, host, limit),
    documents: () => database.selectFrom('document').selectAll().orderBy('name').execute(),
  };
}

/** Every journal of the gate, from its first stored row to the end that the gate was told is stored. */
async function verifyChains(database: Database, gate: string): Promise<readonly ChainResult[]> {
  const streams = (await storedStreams(database)).filter((stream) => stream.gate === gate);
  const results: ChainResult[] = [];
  for (const { journal, seq, hash } of streams) {
    const found = await storedChain(database, { gate, journal, seq, hash });
    const why =
      found.brokenAt !== undefined
        ? 'content'
        : found.lost > 0
          ? 'missing'
          : found.doubled > 0
            ? 'doubled'
            : undefined;
    const at = found.brokenAt ?? found.stored;
    results.push({ journal, rows: found.stored, ...(why && { problem: { seq: at, why } }) });
  }
  return results;
}
