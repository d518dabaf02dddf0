import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDocument, DOCUMENT_TYPES, type DocumentType } from './identity-documents.ts';
import { checkCharacter, isBirthDate, isDate } from './identity-numbers.ts';
import { DOCUMENT_PROBLEM_WORDS } from './words/index.ts';

const TODAY = '2026-11-21';
/** Areas that were given to no county, so that no number here is anybody's. */
const AREAS = ['619999', '119999', '449998', '659997'] as const;
const RESIDENCE = ['810000', '820000', '830000'] as const;
const check = (type: DocumentType, number: string) => checkDocument({ type, number }, TODAY);
const problem = (type: DocumentType, number: string) => {
  const read = check(type, number);
  return read.ok ? undefined : read.error;
};

const birthDigits = fc
  .date({ min: new Date('1920-01-01'), max: new Date('2026-11-20'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''));
const numberOf = (area: fc.Arbitrary<string>) =>
  fc.tuple(area, birthDigits, fc.integer({ min: 0, max: 999 })).map(([start, birth, order]) => {
    const body = `${start}${birth}${String(order).padStart(3, '0')}`;
    return body + checkCharacter(body);
  });
const foreignArea = fc.integer({ min: 11_004, max: 65_894 }).map((rest) => `9${rest}`);
const numbers = fc.oneof(
  numberOf(fc.constantFrom(...AREAS)).map((number) => ({ type: 'resident-id' as const, number })),
  numberOf(fc.constantFrom(...RESIDENCE)).map((number) => ({
    type: 'hmt-residence-permit' as const,
    number,
  })),
  numberOf(foreignArea).map((number) => ({ type: 'foreign-permanent-id' as const, number })),
);

describe('an 18-character number', () => {
  test('the example of the check digit that GB 11643 computes is taken', () => {
    // GB 11643-1999, appendix A: 34052419800101001 has the check character X.
    expect(checkCharacter('34052419800101001')).toBe('X');
    expect(check('resident-id', '34052419800101001x')).toMatchObject({
      ok: true,
      value: { number: '34052419800101001X', birthDate: '1980-01-01', sex: 'male' },
    });
  });

  test('every number with its check character is taken, with its birth date and sex', () => {
    fc.assert(
      fc.property(numbers, ({ type, number }) => {
        const read = check(type, number);
        expect(read.ok && read.value.birthDate?.replaceAll('-', '')).toBe(number.slice(6, 14));
        expect(read.ok && read.value.sex).toBe(Number(number[16]) % 2 === 1 ? 'male' : 'female');
      }),
      { numRuns: 500 },
    );
  });

  test('every change of one character is refused', () => {
    fc.assert(
      fc.property(numbers, ({ type, number }) => {
        for (let at = 0; at < 18; at += 1)
          for (const other of '0123456789X')
            if (other !== number[at])
              expect(check(type, number.slice(0, at) + other + number.slice(at + 1)).ok).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test('every two different characters that change places, neighbours or not, are refused', () => {
    fc.assert(
      fc.property(numbers, ({ type, number }) => {
        for (let at = 0; at < 17; at += 1) {
          const swapped = number.slice(0, at) + number[at + 1] + number[at] + number.slice(at + 2);
          if (swapped !== number) expect(check(type, swapped).ok).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('full-width digits, small x, spaces and hyphens are read as what they mean', () => {
    expect(check('resident-id', ' ３４０５２４ 1980-0101 001ｘ ')).toEqual(
      check('resident-id', '34052419800101001X'),
    );
  });

  test.each([
    ['340524800101001', 'first-generation'],
    ['3405241980010100', 'id-shape'],
    ['34052419800101001A', 'id-shape'],
    [`810000${'19800101001'}${checkCharacter('81000019800101001')}`, 'residence-permit-number'],
    [`911156${'19800101001'}${checkCharacter('91115619800101001')}`, 'permanent-id-number'],
    [`000001${'19800101001'}${checkCharacter('00000119800101001')}`, 'id-area'],
    [`710001${'19800101001'}${checkCharacter('71000119800101001')}`, 'id-area'],
    [`340000${'19800101001'}${checkCharacter('34000019800101001')}`, 'id-area'],
    [`340524${'19830229001'}${checkCharacter('34052419830229001')}`, 'id-birth-date'],
    [`340524${'18800101001'}${checkCharacter('34052418800101001')}`, 'id-birth-date'],
    [`340524${'20261122001'}${checkCharacter('34052420261122001')}`, 'id-birth-date'],
    ['340524198001010010', 'id-check'],
    ['   ', 'empty'],
  ])('%s is refused as %s', (number, expected) => {
    expect(problem('resident-id', number)).toBe(expected);
  });

  test('a residence permit must begin with 81, 82 or 83 and 0000', () => {
    expect(problem('hmt-residence-permit', '34052419800101001X')).toBe('residence-area');
  });
});

describe('the other documents', () => {
  test.each<[DocumentType, string, string]>([
    ['officer-card', '测字第1234567号', '测字第1234567号'],
    ['officer-card', '测1234567', '测字第1234567号'],
    ['passport', 'e12345678', 'E12345678'],
    ['passport', 'EA1234567', 'EA1234567'],
    ['passport', 'G12345678', 'G12345678'],
    ['passport', 'SE1234567', 'SE1234567'],
    ['foreign-passport', 'x1234567', 'X1234567'],
    ['hk-macao-permit', 'h1234 5678', 'H12345678'],
    ['hk-macao-permit', 'M12345678', 'M12345678'],
    ['taiwan-permit', '12345678', '12345678'],
    ['foreign-permanent-id', 'TST610180010101', 'TST610180010101'],
  ])('%s: %s is taken as %s', (type, number, normal) => {
    expect(check(type, number)).toMatchObject({ ok: true, value: { type, number: normal } });
  });

  test.each<[DocumentType, string, string]>([
    ['officer-card', '1234567', 'officer-shape'],
    ['officer-card', '测字第123号', 'officer-shape'],
    ['passport', '141234567', 'passport-old'],
    ['passport', 'EI1234567', 'passport-shape'],
    ['passport', 'E1234567', 'passport-shape'],
    ['foreign-passport', 'ABCDEFGH', 'foreign-passport-shape'],
    ['foreign-passport', 'A123456789', 'foreign-passport-shape'],
    ['hk-macao-permit', 'H1234567801', 'hk-macao-old'],
    ['hk-macao-permit', 'A12345678', 'hk-macao-shape'],
    ['taiwan-permit', '1234567', 'taiwan-shape'],
    ['foreign-permanent-id', 'TST610180130101', 'permanent-birth-date'],
    ['foreign-permanent-id', '91115619800101', 'permanent-shape'],
    ['foreign-permanent-id', `911156198001010010`, 'permanent-check'],
  ])('%s: %s is refused as %s', (type, number, expected) => {
    expect(problem(type, number)).toBe(expected);
  });

  test('an old permanent card says its birth date only when one century can be meant', () => {
    expect(check('foreign-permanent-id', 'TST610180010101')).toMatchObject({
      value: { birthDate: '1980-01-01' },
    });
    const both = check('foreign-permanent-id', 'TST610105010101');
    expect(both.ok && 'birthDate' in both.value).toBe(false);
  });

  test('no text of any type throws, and no sentence repeats a text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DOCUMENT_TYPES), fc.string({ maxLength: 60 }), (type, text) => {
        const read = check(type, text);
        if (!read.ok) expect(DOCUMENT_PROBLEM_WORDS[read.error].zh).toMatch(/；请/);
      }),
      { numRuns: 1_000 },
    );
  });
});

test('dates are those of the calendar', () => {
  expect(['2024-02-29', '2000-02-29'].every(isDate)).toBe(true);
  expect(
    ['2023-02-29', '1900-02-29', '2024-13-01', '2024-00-10', '2024-04-31', '24-01-01'].some(isDate),
  ).toBe(false);
  expect(isBirthDate(TODAY, TODAY)).toBe(true);
  expect(isBirthDate('2026-11-22', TODAY)).toBe(false);
});
