import { hash } from 'node:crypto';
import { SIGN_IN_FORGET_MS, SIGN_IN_LOCK_MAX_MS, SIGN_IN_TRIES_MAX, SIGN_IN_WINDOW_MS } from './limits.ts';

/**
 * How tries to sign in are counted, by account and by address, names that there are not like all others. It holds nothing:
 * whoever keeps the counts (a database, a file) changes each in one transaction, before a password is looked at.
 */
export interface Tried {
  /** As it was typed, whether there is such an account or not. */
  readonly account?: string;
  /** Absent: not known. */
  readonly address?: string;
}

export interface SignInCount {
  /** SHA-256, hex: what was typed may be a password in the wrong field. */
  readonly key: string;
  readonly tries: number;
  /** Locks one after the other. */
  readonly locks: number;
  /** Of the window, or of the lock; Unix milliseconds. */
  readonly endsAt: number;
}

/** @returns those of a window that is over begin anew, but remember their locks for a day */
export function countAt(key: string, kept: SignInCount | undefined, now: number): SignInCount {
  const fresh = { key, tries: 0, locks: 0, endsAt: now + SIGN_IN_WINDOW_MS };
  if (kept === undefined || kept.endsAt + SIGN_IN_FORGET_MS <= now) return fresh;
  return kept.endsAt <= now ? { ...fresh, locks: kept.locks } : kept;
}

export function isFull({ tries }: SignInCount): boolean {
  return tries >= SIGN_IN_TRIES_MAX;
}

/** One more. The try that uses up the last place begins the lock. */
export function countedUp(count: SignInCount, now: number): SignInCount {
  const tries = count.tries + 1;
  if (tries < SIGN_IN_TRIES_MAX) return { ...count, tries };
  const lockMs = Math.min(SIGN_IN_WINDOW_MS * 2 ** count.locks, SIGN_IN_LOCK_MAX_MS);
  return { ...count, tries, locks: count.locks + 1, endsAt: now + lockMs };
}

/** One less; whoever has one account may not clear an address for guessing others. A lock that this try began ends. */
export function countedDown(count: SignInCount, now: number): SignInCount {
  const wasFull = isFull(count);
  return {
    key: count.key,
    tries: Math.max(0, count.tries - 1),
    locks: Math.max(0, count.locks - Number(wasFull)),
    endsAt: wasFull ? now + SIGN_IN_WINDOW_MS : count.endsAt,
  };
}

/** The counts that a try is counted in. */
export function triedKeys({ account, address }: Tried): string[] {
  return [
    ...(account === undefined ? [] : [accountKey(account)]),
    ...(address === undefined ? [] : [addressKey(address)]),
  ];
}

export function accountKey(account: string): string {
  return hash('sha256', `account ${account}`, 'hex');
}

export function addressKey(address: string): string {
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
