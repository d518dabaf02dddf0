import { z } from 'zod';
import { issued } from './documents.ts';
import { communityId, publicKeyHex, residentIndex } from './fields.ts';

/**
 * Payload of `menwei-roster+jwt`: a community's residents, as far as its gates must know them.
 * Never a name, a number or a phone: display strings are masked, look-ups are keyed hashes.
 */

export const ROSTER_ENTRIES_MAX = 65_536;
const LOOKUPS_MAX = 16;

/** First 16 bytes of HMAC-SHA-256 under the roster's look-up key, hex. */
export const lookupHash = z.string().regex(/^[0-9a-f]{32}$/);

export const rosterMember = z.strictObject({
  index: residentIndex,
  household: z.int().min(0).max(0xffff_ffff),
  /** Given for life, not reused. */
  order: z.int().min(0).max(7),
  /** Phones, two at most. */
  keys: z
    .array(z.strictObject({ slot: z.int().min(0).max(255), public: publicKeyHex }))
    .max(2)
    .default([]),
  /** Masked, e.g. 张*. */
  display: z.string().max(64).optional(),
  needsMoreTime: z.literal(true).optional(),
  minor: z.literal(true).optional(),
  /** Last local day, days since 2020-01-01. */
  lastDay: z.int().min(0).max(65_535).optional(),
  lookups: z.array(lookupHash).max(LOOKUPS_MAX).default([]),
});

export const rosterPayload = z
  .strictObject({
    ...issued,
    aud: communityId,
    /** HMAC key of the look-up hashes, 32 bytes in hex; absent where the guard looks nobody up. */
    lookupKey: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    /** Of the community's short codes, 32 bytes in hex (docs/code-format.md). A gate of an earlier build refuses a roster with it. */
    shortCodeKey: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    entries: z.array(rosterMember).max(ROSTER_ENTRIES_MAX),
  })
  .refine((roster) => distinct(roster.entries.map((one) => one.index)), {
    path: ['entries'],
    message: 'names an index twice',
  })
  .refine((roster) => distinct(roster.entries.map((one) => one.household * 8 + one.order)), {
    path: ['entries'],
    message: 'gives an order of a household twice',
  });

export type RosterMember = z.infer<typeof rosterMember>;
export type RosterPayload = z.infer<typeof rosterPayload>;

function distinct(values: readonly number[]): boolean {
  return new Set(values).size === values.length;
}
