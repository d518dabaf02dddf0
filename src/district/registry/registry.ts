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
import type { Transaction } from 'kysely';
import type { Database, Gate, Resident, Tables } from '../database/database.ts';
import { HOUSEHOLD_MEMBERS_MAX, STATES_READ_MAX } from '../limits.ts';
import { alone } from '../database/transaction.ts';
import {
  type Arrival,
  type ArrivalParts,
  type ArrivalProblem,
  arrive,
  type RosterKey,
  rosterKeyOf,
} from './arrivals.ts';
import {
  changeResident,
  endResidence,
  moveResident,
  type Replaced,
  replaceIndex,
  type ResidenceProblem,
  type ResidentChanges,
} from './lives.ts';
import type { PersonVault } from './person-vault.ts';
import type { NewPerson } from './persons-table.ts';
import { isCurrent, residentRows, residentViews, rosterOf } from './resident-rows.ts';

/**
 * Who lives where, which phones and gates there are. An index is drawn at random and says nothing about its holder; what
 * persons said of themselves lies encrypted in tables of its own, and comes out of here only masked.
 */
export interface RegistryOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  /** Places of the residents' status list. */
  readonly places: number;
  /** Absent: residents are masked texts, and nobody is a person. */
  readonly vault?: PersonVault;
  /** Hex, as it is now; absent: rosters go without look-ups. */
  readonly lookupKey?: () => string | undefined;
}

/** Done in the same transaction, for who came under this index; when it throws, nobody came. */
export type AlsoDone = (transaction: Transaction<Tables>, index: number) => Promise<void>;

export type HolderKeyProblem = 'no-such-resident' | 'too-many-keys' | 'known-key';

