import { z } from 'zod';
import { instantSeconds, issued, STATUS_SUBJECTS, STATUS_TEXT_MAX, version } from './documents.ts';
import { districtId, sha256Hex } from './fields.ts';

/**
 * Payloads of `statuslist+jwt` (IETF Token Status List, draft-ietf-oauth-status-list §5.1) and of `menwei-statusdelta+jwt`.
 * Two bits a place, the lowest bits of a byte first (§4.1): 0 valid, 1 revoked, 2 suspended, 3 ask the guard.
 */

/** Inflated, so that no compressed text can fill the memory: 64 million places. */
export const STATUS_BYTES_MAX = 16_777_216;
export const STATUS_PLACES_MAX = STATUS_BYTES_MAX * 4;
export const STATUS_CHANGES_MAX = 100_000;

const subject = z.enum(STATUS_SUBJECTS);

export const statusListPayload = z.strictObject({
  ...issued,
  sub: subject,
  /** §5.1: how long, in seconds, a list may be held before a new one should be asked for. */
  ttl: z.int().min(1).optional(),
  /** Places in the list; what is beyond is revoked. The last byte may have places that are not. */
  length: z.int().min(0).max(STATUS_PLACES_MAX),
  status_list: z.strictObject({ bits: z.literal(2), lst: z.string().max(STATUS_TEXT_MAX) }),
});

/** Ascending places as gaps: the first is a place, each further one the distance to the one before. */
const gaps = z.array(z.int().min(0).max(STATUS_PLACES_MAX)).max(STATUS_CHANGES_MAX);

export const statusDeltaPayload = z.strictObject({
  iss: districtId,
  sub: subject,
  /** Version of the snapshot that all changes are counted from. */
  base: version,
  version,
  iat: instantSeconds,
  length: z.int().min(0).max(STATUS_PLACES_MAX),
  /** Every place that has changed since the snapshot, under the state that it has now. */
  changes: z.strictObject({
    '0': gaps.default([]),
    '1': gaps.default([]),
    '2': gaps.default([]),
    '3': gaps.default([]),
  }),
  /** SHA-256 of the whole list's bytes after the changes. */
  hash: sha256Hex,
});

export type StatusListPayload = z.infer<typeof statusListPayload>;
export type StatusDeltaPayload = z.infer<typeof statusDeltaPayload>;
