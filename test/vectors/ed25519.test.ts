import { verify } from '@noble/ed25519';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src/base/index.ts';
import { browserEngine } from '../../src/crypto/browser.ts';
import { deviceSigner, ed25519Signer, nodeEngine } from '../../src/crypto/index.ts';
import type { SignatureEngine } from '../../src/verify/index.ts';
import speccheck from './ed25519-speccheck.json' with { type: 'json' };
import wycheproof from './ed25519-wycheproof.json' with { type: 'json' };

const engines: [string, SignatureEngine][] = [
  ['node', nodeEngine()],
  ['browser', browserEngine()],
];

function bytes(hex: string): Uint8Array {
  const found = fromHex(hex);
  if (found === undefined) throw new Error(`not hex: ${hex}`);
  return found;
}

const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
const PRIME = 2n ** 255n - 19n;
const word = (value: bigint) => {
  const big = bytes(value.toString(16).padStart(64, '0'));
  return big.reverse();
};
const numberOf = (little: Uint8Array) => BigInt(`0x${Buffer.from(little).reverse().toString('hex')}`);

/** y = 0, 1, p−1, p, p+1 and the two of order 8, each with either sign bit. */
const smallOrder = [
  ...[0n, 1n, PRIME - 1n, PRIME, PRIME + 1n].map(word),
  bytes('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
  bytes('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
].flatMap((encoding) => {
  const signed = encoding.slice();
  signed[31] = (signed[31] ?? 0) | 0x80;
  return [encoding, signed];
});

/** RFC 8032 §7.1, tests 1 to 3. */
const rfc8032 = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
];

const seed = new Uint8Array(32).fill(7);
const signer = ed25519Signer(seed);
const message = Uint8Array.of(1, 2, 3);
const good = signer.sign(message);

describe.each(engines)('Ed25519 by the %s engine', (_, engine) => {
  const key = engine.importKey(1, signer.publicKey);

  it('agrees with Project Wycheproof on each of its signatures', () => {
    const judged = wycheproof.tests.map(({ tcId, publicKey, message: text, signature }) => {
      const holds = engine.importKey(1, bytes(publicKey))?.verify(bytes(text), bytes(signature));
      return [tcId, holds === true ? 'valid' : 'invalid'];
    });
    expect(judged).toEqual(wycheproof.tests.map(({ tcId, result }) => [tcId, result]));
    expect(judged.filter(([, result]) => result === 'valid')).toHaveLength(84);
    expect(judged).toHaveLength(145);
  });

  it.each(rfc8032)('signs and verifies RFC 8032 message "$message"', (vector) => {
    expect(ed25519Signer(bytes(vector.seed)).publicKey).toEqual(bytes(vector.publicKey));
    expect(ed25519Signer(bytes(vector.seed)).sign(bytes(vector.message))).toEqual(bytes(vector.signature));
    const imported = engine.importKey(1, bytes(vector.publicKey));
    expect(imported?.verify(bytes(vector.message), bytes(vector.signature))).toBe(true);
    expect(imported?.verify(bytes(`${vector.message}00`), bytes(vector.signature))).toBe(false);
  });

  it.each(speccheck.cases)('refuses speccheck: $name', ({ message: text, publicKey, signature }) => {
    const imported = engine.importKey(1, bytes(publicKey));
    expect(imported?.verify(bytes(text), bytes(signature)) ?? false).toBe(false);
  });

  it('refuses all 14 encodings of small-order points as keys', () => {
    expect(smallOrder).toHaveLength(14);
    expect(smallOrder.map((encoding) => engine.importKey(1, encoding))).toEqual(Array(14).fill(undefined));
  });

  it.each([
    ['with a torsion part', 'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d'],
    ['off the curve', '0200000000000000000000000000000000000000000000000000000000000000'],
    ['not canonical', 'f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
    ['a byte short', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751'],
    ['a byte long', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a00'],
    ['empty', ''],
  ])('refuses a key %s', (_case, hex) => {
    expect(engine.importKey(1, bytes(hex))).toBeUndefined();
  });

  it('refuses special values of R and S, whatever the message', () => {
    const special = [0n, 1n, ORDER - 1n, ORDER, PRIME - 1n, PRIME, 2n ** 255n - 1n, 2n ** 256n - 1n].map(
      word,
    );
    for (const r of special) {
      for (const s of special) expect(key?.verify(message, Uint8Array.of(...r, ...s))).toBe(false);
    }
    for (const r of smallOrder)
      expect(key?.verify(message, Uint8Array.of(...r, ...good.slice(32)))).toBe(false);
  });

  it('refuses S + kL for every k that fits', () => {
    const s = numberOf(good.slice(32));
    let tried = 0;
    for (let value = s + ORDER; value < 2n ** 256n; value += ORDER) {
      expect(key?.verify(message, Uint8Array.of(...good.slice(0, 32), ...word(value)))).toBe(false);
      tried += 1;
    }
    expect(tried).toBeGreaterThan(14);
  });

  it('refuses every other length of signature', () => {
    for (let length = 0; length < 130; length += 1) {
      const cut = new Uint8Array(length);
      cut.set(good.slice(0, length));
      expect(key?.verify(message, cut)).toBe(length === 64);
    }
  });

  it('refuses a signature in which any bit is changed', () => {
    for (let bit = 0; bit < 512; bit += 7) {
      const changed = good.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(key?.verify(message, changed)).toBe(false);
    }
  });
});

describe('the speccheck cases', () => {
  it('are worth their name: a lenient engine accepts at least one that ours refuse', () => {
    const lenient = speccheck.cases.filter(({ message: text, publicKey, signature }) =>
      verify(bytes(signature), bytes(text), bytes(publicKey), { zip215: true }),
    );
    expect(lenient).toHaveLength(9);
  });
});

describe('the two engines', () => {
  it('agree on every key, message and change', () => {
    const change = fc.record({ at: fc.nat({ max: 63 }), value: fc.nat({ max: 255 }) });
    const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(seeds, fc.uint8Array({ maxLength: 120 }), change, (anySeed, text, { at, value }) => {
        const made = ed25519Signer(anySeed);
        const signature = made.sign(text);
        const unchanged = signature[at] === value;
        const changed = signature.slice();
        changed[at] = value;
        for (const [, engine] of engines) {
          const key = engine.importKey(1, made.publicKey);
          expect(key?.verify(text, signature)).toBe(true);
          expect(key?.verify(text, changed)).toBe(unchanged);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('the device signer', () => {
  it('makes a compact JWS that its own key verifies', async () => {
    const device = deviceSigner(seed);
    const token = await device.signJwt('menwei-checkpoint+jwt', { seq: 7 });
    const [header = '', payload = '', signature = ''] = token.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
      alg: 'EdDSA',
      typ: 'menwei-checkpoint+jwt',
    });
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({ seq: 7 });
    const key = nodeEngine().importKey(1, device.publicKey);
    expect(key?.verify(Buffer.from(`${header}.${payload}`), Buffer.from(signature, 'base64url'))).toBe(true);
  });
});
