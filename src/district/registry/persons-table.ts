import type { Database } from '../database/database.ts';
import { INSERTED_ROWS_MAX, LOOKED_UP_MAX } from '../limits.ts';
import { type CheckedPerson, documentLookup } from '../../wire/index.ts';
import { personTerms } from './person-terms.ts';
import type { PersonVault } from './person-vault.ts';
import { chunks } from './residences.ts';
import type { PersonRow } from './tables.ts';

/** Persons in the database: written encrypted, found by keyed hashes, read back by those who may. */
export interface NewPerson {
  readonly person: CheckedPerson;
  readonly consent?: { readonly version: string; readonly at: number } | undefined;
}

export interface KnownPerson {
  readonly id: number;
  readonly person: CheckedPerson;
  readonly row: PersonRow;
}

/** @returns their numbers, in order. Each document must be new: look first, in the same transaction. */
export async function insertPersons(
  transaction: Database,
  people: readonly (NewPerson & { readonly hashes: PersonHashes })[],
  { vault, now }: { vault: PersonVault; now: number },
): Promise<number[]> {
  if (people.length === 0) return [];
  const last = await transaction
    .selectFrom('person')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const first = (last?.id ?? 0) + 1;
  const rows = people.map(({ person, consent, hashes }, at) => ({
    id: first + at,
    record: vault.seal(recordOf(first + at), JSON.stringify(person)),
    document_hash: hashes.document,
    document_cancelled: 0,
    consent_version: consent?.version ?? null,
    consent_at: consent?.at ?? null,
    created_at: now,
    changed_at: now,
  }));
  for (const some of chunks(rows, INSERTED_ROWS_MAX))
    await transaction.insertInto('person').values(some).execute();
  await insertLookups(
    transaction,
    people.map(({ hashes }, at) => ({ id: first + at, hashes })),
  );
  return rows.map(({ id }) => id);
}

/** Writes a person anew, with everything they are found by. */
export async function rewritePerson(
  transaction: Database,
  { id, person }: { id: number; person: CheckedPerson },
  { vault, now }: { vault: PersonVault; now: number },
): Promise<void> {
  const record = vault.seal(recordOf(id), JSON.stringify(person));
  const hashes = hashesOf(vault, person);
  await transaction
    .updateTable('person')
    .set({ record, document_hash: hashes.document, changed_at: now })
    .where('id', '=', id)
    .execute();
  await transaction.deleteFrom('person_lookup').where('person', '=', id).execute();
  await insertLookups(transaction, [{ id, hashes }]);
}

/** Of the person’s document, and of everything else they are found by. */
export interface PersonHashes {
  readonly document: string;
  readonly lookups: readonly string[];
}

export function hashesOf(vault: PersonVault, person: CheckedPerson): PersonHashes {
  const lookups = new Set(personTerms(person).map((term) => vault.lookup(term)));
  return { document: documentHash(vault, person.document), lookups: [...lookups] };
}

/** @param hashes of documents @returns those that are known, by them */
export async function knownByHash(
  database: Database,
  vault: PersonVault,
  hashes: readonly string[],
): Promise<Map<string, KnownPerson>> {
  const found = new Map<string, KnownPerson>();
  for (const some of chunks([...new Set(hashes)], LOOKED_UP_MAX)) {
    const rows = await database.selectFrom('person').selectAll().where('document_hash', 'in', some).execute();
    for (const row of rows) found.set(row.document_hash, known(vault, row));
  }
  return found;
}

export async function knownById(
  database: Database,
  vault: PersonVault,
  ids: readonly number[],
): Promise<Map<number, KnownPerson>> {
  const found = new Map<number, KnownPerson>();
  for (const some of chunks([...new Set(ids)], LOOKED_UP_MAX)) {
    const rows = await database.selectFrom('person').selectAll().where('id', 'in', some).execute();
    for (const row of rows) found.set(row.id, known(vault, row));
  }
  return found;
}

/** One person in the district has a document: its type counts, numbers of two types may be alike. */
export function documentHash(vault: PersonVault, { type, number }: CheckedPerson['document']): string {
  return vault.whole(`${type}:${documentLookup(number)}`);
}

function known(vault: PersonVault, row: PersonRow): KnownPerson {
  return { id: row.id, row, person: JSON.parse(vault.open(recordOf(row.id), row.record)) as CheckedPerson };
}

export function recordOf(row: number) {
  return { table: 'person', row, field: 'record' };
}

async function insertLookups(
  transaction: Database,
  people: readonly { id: number; hashes: PersonHashes }[],
): Promise<void> {
  const rows = people.flatMap(({ id, hashes }) => hashes.lookups.map((hash) => ({ person: id, hash })));
  for (const some of chunks(rows, INSERTED_ROWS_MAX * 4))
    await transaction.insertInto('person_lookup').values(some).execute();
}
