import { guardBegin, namedGuard, newGuard } from '../../wire/index.ts';
import { sessionToken } from './cookie.ts';
import type { DeskServerParts } from './parts.ts';
import { addressOf, type DeskApp, guardRoute, openRoute, refused } from './route.ts';
import { enter } from './routes-session.ts';

/** Guards' accounts: beginning one, and what a head guard does with those of others. */
export function addAccountRoutes(app: DeskApp, parts: DeskServerParts): void {
  const { accounts } = parts;
  openRoute(
    app,
    { method: 'post', path: '/guard/api/accounts/begin', body: guardBegin },
    async ({ context, body }) => {
      const token = await accounts.begin({ ...body, ...addressOf(context) }, sessionToken(context));
      return token.ok
        ? enter(context, { token: token.value, parts })
        : refused(context, token.error.refusal, token.error);
    },
  );
  guardRoute(app, { method: 'get', path: '/guard/api/accounts', head: true }, ({ context }) =>
    context.json({ accounts: accounts.list() }),
  );
  guardRoute(
    app,
    { method: 'post', path: '/guard/api/accounts', head: true, body: newGuard },
    async ({ context, guard, body }) => {
      const opened = await accounts.open(guard, body);
      return opened.ok ? context.json(opened.value) : refused(context, opened.error.refusal, opened.error);
    },
  );
  guardRoute(
    app,
    { method: 'post', path: '/guard/api/accounts/unlock', head: true, body: namedGuard },
    async ({ context, guard, body }) => {
      const invited = await accounts.invite(guard, body.account);
      return invited.ok
        ? context.json(invited.value)
        : refused(context, invited.error.refusal, invited.error);
    },
  );
  guardRoute(
    app,
    { method: 'post', path: '/guard/api/accounts/disable', head: true, body: namedGuard },
    ({ context, guard, body }) => {
      const disabled = accounts.disable(guard, body.account);
      return disabled.ok ? context.body(null, 204) : refused(context, disabled.error.refusal, disabled.error);
    },
  );
}
