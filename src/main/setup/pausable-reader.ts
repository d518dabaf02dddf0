import type { Reader, ReaderHealth, ScanSink } from '../../ports/index.ts';

/** A reader that can be let go for a while, so that a test gets the device to itself. It is made anew each time. */
export class PausableReader implements Reader {
  readonly id: string;
  readonly #make: () => Promise<Reader>;
  #reader: Reader | undefined;
  #sink: ScanSink | undefined;

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
    const reader = this.#reader;
    this.#reader = undefined;
    await reader?.stop();
  }

  health(): ReaderHealth {
    return this.#reader?.health() ?? { reader: this.id, state: 'starting' };
  }

  async while<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const sink = this.#sink;
    await this.stop();
    try {
      return await work();
    } finally {
      if (sink !== undefined) await this.start(sink);
    }
  }
}
