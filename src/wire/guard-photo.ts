import { z } from 'zod';
import { districtId, gateId, residentIndex } from './fields.ts';

/**
 * A resident's face for the guard who has just looked them up: asked for with a nonce, answered once, signed by the district
 * and sealed to the one gate that asked. It is on a screen for as long as the look-up is, and kept nowhere at a gate.
 */
export const PHOTO_TYPE = 'menwei-photo+jwt';

/** What is sent is always of this size: a JPEG that the reviewer's page has made anew. */
export const GUARD_PHOTO = { widthPixels: 180, heightPixels: 240, bytesMax: 16_384 } as const;

/** 16 random bytes, hex. */
const nonce = z.string().regex(/^[0-9a-f]{32}$/);

const TEXT_MAX = Math.ceil(GUARD_PHOTO.bytesMax / 3) * 4;
export const guardPhotoBase64 = z.base64().min(16).max(TEXT_MAX);
/** A whole body with one in it, bytes. */
export const GUARD_PHOTO_BODY_MAX: number = TEXT_MAX + 1_024;

/** On `gates/<gate>/requests`; the answer is a `menwei-photo+jwt` with this nonce, sealed to this gate, on `commands`. */
export const photoRequest = z.strictObject({
  want: z.literal('photo'),
  nonce,
  index: residentIndex,
  /** Of the look-up that asks, durable before. */
  row: z.int().min(1),
});

/** Claims of `menwei-photo+jwt`, signed by the ack role. */
export const photoClaims = z.strictObject({
  iss: districtId,
  aud: gateId,
  iat: z.int(),
  nonce,
  index: residentIndex,
  /** JPEG. Absent: there is none that may be shown at this gate; why is not said. */
  picture: guardPhotoBase64.optional(),
});

export type PhotoRequest = z.infer<typeof photoRequest>;
export type PhotoClaims = z.infer<typeof photoClaims>;
