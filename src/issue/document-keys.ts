import { createPrivateKey, createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, CompactSign, GeneralSign } from 'jose';
import { assert, utf8 } from '../base/index.ts';
import type { Ed25519Jwk } from '../wire/index.ts';

/**
 * A role's signing key, and signed text made with it. The secret stays in the closure; where seeds are kept is the
 * caller's business.
 */
export interface DocumentSigner {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly publicJwk: Ed25519Jwk;
  /** Compact JWS. */
  sign(typ: string, payload: object): Promise<string>;
  /** One more signature under a general JWS. */
  addTo(text: GeneralSign, typ: string): void;
}

/** PKCS #8 of an Ed25519 seed, up to the seed (RFC 8410 §7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @param seed 32 bytes */
export async function documentSigner(seed: Uint8Array): Promise<DocumentSigner> {
  assert(seed.length === 32, 'an Ed25519 seed has 32 bytes');
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  assert(x !== undefined, 'an Ed25519 key has a public half');
  const publicJwk = { kty: 'OKP', crv: 'Ed25519', x } as const;
  const kid = await calculateJwkThumbprint(publicJwk, 'sha256');
  const header = (typ: string) => ({ alg: 'EdDSA', typ, kid });
  return {
    kid,
    publicJwk,
    sign: (typ, payload) =>
      new CompactSign(utf8(JSON.stringify(payload))).setProtectedHeader(header(typ)).sign(key),
    addTo: (text, typ) => void text.addSignature(key).setProtectedHeader(header(typ)),
  };
}

/** General JWS JSON text with one signature of each. */
export async function signGeneral(
  typ: string,
  payload: object,
  signers: readonly DocumentSigner[],
): Promise<string> {
  const text = new GeneralSign(utf8(JSON.stringify(payload)));
  for (const signer of signers) signer.addTo(text, typ);
  return JSON.stringify(await text.sign());
}
