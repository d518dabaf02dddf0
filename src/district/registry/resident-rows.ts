import type { ExpressionBuilder } from 'kysely';
import { assert } from '../../base/index.ts';
import { RESIDENT_STATES, type ResidentView, type RosterMember } from '../../wire/index.ts';
import type { Database, Tables } from '../database/database.ts';
import { HOLDER_KEYS_MAX, INSERTED_ROWS_MAX, LOOKED_UP_MAX } from '../limits.ts';
import type { ArrivalParts, RosterKey } from './arrivals.ts';
import { rosterLookups } from './person-terms.ts';
import type { PersonVault } from './person-vault.ts';
import { knownById } from './persons-table.ts';
import { chunks } from './residences.ts';
import type { Resident } from './tables.ts';

/** Residents as a screen and as a gate's roster see them. The number of queries does not rise with theirs. */
export type ResidentRow = Resident & { readonly community: number; readonly room: string };

export function residentRows(database: Database) {
  return database
    .selectFrom('resident')
    .innerJoin('household', 'household.id', 'resident.household')
    .selectAll('resident')
    .select(['household.community', 'household.room']);
}

/** Neither left nor replaced; a cancelled document ends nothing, it revokes. */
export function isCurrent(expression: ExpressionBuilder<Tables, 'resident'>) {
  return expression.or([
    expression('resident.ended', 'is', null),
    expression('resident.ended', '=', 'document'),
  ]);
}

export async function residentViews(
  database: Database,
  rows: readonly ResidentRow[],
): Promise<ResidentView[]> {
  const slots = new Map<number, number[]>();
  const photos = new Set<number>();
  for (const some of chunks(rows, LOOKED_UP_MAX)) {
    const places = some.map(({ place }) => place);
    const keys = await database
      .selectFrom('holder_key')
      .select(['place', 'slot'])
      .where('place', 'in', places)
      .orderBy('slot')
      .execute();
    for (const { place, slot } of keys) slots.set(place, [...(slots.get(place) ?? []), slot]);
    const kept = await database
      .selectFrom('resident_photo')
      .select('place')
      .where('place', 'in', places)
      .execute();
    for (const { place } of kept) photos.add(place);
  }
  return rows.map((row) => ({
    ...viewOf(row, slots.get(row.place) ?? []),
    ...(photos.has(row.place) ? { photo: true as const } : {}),
  }));
}

/** Look-ups that another key made, or that are not there yet, are made and kept. */
export async function rosterOf(
  database: Database,
  community: number,
  parts: Pick<ArrivalParts, 'vault' | 'rosterKey'>,
): Promise<RosterMember[]> {
  const rows = await residentRows(database)
    .where('household.community', '=', community)
    .where(isCurrent)
    .orderBy('place')
    .execute();
  const keys = await keysOfCommunity(database, community);
  const { rosterKey } = parts;
  const renewed =
    rosterKey === undefined ? undefined : await renewLookups(database, rows, { ...parts, rosterKey });
  return rows.map((row) => memberOf(row, keys.get(row.place) ?? [], renewed?.get(row.place) ?? row.lookups));
}

async function renewLookups(
  database: Database,
  rows: readonly ResidentRow[],
  { vault, rosterKey }: { readonly vault?: PersonVault | undefined; readonly rosterKey: RosterKey },
): Promise<Map<number, string>> {
  const stale = rows.filter(({ lookup_key }) => lookup_key !== rosterKey.id);
  const made = new Map<number, string>();
  if (stale.length === 0) return made;
  const ids = stale.flatMap(({ person }) => (person === null ? [] : [person]));
  const people = vault === undefined ? undefined : await knownById(database, vault, ids);
  for (const { place, person, room } of stale)
    made.set(
      place,
      rosterLookups(rosterKey.key, person === null ? undefined : people?.get(person)?.person, room),
    );
  const values = stale.map((row) => ({
    ...columnsOf(row),
    lookups: made.get(row.place) ?? null,
    lookup_key: rosterKey.id,
  }));
  for (const some of chunks(values, INSERTED_ROWS_MAX))
    await database
      .insertInto('resident')
      .values(some)
      // Rows never go away, so this inserts nothing: it is one statement that changes many.
      .onConflict((conflict) =>
        conflict.column('place').doUpdateSet((given) => ({
          lookups: given.ref('excluded.lookups'),
          lookup_key: given.ref('excluded.lookup_key'),
        })),
      )
      .execute();
  return made;
}

function columnsOf({ community: _community, room: _room, ...columns }: ResidentRow): Resident {
  return columns;
}

/** All at once: a community has thousands of phones. */
async function keysOfCommunity(database: Database, community: number): Promise<Map<number, KeyRow[]>> {
  const found = await database
    .selectFrom('holder_key')
    .innerJoin('resident', 'resident.place', 'holder_key.place')
    .innerJoin('household', 'household.id', 'resident.household')
    .select(['holder_key.place', 'holder_key.slot', 'holder_key.public_key'])
    .where('household.community', '=', community)
    .orderBy('holder_key.slot')
    .execute();
  return Map.groupBy(found, ({ place }) => place);
}

interface KeyRow {
  readonly slot: number;
  readonly public_key: string;
}

function memberOf(row: ResidentRow, keys: readonly KeyRow[], lookups: string | null): RosterMember {
  return {
    index: row.place,
    household: row.household,
    order: row.member,
    keys: keys.map(({ slot, public_key }) => ({ slot, public: public_key })),
    ...(row.display === null ? {} : { display: row.display }),
    ...(row.needs_more_time === 1 ? { needsMoreTime: true as const } : {}),
    ...(row.minor === 1 ? { minor: true as const } : {}),
    ...(row.last_day === null ? {} : { lastDay: row.last_day }),
    lookups: lookups?.match(/.{32}/g) ?? [],
  };
}

function viewOf(row: ResidentRow, slots: readonly number[]): ResidentView {
  const state = RESIDENT_STATES[row.state];
  assert(state !== undefined, 'a stored state is one of four');
  return {
    index: row.place,
    community: row.community,
    household: row.household,
    order: row.member,
    room: row.room,
    ...(row.display === null ? {} : { display: row.display }),
    state,
    slots: [...slots],
    ...(slots.length < HOLDER_KEYS_MAX ? { nextSlot: (slots.at(-1) ?? -1) + 1 } : {}),
  };
}
