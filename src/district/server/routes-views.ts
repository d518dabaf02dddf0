import { z } from 'zod';
import { bundleFile, demoEntries, demoOverview } from '../../wire/index.ts';
import { LISTED_ROWS_MAX } from '../limits.ts';
import { newestEntries } from './entries-view.ts';
import { liveLine } from './live.ts';
import { DistrictMetrics } from './metrics.ts';
import type { ServerParts } from './parts.ts';
import { type DeskApp, deskRoute, json, refused } from './route.ts';

/** What the district shows of itself: whether it is well, the newest entries, the live line, documents, metrics. */

const health = deskRoute({
  method: 'get',
  path: '/api/health',
  may: 'anybody',
  summary: 'Whether the district is up, and has its broker.',
  responses: { 200: json(z.object({ ok: z.literal(true), broker: z.boolean() }), 'It is up.') },
});

const demo = deskRoute({
  method: 'get',
  path: '/api/demo',
  may: 'anybody',
  summary: 'Of a demonstration only: where its displays are.',
  responses: { 200: json(demoOverview, 'The displays.') },
});

const entries = deskRoute({
  method: 'get',
  path: '/api/entries',
  may: ['operator', 'auditor'],
  summary: 'The newest rows of all gates, masked.',
  responses: { 200: json(demoEntries, 'Newest first.') },
});

const bundle = deskRoute({
  method: 'get',
  path: '/api/bundle',
  may: ['operator', 'administrator'],
  summary: 'All current documents as one file, for a gate without a network.',
  responses: { 200: json(bundleFile, 'For `menwei trust import`.') },
});

const live = deskRoute({
  method: 'get',
  path: '/api/live',
  may: ['operator', 'auditor'],
  summary: 'What happens now, as server-sent events.',
  responses: {
    200: {
      description: '`entry`, `status`, `alarm`, `health`, `reply`, `ack`.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
  },
});

const metrics = deskRoute({
  method: 'get',
  path: '/metrics',
  may: 'measuring',
  summary: 'For Prometheus: from this machine, or with the token of `http.metricsToken`.',
  responses: { 200: { description: 'Text format.', content: { 'text/plain': { schema: z.string() } } } },
});

export function addViewRoutes(app: DeskApp, parts: ServerParts): void {
  const { database, feed, connected, demo: overview, publisher, clock } = parts;
  const counted = new DistrictMetrics(database, {
    warnings: () => parts.warnings.list(),
    counts: () => parts.centre.counts,
    uptake: () => parts.uptake.recent(),
  });
  app.openapi(health, (context) => context.json({ ok: true as const, broker: connected() }, 200));
  if (overview !== undefined) app.openapi(demo, (context) => context.json(overview(), 200));
  app.openapi(entries, async (context) =>
    context.json({ entries: await newestEntries(database, LISTED_ROWS_MAX) }, 200),
  );
  app.openapi(bundle, async (context) => context.json(await publisher.bundle(), 200));
  app.openapi(live, (context) => {
    const heard = feed.listen();
    return heard === undefined
      ? refused(context, 'too-many-listeners')
      : liveLine(context, { heard, database, clock });
  });
  app.openapi(metrics, async (context) =>
    context.text(await counted.text(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
}
