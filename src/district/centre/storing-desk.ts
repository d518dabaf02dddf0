import { unixSeconds } from '../../base/index.ts';
import { signAck } from '../../issue/index.ts';
import type { PublishOutcome } from '../../link/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import type { AlarmPayload, SentRow } from '../../wire/index.ts';
import type { Database, Gate } from '../database/database.ts';
import type { Ingest, Ingested } from '../ingest/ingest.ts';
import { ACKS_AT_ONCE } from '../ingest/limits.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { FEED_ROWS_MAX } from '../limits.ts';

/** Stores batches of entries, and tells the gate only of what is committed. Of several workers each may do so. */
export interface StoringDeskOptions {
  readonly district: string;
  readonly database: Database;
  readonly ingest: Ingest;
  readonly keys: Pick<KeyRing, 'signers'>;
  readonly publishAck: (gate: string, token: string) => Promise<PublishOutcome>;
  /** A batch that did not hold under the gate's key. */
  readonly onUnbelieved: (gate: string, payload: Uint8Array) => Promise<void>;
  /** For screens of this process. */
  readonly tell: (event: StoringEvent) => void;
  readonly clock: Clock;
  readonly log: Log;
}

export type StoringEvent =
  | { readonly type: 'alarm'; readonly gate: string; readonly data: AlarmPayload }
  | { readonly type: 'ack'; readonly gate: string; readonly data: { journal: string; seq: number } }
  | {
      readonly type: 'stored';
      readonly gate: string;
      readonly data: { journal: string; seq: number; rows: readonly SentRow[] };
    };

type Position = Pick<Ingested, 'journal' | 'seq' | 'hash'>;

export class StoringDesk {
  readonly #options: StoringDeskOptions;
  /** The newest of each enrolled gate that is not on its way yet. */
  readonly #unsaid = new Map<string, Position>();
  readonly #saying = new Set<Promise<void>>();
  #lost = false;

  constructor(options: StoringDeskOptions) {
    this.#options = options;
  }

  /** @param payload of the gate's `entries` @throws when the database does not take it */
  async take(gate: Gate, payload: Uint8Array): Promise<void> {
    const { ingest, tell, onUnbelieved, log } = this.#options;
    const taken = await ingest.take(gate, payload);
    if (!taken.ok) {
      log.error({ gate: gate.id, why: taken.error }, 'a batch of entries was not believed');
      return onUnbelieved(gate.id, payload);
    }
    const { value } = taken;
    if (value.forked.length > 0)
      log.error({ gate: gate.id, rows: value.forked.length }, 'a gate said two things under one number');
    for (const data of value.tampering) {
      log.error({ gate: gate.id, row: data.seq, detail: data.detail }, 'a journal was tampered with');
      tell({ type: 'alarm', gate: gate.id, data });
    }
    if (value.seq > 0) this.#acknowledge(gate.id, value);
    const { journal, seq, fresh } = value;
    tell({ type: 'stored', gate: gate.id, data: { journal, seq, rows: fresh.slice(-FEED_ROWS_MAX) } });
  }

  /** Says once more what is stored: a broker may have lost it, and a gate that hears it sends what it still has sooner. */
  async acknowledgeAgain(gates?: readonly string[]): Promise<void> {
    let streams = this.#options.database.selectFrom('stream').selectAll().where('seq', '>', 0);
    if (gates !== undefined) streams = streams.where('gate', 'in', [...gates, '']);
    const newest = new Map(
      (await streams.orderBy('updated_at').execute()).map((stream) => [stream.gate, stream]),
    );
    for (const [gate, stream] of newest) this.#acknowledge(gate, stream);
  }

  #acknowledge(gate: string, position: Position): void {
    this.#unsaid.set(gate, position);
    this.#sayMore();
    const { journal, seq } = position;
    this.#options.tell({ type: 'ack', gate, data: { journal, seq } });
  }

  /** The connection stands again: what it lost is said on the new one. */
  connected(): void {
    this.#lost = false;
    this.#sayMore();
  }

  /** Kept when every acknowledgement is with the broker, or the connection to it is gone. */
  async said(): Promise<void> {
    while (this.#saying.size > 0) await Promise.all(this.#saying);
  }

  /** No more at once than the connection takes: none is lost to a full window, and one that is overtaken is not sent. */
  #sayMore(): void {
    for (const [gate, position] of this.#unsaid) {
      if (this.#lost || this.#saying.size >= ACKS_AT_ONCE) return;
      this.#unsaid.delete(gate);
      const saying = this.#say(gate, position).finally(() => {
        this.#saying.delete(saying);
        this.#sayMore();
      });
      this.#saying.add(saying);
    }
  }

  async #say(gate: string, position: Position): Promise<void> {
    const { journal, seq, hash } = position;
    const { district, keys, clock, publishAck, log } = this.#options;
    const claims = { iss: district, aud: gate, iat: unixSeconds(clock.wall()), journal, seq, hash };
    try {
      const outcome = await publishAck(gate, await signAck(keys.signers.ack, claims));
      if (outcome !== 'lost' && outcome !== 'full') return;
      this.#lost = outcome === 'lost';
      if (!this.#unsaid.has(gate)) this.#unsaid.set(gate, position);
    } catch (fault) {
      const name = fault instanceof Error ? fault.name : 'unknown';
      log.error({ gate, fault: name }, 'an acknowledgement could not be signed');
    }
  }
}
