import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesToSign,
  CODE_TEXT_MAX,
  type CodeFields,
  CREDENTIAL_BYTES,
  codeTextLength,
  encodeCode,
  encodeCredential,
  type Kind,
  messagePrefix,
  parseCode,
  readCredential,
  signedParts,
} from './index.ts';

const uint = (bits: 8 | 16 | 32, min = 0) => fc.integer({ min, max: 2 ** bits - 1 });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const assurance = fc.constantFrom(0 as const, 1 as const, 2 as const);
const suite = fc.constantFrom(1 as const, 2 as const);
const ed25519 = fc.constant(1 as const);
const index = uint(32);
const kid = uint(8);

const anyFields: fc.Arbitrary<CodeFields> = fc.oneof(
  fc.record({
    kind: fc.constant(1 as const),
    suite,
    kid,
    index,
    iat: uint(32),
    ttlMinutes: fc.integer({ min: 1, max: 63 }),
    assurance,
  }),
  fc.record({
    kind: fc.constant(2 as const),
    suite: ed25519,
    kid,
    index,
    lastDay: uint(16),
    assurance,
    holderPublicKey: bytes(32),
    ts: uint(32),
  }),
  fc.record({
    kind: fc.constant(3 as const),
    suite: ed25519,
    slot: kid,
    index,
    ts: uint(32),
    party: uint(8),
  }),
  fc.record({
    kind: fc.constant(4 as const),
    suite,
    kid,
    passId: index,
    hostIndex: index,
    community: uint(32),
    from: uint(32),
    minutes: uint(16, 1),
    uses: uint(8, 1),
  }),
  fc
    .record({
      kind: fc.constant(5 as const),
      suite,
      kid,
      index,
      firstDay: uint(16),
      lastDay: uint(16),
      assurance,
    })
    .map((card) => ({
      ...card,
      firstDay: Math.min(card.firstDay, card.lastDay),
      lastDay: Math.max(card.firstDay, card.lastDay),
    })),
);

const signatures = fc.record({ issuer: bytes(64), holder: bytes(64) });

const token: CodeFields = {
  kind: 1,
  suite: 1,
  kid: 42,
  index: 128_143,
  iat: 1_798_689_728,
  ttlMinutes: 10,
  assurance: 1,
};
const nothing = { issuer: new Uint8Array(64), holder: new Uint8Array(64) };
const plain = encodeCode(token, nothing).canonical;

function refusalOf(text: string): string | undefined {
  const parsed = parseCode(text);
  return parsed.ok ? undefined : parsed.error.refusal;
}

describe('a code that was encoded', () => {
  it('reads back as the same fields and bytes', () => {
    fc.assert(
      fc.property(anyFields, signatures, (fields, signed) => {
        const claim = encodeCode(fields, signed);
        expect(parseCode(claim.canonical)).toEqual({ ok: true, value: claim });
      }),
    );
  });

  it('has the text length that the format gives its kind', () => {
    expect(([1, 2, 3, 4, 5] as Kind[]).map(codeTextLength)).toEqual([122, 279, 122, 138, 122]);
  });

  it('carries the signatures over the bytes that were to be signed', () => {
    fc.assert(
      fc.property(anyFields, signatures, (fields, signed) => {
        for (const part of signedParts(encodeCode(fields, signed))) {
          expect(part.signature).toEqual(signed[part.by]);
          expect(part.bytes).toEqual(bytesToSign(fields, part.by, signed));
        }
      }),
    );
  });

  it('is checked issuer first, then holder', () => {
    const holderKey = new Uint8Array(32);
    const fields = { kind: 2, suite: 1, kid: 1, index: 2, lastDay: 3, assurance: 0, ts: 4 } as const;
    const parts = signedParts(encodeCode({ ...fields, holderPublicKey: holderKey }, nothing));
    expect(parts.map(({ by, bytes: covered }) => [by, covered.length])).toEqual([
      ['issuer', 41],
      ['holder', 109],
    ]);
  });

  it('cannot be made of a value out of its range', () => {
    expect(() => encodeCode({ ...token, ttlMinutes: 64 }, nothing)).toThrow('ttlMinutes');
    expect(() => encodeCode({ ...token, ttlMinutes: 0 }, nothing)).toThrow('ttlMinutes');
    expect(() => encodeCode({ ...token, index: 2 ** 32 }, nothing)).toThrow('index');
    expect(() => encodeCode({ ...token, iat: 0.5 }, nothing)).toThrow('iat');
    expect(() => encodeCode(token, {})).toThrow('signature');
  });
});

describe('the signed message', () => {
  it('begins with its context and its district, each closed by a zero byte', () => {
    expect(String.fromCharCode(...messagePrefix('holder', 'gaoxin'))).toBe('menwei code v1 holder\0gaoxin\0');
  });
});

describe('a credential', () => {
  it('is kind 2 without the present second and the proof, and reads back', () => {
    fc.assert(
      fc.property(anyFields, bytes(64), (fields, issuerSignature) => {
        fc.pre(fields.kind === 2);
        const { ts: _, ...rest } = fields;
        const packed = encodeCredential({ fields: rest, issuerSignature });
        expect(packed).toHaveLength(CREDENTIAL_BYTES);
        expect(readCredential(packed)).toEqual({ fields: rest, issuerSignature });
      }),
    );
  });

  it('is not read from anything else', () => {
    expect(readCredential(new Uint8Array(CREDENTIAL_BYTES))).toBeUndefined();
    expect(readCredential(new Uint8Array(CREDENTIAL_BYTES - 1).fill(0x21))).toBeUndefined();
    const reserved = new Uint8Array(CREDENTIAL_BYTES);
    reserved[0] = 0x21;
    expect(readCredential(reserved)?.fields.kind).toBe(2);
    reserved[8] = 4;
    expect(readCredential(reserved)).toBeUndefined();
  });
});

