import { z } from 'zod';
import { communityId, residentIndex } from './fields.ts';

/** What a phone's page reads of the district's answers, apart from the rest of `/api`, so that it carries nothing else. */

export const RESIDENT_STATES = ['valid', 'revoked', 'suspended', 'ask-guard'] as const;
export type ResidentState = (typeof RESIDENT_STATES)[number];

export const issuedCode = z.object({
  code: z.string(),
  kind: z.int(),
  /** Unix seconds. */
  expiresAt: z.int(),
});

/** POST /api/residents/:index/short-code: what the phone makes its short codes of (docs/code-format.md). It stays on the phone. */
export const issuedShortCodeSecret = z.object({
  secret: z.string().regex(/^[0-9a-f]{64}$/),
});

export const residentView = z.object({
  index: residentIndex,
  community: communityId,
  household: z.int(),
  order: z.int(),
  room: z.string(),
  display: z.string().optional(),
  state: z.enum(RESIDENT_STATES),
  /** Slots of registered phones. */
  slots: z.array(z.int()),
  /** Slot that the next phone's proof must name; absent when there is no place for one. */
  nextSlot: z.int().optional(),
  /** There is a photo for guards. */
  photo: z.literal(true).optional(),
});

export type IssuedCode = z.infer<typeof issuedCode>;
export type ResidentView = z.infer<typeof residentView>;
