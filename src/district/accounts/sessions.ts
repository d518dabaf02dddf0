import { hash } from 'node:crypto';
import { encodeBase64url } from '../../base/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import { DESK_ROLES, type DeskRole } from '../../wire/index.ts';
import type { Database } from '../database/database.ts';
import { alone } from '../database/transaction.ts';
import { SESSION_IDLE_MS, SESSION_MS, SESSION_TOUCH_MS, SESSIONS_OF_ACCOUNT_MAX } from '../limits.ts';
import type { Principal } from './roles.ts';

/**
 * Who is signed in. Of a session's token only the hash is kept; it ends after a quarter of an hour of nothing, after half a
 * day, and with its account. What a browser brings along is never taken as a new session's token.
 */
export interface OpenSession extends Principal {
  /** Unix milliseconds: then it is over, whatever is done. */
  readonly endsAt: number;
}

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export class Sessions {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor({ database, clock, random }: { database: Database; clock: Clock; random: Random }) {
    this.#database = database;
    this.#clock = clock;
    this.#random = random;
  }

  /** @returns the token, told once. @param old what the browser brought along, which ends here */
  async begin(account: string, old?: string): Promise<{ token: string; endsAt: number }> {
    const now = this.#clock.wall();
    const token = encodeBase64url(this.#random.bytes(TOKEN_BYTES));
    const endsAt = now + SESSION_MS;
    await alone(this.#database, async (transaction) => {
      if (old !== undefined)
        await transaction.deleteFrom('session').where('hash', '=', hashOf(old)).execute();
      await transaction
        .deleteFrom('session')
        .where((each) => each.or(isOver(now).map(([column, at]) => each(column, '<=', at))))
        .execute();
      const open = transaction.selectFrom('session').where('account', '=', account);
      const kept = await open
        .select('hash')
        .orderBy('seen_at', 'desc')
        .limit(SESSIONS_OF_ACCOUNT_MAX - 1)
        .execute();
      const others = transaction.deleteFrom('session').where('account', '=', account);
      await (kept.length === 0
        ? others
        : others.where(
            'hash',
            'not in',
            kept.map((each) => each.hash),
          )
      ).execute();
      await transaction
        .insertInto('session')
        .values({ hash: hashOf(token), account, seen_at: now, ends_at: endsAt })
        .execute();
    });
    return { token, endsAt };
  }

  /** @param touch whether this counts as doing something; @returns undefined when nobody is signed in with it */
  async find(token: string, { touch }: { touch: boolean }): Promise<OpenSession | undefined> {
    if (!TOKEN.test(token)) return undefined;
    const now = this.#clock.wall();
    const found = await this.#database
      .selectFrom('session')
      .innerJoin('account', 'account.name', 'session.account')
      .select(['session.hash', 'session.account', 'session.seen_at', 'session.ends_at', 'account.roles'])
      .where('session.hash', '=', hashOf(token))
      .where('session.ends_at', '>', now)
      .where('session.seen_at', '>', now - SESSION_IDLE_MS)
      .where('account.disabled', '=', 0)
      .executeTakeFirst();
    if (found === undefined) return undefined;
    if (touch && now - found.seen_at >= SESSION_TOUCH_MS)
      await this.#database
        .updateTable('session')
        .set({ seen_at: now })
        .where('hash', '=', found.hash)
        .execute();
    return { account: found.account, roles: rolesOf(found.roles), endsAt: found.ends_at };
  }

  async end(token: string): Promise<void> {
    await this.#database.deleteFrom('session').where('hash', '=', hashOf(token)).execute();
  }
}

/** All sessions of an account: it was disabled, or has a new password. */
export async function endSessionsOf(database: Database, account: string): Promise<void> {
  await database.deleteFrom('session').where('account', '=', account).execute();
}

/** What is no role any more is none. */
export function rolesOf(text: string): ReadonlySet<DeskRole> {
  const named = text.split(',');
  return new Set(DESK_ROLES.filter((role) => named.includes(role)));
}

function isOver(now: number): (readonly ['ends_at' | 'seen_at', number])[] {
  return [
    ['ends_at', now],
    ['seen_at', now - SESSION_IDLE_MS],
  ];
}

/** A token is 32 random bytes, so a plain hash keeps it. */
function hashOf(token: string): string {
  return hash('sha256', token, 'hex');
}
