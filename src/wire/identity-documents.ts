import { err, ok, type Result } from '../base/index.ts';
import { birthDateOf, type DateText, hasCheckCharacter, type Sex, sexOf } from './identity-numbers.ts';

/**
 * The documents with which people register, each with its own check. It says whether a number can be one, never whether
 * it was issued; it runs in a form and at the district alike.
 */

export const DOCUMENT_TYPES = [
  /** 居民身份证, GB 11643-1999 */
  'resident-id',
  /** 军官证 */
  'officer-card',
  /** 中华人民共和国护照 */
  'passport',
  /** Passport of another state, ICAO Doc 9303. */
  'foreign-passport',
  /** 港澳台居民居住证 (State Council Order of 2018-08, article 5: coded by GB 11643) */
  'hmt-residence-permit',
  /** 港澳居民来往内地通行证 */
  'hk-macao-permit',
  /** 台湾居民来往大陆通行证 */
  'taiwan-permit',
  /** 外国人永久居留身份证 */
  'foreign-permanent-id',
] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** Why a number is refused; `DOCUMENT_PROBLEM_WORDS` has a sentence and a remedy for each. */
export type DocumentProblem =
  | 'empty'
  | 'first-generation'
  | 'id-shape'
  | 'id-area'
  | 'id-birth-date'
  | 'id-check'
  | 'residence-permit-number'
  | 'permanent-id-number'
  | 'residence-area'
  | 'officer-shape'
  | 'passport-shape'
  | 'passport-old'
  | 'foreign-passport-shape'
  | 'hk-macao-shape'
  | 'hk-macao-old'
  | 'taiwan-shape'
  | 'permanent-shape'
  | 'permanent-birth-date'
  | 'permanent-check';

export interface IdentityDocument {
  readonly type: DocumentType;
  /** Half-width, capitals, without spaces. */
  readonly number: string;
  /** As far as the number says them. */
  readonly birthDate?: DateText;
  readonly sex?: Sex;
}

export interface DocumentInput {
  readonly type: DocumentType;
  readonly number: string;
}

/** No number of any type is longer, spaces included. */
export const DOCUMENT_NUMBER_MAX = 40;

/** @param today local day, against which birth dates are held */
export function checkDocument(
  input: DocumentInput,
  today: DateText,
): Result<IdentityDocument, DocumentProblem> {
  const number = normalDocumentNumber(input.number);
  if (number === '') return err('empty');
  const read = CHECKS[input.type](number, today);
  return read.ok ? ok({ type: input.type, ...read.value }) : read;
}

/** As it is compared and looked up: half-width, capitals, without spaces and hyphens. */
export function normalDocumentNumber(text: string): string {
  return text
    .slice(0, DOCUMENT_NUMBER_MAX)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s‐-―-]/g, '');
}

type Read = Omit<IdentityDocument, 'type'>;
type Check = (number: string, today: DateText) => Result<Read, DocumentProblem>;

const CHECKS: Readonly<Record<DocumentType, Check>> = {
  'resident-id': residentId,
  'officer-card': officerCard,
  passport,
  'foreign-passport': (number) =>
    // ICAO Doc 9303-4, 4.2.2: the document number has at most nine characters of A to Z and 0 to 9.
    /^(?=.*\d)[A-Z0-9]{5,9}$/.test(number) ? ok({ number }) : err('foreign-passport-shape'),
  'hmt-residence-permit': residencePermit,
  'hk-macao-permit': hkMacaoPermit,
  'taiwan-permit': (number) => (/^\d{8}$/.test(number) ? ok({ number }) : err('taiwan-shape')),
  'foreign-permanent-id': foreignPermanentId,
};

/** GB/T 2260: provinces that have issued citizens' numbers; 71, 81 and 82 never did. */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65'.split(' '),
);
/** Residence permits of people from Hong Kong, Macao and Taiwan begin so. */
const RESIDENCE_AREAS = new Set(['810000', '820000', '830000']);

