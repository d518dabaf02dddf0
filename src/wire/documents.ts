import { z } from 'zod';
import { districtId, gateId, sha256Hex } from './fields.ts';

/** The trust documents of docs/trust-documents.md: their names, types, roles and sizes, and the claims that all of them have. */

export const ROOT_TYPE = 'menwei-root+jwt';
export const KEYSET_TYPE = 'menwei-keyset+jwt';
/** draft-ietf-oauth-status-list §5.1. */
export const STATUS_LIST_TYPE = 'statuslist+jwt';
export const STATUS_DELTA_TYPE = 'menwei-statusdelta+jwt';
export const TIME_TYPE = 'menwei-time+jwt';
export const POLICY_TYPE = 'menwei-policy+jwt';
export const ROSTER_TYPE = 'menwei-roster+jwt';
export const OPERATORS_TYPE = 'menwei-operators+jwt';

/** Who signs what. The root names the keys of each, and how many must agree. */
export const ROLES = ['root', 'keyset', 'status', 'time', 'policy', 'roster', 'operators', 'ack'] as const;
export type Role = (typeof ROLES)[number];

/** What a gate holds, one of each. A delta lives beside the snapshot that it changes. */
export const DOCUMENT_NAMES = [
  'root',
  'policy',
  'keyset',
  'residents',
  'visitors',
  'residents-delta',
  'visitors-delta',
  'roster',
  'operators',
  'time',
] as const;
export type DocumentName = (typeof DOCUMENT_NAMES)[number];

export const STATUS_SUBJECTS = ['residents', 'visitors'] as const;
export type StatusSubject = (typeof STATUS_SUBJECTS)[number];

/** Longest text of one document. */
export const DOCUMENT_TEXT_MAX = 1_048_576;
/** A status list of 64 million places that zlib cannot shrink. */
export const STATUS_TEXT_MAX = 25_165_824;
/** A community of 40,000 with two phones each, signed and sealed. */
export const ROSTER_TEXT_MAX = 25_165_824;
/** A bundle holds one of each. */
export const BUNDLE_TEXT_MAX = 83_886_080;
export const BUNDLE_DOCUMENTS_MAX = 64;

export const version = z.int().min(1);
/** Unix seconds, as RFC 7519 §2 NumericDate, whole. */
export const instantSeconds = z.int().min(0).max(0xffff_ffff);

export const issued = { iss: districtId, version, iat: instantSeconds, exp: instantSeconds };

/** A public Ed25519 key, RFC 8037 §2. */
export const ed25519Jwk = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'use 32 bytes in base64url'),
});

/** RFC 7638 thumbprint of a key, by SHA-256. */
export const thumbprint = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'use the RFC 7638 thumbprint');

export const namedVersion = z.strictObject({ version, hash: sha256Hex });

/** Payload of `menwei-time+jwt`. */
export const timePayload = z.strictObject({
  iss: districtId,
  iat: instantSeconds,
  exp: instantSeconds,
  /** Unix milliseconds. */
  time: z.int().min(0),
  /** Only in an answer: the gate that asked, and its nonce. */
  aud: gateId.optional(),
  nonce: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  /**
   * Current documents: `root`, `keyset`, `residents`, `visitors`, `operators`, `policy/<community>`, `roster/<community>`.
   * The hash is SHA-256 of the payload's bytes; of a list, of its inflated bytes.
   */
  documents: z
    .record(
      z.string().regex(/^(root|keyset|residents|visitors|operators|(policy|roster)\/\d{1,10})$/),
      namedVersion,
    )
    .default({}),
});

/** A file of current documents (docs/trust-documents.md, rule 5). */
export const bundleFile = z.strictObject({
  type: z.literal('menwei-bundle'),
  documents: z
    .array(z.union([z.string().max(STATUS_TEXT_MAX), z.record(z.string(), z.unknown())]))
    .max(BUNDLE_DOCUMENTS_MAX),
});

export type Ed25519Jwk = z.infer<typeof ed25519Jwk>;
export type NamedVersion = z.infer<typeof namedVersion>;
export type TimePayload = z.infer<typeof timePayload>;
export type BundleFile = z.infer<typeof bundleFile>;
