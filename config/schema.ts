import { z } from 'zod';
import { proxyUse, releaseAddress } from '../src/wire/index.ts';
import { broker, id, logLevel, path, port, serialLine, timeZone, tlsFiles } from './parts.ts';

/**
 * The gate's configuration: every key with its type, default, unit and meaning, in one place.
 * The example, the JSON Schema and the messages for the installer are made from it. Changes take effect at the next start.
 */

const lineNumber = z.int('use the BCM number of the line, for example 17').min(0).max(1023);

const input = z.strictObject({
  line: lineNumber,
  activeLow: z.boolean().default(true).meta({
    description:
      'true: active while the contact to ground is closed. false: active while it is open, as at a door contact that closes with the door or a loop that a cut wire must set off.',
  }),
  pull: z.enum(['up', 'down', 'none']).default('up').meta({
    description:
      'What holds the line while nothing drives it: up for contacts to ground; down for what switches 3.3 V; none for an output that drives both levels.',
  }),
  debounceMs: z.int().min(0).max(1_000).default(30).meta({ unit: 'ms' }),
});

const relay = z.strictObject({
  line: lineNumber,
  activeLow: z
    .boolean()
    .default(false)
    .meta({ description: 'true: the relay module switches on a low line.' }),
  pulseMs: z.int().min(100).max(30_000).default(3_000).meta({
    unit: 'ms',
    description: 'Length of an opening when no signed policy says otherwise.',
  }),
});

const fileInput = z.boolean().default(false).meta({ description: 'true: there is such an input.' });

const wiredInputs = {
  contact: input.optional().meta({ description: 'Door contact; active = open.' }),
  passage: input.optional().meta({ description: 'Turnstile feedback; one active edge = one person.' }),
  exitButton: input.optional(),
  fire: input.optional(),
  tamper: input.optional(),
};

const wiredDoor = z.strictObject({
  driver: z.enum(['gpio', 'sysfs']),
  chip: z.string().min(1).max(64).optional().meta({
    description: 'Label of the GPIO chip, e.g. pinctrl-rp1; found by itself on a Raspberry Pi.',
  }),
  relay,
  ...wiredInputs,
});

const folderDoor = z.strictObject({
  driver: z.literal('folder'),
  chip: path.meta({
    description:
      'Folder of a door made of files, for trials: relay gets a line a switching; an input is active while its file says 1.',
  }),
  relay: relay.omit({ line: true, activeLow: true }).prefault({}),
  contact: fileInput,
  passage: fileInput,
  exitButton: fileInput,
  fire: fileInput,
  tamper: fileInput,
});

const simulatedDoor = z.strictObject({
  driver: z.literal('simulated'),
  relay: z.strictObject({ pulseMs: relay.shape.pulseMs }).prefault({}),
  contact: z
    .boolean()
    .default(true)
    .meta({ description: 'A simulated contact and a simulated person who walks through.' }),
});

const door = z.discriminatedUnion('driver', [wiredDoor, folderDoor, simulatedDoor]);

const readerBase = { id };
const serialReader = z.strictObject({
  ...readerBase,
  type: z.literal('serial'),
  path: path.meta({ description: 'Stable name, e.g. /dev/serial/by-id/usb-…' }),
  baudRate: z.int().min(300).max(921_600).default(9_600).meta({ unit: 'baud' }),
  ...serialLine,
  idleMs: z.int().min(20).max(2_000).default(100).meta({
    unit: 'ms',
    description: 'A text without a line end is complete after this silence.',
  }),
});
const keyboardReader = z.strictObject({
  ...readerBase,
  type: z.literal('keyboard'),
  path: path.meta({ description: 'Stable name, e.g. /dev/input/by-id/usb-…-event-kbd' }),
  layout: z.enum(['us', 'uk', 'de', 'jp']).default('us'),
  idleMs: z.int().min(20).max(5_000).default(500).meta({ unit: 'ms' }),
});
const hidReader = z.strictObject({
  ...readerBase,
  type: z.literal('hid-pos'),
  path: path.meta({ description: 'Stable name of the udev rule, e.g. /dev/menwei/hid-pos-…' }),
});
const cameraReader = z.strictObject({
  ...readerBase,
  type: z.literal('camera'),
  source: z.enum(['ffmpeg', 'rpicam']).default('ffmpeg'),
  path: path.default('/dev/video0'),
  width: z.int().min(160).max(1920).default(1280).meta({ unit: 'px' }),
  height: z.int().min(120).max(1080).default(720).meta({ unit: 'px' }),
  framesPerSecond: z.int().min(1).max(60).default(15).meta({ unit: '1/s' }),
  pictureMs: z.int().min(100).max(20_000).default(500).meta({
    unit: 'ms',
    description: 'How long the decoder may look at one picture; more only where the machine is slow.',
  }),
});
const directoryReader = z.strictObject({
  ...readerBase,
  type: z.literal('directory'),
  path: path.meta({ description: 'Pictures dropped here are read.' }),
});

