import type { Context, ErrorHandler, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { allowedHosts, errorAnswer, nothingHere, ownOrigin, securityHeaders } from '../../http/index.ts';
import type { Log } from '../../ports/index.ts';
import { GUARD_PHOTO_BODY_MAX, PICTURE_BODY_MAX } from '../../wire/index.ts';
import { isDatabaseAway } from '../database/away.ts';
import { BODY_BYTES_MAX } from '../limits.ts';
import type { Feed } from './feed.ts';
import { openapiDocument } from './openapi.ts';
import type { ServerParts } from './parts.ts';
import { type DeskApp, type DeskEnv, deskApp } from './route.ts';
import { addAccountRoutes } from './routes-accounts.ts';
import { ACCEPT_PATH, addApplicationRoutes, PICTURE_PATH } from './routes-applications.ts';
import { addEntryRoutes } from './routes-entries.ts';
import { addGateRoutes } from './routes-gates.ts';
import { addIssuingRoutes } from './routes-issuing.ts';
import { addPersonRoutes, IMPORT_BYTES_MAX, IMPORT_PATH } from './routes-persons.ts';
import { addRegistryRoutes } from './routes-registry.ts';
import { addTrustRoutes } from './routes-trust.ts';
import { addUpdateRoutes } from './routes-updates.ts';
import { addViewRoutes } from './routes-views.ts';
import { standby } from './standby.ts';
import { noteDeeds, type WhoAsks, whoAsks } from './who-asks.ts';

/**
 * The district's `/api`. A body is taken only as its schema says, a write only from a page of ours, and an answer names
 * what is wrong and what to do.
 */

const THIS_MACHINE = new Set(['127.0.0.1', 'localhost', '[::1]']);

const ROUTES = [
  addViewRoutes,
  addRegistryRoutes,
  addPersonRoutes,
  addApplicationRoutes,
  addIssuingRoutes,
  addGateRoutes,
  addEntryRoutes,
  addAccountRoutes,
  addTrustRoutes,
  addUpdateRoutes,
];

export function districtApi(parts: ServerParts): DeskApp {
  const app = deskApp();
  app.use(securityHeaders(), allowedHosts(parts.hosts), ownOrigin());
  app.use(whoAsks(askingOf(parts)), noteDeeds(parts.desk), tellDeeds(parts.feed));
  app.use('/api/*', sizeLimit());
  app.use('/api/*', standby(parts.leads, sendThere));
  app.onError(faultAnswer(parts.log));
  app.notFound(nothingHere);
  for (const add of ROUTES) add(app, parts);
  app.get('/api/openapi.json', (context) => context.json(openapiDocument(app)));
  return app;
}

/** A database that is away is nobody's mistake, and is told from one. */
function faultAnswer(log: Log): ErrorHandler {
  const other = errorAnswer(log);
  return (fault, context) => {
    if (!isDatabaseAway(fault)) return other(fault, context);
    log.error({ method: context.req.method }, 'the database does not answer the desk');
    const error =
      'database: it does not answer now; try again in a moment, and look whether it was done already';
    return context.json({ error }, 503);
  };
}

/** Pages that show what waits at the desk are told that something was done at it; not what. */
function tellDeeds(feed: Feed): MiddlewareHandler<DeskEnv> {
  return async (context, next) => {
    await next();
    if (context.req.method !== 'GET' && context.res.status < 400)
      feed.tell({ type: 'desk', gate: '', data: {} });
  };
}

/** A list of a community and a picture are the bodies that may be large, of those who may bring one: they are held in memory whole. */
function sizeLimit(): MiddlewareHandler<DeskEnv> {
  const [small, copy] = [
    bodyLimit({ maxSize: BODY_BYTES_MAX }),
    bodyLimit({ maxSize: GUARD_PHOTO_BODY_MAX }),
  ];
  const [picture, list] = [
    bodyLimit({ maxSize: PICTURE_BODY_MAX }),
    bodyLimit({ maxSize: IMPORT_BYTES_MAX }),
  ];
  return (context, next) => {
    const { path } = context.req;
    const registers = context.get('principal')?.roles.has('registrar') === true;
    const reviews = context.get('principal')?.roles.has('reviewer') === true;
    if (reviews && ACCEPT_PATH.test(path)) return copy(context, next);
    if (registers && IMPORT_PATH.test(path)) return list(context, next);
    const sends = registers || context.get('isPortal') === true;
    return (sends && PICTURE_PATH.test(path) ? picture : small)(context, next);
  };
}

function sendThere(context: Context) {
  const error =
    'district: this process stands by, another one leads; send it there, or wait some seconds and try again';
  return context.json({ error }, 503);
}

function askingOf(parts: ServerParts): WhoAsks {
  const { desk, demo, hosts, forwardedFor, metricsToken, publicUrls, reviews } = parts;
  const isNamed = publicUrls?.desk !== undefined || hosts.some((name) => !THIS_MACHINE.has(name));
  return {
    ...desk,
    isDemo: demo !== undefined,
    isProxied: forwardedFor === true || isNamed,
    isForwarded: forwardedFor === true,
    portalTokenHash: reviews?.portalTokenHash,
    ...(metricsToken === undefined ? {} : { metricsToken }),
  };
}
