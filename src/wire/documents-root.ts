import { z } from 'zod';
import { ed25519Jwk, issued, ROLES, thumbprint } from './documents.ts';
import { SIGNATURES_MAX } from './jws.ts';

/**
 * Payload of `menwei-root+jwt`: who may sign what. Signed by a threshold of its own root keys and by the threshold of the
 * version before. Its fingerprint is SHA-256 of the payload's bytes.
 */

const KEYS_MAX = 64;

const role = z
  .strictObject({
    keys: z.array(thumbprint).min(1).max(SIGNATURES_MAX),
    /** So many different keys must sign. */
    threshold: z.int().min(1).max(SIGNATURES_MAX),
  })
  .refine((one) => one.threshold <= new Set(one.keys).size, {
    path: ['threshold'],
    message: 'asks for more keys than are named',
  });

export const rootPayload = z
  .strictObject({
    ...issued,
    /** By RFC 7638 thumbprint, which whoever reads this computes again. */
    keys: z
      .record(thumbprint, ed25519Jwk)
      .refine((keys) => Object.keys(keys).length <= KEYS_MAX, 'too many keys'),
    roles: z.strictObject(
      Object.fromEntries(ROLES.map((name) => [name, role])) as Record<(typeof ROLES)[number], typeof role>,
    ),
  })
  .refine(
    (root) => ROLES.every((name) => root.roles[name].keys.every((kid) => root.keys[kid] !== undefined)),
    {
      path: ['roles'],
      message: 'names a key that is not listed',
    },
  );

export type RootPayload = z.infer<typeof rootPayload>;
