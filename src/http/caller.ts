import { isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** From where a request comes, as far as it can be known. */

/**
 * @param behindProxy whether the program on this machine that passes requests on writes `X-Forwarded-For` anew: then its
 *   last entry is the caller; of anybody else the header is not believed
 * @returns undefined when there is no connection, as in a test
 */
export function callerAddress(
  context: Context,
  { behindProxy }: { behindProxy: boolean },
): string | undefined {
  const bindings = context.env as { server?: unknown; incoming?: unknown } | undefined;
  if (bindings?.server === undefined && bindings?.incoming === undefined) return undefined;
  const { address } = getConnInfo(context).remote;
  if (!behindProxy || !isThisMachine(address)) return address;
  const named = context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  return isIP(named) === 0 ? address : named;
}

/** 127.0.0.0/8 and ::1, also as IPv6 writes IPv4. */
export function isThisMachine(address: string | undefined): boolean {
  return address !== undefined && /^((::ffff:)?127(\.\d{1,3}){3}|::1)$/i.test(address);
}
