import { expect, test } from 'vitest';
import { ed25519Signer } from '../crypto/index.ts';
import { signatureVerifier } from './verify-signature.ts';

const signer = ed25519Signer(new Uint8Array(32).fill(7));
const message = new TextEncoder().encode('a row');
const signature = signer.sign(message);

test('a signature holds under its own key alone, the first time and the next', () => {
  const verify = signatureVerifier();
  const other = ed25519Signer(new Uint8Array(32).fill(8)).publicKey;
  for (let time = 0; time < 2; time += 1) {
    expect(verify(signer.publicKey, { message, signature })).toBe(true);
    expect(verify(other, { message, signature })).toBe(false);
    expect(verify(signer.publicKey, { message: message.slice(1), signature })).toBe(false);
  }
});

test('what is no key, and a key of small order, verifies nothing and throws nothing', () => {
  const verify = signatureVerifier();
  for (const key of [new Uint8Array(), new Uint8Array(31), new Uint8Array(32)]) {
    expect(verify(key, { message, signature })).toBe(false);
    expect(verify(key, { message, signature: new Uint8Array(64) })).toBe(false);
  }
});

test('a key is checked once: the second signature costs far less than the first', () => {
  const verify = signatureVerifier();
  const timed = () => {
    const from = process.cpuUsage();
    for (let time = 0; time < 20; time += 1) verify(signer.publicKey, { message, signature });
    const { user, system } = process.cpuUsage(from);
    return user + system;
  };
  const unkept = () => {
    const from = process.cpuUsage();
    for (let time = 0; time < 20; time += 1) signatureVerifier()(signer.publicKey, { message, signature });
    const { user, system } = process.cpuUsage(from);
    return user + system;
  };
  verify(signer.publicKey, { message, signature });
  expect(timed() * 2).toBeLessThan(unkept());
});
