import { hash } from 'node:crypto';
import { assert, err, ok, type Result, toHex } from '../../base/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import { checkPerson, type DateText } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import { INSERTED_ROWS_MAX, SEEDED_STEP } from '../limits.ts';
import { type Arrival, type ArrivalParts, arrive, prepare } from './arrivals.ts';
import { generatedPerson } from './generated-people.ts';
import type { Registry } from './registry.ts';
import { chunks } from './residences.ts';

/**
 * A test district of any size: people who do not exist, in households, most with a phone's key. One seed always makes the
 * same people, rooms, indexes and keys; whoever knows the seed knows their phones, so it never touches a district that has
 * residents unless it is told to.
 */
export interface SeedOptions {
  readonly database: Database;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly parts: ArrivalParts;
  readonly communities: readonly number[];
  readonly residents: number;
  readonly gates: number;
  readonly seed: string;
  /** Also where residents are already. */
  readonly add: boolean;
  readonly today: DateText;
  /** Public key of an Ed25519 secret of 32 bytes. */
  readonly publicKeyOf: (secret: Uint8Array) => Uint8Array;
  readonly progress?: (residents: { readonly done: number; readonly of: number }) => void;
}

export interface Seeded {
  readonly residents: number;
  readonly phones: number;
  readonly gates: number;
}

export type SeedProblem = 'has-residents' | 'few-places' | 'seeded-before';

export async function seedDistrict(options: SeedOptions): Promise<Result<Seeded, SeedProblem>> {
  const { database, parts, residents, add } = options;
  const there = await database
    .selectFrom('resident')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const present = Number(there.count);
  if (present > 0 && !add) return err('has-residents');
  if ((present + residents) * 2 > parts.places) return err('few-places');
  const drawn = seededRandom(options.seed);
  // Encryption never draws from a seed: a nonce that comes twice under one key opens both texts.
  const seeded = { ...parts, random: drawn };
  let phones = 0;
  for (let from = 0; from < residents; from += SEEDED_STEP) {
    const count = Math.min(SEEDED_STEP, residents - from);
    const arrivals = Array.from({ length: count }, (_, at) =>
      prepare(arrivalOf(present + from + at, options, drawn), parts),
    );
    const made = await enter(arrivals, { ...options, parts: seeded });
    if (!made.ok) return made;
    phones += made.value;
    options.progress?.({ done: from + count, of: residents });
    await new Promise<void>((resolve) => void options.clock.after(0, resolve));
  }
  await enrolGates(options);
  return ok({ residents, phones, gates: options.gates });
}

/** @returns the secret of a seeded resident's phone, 32 bytes */
export function seededPhoneSecret(seed: string, index: number): Uint8Array {
  return hash('sha256', `menwei seed ${seed} phone ${index}`, 'buffer');
}

/** Unpredictable to nobody who knows the seed: for trials alone. */
export function seededRandom(seed: string): Random {
  let block = 0;
  let rest = Buffer.alloc(0);
  const next = () => {
    block += 1;
    return hash('sha512', `menwei seed ${seed} ${block}`, 'buffer');
  };
  return {
    bytes: (length) => {
      while (rest.length < length) rest = Buffer.concat([rest, next()]);
      const taken = new Uint8Array(rest.subarray(0, length));
      rest = rest.subarray(length);
      return taken;
    },
  };
}

/** Households of one to four: 200 dwellings in a building of two units, 25 floors and four doors on each. */
const HOUSEHOLD_PATTERN = [1, 3, 2, 4, 2, 3] as const;
const PATTERN_PEOPLE = HOUSEHOLD_PATTERN.reduce((sum, size) => sum + size, 0);
const DOORS = 4;
const FLOORS = 25;
const UNITS = 2;
/** Of ten residents, seven have a phone registered. */
const PHONES_OF_TEN = 7;

function arrivalOf(at: number, { communities, today }: SeedOptions, random: Random): Arrival {
  const dwelling = dwellingOf(at);
  const community = communities[dwelling % communities.length];
  assert(community !== undefined, 'a district has a community');
  const person = checkPerson(generatedPerson(at, drawFrom(random)), today);
  assert(person.ok, 'generated people are well-formed');
  const birth = Number(person.value.birthDate?.slice(0, 4));
  const year = Number(today.slice(0, 4));
  return {
    community,
    room: roomOf(Math.floor(dwelling / communities.length)),
    person: person.value,
    needsMoreTime: year - birth > 75,
    minor: year - birth < 18,
    assurance: 1,
  };
}

function dwellingOf(at: number): number {
  let rest = at % PATTERN_PEOPLE;
  let household = Math.floor(at / PATTERN_PEOPLE) * HOUSEHOLD_PATTERN.length;
  for (const size of HOUSEHOLD_PATTERN) {
    if (rest < size) break;
    rest -= size;
    household += 1;
  }
  return household;
}

function roomOf(dwelling: number): string {
  const [door, rest] = [dwelling % DOORS, Math.floor(dwelling / DOORS)];
  const [floor, above] = [rest % FLOORS, Math.floor(rest / FLOORS)];
  return `${Math.floor(above / UNITS) + 1}-${(above % UNITS) + 1}-${floor + 1}0${door + 1}`;
}

async function enter(
  arrivals: readonly Arrival[],
  { database, parts, clock, seed, publicKeyOf }: SeedOptions,
): Promise<Result<number, SeedProblem>> {
  return alone(database, async (transaction) => {
    const outcomes = await arrive(transaction, arrivals, parts);
    const indexes = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
    if (indexes.length < outcomes.length) return err('seeded-before');
    const keys = indexes
      .filter((index) => index % 10 < PHONES_OF_TEN)
      .map((place) => ({
        place,
        slot: 0,
        public_key: toHex(publicKeyOf(seededPhoneSecret(seed, place))),
        registered_at: clock.wall(),
      }));
    for (const some of chunks(keys, INSERTED_ROWS_MAX))
      await transaction.insertInto('holder_key').values(some).execute();
    return ok(keys.length);
  });
}

/** Their passwords are drawn at random and told nobody: a gate that is to connect is enrolled. */
async function enrolGates({ registry, communities, gates, seed, publicKeyOf }: SeedOptions): Promise<void> {
  for (let at = 0; at < gates; at += 1) {
    const community = communities[at % communities.length];
    assert(community !== undefined, 'a district has a community');
    const gate = `seed-${at + 1}`;
    if ((await registry.gate(gate)) !== undefined) continue;
    const secret = hash('sha256', `menwei seed ${seed} gate ${at + 1}`, 'buffer');
    await registry.enrolGate({ gate, community, deviceKey: toHex(publicKeyOf(secret)) });
  }
}

function drawFrom(random: Random): (below: number) => number {
  return (below) => {
    const [high = 0, low = 0] = random.bytes(2);
    return (high * 256 + low) % below;
  };
}
