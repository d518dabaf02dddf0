import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ClientRequest, get } from 'node:http';
import { createInterface } from 'node:readline';

/** A gate in a process of its own, started as an installer starts it, and spoken to over its display page's door. */

const LANE = 'north';
const WAIT_MAX_MS = 30_000;
/** USER_HZ, which is 100 on every Linux of ours. */
const TICK_US = 10_000;

export class GateProcess {
  readonly #child: ChildProcess;
  #address = '';
  #events: ClientRequest | undefined;
  readonly #verdicts: string[] = [];
  #wake: (() => void) | undefined;

  /** @param entry file of the `menwei` command; @param flags of the runtime */
  constructor(entry: string, config: string, flags: readonly string[] = []) {
    this.#child = spawn(
      process.execPath,
      [...flags, '--disable-warning=ExperimentalWarning', entry, 'gate', '--config', config],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
  }

  /** Waits until it says that it is open for codes, and listens to what its display is told. */
  async open(): Promise<void> {
    this.#address = await within(this.#saysAddress(), 'the gate did not open');
    await within(this.#listen(), 'the display could not listen');
  }

  /** Waits until the display was told that somebody may pass. */
  async verdict(): Promise<void> {
    const waiting = async () => {
      while (this.#verdicts.length === 0)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    };
    await within(waiting(), 'the gate gave no verdict');
    const verdict = this.#verdicts.shift() ?? '';
    if (!verdict.includes('"tone":"pass"')) throw new Error(`the gate did not let pass: ${verdict}`);
  }

  /** All threads' time on a processor so far, of those that have ended too; microseconds, to the kernel's hundredth of a second. */
  cpuUs(): number {
    // proc(5): the name in brackets may hold blanks; utime and stime are the 12th and 13th after it.
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) * TICK_US;
  }

  rssBytes(): number {
    return rssBytesOf(this.#child.pid ?? 0);
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    this.#events?.destroy();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }

  async #saysAddress(): Promise<string> {
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('the gate has no output');
    let complaint = '';
    stderr.on('data', (part) => {
      complaint = `${complaint}${part}`.slice(-2_000);
    });
    for await (const line of createInterface({ input: stdout })) {
      const address = /"address":"(?<address>[^"]+)"/.exec(line)?.groups?.['address'];
      if (address === undefined) continue;
      stdout.resume();
      return address.replace(/\/$/, '');
    }
    throw new Error(`the gate ended: ${complaint.trim()}`);
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#events = get(`${this.#address}/display/${LANE}/events`, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          text += part;
          const messages = text.split('\n\n');
          text = messages.pop() ?? '';
          this.#verdicts.push(...messages.filter((message) => message.includes('event: verdict')));
          this.#wake?.();
        });
        answer.on('error', () => undefined);
        resolve();
      });
      this.#events.on('error', reject);
    });
  }
}

export function rssBytesOf(pid: number): number {
  const kilobytes = /VmRSS:\s+(?<kb>\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.groups?.['kb'];
  return Number(kilobytes) * 1_024;
}

async function within<Value>(work: Promise<Value>, otherwise: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), WAIT_MAX_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
