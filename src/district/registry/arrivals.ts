import { createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { Transaction } from 'kysely';
import { assert, err, fromHex, ok, type Result } from '../../base/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import { type CheckedPerson, maskedName } from '../../wire/index.ts';
import type { Database, Tables } from '../database/database.ts';
import { HOUSEHOLD_MEMBERS_MAX, LOOKED_UP_MAX } from '../limits.ts';
import { rosterLookups } from './person-terms.ts';
import type { PersonVault } from './person-vault.ts';
import {
  hashesOf,
  insertPersons,
  type KnownPerson,
  knownByHash,
  type NewPerson,
  type PersonHashes,
} from './persons-table.ts';
import { chunks, insertResidences, keyOfRoom, ordersGiven } from './residences.ts';

/**
 * People move in: one, or a community's twenty thousand. A document that is known is the same person again, and a person
 * is entered in a dwelling once; nothing that was known is overwritten.
 */
export interface Arrival {
  readonly community: number;
  readonly room: string;
  /** Of somebody without a person; else the name is masked here. */
  readonly display?: string | undefined;
  readonly lastDay?: number | undefined;
  readonly needsMoreTime: boolean;
  readonly minor: boolean;
  readonly assurance: number;
  readonly person?: CheckedPerson | undefined;
  readonly consent?: NewPerson['consent'];
  /** Refused when the person lives in another dwelling of the community. */
  readonly onlyHome?: boolean | undefined;
  /** Made by `prepare`; what is prepared before a transaction does not lengthen it. */
  readonly prepared?: Prepared | undefined;
}

/** Everything that is hashed of an arrival. */
export interface Prepared {
  /** Absent without a person. */
  readonly person?: PersonHashes;
  readonly lookups: string | null;
  readonly lookupKey: string | null;
}

export type ArrivalProblem =
  /** Eight orders were given. */
  | 'household-full'
  /** The document is of somebody with another name. */
  | 'document-taken'
  /** Its holder has said that the document counts no more. */
  | 'document-cancelled'
  /** Entered in this dwelling already, with the same data. */
  | 'lives-there'
  /** Entered in this dwelling already, with other data. */
  | 'lives-there-otherwise'
  /** Entered in another dwelling of the community, where one home is to be the only one. */
  | 'lives-elsewhere';

export interface ArrivalParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly places: number;
  /** Absent: nobody can be entered as a person. */
  readonly vault?: PersonVault | undefined;
  readonly rosterKey?: RosterKey | undefined;
}

/** Under which a roster's look-ups are made, and its name: they are made again when it changes. */
export interface RosterKey {
  readonly key: KeyObject;
  readonly id: string;
}

/** @param hex as the key ring has it */
export function rosterKeyOf(hex: string): RosterKey {
  const bytes = fromHex(hex) ?? new Uint8Array();
  return { key: createSecretKey(bytes), id: hash('sha256', `id of ${hex}`, 'hex').slice(0, 16) };
}

/** Hashes what will be looked for, which takes most of the time of an arrival. */
export function prepare(
  arrival: Arrival,
  { vault, rosterKey }: ArrivalParts,
): Arrival & { prepared: Prepared } {
  const { person, room, prepared } = arrival;
  if (prepared !== undefined) return { ...arrival, prepared };
  assert(person === undefined || vault !== undefined, 'whoever enters persons has opened their keys');
  return {
    ...arrival,
    prepared: {
      ...(person === undefined || vault === undefined ? {} : { person: hashesOf(vault, person) }),
      lookups: rosterKey === undefined ? null : rosterLookups(rosterKey.key, person, room),
      lookupKey: rosterKey?.id ?? null,
    },
  };
}

type Ready = ReturnType<typeof prepare>;

/** @returns the index of each, in their order */
export async function arrive(
  transaction: Transaction<Tables>,
  asked: readonly Arrival[],
  parts: ArrivalParts,
): Promise<Result<number, ArrivalProblem>[]> {
  const arrivals = asked.map((arrival) => prepare(arrival, parts));
  const { known, judged } = await judgeAll(transaction, arrivals, parts);
  const entering = arrivals.filter((_, at) => judged[at] === undefined);
  const people = await enter(transaction, entering, { known, parts });
  const rows = entering.map((arrival) => residenceOf(arrival, people.get(arrival) ?? null));
  const indexes = (await insertResidences(transaction, rows, parts)).values();
  return judged.map((problem) => {
    if (problem !== undefined) return err(problem);
    const index = indexes.next().value;
    return index === undefined ? err('household-full') : ok(index);
  });
}

/**
 * What `arrive` would say of each, by reading alone.
 * @param given orders of each household, by `keyOfRoom`: those that are foreseen here are added, for the next ones asked about
 */
