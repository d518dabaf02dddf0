import { normalDocumentNumber } from './identity-documents.ts';
import type { DateText } from './identity-numbers.ts';
import { checkPhone, checkRoom } from './person-fields.ts';

/**
 * What is hashed to look a person up (docs/trust-documents.md): the kind, a colon and the normalised value. Whoever
 * makes an index and whoever asks it use these functions, so that both hash the same text.
 */
export const LOOKUP_KINDS = ['document', 'last-six', 'phone', 'room', 'name', 'pinyin', 'initials'] as const;
export type LookupKind = (typeof LOOKUP_KINDS)[number];

/** A roster goes without telephone numbers: a guard asks for documents, rooms and names. */
export const ROSTER_LOOKUP_KINDS = [
  'document',
  'last-six',
  'room',
  'name',
  'pinyin',
  'initials',
] as const satisfies readonly LookupKind[];

/** Bytes of HMAC-SHA-256 that a look-up keeps; hex of them is what a roster carries. */
export const LOOKUP_HASH_BYTES = 16;

/** @param number of any type of document, as typed */
export function documentLookup(number: string): string {
  return `document:${normalDocumentNumber(number)}`;
}

/** @param lastSix of the document's number, as typed; letters count */
export function lastSixLookup(lastSix: string, birthDate: DateText): string {
  return `last-six:${normalDocumentNumber(lastSix).slice(-6)}:${birthDate}`;
}

/** @returns undefined for what is no telephone number */
export function phoneLookup(phone: string): string | undefined {
  const checked = checkPhone(phone);
  return checked.ok ? `phone:${checked.value}` : undefined;
}

/** @returns undefined for what is no room */
export function roomLookup(room: string): string | undefined {
  const checked = checkRoom(room);
  return checked.ok ? `room:${checked.value.text}` : undefined;
}

/** Without spaces, dots, hyphens and apostrophes, in small letters. */
export function nameLookup(name: string): string {
  return `name:${letters(name)}`;
}

/** @param syllables of the name's pinyin or its Latin words: `['zhang', 'san']` */
export function pinyinLookups(syllables: readonly string[]): string[] {
  const words = syllables.map((each) => asciiLetters(each)).filter((each) => each !== '');
  if (words.length === 0) return [];
  return [`pinyin:${words.join('')}`, `initials:${words.map((word) => word.charAt(0)).join('')}`];
}

/** What somebody typed in Latin letters may be a whole name in pinyin or its initials. */
export function typedPinyinLookups(typed: string): string[] {
  const word = asciiLetters(typed);
  return word === '' ? [] : [`pinyin:${word}`, `initials:${word}`];
}

function letters(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}]/gu, '');
}

/** Accents fall away, and ü is written v, as keyboards do. */
function asciiLetters(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/u\u0308/g, 'v')
    .replace(/[^a-z]/g, '');
}
