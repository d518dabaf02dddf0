import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import {
  allowedHosts,
  callerAddress,
  errorAnswer,
  eventStream,
  type Hosts,
  isThisMachine,
  nothingHere,
  ownOrigin,
  type StaticFiles,
  securityHeaders,
  servePage,
  serveStaticFiles,
} from '../http/index.ts';
import type { Log } from '../ports/index.ts';
import { displayScan } from '../wire/index.ts';
import type { DisplayHub, DisplayMessage } from './display-hub.ts';
import type { GateMetrics } from './metrics.ts';

/**
 * The gate's local pages and probes. They show and report; the only thing that comes in is the text that a display page
 * with a camera has read, and that is only one more reader.
 */
export interface GateServerParts {
  /** Names and addresses under which browsers may reach the gate. */
  readonly hosts: Hosts;
  readonly log: Log;
  readonly pages: StaticFiles;
  readonly display: DisplayHub;
  readonly metrics: GateMetrics;
  readonly health: () => GateHealth;
  /** Display readers by lane. @returns false when the lane's queue is full */
  readonly pageReaders: ReadonlyMap<string, (text: string) => boolean>;
  /** Adds the guard's desk, which asks for itself who may reach it. Absent: there is none. */
  readonly desk?: (app: Hono) => void;
}

export interface GateHealth {
  /** The process turns: what waits at a lane is settled, and a text can be judged. */
  readonly alive: boolean;
  /** A code shown now would be judged, recorded and could open. */
  readonly ready: boolean;
  /** One sentence for each thing that is out of order. */
  readonly problems: readonly string[];
}

const SCAN_BODY_BYTES_MAX = 4_096;

export function gateServer(parts: GateServerParts): Hono {
  const app = new Hono();
  app.onError(errorAnswer(parts.log));
  app.notFound(nothingHere);
  parts.desk?.(app);
  app.use(securityHeaders(), allowedHosts(parts.hosts), ownOrigin());
  app.get('/healthz', (context) =>
    context.json(probe(parts.health(), 'alive'), parts.health().alive ? 200 : 503),
  );
  app.get('/readyz', (context) =>
    context.json(probe(parts.health(), 'ready'), parts.health().ready ? 200 : 503),
  );
  app.get('/metrics', async (context) =>
    context.text(await parts.metrics.text(), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    }),
  );
  app.use('/ui/*', serveStaticFiles(parts.pages, '/ui'));
  app.get('/help', servePage(parts.pages, 'help/index.html'));
  app.get('/display/:lane', servePage(parts.pages, 'display/index.html'));
  app.get('/display/:lane/events', (context) => {
    const lane = context.req.param('lane');
    if (!parts.display.has(lane)) return context.json({ error: `no lane "${lane}" at this gate` }, 404);
    const isHere = isThisMachine(callerAddress(context, { behindProxy: false }));
    const stream = eventStream(context, ({ push }) =>
      parts.display.listen(lane, (message) => {
        const shown = withPages(isHere ? message : withoutFigures(message), parts.pages);
        push({ event: shown.type, data: JSON.stringify(shown) });
      }),
    );
    return stream ?? context.json({ error: 'this lane has its full number of displays' }, 503);
  });
  app.post('/display/:lane/scan', bodyLimit({ maxSize: SCAN_BODY_BYTES_MAX }), async (context) => {
    const offer = parts.pageReaders.get(context.req.param('lane'));
    if (offer === undefined) return context.json({ error: 'this lane has no reader of type "display"' }, 404);
    const body = displayScan.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success)
      return context.json({ error: 'text: send {"text": "…"} with 1 to 512 characters' }, 400);
    return offer(body.data.text)
      ? context.body(null, 202)
      : context.json({ error: 'the lane is busy; show the code again' }, 503);
  });
  return app;
}

/** A page that was opened before an update finds out that there is another one. */
function withPages(message: DisplayMessage, files: StaticFiles): DisplayMessage {
  const pages = files.get('display/index.html')?.etag;
  return message.type !== 'state' || pages === undefined ? message : { ...message, pages };
}

/** Whoever asks from elsewhere may be anybody in the network: figures that open something are not for them. */
function withoutFigures(message: DisplayMessage): DisplayMessage {
  if (message.type !== 'state') return message;
  const { firstAccount: _first, setUp: _setUp, ...shown } = message;
  return shown;
}

function probe(health: GateHealth, what: 'alive' | 'ready') {
  return { [what]: health[what], problems: health.problems };
}
