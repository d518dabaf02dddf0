import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64url, encodeBase64url, fromUtf8, utf8 } from './index.ts';

describe('base64url', () => {
  it.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ])('writes %j as RFC 4648 §10 does, without padding', (text, expected) => {
    expect(encodeBase64url(utf8(text))).toBe(expected);
    expect(decodeBase64url(expected)).toEqual(utf8(text));
  });

  it.each(['Z', 'Zg==', 'Zh', 'Zm9=', 'Zm 9', 'Zm+v', 'Zm/v', 'Zmé9', 'Zm9vY'])('refuses %j', (text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  });

  it('reads back what it wrote, as Buffer does, and one text only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encodeBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(decodeBase64url(text)).toEqual(new Uint8Array(bytes));
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const bytes = decodeBase64url(text);
        if (bytes !== undefined) expect(encodeBase64url(bytes)).toBe(text);
      }),
    );
  });
});

describe('UTF-8', () => {
  it('reads back what it wrote, a byte order mark included', () => {
    for (const text of ['', 'menwei', '门卫', '\uFEFFx']) expect(fromUtf8(utf8(text))).toBe(text);
  });

  it.each([[[0xff]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]], [[0xe4, 0xb8]]])('refuses %j', (bytes) => {
    expect(fromUtf8(Uint8Array.from(bytes))).toBeUndefined();
  });
});
