import type { Clock } from '../../ports/index.ts';
import type { Database } from '../database/database.ts';
import { acknowledgeAlarm, listAlarms, standingAlarms } from '../ingest/alarms.ts';
import { entryStory, findEntries } from '../ingest/entries.ts';
import { lastVerdicts, storedStreams } from '../ingest/gate-overview.ts';
import { passesOf } from '../registry/passes-of.ts';
import type { Rows } from './parts.ts';

/** The stored rows, alarms and documents of one database, as the console asks for them. */
export function rowsOf({ database, clock }: { readonly database: Database; readonly clock: Clock }): Rows {
  return {
    find: (query) => findEntries(database, query),
    story: (place) => entryStory(database, place),
    lastVerdicts: () => lastVerdicts(database),
    streams: () => storedStreams(database),
    alarms: (query) => listAlarms(database, query),
    acknowledge: (gate, id, by) => acknowledgeAlarm(database, { gate, id, by, now: clock.wall() }),
    standingAlarms: () => standingAlarms(database),
    passes: (host, limit) => passesOf(database, host, limit),
    documents: () => database.selectFrom('document').selectAll().orderBy('name').execute(),
  };
}
