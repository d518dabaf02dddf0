/**
 * The node half: signature engine, signers and keys behind the types that verify declares, all under the strict rules of
 * docs/code-format.md. Pages import `browser.ts` instead.
 */
import { hash } from 'node:crypto';
import type { SignatureEngine } from '../verify/index.ts';
import { importEd25519 } from './ed25519.ts';
import { importSm2 } from './sm2.ts';

export { type Argon2idParameters, argon2id } from './argon2id.ts';
export { type DeviceSigner, deviceSigner } from './device-signer.ts';
export {
  ed25519Signer,
  fromPrivateJwk,
  fromPublicJwk,
  type Jwk,
  type KeyPair,
  keyPairOf,
  type MessageSigner,
  makeKeyPair,
  type RandomBytes,
  signerOf,
  sm2Signer,
  toPrivateJwk,
  toPublicJwk,
} from './keys.ts';

/** Ed25519 and SM2 of node:crypto and sm-crypto-v2. */
export function nodeEngine(): SignatureEngine {
  return { importKey: (suite, publicKey) => (suite === 1 ? importEd25519(publicKey) : importSm2(publicKey)) };
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(hash('sha256', bytes, 'buffer'));
}
