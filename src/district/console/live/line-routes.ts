import type { Context, Hono } from 'hono';
import type { SSEStreamingApi } from 'hono/streaming';
import { z } from 'zod';
import type { Clock } from '../../../ports/index.ts';
import { gateId } from '../../../wire/index.ts';
import { FEED_TYPES } from '../../server/feed.ts';
import { openLine } from '../../server/live.ts';
import { type Desk, pageOf } from '../kit/desk.ts';
import { may, type Page } from '../kit/page.ts';
import { CHANGES_TOLD_EVERY_MS, WALL_TOLD_EVERY_MS } from '../limits.ts';
import { type Filter, filterOf, READS_GATES, wallPatch } from '../views/wall-view.ts';
import type { GateWatch, Since } from './gate-watch.ts';
import type { Told } from './lines.ts';

/** Where open pages ask for their line. Pages name what they want to hear; nothing that is told here says more than that it happened. */

const changesQuery = z.object({
  gate: gateId.optional(),
  types: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(FEED_TYPES)).max(FEED_TYPES.length)),
});
/** Seen by the page, so that it notices a line that went silent. */
const BEAT = 'event: beat\ndata: 1\n\n';
const sinceText = z.string().regex(/^[0-9a-f]{8}\.\d{1,15}\.\d{1,15}$/);

export function addLiveRoutes(app: Hono, desk: Desk): void {
  app.get('/console/live/changes', (context) => changes(desk, context));
  app.get('/console/live/gates', (context) => gates(desk, context));
}

/** Writing this into the page is what makes it live. */
export function sinceOf({ boot, revision, at }: Since): string {
  return `${boot}.${revision}.${at}`;
}

function readSince(text: string | undefined): Since | undefined {
  const parts = sinceText.safeParse(text).data?.split('.');
  if (parts === undefined) return undefined;
  const [boot = '', revision, at] = parts;
  return { boot, revision: Number(revision), at: Number(at) };
}

function changes({ parts, lines }: Desk, context: Context): Response {
  const asked = changesQuery.safeParse({
    gate: context.req.query('gate'),
    types: context.req.query('types') ?? '',
  });
  if (parts.access.principal(context) === undefined) return context.text('403', 403);
  if (!asked.success) return context.text('400', 400);
  const { gate, types } = asked.data;
  const line = lines.open(
    (event) => types.includes(event.type) && (gate === undefined || event.gate === gate),
  );
  if (line === undefined) return context.text('503', 503);
  return openLine(context, {
    clock: parts.clock,
    beat: BEAT,
    end: () => line.end(),
    tell: async (stream) => {
      while ((await line.told.take()) !== undefined) {
        await stream.writeSSE({ event: 'changed', data: '1' });
        await pause(parts.clock, CHANGES_TOLD_EVERY_MS);
      }
    },
  });
}

function gates(desk: Desk, context: Context): Response {
  const { parts, lines } = desk;
  const principal = parts.access.principal(context);
  const page = { ...pageOf(desk, context), principal };
  if (!may(page, ...READS_GATES)) return context.text('403', 403);
  const filter = filterOf((name) => context.req.query(name));
  const asked = readSince(context.req.header('last-event-id') ?? context.req.query('since'));
  // Of the feed it hears nothing itself: the watch says when there is news.
  const line = lines.open(() => false);
  if (line === undefined) return context.text('503', 503);
  const close = lines.watch.open(() => line.told.offer(true));
  const end = () => {
    close();
    line.end();
  };
  const tell = (stream: SSEStreamingApi) =>
    tellGates(stream, {
      watch: lines.watch,
      told: line.told,
      since: asked,
      clock: parts.clock,
      page,
      filter,
    });
  return openLine(context, { clock: parts.clock, beat: BEAT, end, tell });
}

interface WallLine {
  readonly watch: GateWatch;
  readonly told: Told;
  readonly since: Since | undefined;
  readonly clock: Clock;
  readonly page: Page;
  readonly filter: Filter;
}

async function tellGates(stream: SSEStreamingApi, line: WallLine): Promise<void> {
  const { watch, told, clock, page, filter } = line;
  let since = line.since;
  let before = '';
  if (since === undefined || !watch.canResume(since)) {
    since = watch.since();
    await stream.writeSSE({ event: 'renew', data: '1', id: sinceOf(since) });
  }
  do {
    const news = await watch.news(since);
    if (news !== undefined) {
      since = news.since;
      const patch = String(await wallPatch({ ...page, now: clock.wall() }, { ...news, filter }));
      if (patch !== before) await stream.writeSSE({ event: 'gates', data: patch, id: sinceOf(since) });
      before = patch;
    }
    await pause(clock, WALL_TOLD_EVERY_MS);
  } while ((await told.take()) !== undefined);
}

function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void clock.after(milliseconds, resolve));
}
