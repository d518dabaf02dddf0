import { z } from 'zod';
import { direction, laneId, readerId } from './fields.ts';
import { displayEnrolment } from './display.ts';
import { proxyUse } from './proxy.ts';

/**
 * Bodies and answers of a gate's set-up page, `/setup/api`. Whoever asks shows the word of POST /setup/api/session as
 * `Authorization: Bearer`. An error is `{ error: "FIELD: what is wrong; what to do", problem }`.
 */

export const SETUP_PROBLEMS = [
  'not-allowed',
  'wrong-code',
  'too-many',
  'not-valid',
  'in-use',
  'not-there',
  'busy',
  'not-here',
  'failed',
] as const;
export type SetupProblem = (typeof SETUP_PROBLEMS)[number];

export const setupError = z.object({
  error: z.string(),
  problem: z.enum(SETUP_PROBLEMS).catch('failed'),
  waitSeconds: z.number().optional(),
});

/** POST /setup/api/session. The code is on the gate's console; at the gate itself, and for a head guard, none is wanted. */
export const setupEnter = z.strictObject({
  code: z
    .string()
    .regex(/^\d{8}$/)
    .optional(),
});
export const setupEntered = z.object({ token: z.string() });

const path = z
  .string()
  .max(256)
  .regex(/^\/dev\/[\w./:@+-]+$/, 'choose a device from the list');

const keyboardLayout = z.enum(['us', 'uk', 'de', 'jp']);

/** A reader that a person chooses. Everything else that a configuration may say of one is left to its file. */
export const setupReader = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('serial'),
    id: readerId,
    path,
    baudRate: z.int().min(300).max(921_600).default(9_600),
  }),
  z.strictObject({
    type: z.literal('keyboard'),
    id: readerId,
    path,
    layout: keyboardLayout.default('us'),
  }),
  z.strictObject({ type: z.literal('hid-pos'), id: readerId, path }),
  z.strictObject({
    type: z.literal('camera'),
    id: readerId,
    path,
    source: z.enum(['ffmpeg', 'rpicam']).default('ffmpeg'),
  }),
  z.strictObject({ type: z.literal('display'), id: readerId }),
]);
export type SetupReader = z.infer<typeof setupReader>;

/** PUT /setup/api/lanes/{lane}/readers: one more, or in the place of that with the same id. */
export const setupReaderChange = z.strictObject({ reader: setupReader });
/** DELETE /setup/api/lanes/{lane}/readers/{reader} has no body. */

const line = z.int().min(0).max(1_023);
const input = z.strictObject({ line, activeLow: z.boolean().default(true) });

/** PUT /setup/api/lanes/{lane}/door, for a relay at the pins of this machine. */
export const setupDoorChange = z.strictObject({
  relay: z.strictObject({
    line,
    activeLow: z.boolean().default(false),
    pulseMs: z.int().min(100).max(30_000).default(3_000),
  }),
  contact: input.optional(),
  exitButton: input.optional(),
  fire: input.optional(),
});
export type SetupDoorChange = z.infer<typeof setupDoorChange>;

/** POST /setup/api/readers/test */
export const setupReaderTest = z.strictObject({ reader: setupReader });

/** POST /setup/api/relay: the door of this lane opens once. */
export const setupRelayTest = z.strictObject({ lane: laneId, confirmed: z.literal(true) });

/** POST /setup/api/enrol: the text of the district's symbol. */
export const setupEnrol = z.strictObject({ text: z.string().min(1).max(2_048) });

/** Its answer; `refusal` is one of a symbol (src/wire/display.ts). */
export const setupEnrolled = z.object({ enrolled: z.boolean() });

/** POST /setup/api/network/wifi */
export const setupWifi = z.strictObject({
  device: z.string().regex(/^[\w.-]{1,15}$/),
  /** IEEE 802.11: at most 32 bytes. */
  ssid: z.string().min(1).max(32),
  /** WPA: 8 to 63 characters. */
  password: z.string().min(8).max(63).optional(),
});

const address = z.ipv4('use four numbers with dots, for example 192.168.1.20');
/** POST /setup/api/network/address; `auto` asks the router. */
export const setupAddress = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('auto'), device: setupWifi.shape.device }),
  z.strictObject({
    method: z.literal('fixed'),
    device: setupWifi.shape.device,
    address,
    prefix: z.int().min(8).max(30),
    gateway: address.optional(),
    nameServer: address.optional(),
  }),
]);
/** POST /setup/api/network/proxy. A password that is left out stays, for the same name at the same proxy. */
export const setupProxy = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('none') }),
  proxyUse.extend({ method: z.literal('proxy') }),
]);
export type SetupProxy = z.infer<typeof setupProxy>;

/** A host name (RFC 1123, 2.1) or an address. */
export function isTimeServer(name: string): boolean {
  const isHost =
    /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;
  return isHost.test(name) || z.ipv6().safeParse(name).success;
}

