import { Point } from '@noble/ed25519';

/**
 * The strict Ed25519 rules of docs/code-format.md that no library holds by itself: which keys may be used at all,
 * and which signatures are not even tried. Shared by both engines; touches neither Node nor the browser.
 */

export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

/** L, the order of the base point (RFC 8032 §5.1), little-endian. */
const ORDER = littleEndian(2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n);

/** p = 2^255 − 19, little-endian. */
const PRIME = littleEndian(2n ** 255n - 19n);

/**
 * The y coordinates of the eight points whose order divides 8, sign bit cleared: 0, 1, p−1 and the two of order 8.
 * Encodings with y ≥ p are refused before they are compared with these.
 */
const SMALL_ORDER_Y: readonly Uint8Array[] = [
  littleEndian(0n),
  littleEndian(1n),
  littleEndian(2n ** 255n - 20n),
  littleEndian(0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n),
  littleEndian(0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7n),
];

/** Rule 1: 32 bytes, canonical, on the curve, not of small order, torsion-free. Takes a few milliseconds: once a key. */
export function isUsableKey(publicKey: Uint8Array): boolean {
  return publicKey.length === PUBLIC_KEY_BYTES && isProperPoint(publicKey) && isTorsionFree(publicKey);
}

/** Rule 2, its cheap half: 64 bytes, S < L, R canonical and not of small order. */
export function isProperSignature(signature: Uint8Array): boolean {
  return signature.length === SIGNATURE_BYTES && isBelowOrder(signature) && isProperPoint(signature);
}

/** Whether the encoded point is on the curve and in the subgroup of prime order. */
export function isTorsionFree(encoded: Uint8Array): boolean {
  try {
    return Point.fromBytes(encoded.slice(0, PUBLIC_KEY_BYTES), false).isTorsionFree();
  } catch {
    // noble throws for what is not a point.
    return false;
  }
}

/** The first 32 bytes as a point: y < p, and none of the small ones. */
function isProperPoint(encoded: Uint8Array): boolean {
  return yIsBelow(encoded, PRIME) && !SMALL_ORDER_Y.some((small) => hasY(encoded, small));
}

function hasY(encoded: Uint8Array, y: Uint8Array): boolean {
  // Almost every point differs in its first byte, so this costs five comparisons.
  for (let at = 0; at < 31; at += 1) if (encoded[at] !== y[at]) return false;
  return ((encoded[31] ?? 0) & 0x7f) === y[31];
}

function yIsBelow(encoded: Uint8Array, limit: Uint8Array): boolean {
  const top = (encoded[31] ?? 0) & 0x7f;
  const limitTop = limit[31] ?? 0;
  if (top !== limitTop) return top < limitTop;
  return isBelow(encoded, 0, limit);
}

function isBelowOrder(signature: Uint8Array): boolean {
  const top = signature[63] ?? 0;
  const limitTop = ORDER[31] ?? 0;
  if (top !== limitTop) return top < limitTop;
  return isBelow(signature, 32, ORDER);
}

/** Bytes 0..30 of a little-endian number against those of the limit; the top bytes are equal. */
function isBelow(bytes: Uint8Array, offset: number, limit: Uint8Array): boolean {
  for (let at = 30; at >= 0; at -= 1) {
    const digit = bytes[offset + at] ?? 0;
    const limitDigit = limit[at] ?? 0;
    if (digit !== limitDigit) return digit < limitDigit;
  }
  return false;
}

function littleEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  for (let at = 0; at < 32; at += 1) bytes[at] = Number((value >> BigInt(8 * at)) & 255n);
  return bytes;
}
