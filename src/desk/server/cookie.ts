import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { SESSION_MS } from '../limits.ts';

/** The cookie of a session: `__Host-menwei-guard`, for this host alone, over TLS (or on this machine), out of reach of scripts. */

/** RFC 6265bis, 4.1.3.2. */
const COOKIE = 'menwei-guard';
const OPTIONS = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const;

export function sessionToken(context: Context): string | undefined {
  return getCookie(context, COOKIE, 'host');
}

export function giveSession(context: Context, token: string): void {
  setCookie(context, COOKIE, token, { ...OPTIONS, maxAge: SESSION_MS / 1_000 });
}

export function takeSession(context: Context): void {
  deleteCookie(context, COOKIE, OPTIONS);
}
