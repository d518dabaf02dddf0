import { connect, type Socket } from 'node:net';

/** Commands in the guest, one after the other, over the port of guest/agent. Each has a time limit; a late one fails the call. */
export interface Said {
  readonly code: number;
  readonly output: string;
}

const DIAL_AGAIN_MS = 50;
const OUTPUT_CHARS_MAX = 4 * 1024 * 1024;
const END = /^(.*)RIG-END (\S+) (\d+)$/s;

export class Agent {
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (said: Said) => void>();
  readonly #ready = Promise.withResolvers<void>();
  #lines: string[] = [];
  #chars = 0;
  #last = 0;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#ready.promise.catch(() => undefined);
    onLines(socket, (line) => this.#heard(line));
    socket.on('close', () => this.#ready.reject(new Error('the machine is gone')));
    socket.on('error', () => undefined);
  }

  static async dial(path: string, limitMs: number): Promise<Agent> {
    return new Agent(await dial(path, limitMs));
  }

  /** Resolves when the guest takes commands. */
  ready(limitMs: number): Promise<void> {
    return within(limitMs, 'the guest did not get ready', this.#ready.promise);
  }

  async run(command: string, limitMs: number): Promise<Said> {
    const turn = this.#turn.then(() => this.#one(command, limitMs));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  close(): void {
    this.#socket.destroy();
  }

  #one(command: string, limitMs: number): Promise<Said> {
    this.#last += 1;
    const id = `c${this.#last}`;
    const said = new Promise<Said>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.write(`${id} ${Buffer.from(command).toString('base64')}\n`);
    return within(limitMs, `no answer within ${limitMs} ms to: ${command.slice(0, 120)}`, said);
  }

  #heard(line: string): void {
    if (line.startsWith('RIG-READY')) return this.#ready.resolve();
    const [, rest = '', id = '', code] = END.exec(line) ?? [];
    if (code === undefined) return this.#keep(line);
    if (rest !== '') this.#keep(rest);
    this.#waiting.get(id)?.({ code: Number(code), output: this.#lines.join('\n') });
    this.#waiting.delete(id);
    this.#lines = [];
    this.#chars = 0;
  }

  #keep(line: string): void {
    this.#chars += line.length;
    if (this.#chars <= OUTPUT_CHARS_MAX) this.#lines.push(line);
  }
}

/** A unix socket that QEMU may not have made yet. */
export async function dial(path: string, limitMs: number): Promise<Socket> {
  const end = Date.now() + limitMs;
  for (;;) {
    const socket = await new Promise<Socket | undefined>((resolve) => {
      const trying = connect(path, () => resolve(trying));
      trying.once('error', () => resolve(undefined));
    });
    if (socket !== undefined) return socket;
    if (Date.now() > end) throw new Error(`nobody listens at ${path}`);
    await new Promise((resolve) => setTimeout(resolve, DIAL_AGAIN_MS));
  }
}

export function onLines(socket: Socket, take: (line: string) => void): void {
  let held = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (held + chunk).split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
}

export function within<Value>(limitMs: number, what: string, wanted: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(what)), limitMs);
    wanted.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
