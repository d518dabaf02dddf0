import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/base/index.ts';
import { type Claim, encodeCode, parseCode, signedParts } from '../../src/code/index.ts';
import { browserEngine } from '../../src/crypto/browser.ts';
import { nodeEngine } from '../../src/crypto/index.ts';
import { createVerifier, judgeBy, type SignatureEngine } from '../../src/verify/index.ts';
import { contextFile } from '../../src/wire/index.ts';

interface ValidCase {
  readonly name: string;
  readonly text: string;
  readonly kind: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly canonical?: string;
}

interface RefusedCase {
  readonly name: string;
  readonly text: string;
  readonly refusal: string;
}

interface Vectors {
  readonly valid: readonly ValidCase[];
  readonly refused: readonly RefusedCase[];
}

const FILES = ['code-v1-day.json', 'code-v1-night.json'] as const;
const here = import.meta.dirname;
const published = join(here, '../../../shared/vectors');

/** The browser half offers no SM2: codes under the keys of suite 2 are judged by the gate's engine alone. */
const ENGINES: [string, SignatureEngine, suites: readonly number[]][] = [
  ['node', nodeEngine(), [1, 2]],
  ['browser', browserEngine(), [1]],
];

function load(file: string) {
  const json: unknown = JSON.parse(readFileSync(join(here, file), 'utf8'));
  return { context: contextFile.parse(json), vectors: json as Vectors };
}

function suiteOf(text: string): number {
  const parsed = parseCode(text);
  return parsed.ok ? parsed.value.fields.suite : 1;
}

/** Judges a text and says it in the words of the vectors. */
function judge(context: ReturnType<typeof load>['context'], engine: SignatureEngine) {
  const verify = createVerifier(engine);
  const { against, now } = judgeBy(context, engine);
  return (text: string) => {
    const parsed = parseCode(text);
    if (!parsed.ok) return { refusal: parsed.error.refusal };
    const result = verify(parsed.value, against, now);
    if (!result.ok) return { refusal: result.error.refusal };
    return { ...inWords(parsed.value), canonical: parsed.value.canonical };
  };
}

function inWords({ fields }: Claim) {
  const { kind, suite: _, ...rest } = fields;
  const words: Record<string, unknown> = { ...rest };
  if (fields.kind === 2) words['holderPublicKey'] = toHex(fields.holderPublicKey);
  return { kind, fields: words };
}

describe.each(FILES)('%s', (file) => {
  const { context, vectors } = load(file);

  it('has every kind, and enough refusals to be worth running', () => {
    expect(new Set(vectors.valid.map(({ kind }) => kind))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(vectors.refused.length).toBeGreaterThan(70);
  });

  it.skipIf(!existsSync(published))(
    'is the published file, byte for byte (skipped where it is not beside us)',
    () => {
      expect(readFileSync(join(here, file)).equals(readFileSync(join(published, file)))).toBe(true);
    },
  );

  describe.each(ENGINES)('by the %s engine', (_, engine, suites) => {
    const judged = judge(context, engine);
    const supported = <Case extends { text: string }>(cases: readonly Case[]) =>
      cases.filter(({ text }) => suites.includes(suiteOf(text)));

    it.each(supported(vectors.valid))('passes: $name', ({ text, kind, fields, canonical }) => {
      expect(judged(text)).toEqual({ kind, fields, canonical: canonical ?? text });
    });

    it.each(supported(vectors.refused))('refuses: $name ($refusal)', ({ text, refusal }) => {
      expect(judged(text)).toEqual({ refusal });
    });
  });

  it('reads back what it would write itself, in every valid code', () => {
    for (const { text } of vectors.valid) {
      const parsed = parseCode(text);
      if (!parsed.ok) throw new Error(text);
      const signatures = Object.fromEntries(
        signedParts(parsed.value).map((part) => [part.by, part.signature]),
      );
      expect(encodeCode(parsed.value.fields, signatures)).toEqual(parsed.value);
    }
  });

  it('passes no valid code in which one byte is changed', () => {
    const judged = judge(context, nodeEngine());
    const plain = vectors.valid.filter(
      ({ text, canonical }) => canonical === undefined || canonical === text,
    );
    const change = fc.record({
      chosen: fc.constantFrom(...plain),
      at: fc.nat({ max: 1_000 }),
      flip: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(change, ({ chosen, at, flip }) => {
        const parsed = parseCode(chosen.text);
        if (!parsed.ok) throw new Error(chosen.name);
        // The test's own encoder must be right, or everything would be refused.
        expect(`X${chosen.kind}${base32hex(parsed.value.bytes)}`).toBe(chosen.text);
        const bytes = parsed.value.bytes.slice();
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ flip;
        expect(judged(`X${chosen.kind}${base32hex(bytes)}`)).toHaveProperty('refusal');
      }),
      { numRuns: 400 },
    );
  });
});

/** Written apart from the code that is tested. */
function base32hex(bytes: Uint8Array): string {
  const padded = `${toHex(bytes)}00000000`.slice(0, Math.ceil((bytes.length * 2) / 5) * 5 + 5);
  let text = '';
  for (let at = 0; at < Math.ceil((bytes.length * 8) / 5); at += 1) {
    const bit = at * 5;
    const window = (fromHex(padded.slice((bit >> 3) * 2, (bit >> 3) * 2 + 4).padEnd(4, '0')) ??
      []) as Uint8Array;
    const value = ((window[0] ?? 0) << 8) | (window[1] ?? 0);
    text += ((value >> (11 - (bit & 7))) & 31).toString(32);
  }
  return text.toUpperCase();
}
