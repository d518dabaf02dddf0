import type { Clock } from '../../ports/index.ts';
import type { Database } from '../database/database.ts';
import { acknowledgeAlarm, listAlarms, standingAlarms } from '../ingest/alarms.ts';
import { entryStory, findEntries } from '../ingest/entries.ts';
import { drillsOf } from '../ingest/deeds.ts';
import { gateHistory, lastSpan } from '../ingest/gate-history.ts';
import { lastVerdicts, storedStreams } from '../ingest/gate-overview.ts';
import { passesOf } from '../registry/passes-of.ts';
import { Looks } from './kit/looks.ts';
import type { Rows } from './parts.ts';

/** The stored rows, alarms and documents of one database, as the console asks for them. */
export function rowsOf({ database, clock }: { readonly database: Database; readonly clock: Clock }): Rows {
  const looks = new Looks(clock);
  return {
    find: (query) => findEntries(database, query),
    story: (place) => entryStory(database, place),
    lastVerdicts: (gates) => lastVerdicts(database, gates),
    streams: (gates) => storedStreams(database, gates),
    alarms: (query) => listAlarms(database, query),
    acknowledge: (gate, id, by) => acknowledgeAlarm(database, { gate, id, by, now: clock.wall() }),
    standingAlarms: (gates) => standingAlarms(database, gates),
    passes: (host, limit) => passesOf(database, host, limit),
    history: (gate, days) =>
      looks.look(`history ${gate} ${days}`, () => gateHistory(database, lastSpan(gate, days, clock.wall()))),
    drills: (gate) => looks.look(`drills ${gate}`, () => drillsOf(database, gate)),
    documents: () => database.selectFrom('document').selectAll().orderBy('name').execute(),
  };
}
