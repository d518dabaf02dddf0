import type { Transaction } from 'kysely';
import { assert } from '../../base/index.ts';
import type { Random } from '../../ports/index.ts';
import { checkRoom } from '../../wire/index.ts';
import type { Database, Tables } from '../database/database.ts';
import { HOUSEHOLD_MEMBERS_MAX, INDEX_DRAWS_MAX, INSERTED_ROWS_MAX, LOOKED_UP_MAX } from '../limits.ts';

/**
 * Brings residents into their households, any number at once: as many statements for thousands as for one. An order of a
 * household is given once and never again; an index is drawn evenly from those that nobody has or ever had.
 */
export interface NewResidence {
  readonly community: number;
  readonly room: string;
  readonly display: string | null;
  readonly lastDay: number | null;
  readonly needsMoreTime: boolean;
  readonly minor: boolean;
  readonly assurance: number;
  readonly person: number | null;
  readonly lookups: string | null;
  readonly lookupKey: string | null;
}

type Within = Transaction<Tables>;

interface Household {
  readonly id: number;
  readonly community: number;
  readonly room: string;
  readonly building: number | null;
  readonly unit: string | null;
  readonly door: string | null;
  orders_given: number;
}

/** @returns the index of each, in their order; undefined where the household has no order left */
export async function insertResidences(
  transaction: Within,
  rows: readonly NewResidence[],
  draw: { random: Random; places: number },
): Promise<(number | undefined)[]> {
  const households = await householdsOf(transaction, rows);
  const seats = rows.map((row) => takeSeat(households.get(keyOfRoom(row))));
  const places = await drawPlaces(transaction, seats.filter((seat) => seat !== undefined).length, draw);
  await keepHouseholds(transaction, [...households.values()]);
  const indexes: (number | undefined)[] = [];
  const values: ResidentValues[] = [];
  for (const [at, row] of rows.entries()) {
    const seat = seats[at];
    const place = seat === undefined ? undefined : places.pop();
    indexes.push(place);
    if (seat !== undefined && place !== undefined) values.push(valuesOf(row, { ...seat, place }));
  }
  for (const some of chunks(values, INSERTED_ROWS_MAX))
    await transaction.insertInto('resident').values(some).execute();
  return indexes;
}

/** The household of a room, made when there is none, and the next order in it; undefined when it has none left. */
export async function seatIn(
  transaction: Within,
  room: { community: number; room: string },
): Promise<{ household: number; member: number } | undefined> {
  const households = await householdsOf(transaction, [room]);
  const seat = takeSeat(households.get(keyOfRoom(room)));
  await keepHouseholds(transaction, [...households.values()]);
  return seat;
}

/** Evenly, none that is taken, all different. */
export async function drawPlaces(
  transaction: Within,
  count: number,
  { random, places }: { random: Random; places: number },
): Promise<number[]> {
  const drawn = new Set<number>();
  for (let draw = 0; draw < INDEX_DRAWS_MAX && drawn.size < count; draw += 1) {
    const wanted = new Set<number>();
    for (let missing = count - drawn.size; missing > 0; missing -= 1) wanted.add(uniform(random, places));
    for (const some of chunks([...wanted], LOOKED_UP_MAX)) {
      const found = await transaction
        .selectFrom('resident')
        .select('place')
        .where('place', 'in', some)
        .execute();
      const taken = new Set(found.map(({ place }) => place));
      for (const place of some) if (!taken.has(place)) drawn.add(place);
    }
  }
  if (drawn.size < count) throw new Error('the status list is full: give the district more places');
  return [...drawn].slice(0, count);
}

export function* chunks<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

/** Of a household, among those of all communities. */
export function keyOfRoom({ community, room }: { community: number; room: string }): string {
  return `${community}/${room}`;
}

function takeSeat(household: Household | undefined): { household: number; member: number } | undefined {
  assert(household !== undefined, 'every room asked for has its household by now');
  const member = household.orders_given;
  if (member >= HOUSEHOLD_MEMBERS_MAX) return undefined;
  household.orders_given += 1;
  return { household: household.id, member };
}

/** How many orders each household has given, by `keyOfRoom`; none where there is no household. */
export async function ordersGiven(
  database: Database,
  rooms: readonly Room[],
): Promise<ReadonlyMap<string, number>> {
  const found = await knownHouseholds(database, new Map(rooms.map((each) => [keyOfRoom(each), each])));
  return new Map([...found].map(([key, { orders_given: given }]) => [key, given]));
}

