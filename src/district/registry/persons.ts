import type { Transaction } from 'kysely';
import { err, isoDate, localTime, ok, type Result, unixSeconds } from '../../base/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import {
  type ChangeDocument,
  checkDocument,
  checkPerson,
  checkRoom,
  type CheckedPerson,
  type DateText,
  type DocumentProblem,
  type FieldError,
  type NewResident,
  type PersonBody,
  type PersonSearch,
  type PersonView,
  type ResidentView,
} from '../../wire/index.ts';
import type { Database, Tables } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import { RECORDS_RENEWED_MAX } from '../limits.ts';
import type { ArrivalProblem } from './arrivals.ts';
import {
  type AlsoCorrected,
  concernedBy,
  correct,
  type Corrected,
  type Correction,
  type CorrectionProblem,
} from './corrections.ts';
import { replaceIndex, restoreForDocument, suspendForDocument } from './lives.ts';
import { foundPersons, personViews } from './person-search.ts';
import type { PersonVault } from './person-vault.ts';
import {
  documentHash,
  knownByHash,
  knownById,
  type KnownPerson,
  recordOf,
  rewritePerson,
} from './persons-table.ts';
import type { AlsoDone, Registry } from './registry.ts';
import { type Home, type Taken, takenOf } from './taken.ts';

/**
 * Persons, as the desk deals with them. It answers masked; a whole record leaves it only by `reveal`, after its reason was
 * written down. Nothing here names a person in a log, a refusal or an address.
 */
export interface PersonsOptions {
  readonly database: Database;
  readonly registry: Registry;
  readonly vault: PersonVault;
  readonly clock: Clock;
  readonly random: Random;
  /** Places of the residents' status list. */
  readonly places: number;
  /** IANA name; birth dates are held against its day. */
  readonly timeZone: string;
}

export type AddProblem = ArrivalProblem | { readonly errors: readonly (FieldError | RoomError)[] };
interface RoomError {
  readonly field: 'room';
}

export type DocumentChangeProblem =
  | 'no-such-person'
  | 'document-taken'
  | 'document-cancelled'
  | 'document-in-force'
  | { readonly document: DocumentProblem };

/** Places whose state changed, for the status list. */
export interface DocumentChanged {
  readonly person: number;
  readonly places: readonly number[];
}

/** What is left out stays, null removes. */
export interface PersonChanges {
  readonly phone?: string | null | undefined;
  readonly plate?: string | null | undefined;
  readonly relation?: PersonBody['relation'] | null;
}

/** Writes down who looks at a whole record and why, before it is shown. */
export type NoteReveal = (person: number, reason: string) => Promise<void>;

export class Persons {
  readonly #options: PersonsOptions;

  constructor(options: PersonsOptions) {
    this.#options = options;
  }

  /** All problems at once, each with its field. */
  check(body: PersonBody): Result<CheckedPerson, readonly FieldError[]> {
    return checkPerson(body, this.today());
  }

  /** A resident, whose person is known with a document if one is told; a known document is the same person again. */
  async add(
    { person: told, ...resident }: NewResident,
    also?: AlsoDone,
  ): Promise<Result<ResidentView, AddProblem>> {
    if (told === undefined) return this.#options.registry.addMasked(resident);
    const person = this.check(told);
    const room = checkRoom(resident.room);
    if (!person.ok || !room.ok) {
      const errors = person.ok ? [] : person.error;
      return err({ errors: room.ok ? errors : [...errors, { field: 'room' as const }] });
    }
    const placed = { ...resident, room: room.value.text };
    return this.#options.registry.addPerson(placed, { person: person.value, consent: told.consent }, also);
  }

