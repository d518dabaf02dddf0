import { describe, expect, it } from 'vitest';
import { publicKey, signedWith, simulatedEngine } from '../../test/twins/simulated-engine.ts';
import { holderKeyCache, lazyKey } from './keys.ts';

const PHONE = 2;

describe('checked keys', () => {
  it('are checked once, when they are first needed', () => {
    const counting = simulatedEngine();
    const key = lazyKey(counting, 1, publicKey(PHONE));
    expect(counting.imports).toBe(0);
    for (let round = 0; round < 3; round += 1)
      expect(key.verify(new Uint8Array(), signedWith(PHONE))).toBe(true);
    expect(counting.imports).toBe(1);
    expect(lazyKey(counting, 1, publicKey(0xff)).verify(new Uint8Array(), signedWith(0xff))).toBe(false);
  });

  it('are kept up to a limit, the latest used of them', () => {
    const counting = simulatedEngine();
    const cached = holderKeyCache(counting, 3);
    for (const maker of [1, 2, 3]) cached(publicKey(maker));
    cached(publicKey(1));
    expect(counting.imports).toBe(3);
    cached(publicKey(4));
    for (const maker of [3, 4, 1]) cached(publicKey(maker));
    expect(counting.imports).toBe(4);
    cached(publicKey(2));
    expect(counting.imports).toBe(5);
  });
});
