import { hash } from 'node:crypto';
import type { Clock } from '../../ports/index.ts';
import type { Database } from '../database/database.ts';
import { inTurn } from '../database/transaction.ts';
import {
  SIGN_IN_FORGET_MS,
  SIGN_IN_KEYS_MAX,
  SIGN_IN_LOCK_BELIEVED_MS,
  SIGN_IN_LOCK_MAX_MS,
  SIGN_IN_TRIES_MAX,
  SIGN_IN_WINDOW_MS,
} from '../limits.ts';

/**
 * Counts tries to sign in, by account and by address, names that there are not like all others. A try is counted before
 * its password is looked at, so that a thousand at once are no more than one after the other; it survives a restart.
 */
export interface Tried {
  /** As it was typed, whether there is such an account or not. */
  readonly account?: string;
  /** Absent: not known. */
  readonly address?: string;
}

interface Count {
  readonly key: string;
  readonly tries: number;
  readonly locks: number;
  readonly ends_at: number;
}

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
    const keys = keysOf(tried);
    if (keys.some((key) => (this.#locked.get(key) ?? 0) > now)) return false;
    const full = await this.#alone(async (transaction) => {
      const counts: Count[] = [];
      for (const key of keys) counts.push(await this.#count(transaction, key, now));
      const used = counts.filter(isFull);
      if (used.length > 0) return used;
      await this.#makeRoom(transaction, now);
      for (const count of counts) await write(transaction, counted(count, now));
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
      for (const key of keysOf(tried)) await this.#undo(transaction, key);
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

  /** One less; whoever has one account may not clear an address for guessing others. A lock that this try began ends. */
  async #undo(database: Database, key: string): Promise<void> {
    const now = this.#clock.wall();
    const { tries, locks, ends_at } = await this.#count(database, key, now);
    const wasFull = tries >= SIGN_IN_TRIES_MAX;
    await write(database, {
      key,
      tries: Math.max(0, tries - 1),
      locks: Math.max(0, locks - Number(wasFull)),
      ends_at: wasFull ? now + SIGN_IN_WINDOW_MS : ends_at,
    });
  }

  /** For a moment: another process may lift the lock. */
  #remember(full: readonly Count[], now: number): void {
    if (this.#locked.size >= SIGN_IN_KEYS_MAX) this.#locked.clear();
    for (const { key, ends_at } of full)
      this.#locked.set(key, Math.min(ends_at, now + SIGN_IN_LOCK_BELIEVED_MS));
  }

  /** @returns those of a window that is over begin anew, but remember their locks for a day */
  async #count(database: Database, key: string, now: number): Promise<Count> {
    const found = await database
      .selectFrom('sign_in_try')
      .selectAll()
      .where('key', '=', key)
      .executeTakeFirst();
    const fresh = { key, tries: 0, locks: 0, ends_at: now + SIGN_IN_WINDOW_MS };
    if (found === undefined || found.ends_at + SIGN_IN_FORGET_MS <= now) return fresh;
    return found.ends_at <= now ? { ...fresh, locks: found.locks } : found;
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

/** The try that uses up the last place begins the lock. */
function counted(count: Count, now: number): Count {
  const tries = count.tries + 1;
  if (tries < SIGN_IN_TRIES_MAX) return { ...count, tries };
  const lockMs = Math.min(SIGN_IN_WINDOW_MS * 2 ** count.locks, SIGN_IN_LOCK_MAX_MS);
  return { ...count, tries, locks: count.locks + 1, ends_at: now + lockMs };
}

function isFull({ tries }: Count): boolean {
  return tries >= SIGN_IN_TRIES_MAX;
}

function keysOf({ account, address }: Tried): string[] {
  return [
    ...(account === undefined ? [] : [accountKey(account)]),
    ...(address === undefined ? [] : [addressKey(address)]),
  ];
}

function accountKey(account: string): string {
  return hash('sha256', `account ${account}`, 'hex');
}

function addressKey(address: string): string {
  return hash('sha256', `address ${network(address)}`, 'hex');
}

/** Whoever has one address of IPv6 has at least the 2^64 beside it (RFC 6177). */
function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const filled =
    tail === undefined
      ? groups
      : [...groups, ...Array<string>(Math.max(0, 8 - groups.length - last.length)).fill('0'), ...last];
  return filled
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

async function write(database: Database, { key, ...counts }: Count): Promise<void> {
  await database
    .insertInto('sign_in_try')
    .values({ key, ...counts })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(counts))
    .execute();
}

async function forget(database: Database, key: string): Promise<void> {
  await database.deleteFrom('sign_in_try').where('key', '=', key).execute();
}
