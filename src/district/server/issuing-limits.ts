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
 * codes; it is asked only after the roles, so that a stranger can use up nobody's share.
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

  /** @returns the answer to one who asks too often */
  check(
    context: Context<DeskEnv>,
    index: number,
  ): (Response & TypedResponse<{ error: string }, 429, 'json'>) | undefined {
    const account = context.get('principal')?.account ?? '';
    const ofResident = this.#byResident.take(String(index));
    if (ofResident > 0) return tooOften(context, ['index', ofResident]);
    const ofAccount = this.#byAccount.take(account);
    return ofAccount > 0 ? tooOften(context, ['session', ofAccount]) : undefined;
  }
}

function tooOften(context: Context, [field, waitMs]: readonly [string, number]) {
  const seconds = Math.ceil(waitMs / 1000);
  context.header('retry-after', String(seconds));
  return context.json({ error: `${field}: too many codes were asked for; wait ${seconds} s` }, 429);
}
