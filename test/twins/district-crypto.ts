import { argon2id, ed25519Signer, nodeEngine } from '../../src/crypto/index.ts';
import type { DistrictOptions } from '../../src/district/index.ts';

/** The real thing, as main hands it to a district. */
export const districtCrypto: DistrictOptions['crypto'] = {
  argon2id,
  signer: (secret) => ed25519Signer(secret),
  verifySignature: (publicKey, { message, signature }) =>
    nodeEngine().importKey(1, publicKey)?.verify(message, signature) === true,
};
