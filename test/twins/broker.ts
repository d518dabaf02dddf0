import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AedesOptions } from 'aedes';
import { monotonicMs, wallMs } from '../../src/base/index.ts';
import type { Clock, Log, Random } from '../../src/ports/index.ts';

/** Twins for tests: a broker that can be pulled out and put back, real clocks, a log that keeps its words. */

export interface TestBroker {
  readonly url: string;
  readonly aedes: () => Aedes;
  /** Cuts every connection and stops listening. */
  pull(): Promise<void>;
  /** Listens again on the same port, having forgotten everything. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestBroker(options: AedesOptions = {}): Promise<TestBroker> {
  const broker = new SwitchableBroker(options);
  await broker.restore();
  return broker;
}

class SwitchableBroker implements TestBroker {
  readonly #options: AedesOptions;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #aedes: Aedes | undefined;
  #port = 0;

  constructor(options: AedesOptions) {
    this.#options = options;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  readonly aedes = (): Aedes => {
    if (this.#aedes === undefined) throw new Error('the broker is pulled out');
    return this.#aedes;
  };

  async restore(): Promise<void> {
    const aedes = await Aedes.createBroker(this.#options);
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      aedes.handle(socket);
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    const address = server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    this.#server = server;
    this.#aedes = aedes;
  }

  async pull(): Promise<void> {
    const [server, aedes] = [this.#server, this.#aedes];
    this.#server = undefined;
    this.#aedes = undefined;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
    await new Promise<void>((resolve) => (aedes === undefined ? resolve() : aedes.close(() => resolve())));
  }

  close(): Promise<void> {
    return this.pull();
  }
}

export const realClock: Clock = {
  wall: () => wallMs(Date.now()),
  monotonic: () => monotonicMs(performance.now()),
  after: (delayMs, then) => {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Draws a tenth of every range, so that tests do not wait for a whole back-off. */
export const lowRandom: Random = { bytes: (length) => new Uint8Array(length).fill(25) };

export function memoryLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { lines, info: keep, warn: keep, error: keep };
}

/** Waits until something is so; fails loudly when it never becomes so. A busy machine takes its time. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 30_000,
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
