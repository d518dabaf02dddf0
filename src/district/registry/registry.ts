import { hash } from 'node:crypto';
import { assert, err, ok, type Result, toHex } from '../../base/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import {
  type NewGate,
  type NewPass,
  type NewResident,
  RESIDENT_STATES,
  type ResidentState,
  type ResidentView,
  type RosterMember,
  type StatusSubject,
} from '../../wire/index.ts';
import type { Database, Gate, Resident } from '../database/database.ts';
import { HOLDER_KEYS_MAX, HOUSEHOLD_MEMBERS_MAX, INDEX_DRAWS_MAX, STATES_READ_MAX } from '../limits.ts';
import { alone } from '../database/transaction.ts';

/**
 * Who lives where, which phones and gates there are. An index is drawn at random and says nothing about its holder; no
 * name, document or phone number is kept here, only what is masked for a screen.
 */
export interface RegistryOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  /** Places of the residents' status list. */
  readonly places: number;
}

export type HolderKeyProblem = 'no-such-resident' | 'too-many-keys' | 'known-key';

export class Registry {
  readonly #options: RegistryOptions;
  readonly #database: Database;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#database = options.database;
  }

  /** The first of a household makes it. @returns undefined when the household has no order left to give */
  async addResident(resident: NewResident): Promise<ResidentView | undefined> {
    const place = await alone(this.#database, async (transaction) => {
      const household = await this.#household(transaction, resident);
      const members = await transaction
        .selectFrom('resident')
        .select('member')
        .where('household', '=', household)
        .orderBy('member', 'desc')
        .execute();
      const member = (members[0]?.member ?? -1) + 1;
      if (member >= HOUSEHOLD_MEMBERS_MAX) return undefined;
      const drawn = await this.#drawPlace(transaction);
      await transaction
        .insertInto('resident')
        .values({
          place: drawn,
          household,
          member,
          display: resident.display ?? null,
          last_day: resident.lastDay ?? null,
          needs_more_time: resident.needsMoreTime ? 1 : 0,
          minor: resident.minor ? 1 : 0,
          assurance: resident.assurance,
          state: 0,
        })
        .execute();
      return drawn;
    });
    return place === undefined ? undefined : this.resident(place);
  }

  async residents(limit: number): Promise<ResidentView[]> {
    const found = await this.#views().orderBy('resident.household').orderBy('member').limit(limit).execute();
    return Promise.all(found.map((row) => this.#view(row)));
  }

  async resident(place: number): Promise<ResidentView | undefined> {
    const found = await this.#views().where('place', '=', place).executeTakeFirst();
    return found === undefined ? undefined : this.#view(found);
  }

  record(place: number): Promise<Resident | undefined> {
    return this.#database.selectFrom('resident').selectAll().where('place', '=', place).executeTakeFirst();
  }

  /** @returns false for a resident that there is not */
  async setState(place: number, state: ResidentState): Promise<boolean> {
    const value = RESIDENT_STATES.indexOf(state);
    const done = await this.#database
      .updateTable('resident')
      .set({ state: value })
      .where('place', '=', place)
      .executeTakeFirst();
    return done.numUpdatedRows > 0n;
  }

  async setPassState(pass: number, state: ResidentState): Promise<boolean> {
    const value = RESIDENT_STATES.indexOf(state);
    const done = await this.#database
      .updateTable('pass')
      .set({ state: value })
      .where('id', '=', pass)
      .executeTakeFirst();
    return done.numUpdatedRows > 0n;
  }

  /** @param publicKey hex; that its holder has the secret is proved before */
  async addHolderKey(
    place: number,
    slot: number,
    publicKey: string,
  ): Promise<Result<number, HolderKeyProblem>> {
    const view = await this.resident(place);
    if (view === undefined) return err('no-such-resident');
    if (view.nextSlot === undefined || view.slots.includes(slot)) return err('too-many-keys');
    const added = await this.#database
      .insertInto('holder_key')
      .values({ place, slot, public_key: publicKey, registered_at: this.#options.clock.wall() })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return (added.numInsertedOrUpdatedRows ?? 0n) > 0n ? ok(slot) : err('known-key');
  }

  /** Public keys of a resident's phones, hex. */
  async holderKeys(place: number): Promise<string[]> {
    return (await this.#keys(place)).map(({ public_key }) => public_key);
  }

  /** @returns the pass's place in the visitors' list, dense from 0 */
  addPass(host: number, pass: NewPass & { from: number }): Promise<number> {
    return alone(this.#database, async (transaction) => {
      const last = await transaction
        .selectFrom('pass')
        .select('id')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      const id = (last?.id ?? -1) + 1;
      const { community, from: from_seconds, minutes, uses } = pass;
      await transaction
        .insertInto('pass')
        .values({ id, host, community, from_seconds, minutes, uses, state: 0 })
        .execute();
      return id;
    });
  }

  /** @returns the broker password, which is nowhere kept; a gate that is known gets a new one */
  async enrolGate(
    { gate, community, deviceKey, sealKey }: NewGate,
    { confirmed } = { confirmed: true },
  ): Promise<string> {
    const password = toHex(this.#options.random.bytes(24));
    const values = {
      community,
      device_key: deviceKey,
      seal_key: sealKey ?? null,
      password_hash: hashOf(password),
      enrolled_at: this.#options.clock.wall(),
      confirmed: confirmed ? 1 : 0,
    };
    await this.#database
      .insertInto('gate')
      .values({ id: gate, ...values, status: null, seen_at: null })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
      .execute();
    return password;
  }

  /** @returns false when the gate has another key by now */
  async confirmGate(id: string, deviceKey: string): Promise<boolean> {
    const done = await this.#database
      .updateTable('gate')
      .set({ confirmed: 1 })
      .where('id', '=', id)
      .where('device_key', '=', deviceKey)
      .executeTakeFirst();
    return done.numUpdatedRows > 0n;
  }

  gate(id: string): Promise<Gate | undefined> {
    return this.#database.selectFrom('gate').selectAll().where('id', '=', id).executeTakeFirst();
  }

  gates(): Promise<Gate[]> {
    return this.#database.selectFrom('gate').selectAll().orderBy('id').execute();
  }

  async gateHasPassword(id: string, password: string): Promise<boolean> {
    const gate = await this.gate(id);
    return gate !== undefined && gate.password_hash === hashOf(password);
  }

  async saw(gate: string, status?: string): Promise<void> {
    const seen = { seen_at: this.#options.clock.wall(), ...(status === undefined ? {} : { status }) };
    await this.#database.updateTable('gate').set(seen).where('id', '=', gate).execute();
  }

  /** Length of a status list, and the places that are not plainly valid. */
  async statuses(
    list: StatusSubject,
  ): Promise<{ length: number; named: { place: number; state: number }[] }> {
    if (list === 'residents') {
      const named = await this.#database
        .selectFrom('resident')
        .select(['place', 'state'])
        .where('state', '!=', 0)
        .execute();
      return { length: this.#options.places, named };
    }
    const last = await this.#database
      .selectFrom('pass')
      .select('id')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    const found = await this.#database
      .selectFrom('pass')
      .select(['id', 'state'])
      .where('state', '!=', 0)
      .execute();
    return { length: (last?.id ?? -1) + 1, named: found.map(({ id, state }) => ({ place: id, state })) };
  }

  /** Present states of these places alone, and the length of their list. A place that nobody has is not among them. */
  async statesOf(
    list: StatusSubject,
    places: readonly number[],
  ): Promise<{ length: number; states: Map<number, number> }> {
    const states = new Map<number, number>();
    for (let at = 0; at < places.length; at += STATES_READ_MAX) {
      const some = places.slice(at, at + STATES_READ_MAX);
      const found =
        list === 'residents'
          ? await this.#database.selectFrom('resident').select(['place', 'state']).where('place', 'in', some).execute()
          : await this.#database.selectFrom('pass').select(['id as place', 'state']).where('id', 'in', some).execute();
      for (const { place, state } of found) states.set(place, state);
    }
    return { length: await this.#lengthOf(list), states };
  }

  async #lengthOf(list: StatusSubject): Promise<number> {
    if (list === 'residents') return this.#options.places;
    const last = await this.#database.selectFrom('pass').select(({ fn }) => fn.max('id').as('id')).executeTakeFirst();
    return (last?.id ?? -1) + 1;
  }

  async roster(community: number): Promise<RosterMember[]> {
    const found = await this.#views().where('household.community', '=', community).orderBy('place').execute();
    const keys = await this.#keysOfCommunity(community);
    return found.map((row) => this.#member(row, keys.get(row.place) ?? []));
  }

  /** All at once: a community has thousands of phones. */
  async #keysOfCommunity(community: number): Promise<Map<number, KeyRow[]>> {
    const found = await this.#database
      .selectFrom('holder_key')
      .innerJoin('resident', 'resident.place', 'holder_key.place')
      .innerJoin('household', 'household.id', 'resident.household')
      .select(['holder_key.place', 'holder_key.slot', 'holder_key.public_key'])
      .where('household.community', '=', community)
      .orderBy('holder_key.slot')
      .execute();
    return Map.groupBy(found, ({ place }) => place);
  }

  #member(row: ViewRow, keys: readonly KeyRow[]): RosterMember {
    return {
      index: row.place,
      household: row.household,
      order: row.member,
      keys: keys.map(({ slot, public_key }) => ({ slot, public: public_key })),
      ...(row.display === null ? {} : { display: row.display }),
      ...(row.needs_more_time === 1 ? { needsMoreTime: true as const } : {}),
      ...(row.minor === 1 ? { minor: true as const } : {}),
      ...(row.last_day === null ? {} : { lastDay: row.last_day }),
      lookups: [],
    };
  }

  #views() {
    return this.#database
      .selectFrom('resident')
      .innerJoin('household', 'household.id', 'resident.household')
      .selectAll('resident')
      .select(['household.community', 'household.room']);
  }

  #keys(place: number) {
    return this.#database
      .selectFrom('holder_key')
      .select(['slot', 'public_key'])
      .where('place', '=', place)
      .orderBy('slot')
      .execute();
  }

  async #view(row: ViewRow): Promise<ResidentView> {
    const slots = (await this.#keys(row.place)).map(({ slot }) => slot);
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
      slots,
      ...(slots.length < HOLDER_KEYS_MAX ? { nextSlot: (slots.at(-1) ?? -1) + 1 } : {}),
    };
  }

  async #household(database: Database, { community, room }: NewResident): Promise<number> {
    const known = await database
      .selectFrom('household')
      .select('id')
      .where('community', '=', community)
      .where('room', '=', room)
      .executeTakeFirst();
    if (known !== undefined) return known.id;
    const last = await database
      .selectFrom('household')
      .select('id')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    const id = (last?.id ?? 0) + 1;
    await database.insertInto('household').values({ id, community, room }).execute();
    return id;
  }

  async #drawPlace(database: Database): Promise<number> {
    const { random, places } = this.#options;
    for (let draw = 0; draw < INDEX_DRAWS_MAX; draw += 1) {
      const place = uniform(random, places);
      const taken = await database
        .selectFrom('resident')
        .select('place')
        .where('place', '=', place)
        .executeTakeFirst();
      if (taken === undefined) return place;
    }
    throw new Error('the status list is full: give the district more places');
  }
}

interface KeyRow {
  readonly slot: number;
  readonly public_key: string;
}

type ViewRow = Resident & { readonly community: number; readonly room: string };

/** Evenly from 0 to `below` - 1: draws beyond the last whole multiple are thrown away. */
function uniform(random: Random, below: number): number {
  const limit = 2 ** 32 - (2 ** 32 % below);
  for (;;) {
    const value = random.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0);
    if (value < limit) return value % below;
  }
}

/** A password here is 24 random bytes, so a plain hash keeps it. */
function hashOf(password: string): string {
  return hash('sha256', password, 'hex');
}
