import { assert } from '../base/index.ts';

/**
 * The bits of a status list, two a place, the lowest of a byte first (draft-ietf-oauth-status-list §4.1):
 *
 *     byte   0                 1
 *     bits   7 6 5 4 3 2 1 0   7 6 …
 *     place  [3] [2] [1] [0]   [7] …
 */

export type StatusBits = 0 | 1 | 2 | 3;

/** Bytes that hold so many places. */
export function statusBytes(places: number): number {
  return Math.ceil(places / 4);
}

export function statusAt(bytes: Uint8Array, place: number): StatusBits {
  const byte = bytes[Math.floor(place / 4)];
  assert(byte !== undefined, 'a status is read inside its list');
  return ((byte >> ((place % 4) * 2)) & 3) as StatusBits;
}

/** Changes the bytes in place: only for a copy that nobody else holds. */
export function setStatus(bytes: Uint8Array, place: number, state: StatusBits): void {
  const at = Math.floor(place / 4);
  const byte = bytes[at];
  assert(byte !== undefined, 'a status is written inside its list');
  const shift = (place % 4) * 2;
  bytes[at] = (byte & ~(3 << shift)) | (state << shift);
}
