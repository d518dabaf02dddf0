import { createHash, createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as SmCrypto from 'sm-crypto-v2';
import { assert, concat, fromHex, toHex, utf8 } from '../base/index.ts';
import type { VerifyKey } from '../verify/index.ts';

/**
 * SM2 with SM3 (GB/T 32918.2, curve of GB/T 32918.5), signatures r‖s over Z_A and the message.
 * The curve's arithmetic is the library's; ranges, digest and nonce are ours. Not constant-time: sign only where nobody
 * can measure it.
 */

/** GB/T 32918.5 §3: y² = x³ + ax + b over p, base point G of order n, cofactor 1. */
const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const A = P - 3n;
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const G =
  '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7' +
  'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0';

/**
 * Loaded with the first key: the tables of its curves cost a tenth of a gate's start, and most districts sign with Ed25519.
 */
let library: typeof SmCrypto | undefined;
const curve = (): typeof SmCrypto.sm2 => {
  library ??= createRequire(import.meta.url)('sm-crypto-v2') as typeof SmCrypto;
  return library.sm2;
};

/** The signer id that everybody uses (GM/T 0009), with its length in bits before it. */
const SIGNER_ID = concat(Uint8Array.of(0, 128), utf8('1234567812345678'));
const CURVE_BYTES = fromHex(hex32(A) + hex32(B) + G) ?? new Uint8Array();

const PUBLIC_KEY_BYTES = 65;
const SIGNATURE_BYTES = 64;

/** @param publicKey 04‖x‖y, coordinates below p, on the curve */
export function importSm2(publicKey: Uint8Array): VerifyKey | undefined {
  if (!isUsableKey(publicKey)) return undefined;
  const point = curve().precomputePublicKey(toHex(publicKey));
  const identity = identityDigest(publicKey);
  return {
    suite: 2,
    verify: (message, signature) => {
      if (!isProperSignature(signature)) return false;
      try {
        return curve().doVerifySignature(sm3(identity, message), toHex(signature), point, { hash: false });
      } catch {
        // The library throws where s·G + t·P is the point at infinity: that is no valid signature.
        return false;
      }
    },
  };
}

/** @param secret 32 bytes, 1 ≤ d ≤ n−2 */
export function sm2PublicKey(secret: Uint8Array): Uint8Array {
  assert(isUsableSecret(secret), 'an SM2 secret is a number from 1 to n-2');
  const point = fromHex(curve().getPublicKeyFromPrivateKey(toHex(secret)));
  assert(point?.length === PUBLIC_KEY_BYTES, 'an SM2 public key has 65 bytes');
  return point;
}

export function isUsableSecret(secret: Uint8Array): boolean {
  const d = numberOf(secret);
  return secret.length === 32 && d >= 1n && d <= N - 2n;
}

/**
 * @param random fresh bytes for every signature; the nonce also depends on key and message, so that a weak source
 *   does not give the key away
 * @returns a function that signs with this secret; 64 bytes each
 */
export function sm2Sign(secret: Uint8Array, random: (length: number) => Uint8Array) {
  const d = numberOf(secret);
  const identity = identityDigest(sm2PublicKey(secret));
  const inverse = power(1n + d, N - 2n);
  return (message: Uint8Array): Uint8Array => {
    const digest = sm3(identity, message);
    const e = numberOf(digest);
    for (;;) {
      const k = nonce(secret, concat(random(32), digest));
      const r = modN(e + xOfMultiple(k));
      if (r === 0n || r + k === N) continue;
      const s = modN(inverse * modN(k - r * d));
      if (s !== 0n) return fromHex(hex32(r) + hex32(s)) ?? new Uint8Array();
    }
  };
}

function isUsableKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES || publicKey[0] !== 4) return false;
  const x = numberOf(publicKey.subarray(1, 33));
  const y = numberOf(publicKey.subarray(33));
  return x < P && y < P && (y * y - (x * x * x + A * x + B)) % P === 0n;
}

function isProperSignature(signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const r = numberOf(signature.subarray(0, 32));
  const s = numberOf(signature.subarray(32));
  return r >= 1n && r < N && s >= 1n && s < N && r + s !== N;
}

/** Z_A, GB/T 32918.2 §5.5. */
function identityDigest(publicKey: Uint8Array): Uint8Array {
  return sm3(SIGNER_ID, CURVE_BYTES, publicKey.subarray(1));
}

function sm3(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sm3');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** A number from 1 to n−1. A digest outside of it is hashed again, which leaves no bias. */
function nonce(secret: Uint8Array, seed: Uint8Array): bigint {
  let digest: Uint8Array = createHmac('sm3', secret).update(seed).digest();
  while (numberOf(digest) === 0n || numberOf(digest) >= N) {
    digest = createHmac('sm3', secret).update(digest).digest();
  }
  return numberOf(digest);
}

function xOfMultiple(k: bigint): bigint {
  return BigInt(`0x${curve().getPublicKeyFromPrivateKey(hex32(k)).slice(2, 66)}`);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = modN(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

function modN(value: bigint): bigint {
  const rest = value % N;
  return rest < 0n ? rest + N : rest;
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
}

function hex32(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}
