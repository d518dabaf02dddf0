import { join } from 'node:path';
import type { Clock, Random } from '../../ports/index.ts';
import type { Database } from '../database/database.ts';
import { openVault } from './open-vault.ts';
import { Persons } from './persons.ts';
import { Registry } from './registry.ts';

/** The registry with its persons, in a district or for a command beside it. */
export interface RegistryPlace {
  readonly database: Database;
  readonly dataDir: string;
  /** Where the persons' keys lie; `keys/persons.json` in `dataDir` when left out. */
  readonly personKeys?: string;
  readonly clock: Clock;
  readonly random: Random;
  /** IANA name */
  readonly timeZone: string;
  /** Places of the residents' status list; 65,536 when left out. */
  readonly places?: number;
  /** Hex, of the key ring; absent: a district that has it makes the look-ups. */
  readonly lookupKey?: () => string | undefined;
}

export interface OpenRegistry {
  readonly registry: Registry;
  readonly persons: Persons;
}

export const PLACES = 65_536;

export async function openRegistry(place: RegistryPlace): Promise<OpenRegistry> {
  const { database, dataDir, random } = place;
  const file = place.personKeys ?? join(dataDir, 'keys', 'persons.json');
  const vault = await openVault(database, { file, random });
  const options = { ...place, places: place.places ?? PLACES, vault };
  const registry = new Registry(options);
  return { registry, persons: new Persons({ ...options, registry }) };
}
