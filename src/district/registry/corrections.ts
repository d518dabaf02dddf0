import type { Transaction } from 'kysely';
import { err, ok, type Result } from '../../base/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import { type AppealType, type CheckedPerson, type CorrectionEffect, maskedName } from '../../wire/index.ts';
import type { Database, Tables } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import { homesOf } from './arrivals.ts';
import { endResidence, moveResident, replaceIndex } from './lives.ts';
import type { PersonVault } from './person-vault.ts';
import { documentHash, type KnownPerson, knownByHash, knownById, rewritePerson } from './persons-table.ts';
import type { Registry } from './registry.ts';
import { type Home, others } from './taken.ts';

/**
 * What an appeal has shown to be right is written into the registry, whole or not at all. A document is its holder's: whoever
 * was registered with it loses every code, and the record goes on as the holder's, in the holder's dwelling.
 */
export interface Correction {
  readonly type: AppealType;
  /** Checked; of the applicant. */
  readonly right: CheckedPerson;
  readonly home: Home;
}

export interface Corrected {
  readonly effect: CorrectionEffect;
  /** Indexes whose state changed, for the status list. */
  readonly places: readonly number[];
  /** Whose rosters may name somebody who was changed. */
  readonly communities: readonly number[];
}

export type CorrectionProblem = 'nothing-to-correct' | 'document-cancelled' | 'household-full';

/** Done in the same transaction; when it throws, nothing was corrected. */
export type AlsoCorrected = (transaction: Transaction<Tables>, done: Corrected) => Promise<void>;

export interface CorrectionPlace {
  readonly database: Database;
  readonly registry: Registry;
  readonly vault: PersonVault;
  readonly clock: Clock;
  readonly random: Random;
  readonly places: number;
}

type Outcome = Result<Corrected, CorrectionProblem>;

class Undone extends Error {}

export async function correct(
  place: CorrectionPlace,
  correction: Correction,
  also: AlsoCorrected,
): Promise<Outcome> {
  let problem: CorrectionProblem = 'nothing-to-correct';
  try {
    return await alone(place.database, async (transaction) => {
      const done = await corrected({ ...place, database: transaction, transaction }, correction);
      if (!done.ok) {
        problem = done.error;
        // What was written before the problem showed goes with the transaction.
        throw new Undone(done.error);
      }
      await also(transaction, done.value);
      return done;
    });
  } catch (fault) {
    if (fault instanceof Undone) return err(problem);
    throw fault;
  }
}

/** @returns numbers of the persons that a correction would change */
export async function concernedBy(
  { database, vault }: Pick<CorrectionPlace, 'database' | 'vault'>,
  { type, right, home }: Correction,
): Promise<number[]> {
  if (type === 'phone') return phoneHolders({ database, vault }, right, home);
  const holder = await holderOf({ database, vault }, right);
  return holder === undefined ? [] : [holder.id];
}

interface Within extends CorrectionPlace {
  readonly transaction: Transaction<Tables>;
}

function corrected(place: Within, correction: Correction): Promise<Outcome> {
  switch (correction.type) {
    case 'name':
      return correctName(place, correction);
    case 'document':
      return correctDocument(place, correction);
    case 'phone':
      return correctPhone(place, correction);
  }
}

async function correctName(place: Within, { right }: Correction): Promise<Outcome> {
  const holder = await holderOf(place, right);
  if (holder === undefined || holder.person.name === right.name) return err('nothing-to-correct');
  await rewrite(place, holder.id, { ...holder.person, name: right.name });
  return told(place, { records: [holder.id], places: [], moved: 0 });
}

