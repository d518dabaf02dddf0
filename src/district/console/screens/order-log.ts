import { type CommandVerb, type ReplyPayload, replyPayload } from '../../../wire/index.ts';
import type { FeedEvent } from '../../server/feed.ts';

/** Orders that this console gave, so that a gate's page can show each beside its reply. The lasting record is the journal. */
export interface GivenOrder {
  readonly jti: string;
  readonly verb: CommandVerb;
  readonly by: string;
  /** Unix milliseconds */
  readonly at: number;
  /** What the gate said of it; absent: nothing yet. */
  readonly reply?: ReplyPayload;
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

  heard({ type, gate, data }: FeedEvent): void {
    const given = type === 'reply' ? this.#given.get(gate) : undefined;
    if (given === undefined) return;
    const reply = replyPayload.parse(data);
    this.#given.set(
      gate,
      given.map((order) => (order.jti === reply.jti ? { ...order, reply } : order)),
    );
  }

  of(gate: string): readonly GivenOrder[] {
    return this.#given.get(gate) ?? [];
  }
}
