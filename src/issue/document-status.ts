import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, deflate } from 'node:zlib';
import { assert, encodeBase64url } from '../base/index.ts';
import { type StatusBits, setStatus, statusAt, statusBytes } from '../wire/index.ts';

/** The bytes of a status list, and what a snapshot or a delta says about them. */

export interface PlaceStatus {
  readonly place: number;
  readonly state: StatusBits;
}

/** All places valid but those named. */
export function statusListOf(length: number, named: Iterable<PlaceStatus>): Uint8Array {
  const bytes = new Uint8Array(statusBytes(length));
  for (const { place, state } of named) {
    assert(place < length, 'a status stands inside its list');
    setStatus(bytes, place, state);
  }
  return bytes;
}

/** `status_list` of the IETF token: zlib at its best level, in base64url. */
export async function statusListClaim(bytes: Uint8Array): Promise<{ bits: 2; lst: string }> {
  const packed = await promisify(deflate)(bytes, { level: constants.Z_BEST_COMPRESSION });
  return { bits: 2, lst: encodeBase64url(packed) };
}

/** SHA-256 of the list's bytes, as deltas and time documents name it. */
export function statusListHash(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/**
 * `changes` of a delta: the present states of every place that has changed since the snapshot.
 * @param places in any order, each once
 */
export function statusChanges(
  bytes: Uint8Array,
  places: Iterable<number>,
): Record<'0' | '1' | '2' | '3', number[]> {
  const changes: Record<'0' | '1' | '2' | '3', number[]> = { '0': [], '1': [], '2': [], '3': [] };
  const last = new Map<string, number>();
  for (const place of [...places].sort((left, right) => left - right)) {
    const state = `${statusAt(bytes, place)}` as const;
    changes[state].push(place - (last.get(state) ?? 0));
    last.set(state, place);
  }
  return changes;
}
