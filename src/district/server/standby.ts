import type { Context, MiddlewareHandler } from 'hono';

/**
 * What a process does that stands by: it reads, and people sign in and out, as sessions, their limits and the audit log are
 * in the database that all processes share. Whatever gates must hear of is done by the process that leads, and by no other.
 */
export function standby(
  leads: () => boolean,
  refuse: (context: Context) => Response | Promise<Response>,
): MiddlewareHandler {
  return async (context, next) => {
    const { method, path } = context.req;
    return method === 'GET' || leads() || HERE_TOO.test(path) ? next() : refuse(context);
  };
}

/** A search and a revelation are asked with a body so that no address names anybody: they change nothing. */
const HERE_TOO =
  /^\/(api\/(session(\/password)?|invitations\/redeem|persons\/(search|\d+\/reveal))|console\/(sign-in|sign-out|invitation))$/;