export class Registry {
  readonly #options: RegistryOptions;
  readonly #database: Database;
  #rosterKey: (RosterKey & { readonly hex: string }) | undefined;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#database = options.database;
  }

  /** The first of a household makes it. @returns undefined when the household has no order left to give */
  async addResident(resident: NewResident): Promise<ResidentView | undefined> {
    const added = await this.addMasked(resident);
    return added.ok ? added.value : undefined;
  }

  /** Nobody knows who it is: the display is given masked, and is all there is. */
  addMasked(resident: NewResident): Promise<Result<ResidentView, ArrivalProblem>> {
    return this.#arrive({ ...resident, person: undefined });
  }

  /** @param person whose fields were checked */
  addPerson(
    resident: NewResident,
    { person, consent }: NewPerson,
    also?: AlsoDone,
  ): Promise<Result<ResidentView, ArrivalProblem>> {
    return this.#arrive({ ...resident, person, consent }, also);
  }

  async #arrive(arrival: Arrival, also?: AlsoDone): Promise<Result<ResidentView, ArrivalProblem>> {
    const added = await alone(this.#database, async (transaction) => {
      const [only] = await arrive(transaction, [arrival], this.parts());
      assert(only !== undefined, 'one came, so one is answered');
      if (only.ok) await also?.(transaction, only.value);
      return only;
    });
    if (!added.ok) return added;
    const view = await this.resident(added.value);
    assert(view !== undefined, 'who was entered is there');
    return ok(view);
  }

  /** Household by household; those who have left, and indexes that were replaced, are not among them. */
  async residents(limit: number): Promise<ResidentView[]> {
    const found = await this.#views()
      .where(isCurrent)
      .orderBy('resident.household')
      .orderBy('member')
      .limit(limit)
      .execute();
    return residentViews(this.#database, found);
  }

  /** Those who live in one room now, in their order. @param room in its one form */
  async household(community: number, room: string): Promise<ResidentView[]> {
    const found = await this.#views()
      .where('household.community', '=', community)
      .where('household.room', '=', room)
      .where(isCurrent)
      .orderBy('member')
      .limit(HOUSEHOLD_MEMBERS_MAX)
      .execute();
    return residentViews(this.#database, found);
  }

  async resident(place: number): Promise<ResidentView | undefined> {
    const [view] = await residentViews(
      this.#database,
      await this.#views().where('place', '=', place).execute(),
    );
    return view;
  }

  record(place: number): Promise<Resident | undefined> {
    return this.#database.selectFrom('resident').selectAll().where('place', '=', place).executeTakeFirst();
  }

  /** @returns false for a resident that there is not, and for an index that ended: it stays revoked */
  async setState(place: number, state: ResidentState): Promise<boolean> {
    const value = RESIDENT_STATES.indexOf(state);
    const done = await this.#database
      .updateTable('resident')
      .set({ state: value })
      .where('place', '=', place)
      .where('ended', 'is', null)
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
  async addPass(host: number, pass: NewPass & { from: number }): Promise<number> {
    const [id] = await this.addPasses([{ ...pass, host }]);
    assert(id !== undefined, 'one pass was entered, so one has a number');
    return id;
  }

  /** All on the disk at once. @returns their places in the visitors' list, dense, in the same order */
  addPasses(passes: readonly (NewPass & { from: number; host: number })[]): Promise<number[]> {
    return alone(this.#database, async (transaction) => {
      const last = await transaction
        .selectFrom('pass')
        .select('id')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      const first = (last?.id ?? -1) + 1;
      const rows = passes.map(({ host, community, from: from_seconds, minutes, uses }, at) => {
        return { id: first + at, host, community, from_seconds, minutes, uses, state: 0 };
      });
      await transaction.insertInto('pass').values(rows).execute();
      return rows.map(({ id }) => id);
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

  /** @param community all, when left out */
  gates(community?: number): Promise<Gate[]> {
    const all = this.#database.selectFrom('gate').selectAll().orderBy('id');
    return (community === undefined ? all : all.where('community', '=', community)).execute();
  }

  /** Where a person lives or lived: the rosters that may name them. */
  async communitiesOf(person: number): Promise<number[]> {
    const found = await this.#views().where('resident.person', '=', person).execute();
    return [...new Set(found.map(({ community }) => community))];
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
          ? await this.#database
              .selectFrom('resident')
              .select(['place', 'state'])
              .where('place', 'in', some)
              .execute()
          : await this.#database
              .selectFrom('pass')
              .select(['id as place', 'state'])
              .where('id', 'in', some)
              .execute();
      for (const { place, state } of found) states.set(place, state);
    }
    return { length: await this.#lengthOf(list), states };
  }

  async #lengthOf(list: StatusSubject): Promise<number> {
    if (list === 'residents') return this.#options.places;
    const last = await this.#database
      .selectFrom('pass')
      .select(({ fn }) => fn.max('id').as('id'))
      .executeTakeFirst();
    return (last?.id ?? -1) + 1;
  }

  /** Flat: two queries, however many live there. */
  roster(community: number): Promise<RosterMember[]> {
    return rosterOf(this.#database, community, this.parts());
  }

  /** What those need who write residents here: an import, a test district, a move. */
  parts(): ArrivalParts {
    const { clock, random, places, vault, lookupKey } = this.#options;
    const hex = lookupKey?.();
    if (hex !== undefined && hex !== this.#rosterKey?.hex) this.#rosterKey = { hex, ...rosterKeyOf(hex) };
    return { clock, random, places, vault, rosterKey: hex === undefined ? undefined : this.#rosterKey };
  }

  /**
   * A phone or a card is lost: a new index is drawn, and the old one is revoked for ever. Phones register anew.
   * @returns both, for the status list and the roster
   */
  replaceIndex(index: number): Promise<Result<Replaced, ResidenceProblem>> {
    return alone(this.#database, (transaction) => replaceIndex(transaction, index, this.#options));
  }

  /** To another dwelling; the index stays. */
  move(
    index: number,
    to: { community: number; room: string },
  ): Promise<Result<ResidentView, ResidenceProblem>> {
    return this.#changed(index, (transaction) => moveResident(transaction, { index, to }, this.parts()));
  }

  /** Revoked for ever; what leads to the person is removed half a year later. */
  leave(index: number): Promise<Result<ResidentView, ResidenceProblem>> {
    return this.#changed(index, (transaction) => endResidence(transaction, index, this.#options));
  }

  /** Flags, minority and last day; what is left out stays. */
  change(index: number, to: ResidentChanges): Promise<Result<ResidentView, ResidenceProblem>> {
    return this.#changed(index, (transaction) => changeResident(transaction, index, to));
  }

  async #changed(
    index: number,
    work: (transaction: Transaction<Tables>) => Promise<Result<unknown, ResidenceProblem>>,
  ): Promise<Result<ResidentView, ResidenceProblem>> {
    const done = await alone(this.#database, work);
    if (!done.ok) return done;
    const view = await this.resident(index);
    assert(view !== undefined, 'who was changed is there');
    return ok(view);
  }

  #views() {
    return residentRows(this.#database);
  }

  #keys(place: number) {
    return this.#database
      .selectFrom('holder_key')
      .select(['slot', 'public_key'])
      .where('place', '=', place)
      .orderBy('slot')
      .execute();
  }
}

/** A password here is 24 random bytes, so a plain hash keeps it. */
function hashOf(password: string): string {
  return hash('sha256', password, 'hex');
}
