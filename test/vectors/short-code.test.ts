import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from '../../src/base/index.ts';
import {
  acceptedSteps,
  readShortCode,
  shortCodeGroups,
  shortCodeMessage,
  shortCodeSecretMessage,
  shortCodeStep,
  shortCodeText,
  truncated,
} from '../../src/code/index.ts';

interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly shortCodeKey: string;
    readonly district: string;
    readonly index: number;
    readonly secret: string;
    readonly codes: readonly { readonly seconds: number; readonly step: number; readonly code: string }[];
  }[];
}

const vectors = JSON.parse(readFileSync(join(import.meta.dirname, 'short-code-v1.json'), 'utf8')) as Vectors;

const hmac = (key: Uint8Array, message: Uint8Array) =>
  new Uint8Array(createHmac('sha256', key).update(message).digest());
const codeAt = (secret: Uint8Array, step: number) =>
  shortCodeText(truncated(hmac(secret, shortCodeMessage(step))));

describe('short codes', () => {
  // RFC 6238 Appendix B, mode SHA256: its steps last 30 s.
  it.each([
    [59, '46119246'],
    [1_111_111_109, '68084774'],
    [1_111_111_111, '67062674'],
    [1_234_567_890, '91819424'],
    [2_000_000_000, '90698825'],
    [20_000_000_000, '77737706'],
  ])('are those of RFC 6238 at %i s', (seconds, code) => {
    expect(codeAt(utf8('12345678901234567890123456789012'), Math.floor(seconds / 30))).toBe(code);
  });

  it.each(vectors.cases)('are those that another implementation makes: $name', (each) => {
    const key = fromHex(each.shortCodeKey) ?? new Uint8Array();
    const secret = hmac(key, shortCodeSecretMessage(each.district, each.index));
    expect(toHex(secret)).toBe(each.secret);
    for (const { seconds, step, code } of each.codes) {
      expect(shortCodeStep(seconds)).toBe(step);
      expect(codeAt(secret, step)).toBe(code);
    }
  });

  it('have eight digits whatever the secret and the step, and are read as they are shown', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        (secret, step) => {
          const text = codeAt(secret, step);
          expect(text).toMatch(/^[0-9]{8}$/);
          expect(readShortCode(shortCodeGroups(text))).toBe(Number(text));
        },
      ),
    );
  });

  it.each([
    ['1234 5678', 12_345_678],
    ['００００ ０００１', 1],
    ['12-34-56-78', 12_345_678],
    ['1234567', undefined],
    ['123456789', undefined],
    ['1234567x', undefined],
    ['', undefined],
    [' '.repeat(4_000), undefined],
  ])('typed as %j', (typed, code) => {
    expect(readShortCode(typed)).toBe(code);
  });

  it('are accepted for the present step and its neighbours, the nearest first', () => {
    expect(acceptedSteps(6_030, 0)).toEqual([100, 99, 101]);
    expect(acceptedSteps(30, 0)).toEqual([0, 1]);
  });

  it('are accepted a little longer by a gate whose clock may be wrong, but not without end', () => {
    expect(acceptedSteps(6_030, 31).toSorted((a, b) => a - b)).toEqual([98, 99, 100, 101, 102]);
    expect(acceptedSteps(6_030, 1e9)).toEqual(acceptedSteps(6_030, 120));
    fc.assert(
      fc.property(fc.integer({ min: 600, max: 1e10 }), fc.double({ noNaN: true }), (seconds, error) => {
        const steps = acceptedSteps(seconds, error);
        expect(steps).toContain(shortCodeStep(seconds));
        expect(steps.length).toBeGreaterThanOrEqual(3);
        expect(steps.length).toBeLessThanOrEqual(7);
      }),
    );
  });
});
