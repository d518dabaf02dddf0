import { z } from 'zod';
import type { Result } from '../src/base/index.ts';
import { communityRules, photoRules } from '../src/wire/index.ts';
import { issuerLeadMinutes, issuerProblems, issuers } from './issuers.ts';
import { broker, id, logLevel, path, port, timeZone, tlsFiles } from './parts.ts';
import {
  type ConfigKind,
  type ConfigProblem,
  clientTlsPaths,
  type CrossProblem,
  type Environment,
  type LoadedConfig,
  loadConfig,
} from './read.ts';

/**
 * The district centre's configuration: every key with its type, default, unit and meaning, in one place, and its loader.
 * Nothing that is not encrypted is offered to another machine. Changes take effect at the next start.
 */

const community = z.strictObject({
  id: z.int().min(0).max(0xffff_ffff).meta({ description: 'Number of the community, as codes carry it.' }),
  rules: communityRules.prefault({}).meta({
    description:
      'What the signed policy says of this community’s gates; docs/trust-documents.md has each rule.',
  }),
});

const host = z.string().min(1).max(253);

const http = z.strictObject({
  host: host.default('127.0.0.1').meta({
    description: 'Any other than a loopback address needs tls: passwords and sessions cross it.',
  }),
  port: port.default(7_300),
  tls: tlsFiles.optional(),
  publicUrl: z
    .string()
    .regex(/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/, 'use https://HOST:PORT in small letters, without a path')
    .optional()
    .meta({
      description: 'Where gates reach the desk to be enrolled, e.g. a proxy that lets /api/enrol through.',
    }),
  names: z.array(host).max(16).default([]).meta({
    description: 'Further host names under which browsers may reach the district, e.g. those of a proxy.',
  }),
  forwardedFor: z.boolean().default(false).meta({
    description:
      'The proxy on this machine writes X-Forwarded-For anew: wrong passwords are counted by its last address.',
  }),
  metricsToken: z
    .string()
    .regex(/^[\x21-\x7e]{16,128}$/, 'use 16 to 128 characters without spaces, e.g. of `openssl rand -hex 16`')
    .optional()
    .meta({
      secret: true,
      description:
        'Whoever sends it as Bearer may read /metrics. Absent: programs on this machine, without a proxy.',
    }),
});

const publicBroker = broker.url.optional().meta({
  description: 'Where gates reach the broker, when that differs from where the district does.',
});

const embeddedBroker = z.strictObject({
  type: z.literal('embedded'),
  host: host.default('127.0.0.1').meta({
    description: 'Any other than a loopback address needs tls: passwords of gates cross it.',
  }),
  port: port.default(1_883),
  tls: z
    .union([tlsFiles, z.literal('own')])
    .optional()
    .meta({
      description: 'own: a certificate of the district’s authority, which gates learn at their enrolment.',
    }),
  publicUrl: publicBroker,
});

const reload = z.union([
  z.strictObject({
    command: z
      .array(z.string().min(1).max(4096))
      .min(1)
      .max(16)
      .meta({ description: 'Program and its arguments, e.g. [systemctl, reload, mosquitto].' }),
  }),
  z.strictObject({ pidFile: path.meta({ description: 'Of the broker, which is sent SIGHUP.' }) }),
]);

const mosquitto = z.strictObject({
  folder: path.meta({
    description:
      'The district writes here what a mosquitto needs: menwei.conf, acl, passwords, certificates.',
  }),
  port: z.int().min(1).max(65_535).default(8_883).meta({
    description: 'Where it takes gates with their certificates.',
  }),
  passwordPort: z.int().min(1).max(65_535).optional().meta({
    description: 'A second listener, for gates that were given a password.',
  }),
  homeAssistant: z.boolean().default(false).meta({
    description: 'Gates may make themselves known to a Home Assistant at this broker.',
  }),
  reload: reload.optional().meta({
    description: 'How the broker is told to read its files again. Absent: whoever runs it does it.',
  }),
});

