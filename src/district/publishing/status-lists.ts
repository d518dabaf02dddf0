import {
  signStatusDelta,
  signStatusList,
  statusChanges,
  statusListClaim,
  statusListHash,
  statusListOf,
} from '../../issue/index.ts';
import type { StatusSubject } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { DELTA_CHANGES_MAX, LIFE_SECONDS } from '../limits.ts';
import type { Registry } from '../registry/registry.ts';
import type { Shelf } from './shelf.ts';

/** The two status lists: a whole list from time to time, and between them one cumulative delta on top of it. */
export interface StatusListsOptions {
  readonly district: string;
  readonly database: Database;
  readonly registry: Registry;
  readonly keys: KeyRing;
  readonly shelf: Shelf;
}

export class StatusLists {
  readonly #options: StatusListsOptions;

  constructor(options: StatusListsOptions) {
    this.#options = options;
  }

  /** Signs the whole list when it is missing, half spent, or behind the registry (a stop between change and signing). */
  async refresh(list: StatusSubject): Promise<void> {
    const { shelf } = this.#options;
    const stored = await shelf.get(list);
    if (stored === undefined || shelf.halfSpent(stored)) return this.#signWhole(list);
    const newest = (await shelf.get(`${list}-delta`)) ?? stored;
    if (newest.hash !== statusListHash(await this.#bytes(list))) await this.#signWhole(list);
  }

  /** Takes the registry's present states in. @returns what was signed */
  async change(list: StatusSubject, places: readonly number[]): Promise<'delta' | 'whole'> {
    const { database } = this.#options;
    const values = places.map((place) => ({ list, place }));
    await database
      .insertInto('status_change')
      .values(values)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    if (await this.#signDelta(list)) return 'delta';
    await this.#signWhole(list);
    return 'whole';
  }

  async #signWhole(list: StatusSubject): Promise<void> {
    const { district, keys, registry, database, shelf } = this.#options;
    const [bytes, { length }] = [await this.#bytes(list), await registry.statuses(list)];
    const issued = shelf.issued(await this.#nextVersion(list), LIFE_SECONDS.status);
    const status_list = await statusListClaim(bytes);
    const text = await signStatusList(keys.signers.status, {
      ...issued,
      iss: district,
      sub: list,
      length,
      status_list,
    });
    await shelf.put({ name: list, ...issued, text, hash: statusListHash(bytes) });
    await database.deleteFrom('status_change').where('list', '=', list).execute();
    await shelf.remove(`${list}-delta`);
  }

  /** @returns false when there is no list to build on, or a new one is cheaper */
  async #signDelta(list: StatusSubject): Promise<boolean> {
    const { district, keys, registry, database, shelf } = this.#options;
    const base = await shelf.get(list);
    const changed = await database
      .selectFrom('status_change')
      .select('place')
      .where('list', '=', list)
      .execute();
    if (base === undefined || changed.length > DELTA_CHANGES_MAX) return false;
    const [bytes, { length }] = [await this.#bytes(list), await registry.statuses(list)];
    const issued = shelf.issued(await this.#nextVersion(list), LIFE_SECONDS.status);
    const digest = statusListHash(bytes);
    const text = await signStatusDelta(keys.signers.status, {
      iss: district,
      sub: list,
      base: base.version,
      version: issued.version,
      iat: issued.iat,
      length,
      changes: statusChanges(
        bytes,
        changed.map(({ place }) => place),
      ),
      hash: digest,
    });
    await shelf.put({ name: `${list}-delta`, ...issued, text, hash: digest });
    return true;
  }

  async #bytes(list: StatusSubject): Promise<Uint8Array> {
    const { length, named } = await this.#options.registry.statuses(list);
    return statusListOf(
      length,
      named.map(({ place, state }) => ({ place, state: (state & 3) as 0 | 1 | 2 | 3 })),
    );
  }

  async #nextVersion(list: StatusSubject): Promise<number> {
    const { shelf } = this.#options;
    const [whole, delta] = [await shelf.get(list), await shelf.get(`${list}-delta`)];
    return Math.max(whole?.version ?? 0, delta?.version ?? 0) + 1;
  }
}
