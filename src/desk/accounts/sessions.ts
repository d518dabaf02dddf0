import { hash } from 'node:crypto';
import { encodeBase64url } from '../../base/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import type { GuardRole } from '../../wire/index.ts';
import type { Guard } from '../guard.ts';
import { SESSION_IDLE_MS, SESSION_MS, SESSIONS_OF_GUARD_MAX } from '../limits.ts';

/**
 * Who is signed in, in memory and by the monotonic clock alone: a wrong time of day neither ends nor prolongs a session, no
 * card holds one, and a restarted gate asks for the PIN again. Of a token only the hash is kept, and what a browser brings
 * along is never taken as a new session's token.
 */
export interface GuardSessionsOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly random: Random;
}

/** Why a session is over. */
export type SessionEnd = 'ended' | 'idle' | 'elsewhere';

export interface OpenGuardSession extends Guard {
  /** Then it is over, whatever is done. */
  readonly leftMs: number;
}

interface Kept {
  readonly guard: Guard;
  readonly endsAt: number;
  seenAt: number;
}

type EndListener = (guard: Guard, why: SessionEnd) => void;

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const NAME_BYTES = 9;

export class GuardSessions {
  readonly #options: GuardSessionsOptions;
  /** By the hash of the token, oldest first. */
  readonly #open = new Map<string, Kept>();
  readonly #listeners = new Set<EndListener>();

  constructor(options: GuardSessionsOptions) {
    this.#options = options;
  }

  /** @returns the token, told once. @param old what the browser brought along, which ends here */
  begin(who: { account: string; role: GuardRole; duress: boolean }, old?: string): string {
    this.sweep();
    if (old !== undefined) this.end(old, 'ended');
    const others = [...this.#open].filter(([, { guard }]) => guard.account === who.account);
    for (const [key] of others.slice(0, Math.max(0, others.length - SESSIONS_OF_GUARD_MAX + 1)))
      this.#end(key, 'elsewhere');
    const { clock, random } = this.#options;
    const token = encodeBase64url(random.bytes(TOKEN_BYTES));
    const seenAt = clock.monotonic();
    const guard = { ...who, session: encodeBase64url(random.bytes(NAME_BYTES)) };
    this.#open.set(hashOf(token), { guard, seenAt, endsAt: seenAt + SESSION_MS });
    return token;
  }

  /** @param touch whether this counts as doing something; @returns undefined when nobody is signed in with it */
  find(token: string, { touch }: { touch: boolean }): OpenGuardSession | undefined {
    if (!TOKEN.test(token)) return undefined;
    const key = hashOf(token);
    const kept = this.#open.get(key);
    if (kept === undefined) return undefined;
    const now = this.#options.clock.monotonic();
    const why = overBy(kept, now);
    if (why !== undefined) {
      this.#end(key, why);
      return undefined;
    }
    if (touch) kept.seenAt = now;
    return { ...kept.guard, leftMs: kept.endsAt - now };
  }

  end(token: string, why: SessionEnd): void {
    this.#end(hashOf(token), why);
  }

  /** All of one guard: the account is disabled, or has another PIN. */
  endOf(account: string): void {
    for (const [key, { guard }] of this.#open) if (guard.account === account) this.#end(key, 'ended');
  }

  /** Of everybody: there are no accounts any more. */
  endAll(): void {
    for (const key of this.#open.keys()) this.#end(key, 'ended');
  }

  /** All of one guard but this: the PIN is another one. */
  endOthersOf({ account, session }: Guard): void {
    for (const [key, { guard }] of this.#open)
      if (guard.account === account && guard.session !== session) this.#end(key, 'ended');
  }

  /** The guard has typed the PIN for duress: from here on the session is one. */
  markDuress(session: string): void {
    for (const [key, kept] of this.#open)
      if (kept.guard.session === session)
        this.#open.set(key, { ...kept, guard: { ...kept.guard, duress: true } });
  }

  /** Ends those whose time is over, without waiting until somebody asks. */
  sweep(): void {
    const now = this.#options.clock.monotonic();
    for (const [key, kept] of this.#open) {
      const why = overBy(kept, now);
      if (why !== undefined) this.#end(key, why);
    }
  }

  /** Hears of every session that is over. @returns a function that ends it */
  onEnd(listener: EndListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #end(key: string, why: SessionEnd): void {
    const kept = this.#open.get(key);
    if (kept === undefined) return;
    this.#open.delete(key);
    for (const listener of this.#listeners) listener(kept.guard, why);
  }
}

function overBy({ endsAt, seenAt }: Kept, now: number): SessionEnd | undefined {
  if (now >= endsAt) return 'ended';
  return now - seenAt >= SESSION_IDLE_MS ? 'idle' : undefined;
}

/** A token is 32 random bytes, so a plain hash keeps it. */
function hashOf(token: string): string {
  return hash('sha256', token, 'hex');
}