const otherBroker = z.strictObject({
  type: z.literal('server'),
  ...broker,
  shared: z
    .union([z.literal('auto'), z.boolean()])
    .default('auto')
    .meta({
      description:
        'Whether several processes share what gates send by $share subscriptions; auto: as the broker says (MQTT 5). Else they lease gates in the database.',
    }),
  publicUrl: publicBroker,
  mosquitto: mosquitto.optional().meta({
    description:
      'The broker is a mosquitto under the district’s rules; it gets in with a certificate of its own.',
  }),
});

const database = z.strictObject({
  url: z
    .string()
    .regex(/^postgres(ql)?:\/\/[^\s/]+\/[^\s/]+$/, 'use postgres://USER:PASSWORD@HOST:PORT/DATABASE')
    .optional()
    .meta({ secret: true, description: 'A PostgreSQL server. Absent: SQLite in dataDir.' }),
});

const retentionDays = z.strictObject({
  entryDays: z.int().min(1).max(3_650).default(90).meta({
    description:
      'Days that entries keep their content here. A community whose gates keep them longer (rules.retention) has them as long here.',
  }),
  securityDays: z.int().min(183).max(3_650).default(183).meta({
    description: 'Days that look-ups of persons, all other rows and alarms keep theirs: at least six months.',
  }),
});

const persons = z.strictObject({
  keyFile: path.optional().meta({
    description:
      'The keys under which persons are kept, readable by this user alone. Absent: keys/persons.json in dataDir.',
  }),
});

const dates = z.array(z.iso.date()).max(400).default([]);

const reviews = z.strictObject({
  portalTokenHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'use SHA-256 in 64 hex digits, e.g. of `printf %s TOKEN | sha256sum`')
    .optional()
    .meta({
      description:
        'SHA-256 of the token that the residents’ portal sends as Bearer: it may send applications in and ask after them. Absent: nobody but the desk may.',
    }),
  contentDays: z.int().min(1).max(3_650).default(30).meta({
    description:
      'Days after a decision until what was sent is erased; receipt number and outcome stay for a year.',
  }),
  photoDays: z.int().min(1).max(3_650).default(183).meta({
    description: 'Days that a photo which was accepted is kept.',
  }),
  holidays: dates.meta({
    description: 'Days from Monday to Friday that are not worked: a review is due within one working day.',
  }),
  workdays: dates.meta({ description: 'Saturdays and Sundays that are worked.' }),
  photo: photoRules.prefault({}).meta({ description: 'How this district wants photos.' }),
});

const updates = z.strictObject({
  keys: path.meta({
    description:
      'Folder with the public keys (*.pub) of those whose releases may be registered, as menwei root new writes them.',
  }),
});

export const districtConfig = z.strictObject({
  district: id,
  dataDir: path.meta({ description: 'Database and signing keys. Keep it on a real disk.' }),
  timeZone: timeZone.meta({ description: 'The district’s own; the signed policy names it to gates.' }),
  communities: z.array(community).min(1, 'name at least one community').max(4_096),
  places: z.int().min(1_024).max(0x100_0000).default(65_536).meta({
    description:
      'Places of the residents’ status list: at least twice as many as residents. It never shrinks.',
  }),
  issuers,
  issuerLeadMinutes,
  http: http.prefault({}),
  broker: z.discriminatedUnion('type', [embeddedBroker, otherBroker]).prefault({ type: 'embedded' }),
  database: database.prefault({}),
  shortCodes: z.boolean().default(true).meta({
    description:
      'Rosters carry the key of the eight digits beneath a resident’s code. A gate of an earlier build refuses such a roster: false until all gates are updated.',
  }),
  gateCertificateHours: z.number().min(0.004).max(2_160).default(2_160).meta({
    description:
      'Hours that a gate’s certificate at the broker holds; it is renewed when a third is left. Below 1 for trials only.',
  }),
  persons: persons.prefault({}),
  retention: retentionDays.prefault({}),
  reviews: reviews.prefault({}).meta({
    description: 'Registrations, photos and appeals that reviewers decide.',
  }),
  updates: updates.optional().meta({
    description: 'Absent: no release can be registered at the desk, and no gate is ordered to update.',
  }),
  log: logLevel,
});

