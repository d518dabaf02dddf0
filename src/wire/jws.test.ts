import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBase64url, utf8 } from '../base/index.ts';
import { parseClaims, parseSigned, SIGNATURES_MAX } from './index.ts';

const part = (value: unknown) => encodeBase64url(utf8(JSON.stringify(value)));
const signature = encodeBase64url(new Uint8Array(64).fill(7));
const header = { alg: 'EdDSA', typ: 'menwei-policy+jwt', kid: 'k' };
const compact = (head: unknown = header, mark = signature) =>
  `${part(head)}.${part({ iss: 'gaoxin' })}.${mark}`;
const general = (heads: readonly unknown[], extra: object = {}) =>
  JSON.stringify({
    payload: part({ iss: 'gaoxin' }),
    signatures: heads.map((head) => ({ protected: part(head), signature })),
    ...extra,
  });

describe('signed text', () => {
  it('gives the type, the key, and the very bytes that were signed', () => {
    const text = compact();
    const parsed = parseSigned(text);
    expect(parsed).toMatchObject({ ok: true, value: { typ: header.typ, signatures: [{ kid: 'k' }] } });
    if (!parsed.ok) return;
    expect(parsed.value.signatures[0]?.message).toEqual(utf8(text.slice(0, text.lastIndexOf('.'))));
    expect(parseClaims(parsed.value.payload)).toEqual({ iss: 'gaoxin' });
  });

  it('may carry several signatures in general form, up to a limit', () => {
    const count = (signatures: number) => parseSigned(general(Array(signatures).fill(header))).ok;
    expect([0, 1, SIGNATURES_MAX, SIGNATURES_MAX + 1].map(count)).toEqual([false, true, true, false]);
  });

  it.each([
    ['no algorithm', compact({ typ: 'a', alg: 'none' }), 'alg'],
    ['another algorithm', compact({ ...header, alg: 'ES256' }), 'alg'],
    ['a key of its own', compact({ ...header, jwk: {} }), 'jwk'],
    ['a critical extension', compact({ ...header, crit: ['b64'] }), 'crit'],
    ['compression', compact({ ...header, zip: 'DEF' }), 'zip'],
    ['no type', compact({ alg: 'EdDSA' }), 'typ'],
    ['a key id that is no text', compact({ ...header, kid: 1 }), 'kid'],
    ['a header that is no object', compact([]), '(header)'],
    ['an endless header', compact({ ...header, kid: 'k'.repeat(600) }), '(header)'],
    ['a short signature', compact(header, 'AAAA'), 'signature'],
    ['padding', `${compact()}==`, 'signature'],
    ['two types in one document', general([header, { ...header, typ: 'x' }]), 'typ'],
    ['an unprotected header', general([header], { header: {} }), '(text)'],
    ['five parts', `${compact()}.a.b`, '(text)'],
    ['nothing', '', '(text)'],
  ])('with %s is refused', (_name, text, field) => {
    expect(parseSigned(text)).toMatchObject({ ok: false, error: { field } });
  });

  it('is total over any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseSigned(text)));
    fc.assert(
      fc.property(fc.nat(compact().length - 1), fc.string({ maxLength: 2 }), (at, put) => {
        void parseSigned(compact().slice(0, at) + put + compact().slice(at + 1));
      }),
    );
  });
});
