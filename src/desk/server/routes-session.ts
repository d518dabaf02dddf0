import { isoTime, wallMs } from '../../base/index.ts';
import type { GuardSession } from '../../wire/index.ts';
import type { Guard } from '../guard.ts';
import { sessionToken, takeSession } from './cookie.ts';
import { type DeskApp, type DeskContext, guardRoute, openRoute, refused } from './route.ts';
import type { DeskServerParts } from './server.ts';

/** Who is signed in, signing in and out. */
export function addSessionRoutes(app: DeskApp, parts: DeskServerParts): void {
  openRoute(app, { method: 'get', path: '/guard/api/session' }, ({ context }) => {
    const guard = context.get('guard');
    return guard === undefined ? refused(context, 'signed-out') : context.json(sessionOf(context, guard));
  });
  guardRoute(app, { method: 'delete', path: '/guard/api/session' }, ({ context }) => {
    const token = sessionToken(context);
    if (token !== undefined) parts.sessions.end(token, 'ended');
    takeSession(context);
    return context.body(null, 204);
  });
}

function sessionOf(context: DeskContext, { account, role }: Guard): GuardSession {
  return {
    account,
    role,
    endsAt: isoTime(wallMs(context.get('endsAt') ?? 0)),
    shift: undefined,
    handOver: undefined,
  };
}