interface Room {
  readonly community: number;
  readonly room: string;
}

async function householdsOf(transaction: Within, rooms: readonly Room[]): Promise<Map<string, Household>> {
  const asked = new Map(
    rooms.map(({ community, room }) => [keyOfRoom({ community, room }), { community, room }]),
  );
  const found = await knownHouseholds(transaction, asked);
  const missing = [...asked].filter(([key]) => !found.has(key)).map(([, each]) => each);
  for (const made of await newHouseholds(transaction, missing)) found.set(keyOfRoom(made), made);
  return found;
}

async function knownHouseholds(
  database: Database,
  asked: ReadonlyMap<string, Room>,
): Promise<Map<string, Household>> {
  const found = new Map<string, Household>();
  for (const [community, some] of Map.groupBy(asked.values(), (each) => each.community))
    for (const part of chunks(some, LOOKED_UP_MAX)) {
      const known = await database
        .selectFrom('household')
        .selectAll()
        .where('community', '=', community)
        .where(
          'room',
          'in',
          part.map(({ room }) => room),
        )
        .execute();
      for (const household of known) found.set(keyOfRoom(household), household);
    }
  return found;
}

async function newHouseholds(
  transaction: Within,
  rooms: readonly { community: number; room: string }[],
): Promise<Household[]> {
  if (rooms.length === 0) return [];
  const buildings = await buildingsOf(transaction, rooms);
  const last = await transaction
    .selectFrom('household')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const first = (last?.id ?? 0) + 1;
  return rooms.map(({ community, room }, at) => {
    const read = checkRoom(room);
    const parts = read.ok
      ? {
          building: buildings.get(`${community}/${read.value.building}`) ?? null,
          unit: read.value.unit ?? null,
          door: read.value.door,
        }
      : { building: null, unit: null, door: null };
    return { id: first + at, community, room, ...parts, orders_given: 0 };
  });
}

/** @returns numbers of buildings by `COMMUNITY/NAME`; the new ones are made */
async function buildingsOf(
  transaction: Within,
  rooms: readonly { community: number; room: string }[],
): Promise<Map<string, number>> {
  const wanted = new Map<string, { community: number; name: string }>();
  for (const { community, room } of rooms) {
    const read = checkRoom(room);
    if (read.ok) wanted.set(`${community}/${read.value.building}`, { community, name: read.value.building });
  }
  if (wanted.size === 0) return new Map();
  const known = await transaction.selectFrom('building').selectAll().execute();
  const ids = new Map(known.map(({ id, community, name }) => [`${community}/${name}`, id]));
  const first = known.reduce((most, { id }) => Math.max(most, id), 0) + 1;
  const missing = [...wanted].filter(([key]) => !ids.has(key));
  const made = missing.map(([key, building], at) => ({ key, id: first + at, ...building }));
  for (const some of chunks(made, INSERTED_ROWS_MAX))
    await transaction
      .insertInto('building')
      .values(some.map(({ id, community, name }) => ({ id, community, name })))
      .execute();
  return new Map([...ids, ...made.map(({ key, id }) => [key, id] as const)]);
}

async function keepHouseholds(transaction: Within, households: readonly Household[]): Promise<void> {
  for (const some of chunks(households, INSERTED_ROWS_MAX))
    await transaction
      .insertInto('household')
      .values(some)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((given) => ({ orders_given: given.ref('excluded.orders_given') })),
      )
      .execute();
}

type ResidentValues = ReturnType<typeof valuesOf>;

function valuesOf(row: NewResidence, seat: { place: number; household: number; member: number }) {
  return {
    place: seat.place,
    household: seat.household,
    member: seat.member,
    display: row.display,
    last_day: row.lastDay,
    needs_more_time: row.needsMoreTime ? 1 : 0,
    minor: row.minor ? 1 : 0,
    assurance: row.assurance,
    state: 0,
    person: row.person,
    lookups: row.lookups,
    lookup_key: row.lookupKey,
  };
}

/** Evenly from 0 to `below` - 1: draws beyond the last whole multiple are thrown away. */
function uniform(random: Random, below: number): number {
  const limit = 2 ** 32 - (2 ** 32 % below);
  for (;;) {
    const value = random.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0);
    if (value < limit) return value % below;
  }
}