async function correctDocument(place: Within, { right, home }: Correction): Promise<Outcome> {
  const holder = await holderOf(place, right);
  if (holder === undefined) return err('nothing-to-correct');
  if (holder.row.document_cancelled === 1) return err('document-cancelled');
  const before = await communitiesOf(place.transaction, [holder.id]);
  await rewrite(place, holder.id, right);
  const living = await livingOf(place.transaction, holder.id);
  const isHome = ({ community, room }: Home) => community === home.community && room === home.room;
  const stays = living.find(isHome) ?? living[0];
  const places: number[] = [];
  for (const each of living) {
    if (each === stays) continue;
    await endResidence(place.transaction, each.place, place);
    places.push(each.place);
  }
  const moves = stays !== undefined && !isHome(stays);
  if (moves) {
    const done = await moveResident(
      place.transaction,
      { index: stays.place, to: home },
      place.registry.parts(),
    );
    if (!done.ok) return err('household-full');
  }
  if (stays !== undefined) {
    const done = await replaceIndex(place.transaction, stays.place, place);
    if (done.ok) places.push(done.value.index, done.value.revoked);
    await forgetLookups(place.transaction, holder.id);
  }
  return told(place, { records: [holder.id], places, moved: moves ? 1 : 0, before, revoked: living.length });
}

async function correctPhone(place: Within, { right, home }: Correction): Promise<Outcome> {
  const { phone } = right;
  const ids = await phoneHolders(place, right, home);
  if (phone === undefined || ids.length === 0) return err('nothing-to-correct');
  for (const { id, person } of (await knownById(place.database, place.vault, ids)).values()) {
    const { phone: _gone, ...rest } = person;
    await rewrite(place, id, rest);
  }
  const own = await holderOf(place, right);
  if (own !== undefined && own.person.phone !== phone) await rewrite(place, own.id, { ...own.person, phone });
  return told(place, { records: own === undefined ? ids : [...ids, own.id], places: [], moved: 0 });
}

/** A family shares its number: those of the applicant's own dwelling keep it. */
async function phoneHolders(
  place: Pick<CorrectionPlace, 'database' | 'vault'>,
  right: CheckedPerson,
  { community, room }: Home,
): Promise<number[]> {
  if (right.phone === undefined) return [];
  const ids = await others(place, right, { by: 'phone', phone: right.phone });
  const homes = await homesOf(place.database, ids);
  return ids.filter((id) => homes.get(id)?.has(`${community}/${room}`) !== true);
}

async function holderOf(
  { database, vault }: Pick<CorrectionPlace, 'database' | 'vault'>,
  { document }: CheckedPerson,
): Promise<KnownPerson | undefined> {
  const hash = documentHash(vault, document);
  return (await knownByHash(database, vault, [hash])).get(hash);
}

/** What gates show and look up of them follows. */
async function rewrite(
  { transaction, vault, clock }: Within,
  id: number,
  person: CheckedPerson,
): Promise<void> {
  await rewritePerson(transaction, { id, person }, { vault, now: clock.wall() });
  await transaction
    .updateTable('resident')
    .set({ display: maskedName(person.name) })
    .where('person', '=', id)
    .execute();
  await forgetLookups(transaction, id);
}

/** Without a key they count as missing, and are made anew for the next roster. */
async function forgetLookups(transaction: Transaction<Tables>, person: number): Promise<void> {
  await transaction
    .updateTable('resident')
    .set({ lookups: null, lookup_key: null })
    .where('person', '=', person)
    .execute();
}

function livingOf(transaction: Transaction<Tables>, person: number) {
  return transaction
    .selectFrom('resident')
    .innerJoin('household', 'household.id', 'resident.household')
    .select(['resident.place', 'household.community', 'household.room'])
    .where('resident.person', '=', person)
    .where('resident.ended', 'is', null)
    .orderBy('resident.place')
    .execute();
}

interface Done {
  readonly records: readonly number[];
  readonly places: readonly number[];
  readonly moved: number;
  readonly revoked?: number;
  readonly before?: readonly number[];
}

async function told(
  { transaction }: Within,
  { records, places, moved, revoked = 0, before = [] }: Done,
): Promise<Outcome> {
  const after = await communitiesOf(transaction, records);
  const communities = [...new Set([...before, ...after])];
  return ok({ effect: { records: records.length, revoked, moved }, places, communities });
}

/** Where they live or lived. */
async function communitiesOf(transaction: Transaction<Tables>, people: readonly number[]): Promise<number[]> {
  const rows = await transaction
    .selectFrom('resident')
    .innerJoin('household', 'household.id', 'resident.household')
    .select('household.community')
    .distinct()
    .where('resident.person', 'in', [...people])
    .execute();
  return rows.map(({ community }) => community);
}
