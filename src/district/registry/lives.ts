import type { Transaction } from 'kysely';
import { err, ok, type Result } from '../../base/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import { RESIDENT_STATES } from '../../wire/index.ts';
import type { Tables } from '../database/database.ts';
import { LEFT_KEPT_MS } from '../limits.ts';
import type { ArrivalParts } from './arrivals.ts';
import { rosterLookups } from './person-terms.ts';
import { knownById } from './persons-table.ts';
import { drawPlaces, seatIn } from './residences.ts';
import type { Ended, Resident } from './tables.ts';

/**
 * What becomes of an index: it is replaced, moves with its holder, or ends. An index that ended stays revoked in the status
 * list for ever, and nobody is given it again.
 */
export type ResidenceProblem = 'no-such-resident' | 'ended' | 'household-full' | 'lives-there';

export interface Replaced {
  /** The new one. */
  readonly index: number;
  /** The old one, revoked. */
  readonly revoked: number;
}

export interface ResidentChanges {
  readonly needsMoreTime?: boolean | undefined;
  readonly minor?: boolean | undefined;
  /** Days since 2020-01-01; null: without an end. */
  readonly lastDay?: number | null | undefined;
  readonly assurance?: number | undefined;
}

type Within = Transaction<Tables>;

const REVOKED = RESIDENT_STATES.indexOf('revoked');

export async function replaceIndex(
  transaction: Within,
  index: number,
  draw: { clock: Clock; random: Random; places: number },
): Promise<Result<Replaced, ResidenceProblem>> {
  const old = await living(transaction, index);
  if (!old.ok) return old;
  const [place] = await drawPlaces(transaction, 1, draw);
  if (place === undefined) throw new Error('invariant broken: one was asked for, so one was drawn');
  await transaction
    .insertInto('resident')
    .values({ ...old.value, place })
    .execute();
  await end(transaction, index, {
    ended: 'replaced',
    replaced_by: place,
    purge_at: draw.clock.wall() + LEFT_KEPT_MS,
  });
  return ok({ index: place, revoked: index });
}

/** To another dwelling of the district, with a new order there; the look-ups of the roster name the new room. */
export async function moveResident(
  transaction: Within,
  { index, to }: { index: number; to: { community: number; room: string } },
  { vault, rosterKey }: ArrivalParts,
): Promise<Result<undefined, ResidenceProblem>> {
  const resident = await living(transaction, index);
  if (!resident.ok) return resident;
  const { household, person } = resident.value;
  const now = await transaction
    .selectFrom('household')
    .select(['community', 'room'])
    .where('id', '=', household)
    .executeTakeFirstOrThrow();
  if (now.community === to.community && now.room === to.room) return err('lives-there');
  const seat = await seatIn(transaction, to);
  if (seat === undefined) return err('household-full');
  const people =
    vault === undefined || person === null ? undefined : await knownById(transaction, vault, [person]);
  const lookups =
    rosterKey === undefined
      ? null
      : rosterLookups(rosterKey.key, person === null ? undefined : people?.get(person)?.person, to.room);
  await transaction
    .updateTable('resident')
    .set({ ...seat, lookups, lookup_key: rosterKey?.id ?? null })
    .where('place', '=', index)
    .execute();
  return ok(undefined);
}

export async function endResidence(
  transaction: Within,
  index: number,
  { clock }: { clock: Clock },
): Promise<Result<undefined, ResidenceProblem>> {
  const resident = await living(transaction, index);
  if (!resident.ok) return resident;
  await end(transaction, index, { ended: 'left', purge_at: clock.wall() + LEFT_KEPT_MS });
  return ok(undefined);
}

export async function changeResident(
  transaction: Within,
  index: number,
  { needsMoreTime, minor, lastDay, assurance }: ResidentChanges,
): Promise<Result<undefined, ResidenceProblem>> {
  const resident = await living(transaction, index);
  if (!resident.ok) return resident;
  const old = resident.value;
  await transaction
    .updateTable('resident')
    .set({
      needs_more_time: needsMoreTime === undefined ? old.needs_more_time : Number(needsMoreTime),
      minor: minor === undefined ? old.minor : Number(minor),
      last_day: lastDay === undefined ? old.last_day : lastDay,
      assurance: assurance ?? old.assurance,
    })
    .where('place', '=', index)
    .execute();
  return ok(undefined);
}

/** All of a person's indexes are revoked, and remember what they were. @returns their places */
export async function suspendForDocument(transaction: Within, person: number): Promise<number[]> {
  const found = await transaction
    .selectFrom('resident')
    .select(['place', 'state'])
    .where('person', '=', person)
    .where('ended', 'is', null)
    .execute();
  for (const { place, state } of found)
    await end(transaction, place, { ended: 'document', state_before: state });
  return found.map(({ place }) => place);
}

/** Those that its cancellation revoked are again what they were before. @returns their places */
export async function restoreForDocument(transaction: Within, person: number): Promise<number[]> {
  const found = await transaction
    .selectFrom('resident')
    .select(['place', 'state_before'])
    .where('person', '=', person)
    .where('ended', '=', 'document')
    .execute();
  for (const { place, state_before } of found)
    await transaction
      .updateTable('resident')
      .set({ ended: null, state_before: null, state: state_before ?? REVOKED })
      .where('place', '=', place)
      .execute();
  return found.map(({ place }) => place);
}

async function living(transaction: Within, index: number): Promise<Result<Resident, ResidenceProblem>> {
  const resident = await transaction
    .selectFrom('resident')
    .selectAll()
    .where('place', '=', index)
    .executeTakeFirst();
  if (resident === undefined) return err('no-such-resident');
  return resident.ended === null ? ok(resident) : err('ended');
}

async function end(
  transaction: Within,
  index: number,
  how: { ended: Ended; replaced_by?: number; purge_at?: number; state_before?: number },
): Promise<void> {
  await transaction
    .updateTable('resident')
    .set({ ...how, state: REVOKED })
    .where('place', '=', index)
    .execute();
  // What guards were shown belongs to this index alone, and was agreed to for as long as it holds.
  await transaction.deleteFrom('resident_photo').where('place', '=', index).execute();
}
