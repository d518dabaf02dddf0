import {
  accountKey,
  addressKey,
  countAt,
  countedDown,
  countedUp,
  isFull,
  SIGN_IN_FORGET_MS,
  type SignInCount,
  type Tried,
  triedKeys,
} from '../../access/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { Database } from '../database/database.ts';
import { inTurn } from '../database/transaction.ts';
import { SIGN_IN_KEYS_MAX, SIGN_IN_LOCK_BELIEVED_MS } from '../limits.ts';

/**
 * Counts tries to sign in, by account and by address, names that there are not like all others. A try is counted before
 * its password is looked at, so that a thousand at once are no more than one after the other; it survives a restart.
 */

export class SignInTries {
  readonly #database: Database;
  readonly #clock: Clock;
  /** Keys that are locked, and until when that is believed without looking: a flood costs no transactions. */
  readonly #locked = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();

  constructor({ database, clock }: { database: Database; clock: Clock }) {
    this.#database = database;
    this.#clock = clock;
  }

  /** @returns false: too many, and this one is not to be looked at */
  async take(tried: Tried): Promise<boolean> {
    const now = this.#clock.wall();
    const keys = triedKeys(tried);
    if (keys.some((key) => (this.#locked.get(key) ?? 0) > now)) return false;
    const full = await this.#alone(async (transaction) => {
      const counts: SignInCount[] = [];
      for (const key of keys) counts.push(await this.#count(transaction, key, now));
      const used = counts.filter(isFull);
      if (used.length > 0) return used;
      await this.#makeRoom(transaction, now);
      for (const count of counts) await write(transaction, countedUp(count, now));
      return [];
    });
    this.#remember(full, now);
    return full.length === 0;
  }

  /** The password was right: the account's tries are forgotten, the address has one less. */
  async succeeded({ account, address }: Tried): Promise<void> {
    await this.#alone(async (transaction) => {
      if (account !== undefined) await forget(transaction, accountKey(account));
      if (address !== undefined) await this.#undo(transaction, addressKey(address));
    });
  }

  /** The try was not looked at after all: it counts for nobody. */
  async notLookedAt(tried: Tried): Promise<void> {
    await this.#alone(async (transaction) => {
      for (const key of triedKeys(tried)) await this.#undo(transaction, key);
    });
  }

  /** An invitation opens a locked account. */
  forgive(account: string): Promise<void> {
    this.#locked.delete(accountKey(account));
    return forget(this.#database, accountKey(account));
  }

  /** One at a time, so that a flood holds one connection to the database and leaves the others to the district. */
  #alone<Outcome>(work: (database: Database) => Promise<Outcome>): Promise<Outcome> {
    const done = this.#last.then(() => inTurn(this.#database, 'sign in', work));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #undo(database: Database, key: string): Promise<void> {
    const now = this.#clock.wall();
    await write(database, countedDown(await this.#count(database, key, now), now));
  }

  /** For a moment: another process may lift the lock. */
  #remember(full: readonly SignInCount[], now: number): void {
    if (this.#locked.size >= SIGN_IN_KEYS_MAX) this.#locked.clear();
    for (const { key, endsAt } of full)
      this.#locked.set(key, Math.min(endsAt, now + SIGN_IN_LOCK_BELIEVED_MS));
  }

  async #count(database: Database, key: string, now: number): Promise<SignInCount> {
    const found = await database
      .selectFrom('sign_in_try')
      .select(['key', 'tries', 'locks', 'ends_at as endsAt'])
      .where('key', '=', key)
      .executeTakeFirst();
    return countAt(key, found, now);
  }

  async #makeRoom(database: Database, now: number): Promise<void> {
    await database
      .deleteFrom('sign_in_try')
      .where('ends_at', '<=', now - SIGN_IN_FORGET_MS)
      .execute();
    const { kept } = await database
      .selectFrom('sign_in_try')
      .select(({ fn }) => fn.countAll<number>().as('kept'))
      .executeTakeFirstOrThrow();
    if (kept < SIGN_IN_KEYS_MAX) return;
    const first = database
      .selectFrom('sign_in_try')
      .select('key')
      .orderBy('ends_at')
      .limit(kept - SIGN_IN_KEYS_MAX + 2);
    await database.deleteFrom('sign_in_try').where('key', 'in', first).execute();
  }
}

async function write(database: Database, { key, tries, locks, endsAt }: SignInCount): Promise<void> {
  const counts = { tries, locks, ends_at: endsAt };
  await database
    .insertInto('sign_in_try')
    .values({ key, ...counts })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(counts))
    .execute();
}

async function forget(database: Database, key: string): Promise<void> {
  await database.deleteFrom('sign_in_try').where('key', '=', key).execute();
}
