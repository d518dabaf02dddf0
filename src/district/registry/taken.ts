import type { CheckedPerson } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { homesOf } from './arrivals.ts';
import { foundPersons } from './person-search.ts';
import type { PersonVault } from './person-vault.ts';
import { documentHash, knownByHash, knownById } from './persons-table.ts';

/**
 * What of a newcomer's data somebody else has. A family shares a telephone: only one that is registered in another dwelling
 * is taken; a name is taken by somebody of the same dwelling with another document.
 */
export type Taken = 'document-taken' | 'document-cancelled' | 'lives-there' | 'phone-taken' | 'name-taken';

export interface Home {
  readonly community: number;
  /** In its one form. */
  readonly room: string;
}

interface Place {
  readonly database: Database;
  readonly vault: PersonVault;
}

export async function takenOf(
  { database, vault }: Place,
  person: CheckedPerson,
  { community, room }: Home,
): Promise<Taken | undefined> {
  const home = `${community}/${room}`;
  const hash = documentHash(vault, person.document);
  const same = (await knownByHash(database, vault, [hash])).get(hash);
  if (same !== undefined && same.person.name !== person.name) return 'document-taken';
  if (same?.row.document_cancelled === 1) return 'document-cancelled';
  if (same !== undefined && (await homesOf(database, [same.id])).get(same.id)?.has(home) === true)
    return 'lives-there';
  const ofPhone =
    person.phone === undefined
      ? []
      : await others({ database, vault }, person, { by: 'phone', phone: person.phone });
  const phoneHomes = await homesOf(database, ofPhone);
  if (ofPhone.some((id) => phoneHomes.has(id) && phoneHomes.get(id)?.has(home) !== true))
    return 'phone-taken';
  const ofName = await others({ database, vault }, person, { by: 'name', name: person.name });
  const nameHomes = await homesOf(database, ofName);
  return ofName.some((id) => nameHomes.get(id)?.has(home) === true) ? 'name-taken' : undefined;
}

/** Who is found so, has another document, and exactly this telephone number or name. */
export async function others(
  { database, vault }: Place,
  person: Pick<CheckedPerson, 'name' | 'phone' | 'document'>,
  asked: { readonly by: 'phone'; readonly phone: string } | { readonly by: 'name'; readonly name: string },
): Promise<number[]> {
  const hash = documentHash(vault, person.document);
  const known = await knownById(database, vault, await foundPersons(database, vault, asked));
  return [...known.values()]
    .filter(({ row }) => row.document_hash !== hash)
    .filter((each) =>
      asked.by === 'phone' ? each.person.phone === person.phone : each.person.name === person.name,
    )
    .map(({ id }) => id);
}