describe('the frame around a code', () => {
  it.each([
    ['STX, AIM, ECI, Enter', `\u0002]Q1\\000026${plain}\r\n`],
    ['lower case in all of it', `]q1${plain.toLowerCase()}`],
    ['every trailer', `${plain}\r\n\t\u0003\0 `],
    ['a link', `HTTPS://XA.EXAMPLE/GATE/${plain}`],
    ['a link in lower case', `https://xa.example/${plain.toLowerCase()}\n`],
  ])('is taken off: %s', (_, text) => {
    const parsed = parseCode(text);
    expect(parsed.ok && parsed.value.canonical).toBe(plain);
  });

  it.each([
    ['STX twice', `\u0002\u0002${plain}`],
    ['AIM twice', `]Q1]Q1${plain}`],
    ['ECI twice', `\\000026\\000026${plain}`],
    ['AIM before STX', `]Q1\u0002${plain}`],
    ['ECI before AIM', `\\000026]Q1${plain}`],
    ['a leading space', ` ${plain}`],
    ['an AIM identifier of another symbology', `]E0${plain}`],
    ['a path that is no link', `GATE/${plain}`],
    ['letters that only Unicode folds', plain.replace('X', '\u{1d4b3}')],
  ])('is not repaired: %s', (_, text) => {
    expect(refusalOf(text)).toBe('not-a-code');
  });
});

describe('hostile text', () => {
  it('is judged by its beginning where it is longer than any code', () => {
    expect(refusalOf('7'.repeat(7_089))).toBe('not-a-code');
    expect(refusalOf(plain.repeat(9_000))).toBe('malformed');
    expect(refusalOf(`X9${plain.repeat(9_000)}`)).toBe('unsupported');
    expect(refusalOf(`HTTPS://${'A'.repeat(1_000_000)}/${plain}`)).toBe('malformed');
    expect(refusalOf(`HTTPS://${'A'.repeat(1_000_000)}`)).toBe('not-a-code');
  });

  it.each([
    [CODE_TEXT_MAX - 1, undefined],
    [CODE_TEXT_MAX, undefined],
    [CODE_TEXT_MAX + 1, 'malformed'],
  ])('of %i characters around a whole code is refused: %s', (length, refusal) => {
    expect(refusalOf(plain.padEnd(length))).toBe(refusal);
  });

  it('never throws, whatever units it has, and always has a name', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 700 });
    const raw = units.map((list) => String.fromCharCode(...list));
    const mutant = fc
      .tuple(fc.nat({ max: plain.length }), fc.nat({ max: 3 }), raw)
      .map(([at, cut, noise]) => plain.slice(0, at) + noise.slice(0, 5) + plain.slice(at + cut));
    fc.assert(
      fc.property(fc.oneof(raw, mutant, fc.string({ unit: 'binary' })), (text) => {
        const parsed = parseCode(text);
        expect(parsed.ok || ['not-a-code', 'unsupported', 'malformed'].includes(parsed.error.refusal)).toBe(
          true,
        );
      }),
      { numRuns: 5_000 },
    );
  });

  it('costs no more than its first characters', () => {
    const bombs = ['X1', 'HTTPS://', ' ', '\0', '\ud800'].map((start) =>
      start.repeat(1_000_000 / start.length),
    );
    const begun = performance.now();
    for (let round = 0; round < 100; round += 1) for (const bomb of bombs) parseCode(bomb);
    // 500 texts of 1 MB: reading them whole would take seconds, judging them takes a few milliseconds.
    expect(performance.now() - begun).toBeLessThan(250);
  });
});

describe('a code in which something is set that must not be', () => {
  const withByte = (kind: Kind, at: number, value: number): string => {
    const fields: Record<number, CodeFields> = {
      1: token,
      4: {
        kind: 4,
        suite: 1,
        kid: 1,
        passId: 2,
        hostIndex: 3,
        community: 4,
        from: 5,
        minutes: 1,
        uses: 1,
      },
      5: { kind: 5, suite: 1, kid: 1, index: 2, firstDay: 3, lastDay: 3, assurance: 2 },
    };
    const claim = encodeCode(fields[kind] ?? token, nothing);
    claim.bytes[at] = value;
    // The text is made again from the changed bytes through the alphabet itself, not through encodeCode, which would refuse.
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUV';
    const binary = [...claim.bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const groups = binary.match(/.{1,5}/g) ?? [];
    return `X${kind}${groups.map((group) => digits[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')}`;
  };

  it.each([
    ['nothing changed', withByte(1, 10, 41), undefined],
    ['ttl 0', withByte(1, 10, 1), 'malformed'],
    ['assurance 3', withByte(1, 10, 43), 'malformed'],
    ['suite 3', withByte(1, 0, 0x13), 'unsupported'],
    ['another kind in byte 0', withByte(1, 0, 0x51), 'malformed'],
    ['minutes 0', withByte(4, 19, 0), 'malformed'],
    ['uses 0', withByte(4, 20, 0), 'malformed'],
    ['a reserved bit', withByte(5, 10, 4), 'malformed'],
    ['last day before the first', withByte(5, 9, 2), 'malformed'],
  ])('%s', (_, text, refusal) => {
    expect(refusalOf(text)).toBe(refusal);
  });
});