export type DistrictConfig = z.infer<typeof districtConfig>;

const DISTRICT: ConfigKind<DistrictConfig> = {
  schema: districtConfig,
  example: 'config/district.example.yaml',
  check: crossChecks,
  absolute: absolutePaths,
};

export function loadDistrictConfig(
  file: string,
  environment: Environment,
): Result<LoadedConfig<DistrictConfig>, readonly ConfigProblem[]> {
  return loadConfig(DISTRICT, file, environment);
}

/** JSON Schema of what may stand in the file, for editors. */
export function districtConfigJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(districtConfig, { io: 'input', unrepresentable: 'any' });
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

function crossChecks(config: DistrictConfig): CrossProblem[] {
  const { communities, http, broker } = config;
  const problems: CrossProblem[] = issuerProblems(config);
  const ids = communities.map((each) => each.id);
  for (const [at, one] of ids.entries()) {
    if (ids.indexOf(one) === at) continue;
    const where = ['communities', at, 'id'];
    problems.push({
      path: where,
      key: `communities[${at}].id`,
      message: `${one} is there twice; give each its own number`,
    });
  }
  if (!LOOPBACK.test(http.host) && http.tls === undefined)
    problems.push({
      path: ['http', 'host'],
      key: 'http.host',
      message:
        'passwords and sessions would cross the network in plain text; name http.tls, or use 127.0.0.1 behind a proxy on this machine that speaks TLS (its name goes into http.names)',
    });
  if (!LOOPBACK.test(http.host) && http.names.length === 0)
    problems.push({
      path: ['http', 'names'],
      key: 'http.names',
      message:
        'no browser could reach the district under another address; name the one that is typed, e.g. [district.example]',
    });
  if (broker.type === 'embedded' && broker.tls === undefined && !LOOPBACK.test(broker.host))
    problems.push({
      path: ['broker', 'host'],
      key: 'broker.host',
      message: 'passwords of gates would cross the network in plain text; name broker.tls',
    });
  return problems;
}

function absolutePaths(config: DistrictConfig, from: (path: string) => string): DistrictConfig {
  const { http, broker } = config;
  const served = <Served extends { tls?: z.infer<typeof tlsFiles> | undefined }>({ tls, ...rest }: Served) =>
    tls === undefined ? rest : { ...rest, tls: { certificate: from(tls.certificate), key: from(tls.key) } };
  return {
    ...config,
    dataDir: from(config.dataDir),
    persons: config.persons.keyFile === undefined ? {} : { keyFile: from(config.persons.keyFile) },
    ...(config.updates === undefined ? {} : { updates: { keys: from(config.updates.keys) } }),
    http: served(http),
    broker: brokerPaths(broker, from),
  };
}

function brokerPaths(
  broker: DistrictConfig['broker'],
  from: (path: string) => string,
): DistrictConfig['broker'] {
  if (broker.type === 'embedded') {
    const { tls } = broker;
    if (tls === undefined || tls === 'own') return broker;
    return { ...broker, tls: { certificate: from(tls.certificate), key: from(tls.key) } };
  }
  const { mosquitto: kept, ...rest } = broker;
  const tls = clientTlsPaths(broker.tls, from);
  if (kept === undefined) return { ...rest, tls };
  const { reload: told, folder, ...how } = kept;
  const again = told !== undefined && 'pidFile' in told ? { pidFile: from(told.pidFile) } : told;
  return {
    ...rest,
    tls,
    mosquitto: { ...how, folder: from(folder), ...(again === undefined ? {} : { reload: again }) },
  };
}
