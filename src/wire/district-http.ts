import { z } from 'zod';
import { GATE_STATES } from './enrolment.ts';
import { communityId, gateId, laneId, publicKeyHex } from './fields.ts';
import { COMMAND_VERBS } from './inbox.ts';
import { releaseNumber } from './release.ts';
import { personBody } from './persons-http.ts';
import { issuedCode, RESIDENT_STATES } from './resident-answers.ts';

export * from './resident-answers.ts';

/** Bodies of the district’s `/api`. An error is `{ error: "FIELD: what is wrong; what to do" }`. */

/** POST /api/residents */
export const newResidentBody = z
  .strictObject({
    community: communityId,
    room: z.string().min(1).max(64),
    /** Who it is; then `display` is made by the district, and is left out here. */
    person: personBody.optional(),
    /** Masked, e.g. 张*. */
    display: z.string().min(1).max(64).optional(),
    assurance: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(1),
    needsMoreTime: z.boolean().default(false),
    minor: z.boolean().default(false),
    /** Days since 2020-01-01. */
    lastDay: z.int().min(0).max(65_535).optional(),
  })
  .refine((body) => body.person === undefined || body.display === undefined, {
    path: ['display'],
    message: 'is made from the person; leave it out',
  });

/** POST /api/residents/:index/keys. The proof is a kind 3 code of that key, for this index and the offered slot. */
export const newHolderKeyBody = z.strictObject({
  publicKey: publicKeyHex,
  proof: z.string().min(1).max(512),
});

/** Which issuer is to sign; absent: the first that may. */
const issuer = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/)
  .optional();

/** POST /api/residents/:index/token (kind 1) */
export const newTokenBody = z.strictObject({
  ttlMinutes: z.int().min(1).max(63).default(10),
  issuer,
});

/** POST /api/residents/:index/credential (kind 2, the district's part, hex) */
export const newCredentialBody = z.strictObject({
  publicKey: publicKeyHex,
  days: z.int().min(1).max(90).default(30),
  issuer,
});

/** POST /api/residents/:index/card (kind 5) */
export const newCardBody = z.strictObject({ days: z.int().min(1).max(366).default(28), issuer });

/** POST /api/residents/:index/passes (kind 4) */
export const newPassBody = z.strictObject({
  community: communityId,
  /** Unix seconds; absent: now. */
  from: z.int().min(0).max(0xffff_ffff).optional(),
  minutes: z.int().min(1).max(65_535).default(240),
  uses: z.int().min(1).max(255).default(1),
  issuer,
});

/** POST /api/residents/:index/state and /api/passes/:pass/state */
export const newStateBody = z.strictObject({ state: z.enum(RESIDENT_STATES) });

/** POST /api/gates/:gate/commands */
export const newCommandBody = z.strictObject({
  verb: z.enum(COMMAND_VERBS),
  lane: laneId.optional(),
  reason: z.string().min(1).max(200),
  from: z.int().min(1).optional(),
  release: releaseNumber.optional(),
});

/** POST /api/gates: what an installer confirmed. The answer has the broker password, once. */
export const newGateBody = z.strictObject({
  gate: gateId,
  community: communityId,
  deviceKey: publicKeyHex,
  /** X25519, base64url. */
  sealKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .optional(),
});

/** Kind 2, the district's part in hex, and its last day (days since 2020-01-01). */
export const issuedCredential = z.object({ credential: z.string(), lastDay: z.int() });

/** Kind 4, with its place in the visitors' list. */
export const issuedPass = issuedCode.extend({ passId: z.int() });

/** GET /api/gates */
export const gateList = z.object({
  gates: z.array(
    z.object({
      gate: gateId,
      community: communityId,
      /** SHA-256 of the device key, hex */
      fingerprint: z.string(),
      confirmed: z.boolean(),
      state: z.enum(GATE_STATES),
      /** Unix milliseconds; null: never heard */
      seenAt: z.number().nullable(),
      /** The gate's `status` as it was last heard, docs/asyncapi.yaml */
      status: z.unknown(),
    }),
  ),
});

export type NewResident = z.infer<typeof newResidentBody>;
export type NewPass = z.infer<typeof newPassBody>;
export type NewCommand = z.infer<typeof newCommandBody>;
export type NewGate = z.infer<typeof newGateBody>;
