import { isoTime, wallMs } from '../../base/index.ts';
import { type GuardSession, guardNewSecret, guardSignIn, ownSecret } from '../../wire/index.ts';
import type { Guard } from '../guard.ts';
import { giveSession, sessionToken, takeSession } from './cookie.ts';
import type { DeskServerParts } from './parts.ts';
import { addressOf, type DeskApp, type DeskContext, guardRoute, openRoute, refused } from './route.ts';

/** Who is signed in, signing in and out, another PIN. */
export function addSessionRoutes(app: DeskApp, parts: DeskServerParts): void {
  const { accounts, sessions } = parts;
  openRoute(app, { method: 'get', path: '/guard/api/session' }, ({ context }) => {
    const guard = context.get('guard');
    return guard === undefined
      ? refused(context, 'signed-out', { firstAccount: accounts.isFirstWanted })
      : context.json(sessionOf(context, { guard, parts }));
  });
  openRoute(
    app,
    { method: 'post', path: '/guard/api/session', body: guardSignIn },
    async ({ context, body }) => {
      const token = await accounts.signIn({ ...body, ...addressOf(context) }, sessionToken(context));
      return token.ok
        ? enter(context, { token: token.value, parts })
        : refused(context, token.error.refusal, token.error);
    },
  );
  guardRoute(app, { method: 'delete', path: '/guard/api/session' }, ({ context }) => {
    leave(context, parts);
    return context.body(null, 204);
  });
  guardRoute(
    app,
    { method: 'post', path: '/guard/api/secret', body: guardNewSecret },
    async ({ context, guard, body }) => {
      const changed = await accounts.changeSecret(guard, { ...body, ...addressOf(context) });
      return changed.ok ? context.body(null, 204) : refused(context, changed.error.refusal, changed.error);
    },
  );
  guardRoute(
    app,
    { method: 'post', path: '/guard/api/secret/no-duress', body: ownSecret },
    async ({ context, guard, body }) => {
      const ended = await accounts.endDuress(guard, { ...body, ...addressOf(context) });
      return ended.ok ? context.body(null, 204) : refused(context, ended.error.refusal, ended.error);
    },
  );
  sessions.onEnd(({ account, duress }, why) => {
    const reason = why === 'ended' ? 'desk' : why;
    const item = { type: 'manual', verb: 'sign-out', actor: account, reason } as const;
    parts.gate.takeManual({ ...item, ...(duress && { duress }) });
  });
}

/** Gives the browser its new session, and tells the page of it. */
export function enter(
  context: DeskContext,
  { token, parts }: { token: string; parts: DeskServerParts },
): Response {
  const session = parts.sessions.find(token, { touch: true });
  if (session === undefined) return refused(context, 'signed-out');
  const { leftMs, ...guard } = session;
  context.set('endsAt', parts.gate.now() + leftMs);
  giveSession(context, token);
  return context.json(sessionOf(context, { guard, parts }));
}

export function leave(context: DeskContext, { sessions }: DeskServerParts): void {
  const token = sessionToken(context);
  if (token !== undefined) sessions.end(token, 'ended');
  takeSession(context);
}

export function sessionOf(
  context: DeskContext,
  { guard, parts }: { guard: Guard; parts: DeskServerParts },
): GuardSession {
  const { account, role } = guard;
  const endsAt = isoTime(wallMs(context.get('endsAt') ?? 0));
  return { account, role, endsAt, ...parts.shifts.told(account) };
}
