import type { CommandVerb } from '../../../wire/index.ts';

/** Orders that this console gave, so that a gate's page can show each beside its reply. The lasting record is the journal. */
export interface GivenOrder {
  readonly jti: string;
  readonly verb: CommandVerb;
  readonly by: string;
  /** Unix milliseconds */
  readonly at: number;
}

const ORDERS_OF_GATE = 6;
const GATES_MAX = 1_024;

export class OrderLog {
  readonly #given = new Map<string, readonly GivenOrder[]>();

  add(gate: string, order: GivenOrder): void {
    const before = this.#given.get(gate) ?? [];
    this.#given.delete(gate);
    this.#given.set(gate, [order, ...before].slice(0, ORDERS_OF_GATE));
    const [oldest] = this.#given.keys();
    if (this.#given.size > GATES_MAX && oldest !== undefined) this.#given.delete(oldest);
  }

  of(gate: string): readonly GivenOrder[] {
    return this.#given.get(gate) ?? [];
  }
}
