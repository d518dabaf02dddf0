import { hash } from 'node:crypto';
import {
  accountKey,
  addressKey,
  countAt,
  countedDown,
  countedUp,
  isFull,
  SIGN_IN_FORGET_MS,
  SIGN_IN_LOCK_MAX_MS,
  type SignInCount,
} from '../../access/index.ts';
import type { DeskFile } from '../desk-file.ts';
import { FAMILIAR_MAX, FAMILIAR_MS, TRIED_KEYS_MAX } from '../limits.ts';

/**
 * Counts tries to sign in before a PIN is looked at, and over a restart. A guard who comes from where they have signed in
 * before has a count of their own there: whoever guesses elsewhere locks the account for strangers and himself out, not the
 * guard at the desk; and one guard's lock at the desk is not another's.
 */
export interface GuardTried {
  readonly account: string;
  /** Absent: not known. */
  readonly address?: string;
}

export class GuardTries {
  readonly #file: DeskFile;
  readonly #now: () => number;

  constructor({ file, now }: { file: DeskFile; now: () => number }) {
    this.#file = file;
    this.#now = now;
  }

  /** @returns milliseconds to wait: this one is not to be looked at; 0: it is counted */
  take(tried: GuardTried): number {
    const now = this.#now();
    const counts = this.#keysOf(tried).map((key) => this.#count(key, now));
    const waitMs = Math.max(0, ...counts.filter(isFull).map(({ endsAt }) => endsAt - now));
    if (waitMs > 0) return waitMs;
    this.#file.together(() => {
      this.#makeRoom(now);
      for (const count of counts) this.#write(countedUp(count, now));
    });
    return 0;
  }

  /** The PIN was right: the guard's tries from there are forgotten, a strange address has one less and is familiar now. */
  succeeded(tried: GuardTried): void {
    const now = this.#now();
    this.#file.together(() => {
      const [own, ...others] = this.#keysOf(tried);
      if (own !== undefined) this.#forget(own);
      for (const key of others) this.#write(countedDown(this.#count(key, now), now));
      if (tried.address !== undefined) this.#remember(tried.account, addressKey(tried.address), now);
    });
  }

  /** The try was not looked at after all: it counts for nobody. */
  notLookedAt(tried: GuardTried): void {
    const now = this.#now();
    this.#file.together(() => {
      for (const key of this.#keysOf(tried)) this.#write(countedDown(this.#count(key, now), now));
    });
  }

  /** Whether the next try from there is not looked at. */
  isLocked(tried: GuardTried): boolean {
    return this.#keysOf(tried).some((key) => isFull(this.#count(key, this.#now())));
  }

  /** Whether any count of the account is full. */
  isAccountLocked(account: string): boolean {
    return this.#allKeysOf(account).some((key) => isFull(this.#count(key, this.#now())));
  }

  /** A new invitation opens a locked account, from everywhere. */
  forgive(account: string): void {
    for (const key of this.#allKeysOf(account)) this.#forget(key);
  }

  /** The account's own key first. */
  #keysOf({ account, address }: GuardTried): string[] {
    if (address === undefined) return [accountKey(account)];
    const from = addressKey(address);
    return this.#isFamiliar(account, from) ? [familiarKey(account, from)] : [accountKey(account), from];
  }

  #allKeysOf(account: string): string[] {
    const addresses = this.#file.all('SELECT address FROM familiar WHERE account = ?', account);
    return [accountKey(account), ...addresses.map(({ address }) => familiarKey(account, String(address)))];
  }

  #isFamiliar(account: string, from: string): boolean {
    const since = this.#now() - FAMILIAR_MS;
    return (
      this.#file.one(
        'SELECT 1 FROM familiar WHERE account = ? AND address = ? AND seen_at > ?',
        account,
        from,
        since,
      ) !== undefined
    );
  }

  #remember(account: string, from: string, now: number): void {
    this.#file.run(
      'INSERT INTO familiar (account, address, seen_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at',
      account,
      from,
      now,
    );
    this.#file.run(
      'DELETE FROM familiar WHERE (account, address) IN (SELECT account, address FROM familiar ORDER BY seen_at DESC LIMIT -1 OFFSET ?)',
      FAMILIAR_MAX,
    );
  }

  /** A clock that was set back must not make a lock longer than any lock is. */
  #count(key: string, now: number): SignInCount {
    const found = this.#file.one('SELECT tries, locks, ends_at FROM tried WHERE key = ?', key);
    if (found === undefined) return countAt(key, undefined, now);
    const endsAt = Math.min(Number(found['ends_at']), now + SIGN_IN_LOCK_MAX_MS);
    return countAt(key, { key, tries: Number(found['tries']), locks: Number(found['locks']), endsAt }, now);
  }

  #write({ key, tries, locks, endsAt }: SignInCount): void {
    this.#file.run(
      'INSERT INTO tried (key, tries, locks, ends_at) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET tries = excluded.tries, locks = excluded.locks, ends_at = excluded.ends_at',
      key,
      tries,
      locks,
      endsAt,
    );
  }

  #forget(key: string): void {
    this.#file.run('DELETE FROM tried WHERE key = ?', key);
  }

  #makeRoom(now: number): void {
    this.#file.run('DELETE FROM tried WHERE ends_at <= ?', now - SIGN_IN_FORGET_MS);
    this.#file.run(
      'DELETE FROM tried WHERE key IN (SELECT key FROM tried ORDER BY ends_at DESC LIMIT -1 OFFSET ?)',
      TRIED_KEYS_MAX - 2,
    );
  }
}

function familiarKey(account: string, from: string): string {
  return hash('sha256', `familiar ${account} ${from}`, 'hex');
}
