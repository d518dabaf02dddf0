import { z } from 'zod';
import { photoClaims } from './guard-photo.ts';
import {
  ackClaims,
  alarmPayload,
  certificateClaims,
  checkpointClaims,
  compactToken,
  entriesPayload,
  healthPayload,
  livePayload,
  replyPayload,
  requestPayload,
  statusPayload,
  trustPayload,
  usedClaims,
} from './mqtt-payloads.ts';
import {
  GATE_CHANNEL_RULES,
  GATE_CHANNELS,
  type GateChannel,
  TRUST_CHANNEL_RULE,
  TRUST_CHANNELS,
  USED_CHANNEL_RULE,
} from './mqtt-topics.ts';

/**
 * What docs/asyncapi.yaml says, out of the schemas that gate and district check every message with. A test makes it again and
 * compares, so the published contract can not say anything else than the code.
 */

interface Channel {
  readonly address: string;
  readonly description: string;
  readonly payload: z.ZodType;
  readonly contentType: 'application/json' | 'application/jose';
  readonly by: 'gate' | 'district';
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

const GATE_TEXTS: Readonly<Record<GateChannel, { description: string; payload: z.ZodType; token?: true }>> = {
  status: {
    description: 'Online or offline; retained, and the will. Names the session that commands must name.',
    payload: statusPayload,
  },
  entries: {
    description:
      'The journal from the last acknowledged row on, in order, at least once, with a signed checkpoint.',
    payload: entriesPayload,
  },
  live: { description: 'Each row once as it happens; never replayed.', payload: livePayload },
  alarms: {
    description: 'Alarms, at least once. The same id comes again when it clears.',
    payload: alarmPayload,
  },
  health: { description: 'Every 30 s.', payload: healthPayload },
  replies: { description: 'What became of a command, by its jti.', payload: replyPayload },
  requests: { description: 'Questions of the gate; answers come on `commands`.', payload: requestPayload },
  commands: {
    description:
      '`menwei-command+jwt`, expiring within 30 s, and answers to requests: `menwei-time+jwt`, lists, `menwei-certificate+jwt`, and, sealed to the gate, `menwei-photo+jwt`. Never retained.',
    payload: compactToken,
    token: true,
  },
  ack: {
    description: '`menwei-ack+jwt`: alone moves the gate’s cursor.',
    payload: compactToken,
    token: true,
  },
  roster: {
    description: 'JWE to the gate’s own key, with a `menwei-roster+jwt` in it.',
    payload: compactToken,
    token: true,
  },
};

const ROOT = 'menwei/1/{district}';
const PARAMETERS: Readonly<Record<string, string>> = { community: '0 to 4294967295, without leading zeros' };

export function asyncapiDocument(): object {
  const channels = asyncapiChannels();
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Menwei gates and their district',
      version: '1',
      description: 'MQTT 5 over TLS; MQTT 3.1.1 works and is weaker. See docs/mqtt.md.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      district: { host: 'mqtt.district.example:8883', protocol: 'secure-mqtt', protocolVersion: '5.0' },
    },
    channels: Object.fromEntries(channels.map(([name, channel]) => [name, channelOf(name, channel)])),
    operations: Object.fromEntries(
      channels.map(([name, channel]) => [`${verbOf(channel)}-${name}`, operationOf(name, channel)]),
    ),
    components: {
      schemas: {
        AckClaims: jsonSchema(ackClaims),
        CertificateClaims: jsonSchema(certificateClaims),
        CheckpointClaims: jsonSchema(checkpointClaims),
        PhotoClaims: jsonSchema(photoClaims),
        UsedClaims: jsonSchema(usedClaims),
      },
    },
  };
}

function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return rest;
}

/** Every channel by the name that the document gives it. */
export function asyncapiChannels(): readonly (readonly [string, Channel])[] {
  const gates = GATE_CHANNELS.map((channel) => {
    const { token, ...text } = GATE_TEXTS[channel];
    const contentType = token ? ('application/jose' as const) : ('application/json' as const);
    const address = `${ROOT}/gates/{gate}/${channel}`;
    return [`gate-${channel}`, { address, ...text, contentType, ...GATE_CHANNEL_RULES[channel] }] as const;
  });
  const trust = TRUST_CHANNELS.map((channel) => {
    const description = `Trust document \`${channel}\` of docs/trust-documents.md, or several in order.`;
    const rest = {
      description,
      payload: trustPayload,
      contentType: 'application/json' as const,
      ...TRUST_CHANNEL_RULE,
    };
    return [`trust-${channel}`, { address: `${ROOT}/trust/${channel}`, ...rest }] as const;
  });
  const used = {
    address: `${ROOT}/communities/{community}/used`,
    description: '`menwei-used+jwt`, signed by the device key of the gate where the code was used.',
    payload: compactToken,
    contentType: 'application/jose' as const,
    ...USED_CHANNEL_RULE,
  };
  return [...gates, ...trust, ['community-used', used] as const];
}

function channelOf(name: string, { address, description, payload, contentType }: Channel): object {
  const parameters = [...address.matchAll(/\{(\w+)\}/g)].map(
    ([, parameter = '']) => [parameter, { description: PARAMETERS[parameter] ?? '[a-z0-9-]{1,32}' }] as const,
  );
  return {
    address,
    description,
    parameters: Object.fromEntries(parameters),
    messages: { [name]: { name, contentType, payload: jsonSchema(payload) } },
  };
}

/** The document speaks for the gate: it sends what it publishes. */
function verbOf({ by }: Channel): 'send' | 'receive' {
  return by === 'gate' ? 'send' : 'receive';
}

function operationOf(name: string, channel: Channel): object {
  return {
    action: verbOf(channel),
    channel: { $ref: `#/channels/${name}` },
    messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
    bindings: { mqtt: { qos: channel.qos, retain: channel.retain, bindingVersion: '0.2.0' } },
  };
}
