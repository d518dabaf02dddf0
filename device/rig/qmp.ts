import type { Socket } from 'node:net';
import { dial, onLines } from './agent.ts';

/** QEMU's own control socket: devices plugged and unplugged, and what happened to the machine (QEMU Machine Protocol). */
interface Answer {
  readonly id?: string;
  readonly event?: string;
  readonly error?: { readonly desc: string };
  readonly return?: unknown;
  readonly data?: Readonly<Record<string, unknown>>;
}

export class Qmp {
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  readonly events: Answer[] = [];
  #last = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    onLines(socket, (line) => this.#heard(JSON.parse(line) as Answer));
  }

  static async dial(path: string, limitMs: number): Promise<Qmp> {
    const qmp = new Qmp(await dial(path, limitMs));
    await qmp.call('qmp_capabilities');
    return qmp;
  }

  /** Rejects with QEMU's own words. */
  call(execute: string, args?: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#last += 1;
    const id = `q${this.#last}`;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ error, return: value }) =>
        error === undefined ? resolve(value) : reject(new Error(`${execute}: ${error.desc}`)),
      );
      this.#socket.write(`${JSON.stringify({ execute, arguments: args, id })}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #heard(answer: Answer): void {
    if (answer.event !== undefined) this.events.push(answer);
    if (answer.id === undefined) return;
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }
}
