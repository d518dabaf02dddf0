import type { Context } from 'hono';
import type { Principal } from '../accounts/roles.ts';
import type { Sessions } from '../accounts/sessions.ts';
import { giveSession, sessionToken, takeSession } from '../server/who-asks.ts';
import type { Access } from './parts.ts';

/** The console's view of a request: who asks was found out before it came here, by the same cookie as for `/api`. */
export function accessOf(sessions: Pick<Sessions, 'end'>): Access {
  const principal = (context: Context): Principal | undefined =>
    context.get('principal') as Principal | undefined;
  return {
    principal,
    session: (context) => (principal(context) === undefined ? undefined : (sessionToken(context) ?? 'demo')),
    address: (context) => context.get('address') as string | undefined,
    token: sessionToken,
    begin: (context, { token }) => giveSession(context, token),
    end: async (context) => {
      const token = sessionToken(context);
      if (token !== undefined) await sessions.end(token);
      takeSession(context);
    },
  };
}
