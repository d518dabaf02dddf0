import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkCharacter, lookUpBody } from '../../wire/index.ts';
import { recognise } from './typed.ts';

const TODAY = '2026-11-20';
const BODY = '61010019700101001';
const ID = BODY + checkCharacter(BODY);

function meanings(typed: string) {
  const recognised = recognise(typed, TODAY);
  return recognised.type === 'look-up' ? recognised.meanings : recognised;
}

describe('what is typed is recognised as', () => {
  test.each([
    ['a document by its 18 characters', ID, [{ by: 'document', number: ID }]],
    [
      'a document in full-width digits',
      ID.replace(/\d/g, (digit) => '０１２３４５６７８９'.charAt(Number(digit))),
      [{ by: 'document', number: ID }],
    ],
    [
      'six characters and a birth date',
      '01001X 19700101',
      [{ by: 'last-six', lastSix: '01001X', birthDate: '1970-01-01' }],
    ],
    [
      'six characters and a birth date with dots',
      '01001x, 1970.1.1',
      [{ by: 'last-six', lastSix: '01001X', birthDate: '1970-01-01' }],
    ],
    ['a room', '8-2-2702', [{ by: 'room', room: '8-2-2702' }]],
    ['a room in words', '8号楼2单元2702室', [{ by: 'room', room: '8-2-2702' }]],
    [
      'a short code, or a permit of eight digits',
      '1234 5678',
      [
        { by: 'short-code', code: '12345678' },
        { by: 'document', number: '12345678' },
      ],
    ],
    ['a pass', 'p12', [{ by: 'pass', pass: 12 }]],
    [
      'a pass, or an official passport',
      'P1234567',
      [
        { by: 'pass', pass: 1_234_567 },
        { by: 'document', number: 'P1234567' },
      ],
    ],
    ['a household', '户 12', [{ by: 'household', household: 12 }]],
    [
      'a permit of Hong Kong first, then a household',
      'H12345678',
      [
        { by: 'document', number: 'H12345678' },
        { by: 'household', household: 12_345_678 },
      ],
    ],
    ['a name in characters', '测试', [{ by: 'name', name: '测试' }]],
    ['a name in pinyin', 'ce shi', [{ by: 'name', name: 'ce shi' }]],
    ['initials', 'cs', [{ by: 'name', name: 'cs' }]],
    ['a name that begins with P', 'p', [{ by: 'name', name: 'p' }]],
    ['a passport', 'E12345678', [{ by: 'document', number: 'E12345678' }]],
    ['an officer’s card', '军字第12345号', [{ by: 'document', number: '军字第12345号' }]],
  ])('%s', (_name, typed, expected) => {
    expect(meanings(typed)).toEqual(expected);
  });
});

describe('what cannot be looked up says why', () => {
  test.each([
    ['a document that is not finished', ID.slice(0, 17), 'id-short'],
    ['a document that is too long', `${ID}1`, 'id-long'],
    ['a day that there was not', '610100197002300011', 'id-birth-date'],
    ['a day that has not come', '610100202712010011', 'id-birth-date'],
    ['a wrong check character', BODY + (ID.endsWith('1') ? '2' : '1'), 'id-check'],
    ['six characters alone', '01001X', 'birth-date-missing'],
    ['six characters and half a date', '01001X 1970', 'birth-date-missing'],
    ['six characters and no date', '01001X 19701301', 'birth-date'],
    ['few digits', '123', 'short'],
    ['half a room', '8-', 'room'],
    ['a pass number that no pass has', 'P99999999999', 'pass'],
    ['signs', '***', 'short'],
  ])('%s', (_name, typed, why) => {
    expect(recognise(typed, TODAY)).toMatchObject({ type: 'unfinished', why });
  });

  test('nothing', () => {
    expect(recognise('  ', TODAY)).toEqual({ type: 'nothing' });
  });
});

test('whatever is typed makes a body that the desk takes, or none', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.stringMatching(/^[0-9XPH户号楼栋单元 ,.-]{0,24}$/),
  );
  fc.assert(
    fc.property(anything, (typed) => {
      const recognised = recognise(typed, TODAY);
      if (recognised.type !== 'look-up') return;
      for (const meaning of recognised.meanings)
        expect(lookUpBody.safeParse({ ...meaning, purpose: 'other' }).success).toBe(true);
    }),
    { numRuns: 500 },
  );
});
