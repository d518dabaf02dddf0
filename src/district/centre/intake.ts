import type { Incoming } from '../../link/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import { type GateChannel, parseTopic } from '../../wire/index.ts';
import {
  GATE_BURST_MS,
  GATE_BYTES_PER_SECOND,
  GATE_MESSAGES_PER_SECOND,
  GATE_WAITING_BYTES_MAX,
  GATE_WAITING_MAX,
  PRESSURE_MS,
  PROBE_EVERY_MS,
  WAITING_BYTES_MAX,
  WAITING_MAX,
  WORK_AT_ONCE,
} from '../ingest/limits.ts';
import { MESSAGE_BYTES_MAX } from '../limits.ts';
import { FairQueue } from './fair-queue.ts';
import type { HeardGate, KnownGates } from './known-gates.ts';

/**
 * Messages of gates on their way to who handles them: in turn by gate, with nothing read from the broker while too much
 * waits. What is dropped after that is counted, and a gate that is not enrolled is passed over.
 */
export interface IntakeOptions {
  readonly gates: Pick<KnownGates, 'gate'>;
  readonly handle: (gate: HeardGate, message: GateMessage) => Promise<void>;
  /** What could not be stored for a while can be stored again: gates may send it now. */
  readonly onRecovered: () => Promise<void>;
  /** Fails while the database does not answer. */
  readonly probe: () => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface GateMessage {
  readonly channel: GateChannel;
  readonly payload: Uint8Array;
  readonly retained: boolean;
}

/** Messages since the start of this process that were not handled, by why. */
export interface IntakeCounts {
  tooLarge: number;
  gateFull: number;
  full: number;
  malformed: number;
  failed: number;
}

const LIMITS = {
  atOnce: WORK_AT_ONCE,
  waitingMax: WAITING_MAX,
  waitingBytesMax: WAITING_BYTES_MAX,
  gateWaitingMax: GATE_WAITING_MAX,
  gateBytesMax: GATE_WAITING_BYTES_MAX,
  gatePerSecond: GATE_MESSAGES_PER_SECOND,
  gateBytesPerSecond: GATE_BYTES_PER_SECOND,
  burstMs: GATE_BURST_MS,
};

export class Intake {
  readonly counts: IntakeCounts = { tooLarge: 0, gateFull: 0, full: 0, malformed: 0, failed: 0 };
  readonly #options: IntakeOptions;
  readonly #queue: FairQueue<GateMessage>;
  /** Messages that could not be stored since the last one that could. */
  #failing = 0;
  #cancelProbe: (() => void) | undefined;
  #stopped = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#queue = new FairQueue({
      clock: options.clock,
      limits: LIMITS,
      work: (gate, message) => this.#work(gate, message),
      onFault: (gate, fault) => this.#failed(gate, fault),
    });
  }

  /** @returns a promise while nothing more should be read from the broker */
  hear({ topic: text, payload, retained }: Incoming): void | Promise<void> {
    const topic = parseTopic(text);
    if (topic?.scope !== 'gate' || payload.length === 0) return undefined;
    const { gate, channel } = topic;
    if (payload.length > MESSAGE_BYTES_MAX) {
      this.counts.tooLarge += 1;
      return this.#options.log.warn({ gate }, 'a message is too large');
    }
    const message = { channel, payload, retained };
    if (!this.#queue.isFull) return this.#offer(gate, message);
    return this.#queue.room(PRESSURE_MS).then(() => this.#offer(gate, message));
  }

  /** Kept when what is being handled is done; what waits is forgotten, and sent again by the gates. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelProbe?.();
    return this.#queue.stop();
  }

  #offer(gate: string, message: GateMessage): void {
    const outcome = this.#queue.offer(gate, message, message.payload.length);
    if (outcome === 'taken') return;
    this.counts[outcome === 'full' ? 'full' : 'gateFull'] += 1;
    const why = outcome === 'full' ? 'too many wait' : 'too many of this gate wait';
    this.#options.log.warn({ gate, channel: message.channel, why }, 'a message was dropped');
  }

  async #work(gateId: string, message: GateMessage): Promise<void> {
    const { gates, handle, log } = this.#options;
    const gate = await gates.gate(gateId);
    if (gate === undefined) return log.warn({ gate: gateId }, 'a gate that is not enrolled was heard');
    await handle(gate, message);
  }

  #failed(gate: string, fault: unknown): void {
    const { log } = this.#options;
    const name = fault instanceof Error ? fault.name : 'unknown';
    if (fault instanceof SyntaxError || name === 'ZodError') {
      this.counts.malformed += 1;
      return log.error({ gate, fault: name }, 'a message could not be understood');
    }
    this.counts.failed += 1;
    this.#failing += 1;
    const code = fault instanceof Error && 'code' in fault ? String(fault.code) : name;
    if (this.#failing > 1) return;
    log.error({ gate, fault: code }, 'the database does not take what gates send; they will send it again');
    this.#probeLater();
  }

  /** Gates wait ever longer for an answer: as soon as there can be one, they are told. */
  #probeLater(): void {
    const { clock, probe } = this.#options;
    this.#cancelProbe = clock.after(PROBE_EVERY_MS, () => {
      probe()
        .then(() => this.#recovered())
        .catch(() => (this.#stopped ? undefined : this.#probeLater()));
    });
  }

  async #recovered(): Promise<void> {
    const { log, onRecovered } = this.#options;
    if (this.#stopped) return;
    log.info({ failed: this.#failing }, 'the database takes what gates send again');
    this.#failing = 0;
    await onRecovered();
  }
}
