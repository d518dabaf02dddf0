import {
  birthDateOf,
  checkName,
  checkRoom,
  hasCheckCharacter,
  type LookUpBody,
  normalDocumentNumber,
} from '../../wire/index.ts';

/**
 * Tells by what is typed what it is to be looked up as. Pure; the page shows the answer while it is typed, so that a
 * guard sees before Enter what will happen. It never keeps what it was given.
 */

type Asked<Body> = Body extends LookUpBody ? Omit<Body, 'purpose'> : never;
/** A look-up without its purpose. */
export type LookUp = Asked<LookUpBody>;
export type LookUpBy = LookUp['by'];

/** Why it cannot be looked up yet; each has its sentence in words/search.ts. */
export type Unfinished =
  | 'id-short'
  | 'id-long'
  | 'id-birth-date'
  | 'id-check'
  | 'birth-date-missing'
  | 'birth-date'
  | 'room'
  | 'pass'
  | 'short';

export type Recognised =
  | { readonly type: 'nothing' }
  | { readonly type: 'unfinished'; readonly why: Unfinished; readonly length: number }
  /** First the likeliest meaning, then others that the same characters may have. */
  | {
      readonly type: 'look-up';
      readonly meanings: readonly [LookUp, ...LookUp[]];
      readonly checked: boolean;
    };

/** docs/trust-documents.md: what the bodies of desk-http.ts take. */
export const TYPED_MAX = 64;
const ID_LENGTH = 18;
const INDEX_MAX = 0xffff_ffff;

/** @param today `YYYY-MM-DD` at the gate: nobody is born after it */
export function recognise(typed: string, today: string): Recognised {
  const text = typed.slice(0, TYPED_MAX).normalize('NFKC').trim();
  if (text === '') return { type: 'nothing' };
  const upper = text.toUpperCase();
  return (
    lastSix(upper, today) ??
    numbered(upper) ??
    identity(upper.replace(/\s/g, ''), today) ??
    room(upper, text) ??
    digits(upper.replace(/\s/g, '')) ??
    letters(text, upper)
  );
}

/** `01002X 19700101`, with any sign between, the date as people write it. */
function lastSix(text: string, today: string): Recognised | undefined {
  const [, six, rest] = /^([0-9]{5}[0-9X])(?:[\s,;+:]+(.*))?$/.exec(text) ?? [];
  if (six === undefined) return undefined;
  if (rest === undefined) return unfinished('birth-date-missing', text);
  const date = birthDateOf(eightDigits(rest), today);
  if (date === undefined) return unfinished(rest.length < 8 ? 'birth-date-missing' : 'birth-date', text);
  return lookUp([{ by: 'last-six', lastSix: six, birthDate: date }]);
}

/** `1970-1-1`, `1970.01.01`, `19700101`. */
function eightDigits(date: string): string {
  const [, year, month, day] = /^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$/.exec(date) ?? [];
  if (year === undefined || month === undefined || day === undefined) return date;
  return year + month.padStart(2, '0') + day.padStart(2, '0');
}

/** `P12` is a pass, `H12` or `户12` a household; long ones may be documents of those letters. */
function numbered(text: string): Recognised | undefined {
  const [, letter, number] = /^(P|H|户|来访码?|码)[\s#:]*(\d*)$/.exec(text) ?? [];
  if (letter === undefined || number === undefined) return undefined;
  // One letter may begin a name.
  if (number === '') return /^[PH]$/.test(letter) ? undefined : unfinished('pass', text);
  const value = Number(number);
  if (value > INDEX_MAX) return unfinished('pass', text);
  const isHousehold = letter === 'H' || letter === '户';
  const found: LookUp = isHousehold ? { by: 'household', household: value } : { by: 'pass', pass: value };
  // HK and Macao permits: H or M and 8 digits; official passports: P and 7 digits.
  const document = { by: 'document', number: letter + number } as const;
  if (letter === 'H' && number.length >= 8) return lookUp([document, found]);
  return letter === 'P' && number.length >= 7 ? lookUp([found, document]) : lookUp([found]);
}

/** GB 11643: 18 characters. From seven digits on nothing else is that long, but eight digits. */
function identity(text: string, today: string): Recognised | undefined {
  if (!/^\d{7,}X?$/.test(text) || text.length === 8) return undefined;
  if (text.length < ID_LENGTH) return unfinished('id-short', text);
  if (text.length > ID_LENGTH) return unfinished('id-long', text);
  if (birthDateOf(text.slice(6, 14), today) === undefined) return unfinished('id-birth-date', text);
  if (!hasCheckCharacter(text)) return unfinished('id-check', text);
  return { ...lookUp([{ by: 'document', number: text }]), checked: true };
}

function room(upper: string, text: string): Recognised | undefined {
  if (!/\d/.test(upper) || /字第/.test(text)) return undefined;
  const isWritten = /[-‐-―—－_/栋幢座楼单元号院排室]/.test(upper);
  if (!isWritten) return undefined;
  const checked = checkRoom(upper);
  return checked.ok ? lookUp([{ by: 'room', room: checked.value.text }]) : unfinished('room', upper);
}

function digits(text: string): Recognised | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  if (text.length !== 8) return unfinished('short', text);
  // Travel permits of Taiwan residents have eight digits as well.
  return lookUp([
    { by: 'short-code', code: text },
    { by: 'document', number: text },
  ]);
}

function letters(text: string, upper: string): Recognised {
  if (/字第/.test(text)) return lookUp([{ by: 'document', number: normalDocumentNumber(text) }]);
  const compact = upper.replace(/[\s-]/g, '');
  if (/^(?=.*\d)[A-Z0-9]{5,20}$/.test(compact)) return lookUp([{ by: 'document', number: compact }]);
  if (!checkName(text).ok) return unfinished('short', text);
  return lookUp([{ by: 'name', name: text }]);
}

function lookUp(meanings: readonly [LookUp, ...LookUp[]]) {
  return { type: 'look-up', meanings, checked: false } as const;
}

function unfinished(why: Unfinished, text: string): Recognised {
  return { type: 'unfinished', why, length: text.replace(/\s/g, '').length };
}
