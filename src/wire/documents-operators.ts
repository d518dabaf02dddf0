import { z } from 'zod';
import { ed25519Jwk, instantSeconds, issued, thumbprint } from './documents.ts';
import { districtId, gateId, laneId, rowText } from './fields.ts';
import { COMMAND_VERBS } from './inbox.ts';
import { releaseNumber } from './release.ts';

/** Payloads of `menwei-operators+jwt` and of the `menwei-command+jwt` that an operator signs under it. */

/** A command lives no longer than this (docs/trust-documents.md). */
export const COMMAND_LIFE_MAX_SECONDS = 30;

const OPERATORS_MAX = 1_024;
const actor = rowText(64);

export const operator = z.strictObject({
  /** The operator's id, as rows name it. Never a name. */
  actor,
  kid: thumbprint,
  key: ed25519Jwk,
  /** Absent: all gates of the district. */
  gates: z.array(gateId).min(1).max(4_096).optional(),
  verbs: z.array(z.enum(COMMAND_VERBS)).min(1).max(COMMAND_VERBS.length),
  /** First and last second in which the key counts. */
  from: instantSeconds,
  until: instantSeconds,
});

export const operatorsPayload = z.strictObject({
  ...issued,
  operators: z
    .array(operator)
    .max(OPERATORS_MAX)
    .refine((list) => new Set(list.map((one) => one.kid)).size === list.length, 'names a key twice'),
});

export const commandPayload = z.strictObject({
  iss: districtId,
  aud: gateId,
  /** The session nonce of the gate's own `status`. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  verb: z.enum(COMMAND_VERBS),
  lane: laneId.optional(),
  jti: rowText(64),
  /** Rises with every command of this key to this gate. */
  counter: z.int().min(1),
  iat: instantSeconds,
  exp: instantSeconds,
  actor,
  reason: rowText(200),
  /** `resend-from`: first sequence number wanted. */
  from: z.int().min(1).optional(),
  /** `update`: the release that is meant. Where it comes from is the machine's own configuration. */
  release: releaseNumber.optional(),
});

export type Operator = z.infer<typeof operator>;
export type OperatorsPayload = z.infer<typeof operatorsPayload>;
export type CommandPayload = z.infer<typeof commandPayload>;
