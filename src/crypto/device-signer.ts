import { utf8 } from '../base/index.ts';
import { ed25519Signer } from './keys.ts';

/**
 * The gate's own device key behind the `Signer` port. The private part stays in this closure;
 * nothing here writes it anywhere.
 */
export interface DeviceSigner {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
  signJwt(typ: string, payload: Record<string, unknown>): Promise<string>;
}

/** @param seed 32 bytes */
export function deviceSigner(seed: Uint8Array): DeviceSigner {
  const signer = ed25519Signer(seed);
  const sign = (message: Uint8Array) => signer.sign(message);
  const signJwt = async (typ: string, payload: Record<string, unknown>): Promise<string> => {
    // RFC 7515 §3.1, compact serialization; EdDSA is RFC 8037 §3.1.
    const content = `${encodePart({ alg: 'EdDSA', typ })}.${encodePart(payload)}`;
    return `${content}.${Buffer.from(sign(utf8(content))).toString('base64url')}`;
  };
  return { publicKey: signer.publicKey, sign, signJwt };
}

function encodePart(part: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
