import type { Clock, Log } from '../../ports/index.ts';
import type { StatusSubject, TrustChannel } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import type { Issuers } from '../keys/issuers.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { OperatorKeys } from '../keys/operator-keys.ts';
import type { Persons } from '../registry/persons.ts';
import type { Registry } from '../registry/registry.ts';
import type { Community } from './community.ts';
import type { SealedRostersOptions } from './sealed-rosters.ts';

export interface PublisherOptions {
  readonly district: string;
  readonly timeZone: string;
  readonly communities: readonly Community[];
  readonly database: Database;
  readonly registry: Registry;
  /** Absent: rosters are stored as they are. */
  readonly persons?: Pick<Persons, 'vault'>;
  readonly keys: KeyRing;
  /** false: rosters carry no key of short codes, which gates of an earlier build refuse. */
  readonly shortCodes?: boolean;
  readonly issuers: Issuers;
  readonly operators: OperatorKeys;
  readonly clock: Clock;
  readonly log: Log;
  /** Publishes retained on `trust/<channel>`. */
  readonly publish: (channel: TrustChannel, payload: string) => Promise<void>;
  /** @returns false: the broker has not taken it */
  readonly publishRoster: (gate: string, payload: string) => Promise<unknown>;
  /** A change of a list goes out under this version. */
  readonly onListChanged?: (change: ListChange) => Promise<void>;
  /** As the standard has it, when left out. */
  readonly seal?: SealedRostersOptions['seal'];
}

export interface ListChange {
  readonly list: StatusSubject;
  readonly places: readonly number[];
  readonly version: number;
}
