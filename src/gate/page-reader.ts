import type { Clock, Reader, ReaderHealth, ScanSink } from '../ports/index.ts';

/** A display page with a camera, as one more reader of its lane: what it sends is only text, and a full queue says so. */
export class PageReader implements Reader {
  readonly id: string;
  readonly #clock: Clock;
  #sink: ScanSink | undefined;

  constructor(id: string, clock: Clock) {
    this.id = id;
    this.#clock = clock;
  }

  start(sink: ScanSink): Promise<void> {
    this.#sink = sink;
    sink.changed(this.health());
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#sink = undefined;
    return Promise.resolve();
  }

  health(): ReaderHealth {
    return { reader: this.id, state: this.#sink === undefined ? 'starting' : 'ready' };
  }

  /** @returns false when the lane's queue is full */
  offer(text: string): boolean {
    return this.#sink?.offer({ reader: this.id, text, at: this.#clock.monotonic() }) ?? false;
  }
}
