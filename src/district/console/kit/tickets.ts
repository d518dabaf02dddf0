import { toHex } from '../../../base/index.ts';
import type { Clock, Random } from '../../../ports/index.ts';
import { TICKET_MS, TICKETS_MAX } from '../limits.ts';

/**
 * What was made for one screen and is kept nowhere else: a symbol, an invitation. Its address is a random ticket that only
 * the session for which it was made can open, for some minutes.
 */
export class Tickets<Thing> {
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #kept = new Map<
    string,
    { readonly thing: Thing; readonly session: string; readonly until: number }
  >();

  constructor({ random, clock }: { readonly random: Random; readonly clock: Clock }) {
    this.#random = random;
    this.#clock = clock;
  }

  keep(session: string, thing: Thing): string {
    const ticket = toHex(this.#random.bytes(16));
    this.#kept.set(ticket, { thing, session, until: this.#clock.wall() + TICKET_MS });
    for (const [oldest, { until }] of this.#kept) {
      if (this.#kept.size <= TICKETS_MAX && until > this.#clock.wall()) break;
      this.#kept.delete(oldest);
    }
    return ticket;
  }

  look(session: string, ticket: string): Thing | undefined {
    const kept = this.#kept.get(ticket);
    const isTheirs = kept?.session === session && kept.until > this.#clock.wall();
    return isTheirs ? kept.thing : undefined;
  }
}
