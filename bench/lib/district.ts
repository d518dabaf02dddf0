import { ed25519Signer, makeKeyPair, signerOf } from '../../src/crypto/index.ts';
import type { HolderKey } from '../../src/holder/index.ts';
import type { Issuer } from '../../src/issue/index.ts';
import { setStatus, statusBytes } from '../../src/wire/index.ts';
import { seeded } from './seeded.ts';

/** A district of the size that the goals speak of, from a seed: every run measures the same codes and the same list. */

export const DISTRICT = 'bench';
export const COMMUNITY = 4_711;
export const KID = 7;
/** 2026-03-01T08:00:00Z */
export const NOW_SECONDS = 1_772_352_000;
/** A big city's residents. */
export const RESIDENTS = 13_000_000;
export const REVOKED_SHARE = 0.01;

const random = seeded(20_260_301);

export const issuerPair = makeKeyPair(1, random.bytes);

const issuerSigner = ed25519Signer(issuerPair.secret);

export const issuer: Issuer = {
  district: DISTRICT,
  kid: KID,
  suite: 1,
  sign: (message) => issuerSigner.sign(message),
};

export function phone(): HolderKey {
  const pair = makeKeyPair(1, random.bytes);
  const signer = signerOf(pair, random.bytes);
  return { publicKey: pair.publicKey, sign: (message) => Promise.resolve(signer.sign(message)) };
}

/** Places that are valid, all different. */
export function validPlaces(count: number, list: Uint8Array): number[] {
  const places = new Set<number>();
  while (places.size < count) {
    const place = random.below(RESIDENTS);
    if (((list[place >> 2] ?? 0) >> ((place & 3) * 2)) % 4 === 0) places.add(place);
  }
  return [...places];
}

/** Two bits a place, one in a hundred revoked, at random places. */
export function residentsList(): Uint8Array {
  const bytes = new Uint8Array(statusBytes(RESIDENTS));
  const revoked = Math.round(RESIDENTS * REVOKED_SHARE);
  for (let done = 0; done < revoked; done += 1) setStatus(bytes, random.below(RESIDENTS), 1);
  return bytes;
}
