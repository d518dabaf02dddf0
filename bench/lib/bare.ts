import { createPublicKey, verify } from 'node:crypto';
import { signedMessage } from '../../src/code/index.ts';
import { ed25519Signer, toPublicJwk } from '../../src/crypto/index.ts';
import { DISTRICT, issuerPair } from './district.ts';
import { seeded } from './seeded.ts';

/** The anchor of all checking: node:crypto alone, over messages as long as those of kind 1, with its key made ready before. */
export function bareSignatures(count = 256): { check(call: number): void } {
  const random = seeded(5);
  const signer = ed25519Signer(issuerPair.secret);
  const key = createPublicKey({ key: { ...toPublicJwk(issuerPair) }, format: 'jwk' });
  const signed = Array.from({ length: count }, () => {
    const message = signedMessage('issuer', DISTRICT, random.bytes(11));
    return { message, signature: signer.sign(message) };
  });
  return {
    check: (call) => {
      const one = signed[call % count];
      if (one === undefined || !verify(null, one.message, key, one.signature))
        throw new Error('the anchor refused');
    },
  };
}