  /** What of these data somebody else has, as far as a newcomer must be told. */
  taken(person: CheckedPerson, home: Home): Promise<Taken | undefined> {
    return takenOf(this.#options, person, home);
  }

  /** Persons whom a correction would change. @returns their numbers */
  concerned(correction: Correction): Promise<readonly number[]> {
    return concernedBy(this.#options, correction);
  }

  /** What an appeal has shown to be right, whole or not at all. */
  correct(correction: Correction, also: AlsoCorrected): Promise<Result<Corrected, CorrectionProblem>> {
    return correct(this.#options, correction, also);
  }

  /** Masked; at most fifty. */
  async search(asked: PersonSearch): Promise<PersonView[]> {
    const { database, vault } = this.#options;
    return personViews(database, vault, await foundPersons(database, vault, asked));
  }

  async view(person: number): Promise<PersonView | undefined> {
    const { database, vault } = this.#options;
    const [view] = await personViews(database, vault, [person]);
    return view;
  }

  /** For an export, behind which two persons stand. */
  get vault(): PersonVault {
    return this.#options.vault;
  }

  /** The whole record. The reason is written down first: when that fails, nothing is shown. */
  async reveal(
    person: number,
    reason: string,
    note: NoteReveal,
  ): Promise<Result<CheckedPerson, 'no-such-person'>> {
    const known = await this.#known(person);
    if (known === undefined) return err('no-such-person');
    await note(person, reason);
    return ok(known.person);
  }

  /** Telephone number, plate and relation, checked. */
  async amend(
    person: number,
    changes: PersonChanges,
  ): Promise<Result<PersonView, 'no-such-person' | { readonly errors: readonly FieldError[] }>> {
    const { database, vault, clock } = this.#options;
    const known = await this.#known(person);
    if (known === undefined) return err('no-such-person');
    const { phone, plate, relation, ...rest } = known.person;
    const [newPhone, newPlate, newRelation] = [
      changes.phone === undefined ? phone : changes.phone,
      changes.plate === undefined ? plate : changes.plate,
      changes.relation === undefined ? relation : changes.relation,
    ];
    const checked = this.check({
      ...rest,
      ...(newPhone ? { phone: newPhone } : {}),
      ...(newPlate ? { plate: newPlate } : {}),
      ...(newRelation ? { relation: newRelation } : {}),
    });
    if (!checked.ok) return err({ errors: checked.error });
    await alone(database, (transaction) =>
      rewritePerson(transaction, { id: person, person: checked.value }, { vault, now: clock.wall() }),
    );
    const view = await this.view(person);
    return view === undefined ? err('no-such-person') : ok(view);
  }

  /** In step with the physical document: a new number draws new indexes, a cancelled one revokes, a restored one restores. */
  changeDocument(
    person: number,
    change: ChangeDocument,
  ): Promise<Result<DocumentChanged, DocumentChangeProblem>> {
    return alone(this.#options.database, async (transaction) => {
      const known = (await knownById(transaction, this.#options.vault, [person])).get(person);
      if (known === undefined) return err('no-such-person');
      if (change.change === 'new') return this.#newDocument(transaction, known, change.document);
      const isCancelled = known.row.document_cancelled === 1;
      const cancels = change.change === 'cancel';
      if (cancels === isCancelled) return err(isCancelled ? 'document-cancelled' : 'document-in-force');
      await markDocument(transaction, person, cancels);
      const places = await (cancels ? suspendForDocument : restoreForDocument)(transaction, person);
      return ok({ person, places });
    });
  }

  /** What is due from time to time: dates that have come, and records of an older key. */
  readonly keep = async (): Promise<void> => {
    await this.purge();
    await this.renewRecords();
  };

  /** Removes what leads from ended indexes to persons, and persons whom nothing leads to. @returns how many persons */
  async purge(): Promise<number> {
    const { database, clock } = this.#options;
    return alone(database, async (transaction) => {
      await transaction
        .updateTable('resident')
        .set({ person: null, display: null, lookups: null, lookup_key: null, purge_at: null })
        .where('purge_at', '<=', clock.wall())
        .execute();
      const gone = await transaction
        .deleteFrom('person')
        .where((person) =>
          person.not(
            person.exists(
              person.selectFrom('resident').select('place').whereRef('resident.person', '=', 'person.id'),
            ),
          ),
        )
        .executeTakeFirst();
      return Number(gone.numDeletedRows);
    });
  }

  /** Writes records of older keys under the current one, some at a time. @returns how many are still to do, at least */
  async renewRecords(): Promise<number> {
    const { database, vault } = this.#options;
    const rows = await database
      .selectFrom('person')
      .select(['id', 'record'])
      .where('record', 'not like', `${vault.current}.%`)
      .orderBy('id')
      .limit(RECORDS_RENEWED_MAX + 1)
      .execute();
    await database.transaction().execute(async (transaction) => {
      for (const { id, record } of rows.slice(0, RECORDS_RENEWED_MAX)) {
        const again = vault.seal(recordOf(id), vault.open(recordOf(id), record));
        // A record that was changed meanwhile is under the current key by that.
        await transaction
          .updateTable('person')
          .set({ record: again })
          .where('id', '=', id)
          .where('record', '=', record)
          .execute();
      }
    });
    return Math.max(0, rows.length - RECORDS_RENEWED_MAX);
  }

  /** The district's own day. */
  today(): DateText {
    const { clock, timeZone } = this.#options;
    return isoDate(localTime(unixSeconds(clock.wall()), timeZone).day);
  }

  async #known(person: number): Promise<KnownPerson | undefined> {
    const { database, vault } = this.#options;
    return (await knownById(database, vault, [person])).get(person);
  }

  async #newDocument(
    transaction: Transaction<Tables>,
    { id, person }: KnownPerson,
    given: { type: CheckedPerson['document']['type']; number: string },
  ): Promise<Result<DocumentChanged, DocumentChangeProblem>> {
    const { vault, clock } = this.#options;
    const document = checkDocument(given, this.today());
    if (!document.ok) return err({ document: document.error });
    const { type, number, ...said } = document.value;
    const hash = documentHash(vault, { type, number });
    const taken = (await knownByHash(transaction, vault, [hash])).get(hash);
    if (taken !== undefined && taken.id !== id) return err('document-taken');
    const changed = { ...person, ...said, document: { type, number } };
    await rewritePerson(transaction, { id, person: changed }, { vault, now: clock.wall() });
    await restoreForDocument(transaction, id);
    await markDocument(transaction, id, false);
    return ok({ person: id, places: await this.#replaceAll(transaction, id) });
  }

  async #replaceAll(transaction: Transaction<Tables>, person: number): Promise<number[]> {
    const living = await transaction
      .selectFrom('resident')
      .select('place')
      .where('person', '=', person)
      .where('ended', 'is', null)
      .execute();
    const places: number[] = [];
    for (const { place } of living) {
      const done = await replaceIndex(transaction, place, this.#options);
      if (done.ok) places.push(done.value.index, done.value.revoked);
    }
    // The roster's look-ups are of the old number: without a key they count as missing, and are made anew.
    await transaction
      .updateTable('resident')
      .set({ lookups: null, lookup_key: null })
      .where('person', '=', person)
      .execute();
    return places;
  }
}

async function markDocument(
  transaction: Transaction<Tables>,
  person: number,
  cancelled: boolean,
): Promise<void> {
  await transaction
    .updateTable('person')
    .set({ document_cancelled: cancelled ? 1 : 0 })
    .where('id', '=', person)
    .execute();
}
