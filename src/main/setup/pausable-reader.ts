import type { Reader, ReaderHealth, ScanSink } from '../../ports/index.ts';

/** A reader that can be let go for a while, so that a test gets the device to itself. It is made anew each time. */
export class PausableReader implements Reader {
  readonly id: string;
  readonly #make: () => Promise<Reader>;
  #reader: Reader | undefined;
  #sink: ScanSink | undefined;
  #pauses = 0;

  constructor(id: string, make: () => Promise<Reader>) {
    this.id = id;
    this.#make = make;
  }

  async start(sink: ScanSink): Promise<void> {
    this.#sink = sink;
    this.#reader = await this.#make();
    await this.#reader.start(sink);
  }

  async stop(): Promise<void> {
    this.#sink = undefined;
    await this.#letGo();
  }

  health(): ReaderHealth {
    return this.#reader?.health() ?? { reader: this.id, state: 'starting' };
  }

  /** Whoever stops it meanwhile has stopped it: the device may be another reader's by then. */
  async while<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const sink = this.#sink;
    this.#pauses += 1;
    try {
      await this.#letGo();
      return await work();
    } finally {
      this.#pauses -= 1;
      if (sink !== undefined && this.#sink === sink && this.#pauses === 0) await this.start(sink);
    }
  }

  async #letGo(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    await reader?.stop();
  }
}
