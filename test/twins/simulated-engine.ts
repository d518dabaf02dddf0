import type { SignatureEngine, VerifyKey } from '../../src/verify/index.ts';

/**
 * A simulated engine: a "signature" is 64 times the first byte of the key that made it, over whatever message.
 * Keys that begin with 0xff may not be used. Real signatures are judged in test/vectors.
 */
export function simulatedEngine(): SignatureEngine & { imports: number } {
  const engine = {
    imports: 0,
    importKey: (suite: 1 | 2, publicKey: Uint8Array): VerifyKey | undefined => {
      engine.imports += 1;
      const maker = publicKey[0] ?? 0;
      if (maker === 0xff) return undefined;
      return { suite, verify: (_, signature) => signature.every((byte) => byte === maker) };
    },
  };
  return engine;
}

export const signedWith = (maker: number) => new Uint8Array(64).fill(maker);
export const publicKey = (maker: number) => new Uint8Array(32).fill(maker);
