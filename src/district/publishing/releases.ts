import type { Selectable } from 'kysely';
import { err, ok, type Result, unixSeconds } from '../../base/index.ts';
import type { Clock } from '../../ports/index.ts';
import {
  type NewRelease,
  type PublicRootKey,
  type ReleaseProblem,
  type ReleaseReading,
  readRelease,
} from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import type { ReleaseTable } from '../gates/update-tables.ts';
import { RELEASES_LISTED_MAX } from '../limits.ts';

/**
 * The releases that somebody has registered at the desk. One is taken by its makers' signature alone, under the rules by
 * which gates take it, and numbers only rise: the newest is the one that gates may be ordered to take.
 */
export interface ReleasesOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly verifySignature: ReleaseReading['verify'];
  /** Whose releases count, as the configuration names them now; absent: it names nobody. */
  readonly makers?: () => Result<readonly PublicRootKey[], string>;
}

export type RegisterProblem =
  | ReleaseProblem
  | 'no-makers-configured'
  | 'bad-maker-keys'
  | 'older-release'
  | 'known-release';
export type StoredRelease = Selectable<ReleaseTable>;

export class Releases {
  readonly #options: ReleasesOptions;

  constructor(options: ReleasesOptions) {
    this.#options = options;
  }

  /** Whether the configuration names anybody whose releases count. */
  get isConfigured(): boolean {
    return this.#options.makers !== undefined;
  }

  /** @returns its number */
  async register(
    { release: text, address }: NewRelease,
    by: string,
  ): Promise<Result<number, RegisterProblem>> {
    const { database, clock, verifySignature, makers } = this.#options;
    const keys = makers?.();
    if (keys === undefined) return err('no-makers-configured');
    if (!keys.ok) return err('bad-maker-keys');
    const nowSeconds = unixSeconds(clock.wall());
    const read = readRelease(text, { keys: keys.value, verify: verifySignature, nowSeconds });
    if (!read.ok) return read;
    const { number, version, exp, packages } = read.value;
    const row: StoredRelease = {
      number,
      version,
      text: text.trim(),
      address,
      architectures: packages.map(({ architecture }) => architecture).join(','),
      expires_at: exp * 1_000,
      registered_at: clock.wall(),
      registered_by: by,
      stopped_by: null,
    };
    return alone(database, async (transaction) => {
      const newest = await transaction
        .selectFrom('release')
        .select((each) => each.fn.max('number').as('number'))
        .executeTakeFirst();
      const last = newest?.number ?? 0;
      if (number <= last) return err(number === last ? 'known-release' : 'older-release');
      await transaction.insertInto('release').values(row).execute();
      return ok(number);
    });
  }

  /** The newest first. */
  list(): Promise<StoredRelease[]> {
    const all = this.#options.database.selectFrom('release').selectAll().orderBy('number', 'desc');
    return all.limit(RELEASES_LISTED_MAX).execute();
  }
}
