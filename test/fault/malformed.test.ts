import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeBase32hex, decodeBase32hex } from '../../src/base/index.ts';
import { parseCode } from '../../src/code/index.ts';
import { CodeMaker, mixedPaper } from '../scenario/mixed-codes.ts';
import { type GateInSmall, gateInSmall } from '../twins/gate-in-small.ts';
import { PaperCommunity } from '../twins/paper-community.ts';
import { byTier } from './tier.ts';

/** T10: texts that are almost codes, and texts that are anything. None opens, none is slow, none brings the gate down. */

const TEXTS = byTier({ push: 50_000, long: 1_000_000, release: 5_000_000 });
const WORKED_MS_MAX = 50;
/** Texts of one run of the generator; it is then begun anew from the next seed. */
const RUN = 10_000;

let gate: GateInSmall;
let codes: readonly string[];

beforeAll(async () => {
  const options = mixedPaper();
  const paper = await PaperCommunity.of(options);
  gate = await gateInSmall(paper);
  const maker = new CodeMaker(options.people, (kid) => paper.issuer(kid));
  codes = (await Promise.all(Array.from({ length: 21 }, () => maker.granted()))).map(({ text }) => text);
}, 60_000);
afterAll(() => gate?.stop());

describe('a gate that is shown anything', () => {
  test(
    `stays shut for ${TEXTS} of them, and none keeps it busy`,
    async () => {
      const slow: number[] = [];
      const seen = new Map<string, number>();
      for (let run = 0; run * RUN < TEXTS; run += 1) {
        const property = fc.asyncProperty(anything(codes), async (text) => {
          if (isOneOf(text)) return;
          const { verdict, workedMs } = await gate.show(text);
          expect(verdict.tone, JSON.stringify(text)).not.toBe('pass');
          seen.set(verdict.refusal ?? '', (seen.get(verdict.refusal ?? '') ?? 0) + 1);
          if (workedMs >= WORKED_MS_MAX) slow.push(workedMs);
        });
        await fc.assert(property, { numRuns: RUN, seed: run + 1, endOnFailure: true });
      }
      expect(gate.door.trace).toEqual([]);
      expect(gate.door.orders).toEqual([]);
      expect(slow.length, `slow ones: ${slow.join(', ')} ms`).toBeLessThan(TEXTS / 1_000);
      for (const refusal of [
        'not-a-code',
        'unsupported',
        'malformed',
        'bad-signature',
        'unknown-key',
        'not-on-roster',
      ])
        expect(seen.get(refusal) ?? 0, refusal).toBeGreaterThan(50);
    },
    byTier({ push: 300_000, long: 7_200_000, release: 36_000_000 }),
  );

  test('and then lets in who should be', async () => {
    const tones: string[] = [];
    for (const code of codes) tones.push((await gate.show(code)).verdict.tone);
    expect(tones).toEqual(codes.map(() => 'pass'));
  });
});

/** Another spelling of a good code is that code. */
function isOneOf(text: string): boolean {
  const parsed = parseCode(text);
  return parsed.ok && codes.includes(parsed.value.canonical);
}

function anything(base: readonly string[]): fc.Arbitrary<string> {
  const code = fc.constantFrom(...base);
  return fc.oneof(
    { weight: 6, arbitrary: flipped(code) },
    { weight: 4, arbitrary: otherBytes(code) },
    { weight: 3, arbitrary: edited(code) },
    { weight: 2, arbitrary: spliced(code) },
    { weight: 2, arbitrary: framed(edited(code)) },
    { weight: 1, arbitrary: fc.string({ maxLength: 600, unit: 'binary' }) },
    { weight: 1, arbitrary: fc.string({ maxLength: 400, unit: 'grapheme' }).map((text) => `X1${text}`) },
  );
}

const place = fc.nat({ max: 511 });
const letter = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./: \0\r');

/** A few characters are others. */
function flipped(code: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const changes = fc.array(fc.tuple(place, letter), { minLength: 1, maxLength: 4 });
  return fc.tuple(code, changes).map(([text, made]) => {
    const characters = [...text];
    for (const [at, other] of made) characters[at % characters.length] = other;
    return characters.join('');
  });
}

/** Well-formed, with other fields: what a forger would try. */
function otherBytes(code: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const changes = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 255 })), {
    minLength: 1,
    maxLength: 3,
  });
  return fc.tuple(code, changes).map(([text, made]) => {
    const bytes = decodeBase32hex(text.slice(2)) ?? new Uint8Array();
    for (const [at, value] of made) bytes[at] = at === 0 ? ((bytes[0] ?? 0) & 0xf0) | (value & 15) : value;
    return `${text.slice(0, 2)}${encodeBase32hex(bytes)}`;
  });
}

/** Something is missing, double, or in between. */
function edited(code: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const piece = fc.string({ maxLength: 12, unit: 'binary' });
  return fc.tuple(code, place, fc.nat({ max: 8 }), piece).map(([text, from, gone, put]) => {
    const at = from % text.length;
    return text.slice(0, at) + put + text.slice(at + gone);
  });
}

/** The head of one and the tail of another; or the same twice. */
function spliced(code: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(code, code, place)
    .map(([one, other, at]) => one.slice(0, at % one.length) + other.slice(at % one.length));
}

function framed(code: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const frame = fc.constantFrom(
    ']Q3',
    '\u0002',
    'https://code.example/',
    'HTTP://A/B/',
    '\\000026',
    ' ',
    'WIFI:T:',
  );
  return fc.tuple(frame, code, frame).map(([before, text, after]) => `${before}${text}${after}`);
}
