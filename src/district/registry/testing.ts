import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { realClock } from '../../../test/twins/broker.ts';
import { wallMs } from '../../base/index.ts';
import type { NewResident, PersonBody } from '../../wire/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { generatedPerson } from './generated-people.ts';
import { openVault } from './open-vault.ts';
import { Persons } from './persons.ts';
import { Registry } from './registry.ts';

export { personTerms } from './person-terms.ts';

/** A registry with persons, and people who do not exist, for tests of both. */
export const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
export const LOOKUP_KEY = 'ab'.repeat(32);
export const COMMUNITY = 1001;

export interface Desk {
  readonly database: Database;
  readonly registry: Registry;
  readonly persons: Persons;
}

export async function openDesk(place: string, folder: string, passedMs = 0): Promise<Desk> {
  const clock = { ...realClock, wall: () => wallMs(Date.now() + passedMs) };
  const database = await openDatabase(place);
  const vault = await openVault(database, { file: join(folder, 'keys', 'persons.json'), random });
  const options = { database, clock, random, places: 65_536, vault };
  const registry = new Registry({ ...options, lookupKey: () => LOOKUP_KEY });
  return { database, registry, persons: new Persons({ ...options, registry, timeZone: 'Asia/Shanghai' }) };
}

let people = Math.floor(Math.random() * 1_000_000);
export function somebody(more: Partial<PersonBody> = {}): PersonBody {
  people += 1;
  return { ...generatedPerson(people, (below) => people % below), ...more };
}
export const living = (person: PersonBody, room = '8-2-2702'): NewResident & { person: PersonBody } => ({
  community: COMMUNITY,
  room,
  person,
  assurance: 1,
  needsMoreTime: false,
  minor: false,
});
