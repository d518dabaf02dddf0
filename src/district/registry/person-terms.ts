import type { KeyObject } from 'node:crypto';
import { pinyin } from 'pinyin-pro';
import {
  type CheckedPerson,
  documentLookup,
  lastSixLookup,
  nameLookup,
  phoneLookup,
  pinyinLookups,
  roomLookup,
  ROSTER_LOOKUP_KINDS,
} from '../../wire/index.ts';
import { rosterHash } from './person-vault.ts';

/** What a person is looked up by, as texts that are only ever hashed (docs/trust-documents.md, “Look-ups”). */
export function personTerms({ name, document, birthDate, phone }: CheckedPerson): string[] {
  const phoneTerm = phone === undefined ? undefined : phoneLookup(phone);
  return [
    documentLookup(document.number),
    ...(birthDate === undefined ? [] : [lastSixLookup(document.number, birthDate)]),
    ...(phoneTerm === undefined ? [] : [phoneTerm]),
    nameLookup(name),
    ...pinyinLookups(syllables(name)),
  ];
}

/** A roster's, one after the other: 32 hex digits each. Its gates look rooms up too, and no telephone numbers. */
export function rosterLookups(key: KeyObject, person: CheckedPerson | undefined, room: string): string {
  const roomTerm = roomLookup(room);
  const terms = [
    ...(person === undefined ? [] : personTerms(person)),
    ...(roomTerm === undefined ? [] : [roomTerm]),
  ];
  const kinds: readonly string[] = ROSTER_LOOKUP_KINDS;
  return terms
    .filter((term) => kinds.includes(term.slice(0, term.indexOf(':'))))
    .map((term) => rosterHash(key, term))
    .join('');
}

/** A surname has its own readings (单 is Shan, 曾 is Zeng); a Latin name is its words. */
function syllables(name: string): string[] {
  if (!/\p{Script=Han}/u.test(name)) return name.split(/[^\p{L}\p{M}]+/u);
  return pinyin(name, { toneType: 'none', type: 'array', surname: 'head', v: true, nonZh: 'consecutive' });
}
