import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import {
  allowedHosts,
  callerAddress,
  errorAnswer,
  nothingHere,
  ownOrigin,
  type StaticFiles,
  securityHeaders,
  servePage,
} from '../../http/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import type { GuardSessions } from '../accounts/sessions.ts';
import type { DeskGate } from '../gate-port.ts';
import { BODY_BYTES_MAX } from '../limits.ts';
import { sessionToken } from './cookie.ts';
import { type DeskApp, type DeskEnv, refused } from './route.ts';
import { addSessionRoutes } from './routes-session.ts';

/**
 * The guard's desk: its page at `/guard`, and `/guard/api`, where a request is a guard's by its session's cookie alone.
 * Each subject has its file of routes; they are listed here.
 */
export interface DeskServerParts {
  readonly gate: DeskGate;
  readonly clock: Clock;
  readonly log: Log;
  /** Names and addresses under which browsers may reach the gate. */
  readonly hosts: readonly string[];
  readonly pages: StaticFiles;
  readonly sessions: GuardSessions;
}

/** Each adds the routes of one subject. */
const ROUTES: readonly ((app: DeskApp, parts: DeskServerParts) => void)[] = [addSessionRoutes];

/** What the page asks again and again without anybody doing anything keeps no session alive. */
const IDLE_PATHS = new Set(['/guard/api/session', '/guard/api/events']);
/** A page of ours that renews itself says so. */
const IDLE_HEADER = 'x-menwei-idle';
const PAGE = 'guard/index.html';

export function deskServer(parts: DeskServerParts): DeskApp {
  const app = new Hono<DeskEnv>();
  app.onError(errorAnswer(parts.log));
  app.notFound(nothingHere);
  app.use('/guard/*', securityHeaders(), allowedHosts(parts.hosts), ownOrigin());
  app.use('/guard/api/*', ownSite());
  const onError = (context: Context) => refused(context, 'large-body');
  app.use('/guard/api/*', bodyLimit({ maxSize: BODY_BYTES_MAX, onError }));
  app.use('/guard/api/*', whoAsks(parts));
  for (const add of ROUTES) add(app, parts);
  if (parts.pages.has(PAGE)) app.get('/guard', servePage(parts.pages, PAGE));
  return app;
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
