import { assert } from '../../src/base/index.ts';
import {
  type Clock,
  type DropReason,
  type Reader,
  type ReaderHealth,
  SCAN_TEXT_MAX,
  type ScanSink,
} from '../../src/ports/index.ts';

/** A reader that reads what it is fed, and loses keys, gets unplugged and comes back when it is told to. */
export interface SimulatedReader extends Reader {
  /** One code held up. `waiting` ends by itself when the queue has room. */
  feed(text: string): Promise<FeedOutcome>;
  /** A scan that came to harm on its way. */
  damage(reason: DropReason): void;
  unplug(detail?: string): void;
  plug(): void;
}

export type FeedOutcome = 'taken' | 'dropped' | 'unplugged';

export interface SimulatedReaderSettings {
  readonly id: string;
  /** A serial reader or a camera waits while the queue is full; a keyboard drops. */
  readonly patient?: boolean;
}

/** Offers of one text: a queue that is always full again by then belongs to a gate that stands still. */
const OFFERS_MAX = 1_000;

export function simulatedReader(
  settings: SimulatedReaderSettings,
  deps: { readonly clock: Clock },
): SimulatedReader {
  return new FedReader(settings, deps.clock);
}

class FedReader implements SimulatedReader {
  readonly id: string;
  readonly #patient: boolean;
  readonly #clock: Clock;
  #sink: ScanSink | undefined;
  #health: ReaderHealth;

  constructor(settings: SimulatedReaderSettings, clock: Clock) {
    this.id = settings.id;
    this.#patient = settings.patient ?? true;
    this.#clock = clock;
    this.#health = { reader: settings.id, state: 'starting' };
  }

  async start(sink: ScanSink): Promise<void> {
    this.#sink = sink;
    this.plug();
  }

  async stop(): Promise<void> {
    this.#sink = undefined;
  }

  health(): ReaderHealth {
    return this.#health;
  }

  async feed(text: string): Promise<FeedOutcome> {
    const scan = { reader: this.id, text, at: this.#clock.monotonic() };
    for (let offers = 0; offers < OFFERS_MAX; offers += 1) {
      const sink = this.#sink;
      if (sink === undefined || this.#health.state !== 'ready') return 'unplugged';
      if (text.length > SCAN_TEXT_MAX) return this.#drop('too-long');
      if (sink.offer(scan)) return 'taken';
      if (!this.#patient) return this.#drop('queue-full');
      await sink.room();
    }
    return this.#drop('queue-full');
  }

  damage(reason: DropReason): void {
    assert(this.#sink !== undefined, 'a reader that was started');
    this.#drop(reason);
  }

  unplug(detail = 'unplugged'): void {
    this.#tell({ reader: this.id, state: 'lost', detail });
  }

  plug(): void {
    this.#tell({ reader: this.id, state: 'ready' });
  }

  #drop(reason: DropReason): FeedOutcome {
    this.#sink?.dropped(reason);
    return 'dropped';
  }

  #tell(health: ReaderHealth): void {
    const known = this.#health.state;
    this.#health = health;
    if (known !== health.state) this.#sink?.changed(health);
  }
}
