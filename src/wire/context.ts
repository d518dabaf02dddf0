import { z } from 'zod';
import { communityId, districtId, residentIndex, timeZone } from './fields.ts';

/**
 * A context file: everything that is needed to judge codes at one moment, in one readable JSON file (test/vectors has two).
 * For tests and for setting up; it is not signed, so no gate ever believes one. Members that are not named here are ignored.
 */

const seconds = z.int().min(0);
const hex = z
  .string()
  .regex(/^([0-9a-fA-F]{2})*$/, 'write whole bytes in hex')
  .max(256);

const contextKey = z.object({
  kid: z.int().min(0).max(255),
  suite: z.union([z.literal(1), z.literal(2)]),
  /** Ed25519: 32 bytes; SM2: 04‖x‖y. A key that breaks the rules of docs/code-format.md verifies nothing. */
  public: hex,
  notBefore: seconds,
  notAfter: seconds,
  retired: z.boolean().default(false),
  cutOff: seconds.optional(),
  kinds: z.array(z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)])).optional(),
  communities: z.array(communityId).optional(),
});

const contextResident = z.object({
  index: residentIndex,
  household: z.int().min(0),
  order: z.int().min(0).max(7),
  keys: z.array(z.object({ slot: z.int().min(0).max(255), public: hex })).default([]),
  display: z.string().max(64).optional(),
  needsMoreTime: z.boolean().optional(),
  minor: z.boolean().optional(),
  /** Days since 2020-01-01. */
  lastDay: z.int().min(0).max(0xffff).optional(),
});

const state = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);
const listLength = z.int().min(0).max(0xffff_ffff);

export const contextFile = z
  .object({
    /** Unix seconds */
    now: seconds,
    district: z.object({ id: districtId, timeZone }),
    community: communityId,
    policy: z.object({
      skewSeconds: z.int().min(0).default(30),
      windowSeconds: z.int().min(0).default(90),
      wideningMaxSeconds: z.int().min(0).default(120),
      who: z.enum(['roster', 'district']).default('roster'),
      printedCard: z.enum(['guard', 'open', 'refuse']).default('guard'),
    }),
    keyset: z.array(contextKey).max(256),
    statusLength: listLength,
    statuses: z.array(z.object({ index: residentIndex, state })).default([]),
    passLength: listLength.default(0),
    passStatuses: z.array(z.object({ passId: residentIndex, state })).default([]),
    roster: z.array(contextResident).default([]),
  })
  .superRefine((context, problems) => {
    const seen = new Set<string>();
    const once = (name: string, path: (string | number)[]) => {
      if (seen.has(name)) problems.addIssue({ code: 'custom', path, message: 'is there already' });
      seen.add(name);
    };
    for (const [at, { kid }] of context.keyset.entries()) once(`kid ${kid}`, ['keyset', at, 'kid']);
    for (const [at, { index, household, order }] of context.roster.entries()) {
      once(`index ${index}`, ['roster', at, 'index']);
      once(`member ${household}/${order}`, ['roster', at, 'order']);
    }
  });

export type ContextFile = z.infer<typeof contextFile>;
