import { assert } from '../base/index.ts';
import type { Clock, Log, Signer } from '../ports/index.ts';
import {
  type AckClaims,
  BATCH_BYTES_MAX,
  BATCH_ROWS_MAX,
  CHECKPOINT_TYPE,
  type CheckpointClaims,
  type EntriesPayload,
  type SentRow,
} from '../wire/index.ts';
import { cutBatch } from './batch.ts';
import { ACK_WAIT_MS, BATCH_PAUSE_MS } from './limits.ts';
import { type AckVerdict, advance, judgeAck, nextStep, type Outbox, startOutbox } from './outbox.ts';
import type { CursorStore, JournalSource } from './source.ts';

/**
 * Sends the journal from the last acknowledged row on: in order, at least once, one batch in flight.
 * It reads the journal only, and it forgets nothing when the broker or this process dies.
 */
export interface EntriesOptions {
  readonly district: string;
  readonly gate: string;
  readonly journal: JournalSource;
  readonly cursor: CursorStore;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly log: Log;
  /** Publishes on `entries`; what the broker says to it moves nothing but the time of the next try. */
  readonly send: (payload: string) => Promise<'delivered' | 'refused' | 'lost' | 'full'>;
  readonly packetBytesMax: () => number;
  /** Clock quality of the checkpoint. */
  readonly quality: () => CheckpointClaims['clock'];
}

export class Entries {
  readonly #options: EntriesOptions;
  /** The journal that the outbox is about. */
  #journal: string;
  #outbox: Outbox;
  #connected = false;
  #sending = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: EntriesOptions) {
    this.#options = options;
    this.#journal = options.journal.id;
    this.#outbox = startOutbox(startOf(options));
  }

  /** Rows that the district has not acknowledged. */
  get unsent(): number {
    return this.#options.journal.head().seq - this.acked;
  }

  get acked(): number {
    this.#follow();
    return this.#outbox.acked;
  }

  connected(): void {
    this.#connected = true;
    this.#outbox = advance(this.#outbox, { type: 'reconnected' });
    this.wake();
  }

  disconnected(): void {
    this.#connected = false;
    this.#cancelTimer?.();
  }

  /** A row is there, or something else changed: looks for work. */
  wake(): void {
    if (!this.#connected || this.#sending) return;
    this.#follow();
    const { clock, journal } = this.#options;
    const step = nextStep(this.#outbox, { head: journal.head().seq, now: clock.monotonic() });
    this.#cancelTimer?.();
    if (step.do === 'send') void this.#send(step.from);
    else if (step.do === 'wait') this.#wakeAfter(step.until - clock.monotonic());
  }

  /**
   * @param ack its signature and gate are checked
   * @param retained the broker had kept it, so it tells nothing of the district's present
   */
  acknowledge(ack: AckClaims, retained: boolean): AckVerdict {
    this.#follow();
    const { journal, cursor, clock } = this.#options;
    const verdict = judgeAck(ack, {
      journal: journal.id,
      acked: this.#outbox.acked,
      head: journal.head().seq,
      hashOf: (seq) => rowAt(journal, seq)?.hash,
    });
    if (verdict !== 'good' && verdict !== 'old') return verdict;
    if (verdict === 'good') cursor.store({ journal: ack.journal, seq: ack.seq, hash: ack.hash });
    this.#outbox = advance(this.#outbox, { type: 'acknowledged', seq: ack.seq });
    // Of whatever is still in flight the district has not said that it has it: it may be lost, as when it was not there yet.
    if (!retained) this.#outbox = advance(this.#outbox, { type: 'heard', at: clock.monotonic() });
    this.#wakeAfter(BATCH_PAUSE_MS);
    return verdict;
  }

  sendAgainFrom(seq: number): void {
    this.#follow();
    this.#outbox = advance(this.#outbox, { type: 'asked-again', from: seq });
    this.wake();
  }

  /** A journal that was set aside takes its numbers with it: what follows in the new one is sent from its first row on. */
  #follow(): void {
    if (this.#journal === this.#options.journal.id) return;
    this.#journal = this.#options.journal.id;
    this.#outbox = startOutbox(startOf(this.#options));
  }

  async #send(from: number): Promise<void> {
    this.#sending = true;
    let pauseMs = BATCH_PAUSE_MS;
    try {
      const rows = this.#readBatch(from);
      const last = rows.at(-1);
      if (last === undefined) return;
      const payload: EntriesPayload = {
        journal: this.#options.journal.id,
        rows: [...rows],
        checkpoint: await this.#checkpoint(last),
      };
      if (payload.journal !== this.#options.journal.id) return;
      this.#outbox = advance(this.#outbox, {
        type: 'sent',
        from,
        to: last.seq,
        at: this.#options.clock.monotonic(),
      });
      const outcome = await this.#options.send(JSON.stringify(payload));
      if (outcome === 'refused') this.#options.log.error({ from }, 'the broker refused a batch of entries');
    } catch (fault) {
      pauseMs = ACK_WAIT_MS;
      this.#options.log.error(
        { from, fault: fault instanceof Error ? fault.name : 'unknown' },
        'a batch could not be sent',
      );
    } finally {
      this.#sending = false;
      this.#wakeAfter(pauseMs);
    }
  }

  #readBatch(from: number): readonly SentRow[] {
    const { journal, packetBytesMax } = this.#options;
    const rows = journal.rows(from, BATCH_ROWS_MAX);
    assert(rows[0] === undefined || rows[0].seq === from, 'the journal has no gaps');
    return cutBatch(rows, Math.min(BATCH_BYTES_MAX, packetBytesMax()));
  }

  #checkpoint(last: SentRow): Promise<string> {
    const { district, gate, journal, signer, clock, quality } = this.#options;
    const claims: CheckpointClaims = {
      iss: district,
      aud: gate,
      iat: Math.floor(clock.wall() / 1_000),
      journal: journal.id,
      seq: last.seq,
      hash: last.hash,
      clock: quality(),
    };
    return signer.signJwt(CHECKPOINT_TYPE, claims);
  }

  #wakeAfter(delayMs: number): void {
    this.#cancelTimer?.();
    if (!this.#connected) return;
    this.#cancelTimer = this.#options.clock.after(Math.max(1, delayMs), () => this.wake());
  }
}

/** The stored cursor counts only while it names this journal and a row that is really its own. */
function startOf({ journal, cursor, log }: EntriesOptions): number {
  const stored = cursor.load();
  if (stored === undefined || stored.journal !== journal.id) return 0;
  const own = readableRowAt(journal, stored.seq);
  if (own === undefined ? stored.seq > journal.head().seq : own.hash !== stored.hash) {
    log.error(
      { seq: stored.seq },
      'the cursor names a row that this journal does not have: sending all again',
    );
    return 0;
  }
  return stored.seq;
}

/** A row that cannot be read just now contradicts nothing. */
function readableRowAt(journal: JournalSource, seq: number): SentRow | undefined {
  try {
    return rowAt(journal, seq);
  } catch {
    return undefined;
  }
}

function rowAt(journal: JournalSource, seq: number): SentRow | undefined {
  if (seq < 1 || seq > journal.head().seq) return undefined;
  const row = journal.rows(seq, 1)[0];
  return row?.seq === seq ? row : undefined;
}
