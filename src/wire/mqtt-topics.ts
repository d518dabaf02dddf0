import { z } from 'zod';
import { communityId, districtId, gateId } from './fields.ts';

/**
 * The topics of docs/mqtt.md: built and read here alone, so that no other place knows how one is spelled.
 * Ids are checked on the way out as well as in: a topic with a wildcard in it can not be built.
 */

/** Version of the contract, second level of every topic. */
export const MQTT_CONTRACT = '1';

export const GATE_CHANNELS = [
  'status',
  'entries',
  'live',
  'alarms',
  'health',
  'replies',
  'requests',
  'commands',
  'ack',
  'roster',
] as const;
export type GateChannel = (typeof GATE_CHANNELS)[number];

export const TRUST_CHANNELS = [
  'root',
  'keys',
  'status',
  'status-delta',
  'passes',
  'passes-delta',
  'policy',
  'operators',
  'time',
] as const;
export type TrustChannel = (typeof TRUST_CHANNELS)[number];

/** How each channel is published: the contract's second and third columns. */
export interface ChannelRule {
  readonly by: 'gate' | 'district';
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

export const GATE_CHANNEL_RULES: Readonly<Record<GateChannel, ChannelRule>> = {
  status: { by: 'gate', qos: 1, retain: true },
  entries: { by: 'gate', qos: 1, retain: false },
  live: { by: 'gate', qos: 0, retain: false },
  alarms: { by: 'gate', qos: 1, retain: false },
  health: { by: 'gate', qos: 0, retain: false },
  replies: { by: 'gate', qos: 1, retain: false },
  requests: { by: 'gate', qos: 1, retain: false },
  commands: { by: 'district', qos: 1, retain: false },
  ack: { by: 'district', qos: 1, retain: true },
  roster: { by: 'district', qos: 1, retain: true },
};

export const TRUST_CHANNEL_RULE: ChannelRule = { by: 'district', qos: 1, retain: true };
export const USED_CHANNEL_RULE: ChannelRule = { by: 'gate', qos: 0, retain: false };

export type Topic =
  | {
      readonly scope: 'gate';
      readonly district: string;
      readonly gate: string;
      readonly channel: GateChannel;
    }
  | { readonly scope: 'trust'; readonly district: string; readonly channel: TrustChannel }
  | { readonly scope: 'used'; readonly district: string; readonly community: number };

/** @throws ZodError when an id is not one */
export function gateTopic(district: string, gate: string, channel: GateChannel): string {
  return `${root(district)}/gates/${gateId.parse(gate)}/${channel}`;
}

/** @throws ZodError when an id is not one */
export function trustTopic(district: string, channel: TrustChannel): string {
  return `${root(district)}/trust/${channel}`;
}

/** @throws ZodError when an id is not one */
export function usedTopic(district: string, community: number): string {
  return `${root(district)}/communities/${communityId.parse(community)}/used`;
}

/** Subscription filters of a district: one channel of all gates. */
export function allGatesFilter(district: string, channel: GateChannel): string {
  return `${root(district)}/gates/+/${channel}`;
}

/** @returns undefined for any topic that is not of this contract */
export function parseTopic(text: string): Topic | undefined {
  const [name, contract, districtText, area, second, third, ...rest] = text.split('/');
  if (name !== 'menwei' || contract !== MQTT_CONTRACT || rest.length > 0) return undefined;
  const district = districtId.safeParse(districtText);
  if (!district.success || second === undefined) return undefined;
  if (area === 'trust') return trust(district.data, second, third);
  if (third === undefined) return undefined;
  if (area === 'gates') return ofGate(district.data, second, third);
  return area === 'communities' && third === 'used' ? used(district.data, second) : undefined;
}

function root(district: string): string {
  return `menwei/${MQTT_CONTRACT}/${districtId.parse(district)}`;
}

function trust(district: string, channelText: string, extra: string | undefined): Topic | undefined {
  const channel = z.enum(TRUST_CHANNELS).safeParse(channelText);
  return channel.success && extra === undefined
    ? { scope: 'trust', district, channel: channel.data }
    : undefined;
}

function ofGate(district: string, gateText: string, channelText: string): Topic | undefined {
  const gate = gateId.safeParse(gateText);
  const channel = z.enum(GATE_CHANNELS).safeParse(channelText);
  return gate.success && channel.success
    ? { scope: 'gate', district, gate: gate.data, channel: channel.data }
    : undefined;
}

function used(district: string, communityText: string): Topic | undefined {
  // Only the spelling that `usedTopic` makes: `007` and `7` must not be two topics of one community.
  if (!/^(0|[1-9]\d{0,9})$/.test(communityText)) return undefined;
  const community = communityId.safeParse(Number(communityText));
  return community.success ? { scope: 'used', district, community: community.data } : undefined;
}
