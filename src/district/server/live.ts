import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { Clock } from '../../ports/index.ts';
import { livePayload } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { storedRows } from '../ingest/stored-rows.ts';
import { FEED_BEAT_MS } from '../limits.ts';
import { entryView } from './entries-view.ts';
import type { Feed, FeedEvent } from './feed.ts';

/** The live line to screens: `entry` for each row as it happens and again once it is acknowledged; all else by its type. */
export interface Telling {
  readonly heard: NonNullable<ReturnType<Feed['listen']>>;
  readonly database: Database;
  readonly clock: Clock;
}

export function liveLine(context: Context, telling: Telling): Response {
  return streamSSE(context, (stream) => tellLive(stream, telling));
}

async function tellLive(stream: SSEStreamingApi, { heard, database, clock }: Telling): Promise<void> {
  stream.onAbort(() => heard.end());
  let cancelBeat: (() => void) | undefined;
  const beat = () => {
    cancelBeat = clock.after(FEED_BEAT_MS, beat);
    void stream.write(': alive\n\n');
  };
  beat();
  for (let event = await heard.queue.take(); event !== undefined; event = await heard.queue.take()) {
    for (const { type, data } of await messagesOf(database, event))
      await stream.writeSSE({ event: type, data: JSON.stringify(data) });
  }
  cancelBeat?.();
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
