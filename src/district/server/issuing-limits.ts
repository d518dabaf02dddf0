import type { Context, TypedResponse } from 'hono';
import { RateLimit } from '../../http/index.ts';
import type { Clock } from '../../ports/index.ts';
import {
  CODES_BY_ACCOUNT_MAX,
  CODES_FOR_RESIDENT_MAX,
  CODES_WITHIN_MS,
  LIMITED_CALLERS_MAX,
} from '../limits.ts';
import type { DeskEnv } from './route.ts';

/**
 * How many codes one account may have made, and for one resident. It keeps a stolen session from filling a drawer with
 * codes; it is asked only after the roles, so that a stranger can use up nobody's share. The console and `/api` share one.
 */
export class IssuingLimits {
  readonly #byAccount: RateLimit;
  readonly #byResident: RateLimit;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    const of = (count: number) =>
      new RateLimit({ count, withinMs: CODES_WITHIN_MS, callersMax: LIMITED_CALLERS_MAX, clock });
    this.#byAccount = of(CODES_BY_ACCOUNT_MAX);
    this.#byResident = of(CODES_FOR_RESIDENT_MAX);
  }

  /** Takes one of each share. @returns whose share is used up, and how long to wait */
  take(account: string, index: number): TooOften | undefined {
    const ofResident = this.#byResident.take(String(index));
    if (ofResident > 0) return { field: 'index', waitSeconds: Math.ceil(ofResident / 1000) };
    const ofAccount = this.#byAccount.take(account);
    return ofAccount > 0 ? { field: 'session', waitSeconds: Math.ceil(ofAccount / 1000) } : undefined;
  }

  /** @returns the answer to one who asks too often */
  check(
    context: Context<DeskEnv>,
    index: number,
  ): (Response & TypedResponse<{ error: string }, 429, 'json'>) | undefined {
    const found = this.take(context.get('principal')?.account ?? '', index);
    if (found === undefined) return undefined;
    const { field, waitSeconds } = found;
    context.header('retry-after', String(waitSeconds));
    return context.json({ error: `${field}: too many codes were asked for; wait ${waitSeconds} s` }, 429);
  }
}

export interface TooOften {
  /** The resident has had too many, or the account has made too many. */
  readonly field: 'index' | 'session';
  readonly waitSeconds: number;
}
