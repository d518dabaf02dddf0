import { z } from 'zod';

/** A proxy between a machine and the world, as a configuration, a form and an order to the updater name it alike. */

const HOST = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])`;

export const proxyAddress = z
  .string()
  .max(270)
  .regex(
    new RegExp(`^http://${HOST}:\\d{1,5}$`),
    'use http://HOST:PORT, for example http://proxy.example:3128',
  )
  .refine(hasPort, 'use http://HOST:PORT with a port from 1 to 65535');

function hasPort(address: string): boolean {
  const port = Number(/\d+$/.exec(address)?.[0]);
  return port > 0 && port <= 65_535;
}

/** RFC 7617, 2: no colon in a name, no control character in either. */
const username = z.string().regex(/^[^\p{Cc}:]{1,128}$/u, 'use 1 to 128 characters without ":"');
const password = z.string().regex(/^[^\p{Cc}]{1,256}$/u, 'use 1 to 256 characters');

export const PROXY_DIRECT_MAX = 16;
/** `district.example` is that host; `.example` is every host below. */
const directHost = z
  .string()
  .regex(
    new RegExp(`^(?:\\.?${HOST})$`),
    'use a host, for example district.example, or .example for all below',
  );

export const proxyUse = z.strictObject({
  url: proxyAddress,
  username: username.optional(),
  password: password.optional().meta({ secret: true }),
  direct: z.array(directHost).max(PROXY_DIRECT_MAX).default([]).meta({
    description: 'Hosts that are asked without the proxy. This machine itself always is.',
  }),
});
export type ProxyUse = z.infer<typeof proxyUse>;
