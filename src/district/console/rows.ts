import type { Clock } from '../../ports/index.ts';
import type { Database } from '../database/database.ts';
import { acknowledgeAlarm, listAlarms, standingAlarms } from '../ingest/alarms.ts';
import { entryStory, findEntries } from '../ingest/entries.ts';
import { drillsOf, guardDays } from '../ingest/deeds.ts';
import { gateHistory, lastSpan } from '../ingest/gate-history.ts';
import { lastVerdicts, storedStreams } from '../ingest/gate-overview.ts';
import { passesOf } from '../registry/passes-of.ts';
import { Looks } from './kit/looks.ts';
import { zoneOffsetMs } from './kit/times.ts';
import type { Rows } from './parts.ts';

/** The stored rows, alarms and documents of one database, as the console asks for them. */
interface RowsOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** IANA name */
  readonly timeZone: string;
}

const DAY_MS = 86_400_000;

export function rowsOf({ database, clock, timeZone }: RowsOptions): Rows {
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
    guardDays: (days) =>
      looks.look(`guards ${days}`, () => {
        const now = clock.wall();
        const offsetMs = zoneOffsetMs(timeZone, now);
        const today = Math.floor((now + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
        return guardDays(database, { from: today - (days - 1) * DAY_MS, until: now, offsetMs });
      }),
    documents: () => database.selectFrom('document').selectAll().orderBy('name').execute(),
  };
}
