import { z } from 'zod';
import { ed25519Jwk, thumbprint } from './documents.ts';

/** Files of a root change: a holder's key, its public half, the draft that is handed round, one signature under it. */

const named = { version: z.literal(1), kid: thumbprint, key: ed25519Jwk };

export const rootKeyFile = z.strictObject({
  type: z.literal('menwei-root-key'),
  ...named,
  secret: z.string().regex(/^[0-9a-f]{64}$/),
});

export const publicRootKeyFile = z.strictObject({ type: z.literal('menwei-root-public-key'), ...named });

export const rootDraftFile = z.strictObject({
  type: z.literal('menwei-root-draft'),
  version: z.literal(1),
  /** base64url of the bytes that are signed. */
  payload: z.string().regex(/^[A-Za-z0-9_-]+$/),
  /** SHA-256 of them, hex. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  /** The version before, a general JWS; absent for the first. */
  before: z.looseObject({}).optional(),
});

export const rootSignatureFile = z.strictObject({
  type: z.literal('menwei-root-signature'),
  version: z.literal(1),
  /** Compact, over the draft's payload. */
  jws: z.string().max(262_144),
});

export type PublicRootKey = Pick<z.infer<typeof publicRootKeyFile>, 'kid' | 'key'>;
