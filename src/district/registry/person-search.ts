import { assert } from '../../base/index.ts';
import {
  checkRoom,
  documentLookup,
  lastSixLookup,
  maskedName,
  maskedNumber,
  maskedPhone,
  nameLookup,
  phoneLookup,
  type PersonSearch,
  type PersonView,
  RESIDENT_STATES,
  typedPinyinLookups,
} from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { FOUND_PERSONS_MAX } from '../limits.ts';
import type { PersonVault } from './person-vault.ts';
import { knownById, type KnownPerson } from './persons-table.ts';
import { isCurrent, residentRows, type ResidentRow } from './resident-rows.ts';

/** Finds persons by keyed hashes, and shows them masked. A part of a name or a number finds nobody. */

/** @returns numbers of persons, at most fifty */
export async function foundPersons(
  database: Database,
  vault: PersonVault,
  asked: PersonSearch,
): Promise<number[]> {
  if (asked.by === 'room') return personsOfRoom(database, asked);
  const hashes = termsOf(asked).map((term) => vault.lookup(term));
  if (hashes.length === 0) return [];
  const found = await database
    .selectFrom('person_lookup')
    .select('person')
    .distinct()
    .where('hash', 'in', hashes)
    .orderBy('person')
    .limit(FOUND_PERSONS_MAX)
    .execute();
  return found.map(({ person }) => person);
}

export async function personViews(
  database: Database,
  vault: PersonVault,
  ids: readonly number[],
): Promise<PersonView[]> {
  if (ids.length === 0) return [];
  const known = await knownById(database, vault, ids);
  const rows = await residentRows(database)
    .where('resident.person', 'in', [...known.keys(), -1])
    .where(isCurrent)
    .orderBy('place')
    .execute();
  const homes = Map.groupBy(rows, ({ person }) => person);
  return ids.flatMap((id) => {
    const one = known.get(id);
    return one === undefined ? [] : [viewOf(one, homes.get(id) ?? [])];
  });
}

function termsOf(asked: Exclude<PersonSearch, { by: 'room' }>): string[] {
  switch (asked.by) {
    case 'document':
      return [documentLookup(asked.number)];
    case 'last-six':
      return [lastSixLookup(asked.lastSix, asked.birthDate)];
    case 'phone': {
      const term = phoneLookup(asked.phone);
      return term === undefined ? [] : [term];
    }
    case 'name':
      return [nameLookup(asked.name), ...typedPinyinLookups(asked.name)];
  }
}

async function personsOfRoom(
  database: Database,
  { community, room }: { community: number; room: string },
): Promise<number[]> {
  const read = checkRoom(room);
  const rows = await residentRows(database)
    .where('household.community', '=', community)
    .where('household.room', '=', read.ok ? read.value.text : room)
    .where('resident.person', 'is not', null)
    .where(isCurrent)
    .orderBy('member')
    .limit(FOUND_PERSONS_MAX)
    .execute();
  return [...new Set(rows.flatMap(({ person }) => person ?? []))];
}

function viewOf({ id, person, row }: KnownPerson, homes: readonly ResidentRow[]): PersonView {
  return {
    person: id,
    name: maskedName(person.name),
    documentType: person.document.type,
    documentNumber: maskedNumber(person.document.number),
    ...(person.phone === undefined ? {} : { phone: maskedPhone(person.phone) }),
    documentCancelled: row.document_cancelled === 1,
    residences: homes.map(residenceOf),
  };
}

function residenceOf({ place, community, room, member, state }: ResidentRow) {
  const name = RESIDENT_STATES[state];
  assert(name !== undefined, 'a stored state is one of four');
  return { index: place, community, room, order: member, state: name };
}
