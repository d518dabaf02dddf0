import { z } from 'zod';
import { instantSeconds, issued } from './documents.ts';
import { communityId } from './fields.ts';

/** Payload of `menwei-keyset+jwt`: the keys under which codes are signed, as a JWK set (RFC 7517 §5). */

const KEYS_MAX = 256;

/** What the code format calls `kid`, 0..255, as RFC 7517 writes it: a text. */
const codeKid = z
  .string()
  .regex(/^(0|[1-9]\d{0,2})$/)
  .refine((text) => Number(text) <= 255, 'use 0 to 255');
const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'use 32 bytes in base64url');

const scope = {
  kid: codeKid,
  /** Codes are signed from and until; they count until `verifyUntil`. First and last second. */
  notBefore: instantSeconds,
  signUntil: instantSeconds,
  verifyUntil: instantSeconds,
  retired: z.literal(true).optional(),
  /** Kind 1 issued before it, and all codes without a time of issue, count no more. */
  cutOff: instantSeconds.optional(),
  /** Absent: all kinds. */
  kinds: z
    .array(z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]))
    .min(1)
    .max(5)
    .optional(),
  /** Absent: all communities of the district. */
  communities: z.array(communityId).min(1).max(4_096).optional(),
};

const ed25519IssuerKey = z.strictObject({
  ...scope,
  suite: z.literal(1),
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: coordinate,
});

const sm2IssuerKey = z.strictObject({
  ...scope,
  suite: z.literal(2),
  kty: z.literal('EC'),
  crv: z.literal('SM2'),
  x: coordinate,
  y: coordinate,
});

export const issuerJwk = z
  .discriminatedUnion('suite', [ed25519IssuerKey, sm2IssuerKey])
  .refine((key) => key.notBefore <= key.signUntil && key.signUntil <= key.verifyUntil, {
    path: ['verifyUntil'],
    message: 'the span must run from notBefore over signUntil to verifyUntil',
  });

export const keysetPayload = z.strictObject({
  ...issued,
  keys: z
    .array(issuerJwk)
    .max(KEYS_MAX)
    .refine((keys) => new Set(keys.map((key) => key.kid)).size === keys.length, 'names a kid twice'),
});

export type IssuerJwk = z.infer<typeof issuerJwk>;
export type KeysetPayload = z.infer<typeof keysetPayload>;
