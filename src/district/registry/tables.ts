import type { Generated, Selectable } from 'kysely';

/**
 * Tables of residents and persons. What a person said of themselves is in `person.record` alone, encrypted; everything
 * else that leads to them is a random index, a number of a row, or a keyed hash.
 */
export interface PersonTables {
  household: HouseholdTable;
  resident: ResidentTable;
  building: { id: number; community: number; name: string };
  person: PersonTable;
  /** Keyed hashes under which a person is found. */
  person_lookup: { person: number; hash: string };
  /** Which keys this database was written with: a keyed hash that tells a wrong key file at start. */
  person_key: { id: string; proof: string };
}

interface HouseholdTable {
  id: Generated<number>;
  community: number;
  /** `8-2-2702` */
  room: string;
  building: number | null;
  unit: string | null;
  door: string | null;
  /** Orders that were given so far: none is given twice, to whoever leaves or moves. */
  orders_given: Generated<number>;
}

/** Why an index counts no more, though its row stays in the status list. */
export type Ended = 'left' | 'replaced' | 'document';

interface ResidentTable {
  place: number;
  household: number;
  member: number;
  display: string | null;
  last_day: number | null;
  needs_more_time: number;
  minor: number;
  assurance: number;
  state: number;
  person: number | null;
  /** One of `Ended`. */
  ended: string | null;
  /** State before the document was cancelled. */
  state_before: number | null;
  replaced_by: number | null;
  /** When what leads from this index to a person is removed. */
  purge_at: number | null;
  /** The roster's look-up hashes, one after the other, and the name of the key they were made with. */
  lookups: string | null;
  lookup_key: string | null;
}

interface PersonTable {
  id: number;
  /** Encrypted JSON of a CheckedPerson. */
  record: string;
  /** Keyed hash of type and number: one person in the district has it. */
  document_hash: string;
  document_cancelled: number;
  consent_version: string | null;
  consent_at: number | null;
  created_at: number;
  changed_at: number;
}

export type Resident = Selectable<ResidentTable>;
export type PersonRow = Selectable<PersonTable>;
