import type { MiddlewareHandler } from 'hono';

/**
 * What every server of ours asks before it answers: was it meant (Host), and did one of our own pages ask (Origin)?
 * A page elsewhere that names our address in its own DNS (rebinding) fails the first, a form on it the second.
 */

const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Names and addresses without a port; IPv6 in brackets. A function is asked at each request: a network may come up, or change, later. */
export type Hosts = readonly string[] | (() => readonly string[]);

export function allowedHosts(hosts: Hosts): MiddlewareHandler {
  const allowed = typeof hosts === 'function' ? hosts : () => hosts;
  return async (context, next) => {
    const host = hostName(context.req.header('host') ?? '');
    if (host !== undefined && allowed().some((ours) => ours.toLowerCase() === host)) return next();
    return context.json(
      { error: 'host: this server is not known by that name; add it under http.names' },
      421,
    );
  };
}

/** A request that changes something comes from a page of ours, or from a program that sends no Origin. */
export function ownOrigin(): MiddlewareHandler {
  return async (context, next) => {
    if (!WRITES.has(context.req.method)) return next();
    const site = context.req.header('sec-fetch-site');
    const origin = context.req.header('origin');
    const isForeignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
    if (isForeignSite || (origin !== undefined && !isSameHost(origin, context.req.header('host')))) {
      return context.json({ error: 'origin: open this page from the gate itself and try again' }, 403);
    }
    return next();
  };
}

/** No script, style or connection but our own; no frame around us; nothing guessed about types. */
export function securityHeaders(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    const { headers } = context.res;
    for (const [name, value] of HEADERS) if (!headers.has(name)) headers.set(name, value);
  };
}

export const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: readonly (readonly [string, string])[] = [
  ['content-security-policy', CONTENT_POLICY],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', 'camera=(self), microphone=(), geolocation=()'],
  ['cache-control', 'no-store'],
];

/** Without the port; undefined for what no browser sends. */
function hostName(host: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/.exec(host.toLowerCase())?.[1];
}

function isSameHost(origin: string, host: string | undefined): boolean {
  try {
    return new URL(origin).host === host?.toLowerCase();
  } catch {
    return false;
  }
}
