import { hash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { callerAddress, isThisMachine } from '../../http/index.ts';
import type { Audit } from '../accounts/audit.ts';
import type { Principal } from '../accounts/roles.ts';
import type { Sessions } from '../accounts/sessions.ts';
import { SESSION_MS } from '../limits.ts';
import type { DeskEnv } from './route.ts';

/**
 * Who asks, before any route is reached, and what was done, after it. A request is somebody's by its session's cookie
 * alone; only a demonstration, whose residents are generated, takes an unsigned request of its own machine for a desk's.
 */
export interface WhoAsks {
  readonly sessions: Sessions;
  readonly audit: Audit;
  readonly isDemo: boolean;
  /** A program on this machine may pass on what strangers ask: that it comes from here says nothing then. */
  readonly isProxied: boolean;
  /** That program writes `X-Forwarded-For` anew. */
  readonly isForwarded: boolean;
  /** SHA-256 of the portal's token, hex; absent: there is no portal. */
  readonly portalTokenHash?: string | undefined;
  /** Whoever brings it may read the metrics; absent: this machine alone may. */
  readonly metricsToken?: string;
}

/** RFC 6265bis, 4.1.3.2: bound to this host, over TLS (or on this machine), for every path. */
const COOKIE = 'menwei';
const COOKIE_OPTIONS = {
  prefix: 'host',
  path: '/',
  secure: true,
  httpOnly: true,
  sameSite: 'Strict',
} as const;

/** Not administrator, so it opens no accounts; and never a second person (accounts/approvals.ts). */
const DEMO: Principal = { account: 'demo', roles: new Set(['registrar', 'operator']) };

/** What is asked again and again without anybody doing anything keeps no session alive. */
const IDLE_ROUTES = new Set(['/api/session', '/api/live']);
/** A page of ours that renews itself says so. */
const IDLE_HEADER = 'x-menwei-idle';
/** A page that asks again without script says so in its address. */
export const IDLE_QUERY = 'idle';

export function whoAsks(asking: WhoAsks): MiddlewareHandler<DeskEnv> {
  return async (context, next) => {
    const { sessions, isDemo, isProxied, isForwarded, metricsToken, portalTokenHash } = asking;
    const address = callerAddress(context, { behindProxy: isForwarded });
    if (address !== undefined) context.set('address', address);
    const isHere = !isProxied && isThisMachine(address);
    context.set('mayMeasure', metricsToken === undefined ? isHere : bringsToken(context, metricsToken));
    context.set('isPortal', portalTokenHash !== undefined && bringsHashed(context, portalTokenHash));
    const touch = !(context.req.method === 'GET' && isIdle(context));
    const token = sessionToken(context);
    const session = token === undefined ? undefined : await sessions.find(token, { touch });
    if (session !== undefined) context.set('endsAt', session.endsAt);
    const principal = session ?? (isDemo && isHere ? DEMO : undefined);
    if (principal !== undefined) context.set('principal', principal);
    context.set('isStillThere', async () => {
      if (session === undefined || token === undefined) return principal !== undefined;
      const now = await sessions.find(token, { touch: false });
      return now !== undefined && [...session.roles].every((role) => now.roles.has(role));
    });
    return next();
  };
}

function isIdle({ req }: Context): boolean {
  return (
    IDLE_ROUTES.has(req.path) ||
    req.header(IDLE_HEADER) !== undefined ||
    (req.path.startsWith('/console/') && req.query(IDLE_QUERY) !== undefined)
  );
}

/** A deed of somebody who is signed in is written down with its outcome, also when it was not allowed. */
export function noteDeeds({ audit }: Pick<WhoAsks, 'audit'>): MiddlewareHandler<DeskEnv> {
  return async (context, next) => {
    await next();
    const [principal, route] = [context.get('principal'), context.get('route')];
    if (principal === undefined || route === undefined || context.req.method === 'GET') return;
    await audit.note({
      account: principal.account,
      action: `${context.req.method.toLowerCase()} ${route}`,
      subject: subjectOf(route, context.req.path),
      outcome: String(context.res.status),
    });
  };
}

export function sessionToken(context: Context): string | undefined {
  return getCookie(context, COOKIE, 'host');
}

export function giveSession(context: Context, token: string): void {
  setCookie(context, COOKIE, token, { ...COOKIE_OPTIONS, maxAge: SESSION_MS / 1000 });
}

export function takeSession(context: Context): void {
  deleteCookie(context, COOKIE, COOKIE_OPTIONS);
}

/** What stands in the place of the first parameter (`{index}`, or `:index` at the console); a dash where there is none, and for a ticket. */
function subjectOf(route: string, path: string): string {
  const at = route.split('/').findIndex((part) => /^(?:\{|:(?!ticket\b))/.test(part));
  return at === -1 ? '-' : (path.split('/')[at] ?? '-');
}

/** Compared as hashes, so that neither length nor beginning can be found out by time. */
function bringsToken(context: Context, wanted: string): boolean {
  return bringsHashed(context, hash('sha256', wanted, 'hex'));
}

/** @param wanted SHA-256 of the token, hex */
function bringsHashed(context: Context, wanted: string): boolean {
  const given = /^Bearer (\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
  if (given === undefined) return false;
  const [left, right] = [hash('sha256', given, 'buffer'), Buffer.from(wanted, 'hex')];
  return left.length === right.length && timingSafeEqual(left, right);
}
