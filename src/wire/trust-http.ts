import { z } from 'zod';
import { communityId } from './fields.ts';
import { communityRules } from './policy.ts';

/** Bodies of the desk's routes about keys, rules and what ends soon. */

/** GET /api/warnings */
export const districtWarning = z.object({
  /** A document's name, or words of ours. */
  name: z.string(),
  /** Absent: nothing ends, but something stands as it should not stay. Unix seconds. */
  expiresAt: z.int().optional(),
  secondsLeft: z.int().optional(),
  /** The step that has been reached: 30, 7 or 1, of days or hours. */
  step: z.union([z.literal(30), z.literal(7), z.literal(1)]).optional(),
  unit: z.enum(['days', 'hours']).optional(),
  zh: z.string(),
  en: z.string(),
});
export const districtWarnings = z.object({ warnings: z.array(districtWarning) });

/** GET /api/issuers */
export const issuerState = z.object({
  issuer: z.string(),
  kid: z.int(),
  suite: z.union([z.literal(1), z.literal(2)]),
  state: z.enum(['next', 'signing', 'former', 'withdrawn']),
  /** Unix seconds */
  notBefore: z.int(),
  signUntil: z.int(),
  verifyUntil: z.int(),
  cutOff: z.int().optional(),
});
export const issuerStates = z.object({ issuers: z.array(z.string()), keys: z.array(issuerState) });

/** GET and PUT /api/communities/:community/rules */
export const rulesOfCommunity = z.object({ community: communityId, rules: communityRules });

/** What two people agree on: `rotate issuer key`. */
export const rotateIssuerBody = z.strictObject({ issuer: z.string().regex(/^[a-z0-9-]{1,32}$/) });
/** What two people agree on: `retire issuer key`. With `cutOff`, kind 1 issued from then on still counts. */
export const retireIssuerBody = z.strictObject({
  kid: z.int().min(0).max(255),
  cutOff: z.int().min(0).max(0xffff_ffff).optional(),
});

export type DistrictWarning = z.infer<typeof districtWarning>;
