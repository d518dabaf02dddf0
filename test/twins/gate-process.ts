import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The real gate, or district, as an installer starts it: a process of its own, of which only the log and the exit are seen. */

/** The `menwei` command as it stands in the sources. */
const SOURCES = join(import.meta.dirname, '../../src/main/cli.ts');
const OPEN_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 40_000;

export interface Said {
  readonly code: number | null;
  readonly output: string;
  readonly error: string;
}

export interface GateProcessOptions {
  readonly config: string;
  /** A gate unless another is named. */
  readonly command?: 'gate' | 'district';
  /** After the configuration. */
  readonly more?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Put before the command, such as `faketime TIME`. */
  readonly under?: readonly string[];
  /** File of the `menwei` command; the sources unless another is named. */
  readonly entry?: string;
}

export class GateProcess {
  readonly #child: ChildProcess;
  #log = '';
  #complaint = '';
  #ended: Promise<number | null>;

  constructor({
    config,
    command = 'gate',
    more = [],
    environment = {},
    under = [],
    entry,
  }: GateProcessOptions) {
    this.#child = start([command, '--config', config, ...more], { under, environment, entry });
    this.#child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      this.#log += part;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      this.#complaint += part;
    });
    this.#ended = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  get log(): string {
    return this.#log;
  }

  get complaint(): string {
    return this.#complaint;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Waits until it says that it is open for codes. @returns where its pages are */
  async open(): Promise<string> {
    const end = Date.now() + OPEN_WITHIN_MS;
    for (;;) {
      const address = /"address":"([^"]+)"/.exec(this.#log)?.[1];
      if (address !== undefined) return address.replace(/\/$/, '');
      if (!this.running || Date.now() > end)
        throw new Error(`it did not open: ${this.#complaint.trim()} ${this.#log.slice(-2_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async stop(): Promise<number | null> {
    if (this.running) this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), STOP_WITHIN_MS);
    const code = await this.#ended;
    clearTimeout(late);
    return code;
  }
}

/** One `menwei` command, run to its end. */
export function menwei(
  args: readonly string[],
  input = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<Said> {
  return begun(args, { input, environment }).ended;
}

/** One `menwei` command that says on its way what it waits for. */
export interface Begun {
  /** What it has said on its standard error so far. */
  error(): string;
  readonly ended: Promise<Said>;
}

export function begun(
  args: readonly string[],
  {
    input = '',
    environment = {},
  }: { readonly input?: string; readonly environment?: Readonly<Record<string, string>> } = {},
): Begun {
  const child = start(args, { under: [], environment });
  const said = { output: '', error: '' };
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    said.output += part;
  });
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    said.error += part;
  });
  child.stdin?.on('error', () => undefined).end(input);
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  return { error: () => said.error, ended };
}

function start(
  args: readonly string[],
  how: Required<Pick<GateProcessOptions, 'under' | 'environment'>> & { readonly entry?: string | undefined },
): ChildProcess {
  const [file, ...before] = [...how.under, process.execPath];
  return spawn(file, [...before, '--disable-warning=ExperimentalWarning', how.entry ?? SOURCES, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...how.environment },
  });
}
