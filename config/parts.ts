import { z } from 'zod';
import { isTimeZone } from '../src/base/index.ts';

/** Keys that the configurations of a gate and of a district share, each with its limits. */

export const id = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/, 'use 1 to 32 of a-z, 0-9 and "-", for example "north-1"')
  .meta({ description: 'Name used in topics, rows and addresses.' });

export const path = z.string().min(1, 'name a path').max(4096);

/** How characters stand on an RS-232 line, as at the scanner; a scanner in USB-COM mode heeds none of it. */
export const serialLine = {
  dataBits: z
    .union([z.literal(7), z.literal(8)])
    .default(8)
    .meta({ unit: 'bit' }),
  parity: z.enum(['none', 'even', 'odd']).default('none').meta({
    description: '7 bits with space parity read as 8 with none.',
  }),
  stopBits: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .meta({ unit: 'bit' }),
  rtscts: z.boolean().default(false).meta({
    description: 'true: hardware handshaking, for cables that have the two wires (RTS, CTS).',
  }),
};

/** 0: any free one. */
export const port = z.int().min(0).max(65_535);

export const timeZone = z
  .string()
  .refine(isTimeZone, 'use an IANA time zone, for example "Asia/Shanghai"')
  .default('Asia/Shanghai');

export const tlsFiles = z.strictObject({ certificate: path, key: path });

export const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug']).default('info');

const clientTls = z.strictObject({
  authority: path.optional().meta({ description: 'Certificate of the authority that signed the broker’s.' }),
  certificate: path.optional(),
  key: path.optional(),
});

const brokerUrl = z.string().regex(/^(mqtts?|wss?):\/\/[^\s/]+/, 'use mqtts://HOST:PORT or mqtt://HOST:PORT');

/** How a client reaches a broker. */
export const broker = {
  url: brokerUrl,
  otherUrls: z.array(brokerUrl).max(8).default([]).meta({
    description:
      'Further nodes of the same broker cluster, tried in turn; name them in another order at each gate.',
  }),
  username: z.string().max(256).optional(),
  password: z.string().max(1_024).optional().meta({ secret: true }),
  tls: clientTls.prefault({}),
  protocolVersion: z
    .union([z.literal(4), z.literal(5)])
    .default(5)
    .meta({
      description: '5, or 4 for MQTT 3.1.1 (weaker: a refused publish looks delivered).',
    }),
};

export type ClientTls = z.infer<typeof clientTls>;
