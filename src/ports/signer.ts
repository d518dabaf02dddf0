/** The gate's own Ed25519 device key. The private part never leaves the implementation. */
export interface Signer {
  /** 32 bytes */
  readonly publicKey: Uint8Array;
  /** @returns 64 bytes */
  sign(message: Uint8Array): Uint8Array;
  /** Compact JWS with `alg` EdDSA and the given `typ`. */
  signJwt(typ: string, payload: Record<string, unknown>): Promise<string>;
}
