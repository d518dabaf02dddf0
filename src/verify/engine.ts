import type { Suite } from '../code/index.ts';

/** What verify asks of cryptography. Engines live in `crypto/`; all obey the strict rules of docs/code-format.md. */
export interface SignatureEngine {
  /**
   * Checks a public key once and makes it ready for many verifications.
   * @param publicKey suite 1: 32 bytes; suite 2: 65 bytes, 04‖x‖y
   * @returns undefined for a key that must not be used: wrong length, not canonical, off the curve, small order, torsion
   */
  importKey(suite: Suite, publicKey: Uint8Array): VerifyKey | undefined;
}

export interface VerifyKey {
  readonly suite: Suite;
  /** @param signature 64 bytes. Total: answers false for anything that is not a valid signature, never throws. */
  verify(message: Uint8Array, signature: Uint8Array): boolean;
}
