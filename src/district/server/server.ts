import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { allowedHosts, errorAnswer, nothingHere, ownOrigin, securityHeaders } from '../../http/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import type { DemoOverview } from '../../wire/index.ts';
import { DESK_ROLES } from '../accounts/roles.ts';
import type { Database } from '../database/database.ts';
import type { Enrolments } from '../gates/enrolment.ts';
import type { Orders } from '../gates/orders.ts';
import type { Issuing } from '../issuing/issuing.ts';
import { BODY_BYTES_MAX } from '../limits.ts';
import type { Publisher } from '../publishing/publisher.ts';
import type { Registry } from '../registry/registry.ts';
import type { Feed } from './feed.ts';
import { openapiDocument } from './openapi.ts';
import { type DeskApp, type DeskEnv, deskApp } from './route.ts';
import { addGateRoutes } from './routes-gates.ts';
import { addIssuingRoutes } from './routes-issuing.ts';
import { addRegistryRoutes } from './routes-registry.ts';
import { addViewRoutes } from './routes-views.ts';

/**
 * The district's `/api`. A body is taken only as its schema says, a write only from a page of ours, and an answer names
 * what is wrong and what to do.
 */
export interface ServerParts {
  readonly database: Database;
  readonly registry: Registry;
  readonly issuing: Issuing;
  readonly orders: Orders;
  readonly enrolments: Enrolments;
  readonly publisher: Publisher;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly log: Log;
  readonly connected: () => boolean;
  /** Names and addresses under which browsers may call this server. */
  readonly hosts: readonly string[];
  /** Of a demonstration only. */
  readonly demo?: () => DemoOverview;
}

/** The desk listens on this machine alone (`refuseStrangers`), so whoever reaches it may do everything. */
const asWhoeverIsHere: MiddlewareHandler<DeskEnv> = async (context, next) => {
  context.set('principal', { account: 'here', roles: new Set(DESK_ROLES) });
  return next();
};

export function districtApi(parts: ServerParts): DeskApp {
  const app = deskApp();
  app.use(securityHeaders(), allowedHosts(parts.hosts), ownOrigin());
  app.use(asWhoeverIsHere);
  app.use('/api/*', bodyLimit({ maxSize: BODY_BYTES_MAX }));
  app.onError(errorAnswer(parts.log));
  app.notFound(nothingHere);
  for (const add of [addViewRoutes, addRegistryRoutes, addIssuingRoutes, addGateRoutes]) add(app, parts);
  app.get('/api/openapi.json', (context) => context.json(openapiDocument(app)));
  return app;
}
