import { Hono, type MiddlewareHandler } from 'hono';
import {
  allowedHosts,
  callerAddress,
  errorAnswer,
  nothingHere,
  ownOrigin,
  securityHeaders,
  servePage,
} from '../../http/index.ts';
import type { AbuseWatch } from '../abuse.ts';
import { sessionToken } from './cookie.ts';
import type { DeskServerParts } from './parts.ts';
import { type DeskApp, type DeskEnv, refused } from './route.ts';
import { addAccountRoutes } from './routes-accounts.ts';
import { addDeedRoutes } from './routes-deeds.ts';
import { addLiveRoutes } from './routes-live.ts';
import { addLookUpRoutes } from './routes-look-up.ts';
import { addReportRoutes } from './routes-report.ts';
import { addSessionRoutes } from './routes-session.ts';
import { addShiftRoutes } from './routes-shift.ts';

/**
 * The guard's desk: its page at `/guard`, and `/guard/api`, where a request is a guard's by its session's cookie alone.
 * Each subject has its file of routes; they are listed here.
 */

/** Of a desk whose file cannot be used. */
export type ClosedDeskParts = Pick<DeskServerParts, 'log' | 'hosts' | 'pages'>;

/** Each adds the routes of one subject. */
const ROUTES: readonly ((app: DeskApp, parts: DeskServerParts) => void)[] = [
  addSessionRoutes,
  addAccountRoutes,
  addShiftRoutes,
  addLookUpRoutes,
  addDeedRoutes,
  addLiveRoutes,
  addReportRoutes,
];

/** What the page asks again and again without anybody doing anything keeps no session alive. */
const IDLE_PATHS = new Set(['/guard/api/session', '/guard/api/events']);
/** A page of ours that renews itself says so. */
const IDLE_HEADER = 'x-menwei-idle';
const PAGE = 'guard/index.html';

export function deskServer(parts: DeskServerParts): DeskApp {
  const app = new Hono<DeskEnv>();
  app.use('/guard/*', watched(parts.abuse));
  addGuards(app, parts);
  app.use('/guard/api/*', whoAsks(parts));
  for (const add of ROUTES) add(app, parts);
  return app;
}

/** Tells its page why nobody is let in. */
export function closedDeskServer(parts: ClosedDeskParts): DeskApp {
  const app = new Hono<DeskEnv>();
  addGuards(app, parts);
  app.all('/guard/api/*', (context) => refused(context, 'closed'));
  return app;
}

/** What every request is asked before anybody looks for a route, and the page, which needs nobody signed in. */
function addGuards(app: DeskApp, { log, hosts, pages }: ClosedDeskParts): void {
  app.onError(errorAnswer(log));
  app.notFound(nothingHere);
  app.use('/guard/*', securityHeaders(), allowedHosts(hosts), ownOrigin());
  app.use('/guard/api/*', ownSite());
  if (pages.has(PAGE)) app.get('/guard', servePage(pages, PAGE));
}

/** What no page of ours sends: another host or origin, another type, too much or too slow. */
const HOSTILE = new Set([403, 408, 413, 415, 421]);

function watched(abuse: AbuseWatch): MiddlewareHandler<DeskEnv> {
  return async (context, next) => {
    await next();
    const { status } = context.res;
    if (HOSTILE.has(status) && context.get('refusal') !== 'head-only')
      abuse.refused(context.req.method, status);
  };
}

/** What is signed in is answered to our own page alone, also when nothing changes. */
function ownSite(): MiddlewareHandler {
  return (context, next) => {
    const site = context.req.header('sec-fetch-site');
    const isOwn = site === undefined || site === 'same-origin' || site === 'none';
    return isOwn ? next() : Promise.resolve(refused(context, 'foreign-site'));
  };
}

function whoAsks({ sessions, gate, clock }: DeskServerParts): MiddlewareHandler<DeskEnv> {
  return (context, next) => {
    context.set('clock', clock);
    const address = callerAddress(context, { behindProxy: false });
    if (address !== undefined) context.set('address', address);
    const token = sessionToken(context);
    const isIdle =
      context.req.method === 'GET' &&
      (IDLE_PATHS.has(context.req.path) || context.req.header(IDLE_HEADER) !== undefined);
    const session = token === undefined ? undefined : sessions.find(token, { touch: !isIdle });
    if (session !== undefined) {
      const { leftMs, ...guard } = session;
      context.set('guard', guard);
      context.set('endsAt', gate.now() + leftMs);
    }
    return next();
  };
}