/** POST /setup/api/network/time; `usual`: those that the machine came with. */
export const setupTime = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('usual') }),
  z.strictObject({
    method: z.literal('own'),
    server: z
      .string()
      .max(253)
      .refine(isTimeServer, 'use a host name or an address, for example ntp.example'),
    nts: z.boolean(),
  }),
]);
export type SetupTime = z.infer<typeof setupTime>;

export type SetupAddress = z.infer<typeof setupAddress>;
export type SetupWifi = z.infer<typeof setupWifi>;

/** GET /setup/api/state */
export const setupState = z.object({
  /** `new`: what is changed holds at once. `running`: at the next start. */
  mode: z.enum(['new', 'running']),
  gate: z.string().optional(),
  district: z.string().optional(),
  enrolled: z.boolean(),
  enrolment: displayEnrolment,
  lanes: z.array(
    z.object({
      lane: laneId,
      direction,
      readers: z.array(
        z.object({
          id: readerId,
          type: z.string(),
          path: z.string().optional(),
          ready: z.boolean(),
          /** As it is configured, so that a test and a change leave it so. */
          baudRate: z.number().optional(),
          layout: keyboardLayout.optional(),
        }),
      ),
      door: z.object({
        driver: z.string(),
        relayLine: z.number().optional(),
        relayLow: z.boolean().optional(),
        contactLine: z.number().optional(),
        /** false: active while its circuit is open. */
        contactLow: z.boolean().optional(),
        exitLine: z.number().optional(),
        exitLow: z.boolean().optional(),
        fireLine: z.number().optional(),
        fireLow: z.boolean().optional(),
        hasContact: z.boolean(),
        pulseMs: z.number(),
      }),
    }),
  ),
  /** What a reader is shown to be tested. */
  setupText: z.string(),
});
export type SetupState = z.infer<typeof setupState>;

/** GET /setup/api/devices */
export const setupDevices = z.object({
  devices: z.array(
    z.object({
      type: z.enum(['serial', 'keyboard', 'hid-pos', 'camera']),
      path: z.string(),
      /** Configured as this reader already. */
      reader: z.string().optional(),
    }),
  ),
});
export type SetupDevice = z.infer<typeof setupDevices>['devices'][number];

const both = z.object({ zh: z.string(), en: z.string() });

/** Answer to a reader test. */
export const setupReaderVerdict = z.object({
  usable: z.boolean(),
  heard: z.boolean(),
  findings: z.array(both),
});
export type SetupReaderVerdict = z.infer<typeof setupReaderVerdict>;

/** Answer to a relay test. */
export const setupRelayVerdict = z.object({
  good: z.boolean(),
  contact: z.enum(['opened', 'did-not-move', 'was-open', 'none']),
  sentences: z.array(both),
});
export type SetupRelayVerdict = z.infer<typeof setupRelayVerdict>;

/** GET /setup/api/network */
export const setupNetwork = z.object({
  /** Whether it can be changed here; else by hand. */
  canChange: z.boolean(),
  hostname: z.string(),
  links: z.array(
    z.object({ device: z.string(), wireless: z.boolean(), up: z.boolean(), addresses: z.array(z.string()) }),
  ),
  nameServers: z.array(z.string()),
  /** The one in use; its password stays where it is. */
  proxy: z
    .object({
      url: z.string(),
      username: z.string().optional(),
      hasPassword: z.boolean(),
      direct: z.array(z.string()),
      from: z.enum(['file', 'environment']),
    })
    .optional(),
  /** `host:port`, to which this gate connects past any proxy. */
  broker: z.string().optional(),
  timeServer: z.object({
    service: z.enum(['chrony', 'timesyncd', 'none']),
    synchronised: z.boolean(),
    /** The server that the machine follows now. */
    name: z.string().optional(),
    /** The site's own, as set here or by hand. */
    own: z.object({ server: z.string(), nts: z.boolean() }).optional(),
    canSet: z.boolean(),
    /** The gate believes this machine's time: only a server with NTS will do. */
    mustProve: z.boolean(),
  }),
});
export type SetupNetwork = z.infer<typeof setupNetwork>;

/** Answer to what changes the file: whether it holds now. */
export const setupChanged = z.object({ holds: z.enum(['now', 'next-start']) });

/** GET /setup/api/findings?language=zh|en */
export const setupFindings = z.object({
  summary: z.string(),
  findings: z.array(
    z.object({
      check: z.string(),
      level: z.enum(['stops', 'hurts', 'unchecked', 'note', 'well']),
      about: z.string().optional(),
      what: z.string(),
      why: z.string().optional(),
      todo: z.string().optional(),
    }),
  ),
});
export type SetupFindings = z.infer<typeof setupFindings>;

/** Answer to POST /setup/api/finish: `starts`: the gate goes on by itself; `by-hand`: somebody starts it again; `waits`: for its symbol. */
export const setupFinished = z.object({ next: z.enum(['starts', 'restarts', 'by-hand', 'waits']) });