export async function foresee(
  database: Database,
  asked: readonly Arrival[],
  { parts, given }: { parts: ArrivalParts; given: Map<string, number> },
): Promise<(ArrivalProblem | undefined)[]> {
  const arrivals = asked.map((arrival) => prepare(arrival, parts));
  const { judged } = await judgeAll(database, arrivals, parts);
  const strange = arrivals.filter((arrival) => !given.has(keyOfRoom(arrival)));
  for (const [key, orders] of await ordersGiven(database, strange)) given.set(key, orders);
  return judged.map((problem, at) => {
    const arrival = arrivals[at];
    if (problem !== undefined || arrival === undefined) return problem;
    const orders = given.get(keyOfRoom(arrival)) ?? 0;
    given.set(keyOfRoom(arrival), orders + 1);
    return orders < HOUSEHOLD_MEMBERS_MAX ? undefined : 'household-full';
  });
}

async function judgeAll(database: Database, arrivals: readonly Ready[], { vault }: ArrivalParts) {
  const known = await knownOf(database, arrivals, vault);
  const homes = await homesOf(
    database,
    [...known.values()].map(({ id }) => id),
  );
  const judged = arrivals.map((arrival) => judge(arrival, { known: knownTo(arrival, known), homes }));
  return { known, judged };
}

/** Numbers of the persons of those who come in; the new ones are written. */
async function enter(
  transaction: Transaction<Tables>,
  entering: readonly Ready[],
  { known, parts }: { known: ReadonlyMap<string, KnownPerson>; parts: ArrivalParts },
): Promise<Map<Ready, number>> {
  const { vault, clock } = parts;
  const people = new Map<Ready, number>();
  if (vault === undefined) return people;
  const fresh: (NewPerson & { readonly arrival: Ready; readonly hashes: PersonHashes })[] = [];
  for (const arrival of entering) {
    const { person, consent, prepared } = arrival;
    if (person === undefined || prepared.person === undefined) continue;
    const same = knownTo(arrival, known);
    if (same === undefined) fresh.push({ person, consent, arrival, hashes: prepared.person });
    else people.set(arrival, same.id);
  }
  const ids = (await insertPersons(transaction, fresh, { vault, now: clock.wall() })).values();
  for (const { arrival } of fresh) {
    const id = ids.next().value;
    if (id !== undefined) people.set(arrival, id);
  }
  return people;
}

async function knownOf(
  database: Database,
  arrivals: readonly Ready[],
  vault: PersonVault | undefined,
): Promise<Map<string, KnownPerson>> {
  const hashes = arrivals.flatMap(({ prepared }) => prepared.person?.document ?? []);
  return vault === undefined ? new Map() : knownByHash(database, vault, hashes);
}

function knownTo({ prepared }: Ready, known: ReadonlyMap<string, KnownPerson>): KnownPerson | undefined {
  return prepared.person === undefined ? undefined : known.get(prepared.person.document);
}

type Homes = ReadonlyMap<number, ReadonlySet<string>>;

function judge(
  arrival: Arrival,
  { known, homes }: { known: KnownPerson | undefined; homes: Homes },
): ArrivalProblem | undefined {
  const { person, community, room } = arrival;
  if (person === undefined || known === undefined) return undefined;
  if (known.person.name !== person.name) return 'document-taken';
  if (known.row.document_cancelled === 1) return 'document-cancelled';
  const rooms = homes.get(known.id) ?? new Set();
  if (rooms.has(`${community}/${room}`))
    return sameData(known.person, person) ? 'lives-there' : 'lives-there-otherwise';
  const livesHere = [...rooms].some((home) => home.startsWith(`${community}/`));
  return arrival.onlyHome === true && livesHere ? 'lives-elsewhere' : undefined;
}

/** What the newcomer leaves out is no difference. */
function sameData(known: CheckedPerson, given: CheckedPerson): boolean {
  const fields = ['sex', 'birthDate', 'phone', 'plate', 'relation'] as const;
  return fields.every((field) => given[field] === undefined || given[field] === known[field]);
}

/** `COMMUNITY/ROOM` of where each person lives now. */
export async function homesOf(database: Database, ids: readonly number[]): Promise<Map<number, Set<string>>> {
  const homes = new Map<number, Set<string>>();
  for (const some of chunks(ids, LOOKED_UP_MAX)) {
    const found = await database
      .selectFrom('resident')
      .innerJoin('household', 'household.id', 'resident.household')
      .select(['resident.person', 'household.community', 'household.room'])
      .where('resident.person', 'in', some)
      .where((expression) =>
        expression.or([
          expression('resident.ended', 'is', null),
          expression('resident.ended', '=', 'document'),
        ]),
      )
      .execute();
    for (const { person, community, room } of found) {
      if (person === null) continue;
      const rooms = homes.get(person) ?? new Set();
      homes.set(person, rooms.add(`${community}/${room}`));
    }
  }
  return homes;
}

function residenceOf(arrival: Ready, person: number | null) {
  const { community, room, display, lastDay, needsMoreTime, minor, assurance, prepared } = arrival;
  return {
    community,
    room,
    display: arrival.person === undefined ? (display ?? null) : maskedName(arrival.person.name),
    lastDay: lastDay ?? null,
    needsMoreTime,
    minor,
    assurance,
    person,
    lookups: prepared.lookups,
    lookupKey: prepared.lookupKey,
  };
}
