import { RateLimit } from '../../http/index.ts';
import type { Clock } from '../../ports/index.ts';
import { PORTAL } from '../accounts/roles.ts';
import { LIMITED_CALLERS_MAX } from '../limits.ts';
import {
  APPLICATIONS_WITHIN_MS,
  ASKED_MAX,
  SUBMITTED_BY_PORTAL_MAX,
  SUBMITTED_MAX,
  WRONG_RECEIPTS_MAX,
} from '../reviews/limits.ts';

/**
 * How often one account, or the portal for all its residents, may send applications and ask after them. Receipt numbers that
 * there are not have a small share of their own: nobody finds one by trying.
 */
export class ApplicationLimits {
  readonly #sending: RateLimit;
  readonly #portal: RateLimit;
  readonly #asking: RateLimit;
  readonly #wrong: RateLimit;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    const of = (count: number) =>
      new RateLimit({ count, withinMs: APPLICATIONS_WITHIN_MS, callersMax: LIMITED_CALLERS_MAX, clock });
    this.#sending = of(SUBMITTED_MAX);
    this.#portal = of(SUBMITTED_BY_PORTAL_MAX);
    this.#asking = of(ASKED_MAX);
    this.#wrong = of(WRONG_RECEIPTS_MAX);
  }

  /** @returns seconds to wait, 0 when it may be sent */
  send(account: string): number {
    return seconds((account === PORTAL.account ? this.#portal : this.#sending).take(account));
  }

  ask(account: string): number {
    return seconds(this.#asking.take(account));
  }

  /** After a receipt number that there is not. */
  wrong(account: string): number {
    return seconds(this.#wrong.take(account));
  }
}

function seconds(waitMs: number): number {
  return Math.ceil(waitMs / 1000);
}