const displayReader = z.strictObject({ ...readerBase, type: z.literal('display') }).meta({
  description: 'The lane’s display page reads codes itself, with its camera (a tablet as a gate).',
});

const reader = z.discriminatedUnion('type', [
  serialReader,
  keyboardReader,
  hidReader,
  cameraReader,
  directoryReader,
  displayReader,
]);

const lane = z.strictObject({
  id,
  direction: z.enum(['in', 'out', 'both']).default('in'),
  readers: z.array(reader).min(1, 'a lane needs at least one reader').max(8),
  door,
  policy: id.optional().meta({
    description: 'Lane rules of the signed policy to follow; by default those named like the lane.',
  }),
});

const http = z.strictObject({
  host: z.string().min(1).max(253).default('127.0.0.1').meta({
    description:
      'Any other than a loopback address is served over TLS, with a certificate made on the gate if none is named.',
  }),
  port: port.default(8_443),
  tls: tlsFiles.optional(),
  names: z.array(z.string().min(1).max(253)).max(16).default([]).meta({
    description: 'Further host names under which browsers may reach the gate.',
  }),
});

const mqtt = z.strictObject({
  ...broker,
  community: z.strictObject(broker).optional().meta({
    description: 'The community’s own broker, for used codes between its gates when the district’s is away.',
  }),
  homeAssistant: z.boolean().default(false).meta({
    description: 'Make the gate known to a Home Assistant at this broker (states only, it cannot command).',
  }),
});

const trust = z.strictObject({
  root: path.meta({
    description:
      'File with the district’s root document, pinned at set-up. While it is not there, the gate waits for its enrolment.',
  }),
  plainRoster: z.boolean().default(false).meta({
    description: 'Accept a roster that is signed but not encrypted (small communities that run on files).',
  }),
});

const clock = z.strictObject({
  battery: z
    .union([z.boolean(), z.literal('auto')])
    .default('auto')
    .meta({
      description:
        'A battery keeps the wall clock while the power is off. auto: yes on a PC, on a board only with a real-time clock.',
    }),
  trustSystemTime: z.boolean().default(false).meta({
    description:
      'The machine’s time service is authenticated (NTS): its word proves the time. Plain NTP is not.',
  }),
});

const update = z.strictObject({
  from: releaseAddress.meta({
    description:
      'Where the machine fetches the release that its district orders: https, a folder with release.jws and its packages. Whose releases are taken stands in /etc/menwei-release.',
  }),
});

export const gateConfig = z.strictObject({
  gate: id,
  district: id,
  community: z
    .int()
    .min(0)
    .max(0xffff_ffff)
    .meta({ description: 'Number of the community, as codes carry it.' }),
  dataDir: path.meta({ description: 'Journal, trust cache and keys. Keep it on a real disk.' }),
  timeZone: timeZone.meta({
    description: 'Used on screens until a signed policy names the district’s zone.',
  }),
  trust,
  http: http.prefault({}),
  clock: clock.prefault({}),
  mqtt: mqtt.optional().meta({ description: 'Absent: the gate stands alone and says so.' }),
  update: update.optional().meta({
    description: 'Absent: this gate takes no orders of its district to update.',
  }),
  proxy: proxyUse.optional().meta({
    description:
      'Absent: HTTPS (enrolment, certificate, releases) is asked directly, or as https_proxy of the environment says. MQTT never goes through.',
  }),
  guardDesk: z.boolean().default(true).meta({
    description:
      'false: nobody guards this gate. It has no page for guards, and shows no figures of a first account.',
  }),
  lanes: z.array(lane).min(1, 'name at least one lane').max(16),
  log: logLevel,
});

/** What may stand in the file: whatever the enrolment has told may be left out, and what is there must agree with it. */
export const gateFile = gateConfig.extend({
  gate: gateConfig.shape.gate.optional(),
  district: gateConfig.shape.district.optional(),
  community: gateConfig.shape.community.optional(),
  timeZone: timeZone
    .removeDefault()
    .optional()
    .meta(gateConfig.shape.timeZone.meta() ?? {}),
  trust: trust.partial({ root: true }).prefault({}),
  mqtt: mqtt
    .extend({
      url: broker.url.optional(),
      protocolVersion: broker.protocolVersion
        .removeDefault()
        .optional()
        .meta(broker.protocolVersion.meta() ?? {}),
    })
    .optional()
    .meta({
      description: 'Absent, with no enrolment that names a broker: the gate stands alone and says so.',
    }),
});

export type GateFile = z.infer<typeof gateFile>;
export type GateConfig = z.infer<typeof gateConfig>;
export type LaneConfig = z.infer<typeof lane>;
export type ReaderConfig = z.infer<typeof reader>;
export type DoorConfig = z.infer<typeof door>;
export type BrokerConfig = z.infer<typeof mqtt>;

/** JSON Schema of what may stand in the file, for editors. */
export function gateConfigJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(gateFile, { io: 'input', unrepresentable: 'any' });
}
