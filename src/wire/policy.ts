import { z } from 'zod';
import { communityId, districtId, gateId, laneId, publicKeyHex, timeZone } from './fields.ts';

/**
 * The signed rules of a community's gates (payload of `menwei-policy+jwt`).
 * Every duration says its unit; every default is the one of docs/trust-documents.md.
 */

/** Minutes of a local day, `[from, to)`, 0..1440. */
const span = z.strictObject({ fromMinute: z.int().min(0).max(1439), toMinute: z.int().min(1).max(1440) });

const hours = z.strictObject({
  /** ISO weekdays, 1 = Monday. A day that is not listed is closed. */
  weekdays: z.array(z.strictObject({ weekday: z.int().min(1).max(7), spans: z.array(span).max(8) })).max(7),
  /** Replaces the weekday on these dates. No spans: closed. */
  holidays: z
    .array(z.strictObject({ date: z.iso.date(), spans: z.array(span).max(8) }))
    .max(400)
    .default([]),
});

export const laneRules = z.strictObject({
  who: z.enum(['roster', 'district']).default('roster'),
  visitors: z.boolean().default(true),
  /** Absent: always open to those who may enter. */
  hours: hours.optional(),
  minimumAssurance: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(0),
  printedCard: z.enum(['guard', 'open', 'refuse']).default('guard'),
  /** In twice with no out between: refuse, flag, or ignore. */
  passback: z.enum(['off', 'flag', 'refuse']).default('off'),
  lockdown: z.boolean().default(false),
  /** Absent: as the gate's own configuration says, else PULSE_MS. */
  pulseMs: z.int().min(100).max(30_000).optional(),
  /** For residents whose roster entry asks for more time. */
  longPulseMs: z.int().min(100).max(60_000).default(10_000),
});

const staleness = z.strictObject({
  /** Status list younger than this: normal. */
  normalHours: z
    .int()
    .min(1)
    .max(24 * 60)
    .default(24),
  /** Until this age entries are flagged; beyond it the guard confirms. */
  flaggedHours: z
    .int()
    .min(1)
    .max(24 * 90)
    .default(72),
});

export const policyPayload = z.strictObject({
  iss: districtId,
  aud: communityId,
  version: z.int().min(1),
  iat: z.int(),
  exp: z.int(),
  timeZone,
  skewSeconds: z.int().min(0).max(300).default(30),
  windowSeconds: z.int().min(10).max(900).default(90),
  wideningMaxSeconds: z.int().min(0).max(900).default(120),
  /** Most that codes alone may move the clock on since the last signed time. */
  clockAdvanceMaxSeconds: z
    .int()
    .min(0)
    .max(86_400 * 30)
    .default(86_400),
  staleness: staleness.prefault({}),
  retention: z
    .strictObject({
      entryDays: z.int().min(1).max(365).default(30),
      unsentHours: z
        .int()
        .min(120)
        .max(24 * 90)
        .default(120),
    })
    .prefault({}),
  /** Guards are shown a photo of whom they look up. Absent: no; gates of an earlier build refuse a policy that has it. */
  guardPhotos: z.boolean().optional(),
  /** Rules for every lane that is not named in `lanes`. */
  lane: laneRules.prefault({}),
  lanes: z.record(laneId, laneRules).default({}),
  /** A pass may be bound to one gate of the community. */
  passGates: z.record(z.string().regex(/^\d{1,10}$/), gateId).default({}),
  /** The community's gates and their device keys (Ed25519, hex): whose `used` messages and checkpoints count. */
  gates: z.record(gateId, publicKeyHex).default({}),
});

/** What a district sets for one community; the rest of a policy follows from elsewhere. PUT /api/communities/:id/rules */
export const communityRules = policyPayload.pick({
  skewSeconds: true,
  windowSeconds: true,
  wideningMaxSeconds: true,
  clockAdvanceMaxSeconds: true,
  staleness: true,
  retention: true,
  guardPhotos: true,
  lane: true,
  lanes: true,
});

export type Policy = z.infer<typeof policyPayload>;
export type LaneRules = z.infer<typeof laneRules>;

/** Length of an opening where neither policy nor configuration names one. */
export const PULSE_MS = 3_000;

/** The rules of one lane, each with its value. */
export function rulesOf(policy: Policy, lane: string): LaneRules & { readonly pulseMs: number } {
  const rules = policy.lanes[lane] ?? policy.lane;
  return { ...rules, pulseMs: rules.pulseMs ?? PULSE_MS };
}
