import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { Clock } from '../../ports/index.ts';
import { livePayload } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { storedRows } from '../ingest/stored-rows.ts';
import { FEED_BEAT_MS } from '../limits.ts';
import { entryView } from './entries-view.ts';
import type { Feed, FeedEvent } from './feed.ts';
import type { DeskContext, DeskEnv } from './route.ts';

/** The live line to screens, as long as whoever listens may: `entry` for each row as it happens and again once it is acknowledged; all else by its type. */
export interface Telling {
  readonly heard: NonNullable<ReturnType<Feed['listen']>>;
  readonly database: Database;
  readonly clock: Clock;
}

export function liveLine(context: DeskContext, { heard, database, clock }: Telling): Response {
  return openLine(context, {
    clock,
    end: () => heard.end(),
    tell: async (stream) => {
      for (let event = await heard.queue.take(); event !== undefined; event = await heard.queue.take()) {
        for (const { type, data } of await messagesOf(database, event))
          await stream.writeSSE({ event: type, data: JSON.stringify(data) });
      }
    },
  });
}

/** A line of events: it says that it is alive, and is ended once whoever listens may no more. */
export interface Line {
  readonly clock: Clock;
  /** Makes `tell` come to its end. */
  readonly end: () => void;
  readonly tell: (stream: SSEStreamingApi) => Promise<void>;
  /** What says that it is alive; a comment, when left out, which an `EventSource` keeps to itself. */
  readonly beat?: string;
}

export function openLine(
  context: Context,
  { clock, end, tell, beat: alive = ': alive\n\n' }: Line,
): Response {
  const asked = context.get('isStillThere') as DeskEnv['Variables']['isStillThere'];
  const isStillThere = asked ?? (() => Promise.resolve(false));
  return streamSSE(context, async (stream) => {
    stream.onAbort(end);
    let cancelBeat: (() => void) | undefined;
    const beat = () => {
      cancelBeat = clock.after(FEED_BEAT_MS, beat);
      void stream.write(alive);
      // A session that is over, or that cannot be looked up, hears nothing more.
      void isStillThere()
        .catch(() => false)
        .then((isThere) => isThere || end());
    };
    beat();
    try {
      await tell(stream);
    } finally {
      cancelBeat?.();
      end();
    }
  });
}

async function messagesOf(database: Database, event: FeedEvent): Promise<{ type: string; data: unknown }[]> {
  const { gate } = event;
  if (event.type === 'live') {
    const { row } = livePayload.parse(event.data);
    return [{ type: 'entry', data: await entryView(database, { gate, row, acknowledged: false }) }];
  }
  if (event.type === 'stored') {
    const rows = storedRows(event.data);
    const views = await Promise.all(
      rows.map((row) => entryView(database, { gate, row, acknowledged: true })),
    );
    return views.map((data) => ({ type: 'entry', data }));
  }
  return [{ type: event.type, data: { gate, ...(event.data as object) } }];
}