function residentId(number: string, today: DateText): Result<Read, DocumentProblem> {
  // Resident Identity Card Law of 2011, article 23: first-generation cards are out of force since 2013-01-01.
  if (/^\d{15}$/.test(number)) return err('first-generation');
  if (!/^\d{17}[\dX]$/.test(number)) return err('id-shape');
  if (RESIDENCE_AREAS.has(number.slice(0, 6))) return err('residence-permit-number');
  if (number.startsWith('9')) return err('permanent-id-number');
  if (!PROVINCES.has(number.slice(0, 2)) || number.slice(2, 6) === '0000') return err('id-area');
  return citizenLike(number, today);
}

function residencePermit(number: string, today: DateText): Result<Read, DocumentProblem> {
  if (!/^\d{17}[\dX]$/.test(number)) return err('id-shape');
  if (!RESIDENCE_AREAS.has(number.slice(0, 6))) return err('residence-area');
  return citizenLike(number, today);
}

function citizenLike(number: string, today: DateText): Result<Read, DocumentProblem> {
  const birthDate = birthDateOf(number.slice(6, 14), today);
  if (birthDate === undefined) return err('id-birth-date');
  if (!hasCheckCharacter(number)) return err('id-check');
  return ok({ number, birthDate, sex: sexOf(number) });
}

/** One character of the issuing arm, and four to eight digits; no check digit is published. Written 军字第1234567号. */
function officerCard(number: string): Result<Read, DocumentProblem> {
  const [, arm, digits] = /^(\p{Script=Han})字?第?(\d{4,8})号?$/u.exec(number) ?? [];
  return arm === undefined || digits === undefined
    ? err('officer-shape')
    : ok({ number: `${arm}字第${digits}号` });
}

/**
 * Ordinary: E and 8 digits, E, a letter without I and O, and 7 digits; G and 8 digits before 2012. Diplomatic D/DE,
 * service S/SE, public affairs P/PE. Seven digits after 14 or 15 were the form before 2007, whose ten years are over
 * (Passport Law of 2006, article 7).
 */
function passport(number: string): Result<Read, DocumentProblem> {
  if (/^1[45]\d{7}$/.test(number)) return err('passport-old');
  const ordinary = /^([EG]\d{8}|E[A-HJ-NP-Z]\d{7})$/;
  const official = /^([DSP]\d{7,8}|[DSP]E\d{7})$/;
  return ordinary.test(number) || official.test(number) ? ok({ number }) : err('passport-shape');
}

/** Cards since 2013: H or M and the 8 digits that a holder keeps for life; the booklet had two more, of its renewals. */
function hkMacaoPermit(number: string): Result<Read, DocumentProblem> {
  if (/^[HM]\d{10}$/.test(number)) return err('hk-macao-old');
  return /^[HM]\d{8}$/.test(number) ? ok({ number }) : err('hk-macao-shape');
}

/**
 * Since 2023-12-01: 9, two digits of the place, three of the country, birth date, order, and the check character of
 * GB 11643 (machine-reading rules of the National Immigration Administration, 2023). Before: three letters of the
 * country and 12 digits, the fifth to tenth of which are the birth date without its century.
 */
function foreignPermanentId(number: string, today: DateText): Result<Read, DocumentProblem> {
  if (/^[A-Z]{3}\d{12}$/.test(number)) return oldPermanentId(number, today);
  if (!/^9\d{16}[\dX]$/.test(number)) return err('permanent-shape');
  const birthDate = birthDateOf(number.slice(6, 14), today);
  if (birthDate === undefined) return err('permanent-birth-date');
  if (!hasCheckCharacter(number)) return err('permanent-check');
  return ok({ number, birthDate, sex: sexOf(number) });
}

function oldPermanentId(number: string, today: DateText): Result<Read, DocumentProblem> {
  const short = number.slice(7, 13);
  const found = ['20', '19'].flatMap((century) => birthDateOf(`${century}${short}`, today) ?? []);
  const [birthDate] = found;
  if (birthDate === undefined) return err('permanent-birth-date');
  // Both centuries can be meant for somebody who would be over a hundred: then the number alone does not say.
  return ok(found.length === 1 ? { number, birthDate } : { number });
}
