import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { monotonicMs, wallMs } from '../../src/base/index.ts';
import type { Clock, DropReason, ReaderHealth, Scan, ScanSink } from '../../src/ports/index.ts';

/** For this room's tests: the machine's clock, a queue that remembers, and a pseudo-terminal with somebody at its other end. */

export const realClock: Clock = {
  wall: () => wallMs(Date.now()),
  monotonic: () => monotonicMs(performance.now()),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

export interface RememberingSink extends ScanSink {
  readonly texts: string[];
  readonly drops: DropReason[];
  readonly states: ReaderHealth['state'][];
  readonly depth: number;
  take(): Scan | undefined;
}

/** Nothing is taken out unless `take` is called: that is how a full queue is made. */
export function rememberingSink(capacity = Number.POSITIVE_INFINITY): RememberingSink {
  const queue: Scan[] = [];
  const waiting: (() => void)[] = [];
  const texts: string[] = [];
  const drops: DropReason[] = [];
  const states: ReaderHealth['state'][] = [];
  return {
    texts,
    drops,
    states,
    get depth() {
      return queue.length;
    },
    offer(scan) {
      if (queue.length >= capacity) return false;
      queue.push(scan);
      texts.push(scan.text);
      return true;
    },
    room: () =>
      queue.length < capacity ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
    dropped: (reason) => drops.push(reason),
    changed: (health) => states.push(health.state),
    take() {
      const scan = queue.shift();
      for (const wake of waiting.splice(0)) wake();
      return scan;
    },
  };
}

/** As a write to a worn card does it, after which timers come before what was waiting to be read. */
export async function block(durationMs: number): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

export async function until(condition: () => boolean, what: string, limitMs = 8_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export interface PseudoTerminal {
  readonly path: string;
  /** Writes as a device would; resolves when the kernel has taken it all. */
  write(text: string): void;
  hangUp(): Promise<void>;
}

const HOLD_A_PTY = `
import os, pty, sys, tty
master, slave = pty.openpty()
tty.setraw(slave)
print(os.ttyname(slave), flush=True)
while True:
    data = os.read(0, 65536)
    if not data: break
    while data: data = data[os.write(master, data):]
`;

/** `undefined` when this machine has no python3 or no pseudo-terminals. */
export async function pseudoTerminal(): Promise<PseudoTerminal | undefined> {
  const child = spawn('python3', ['-c', HOLD_A_PTY], { stdio: ['pipe', 'pipe', 'ignore'] });
  const path = await firstLine(child);
  if (path === undefined) return undefined;
  // What was still to be written when the line was hung up is nobody's any more.
  child.stdin?.on('error', () => undefined);
  return {
    path,
    write: (text) => void child.stdin?.write(text, 'latin1'),
    async hangUp() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  const line = new Promise<string | undefined>((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('exit', () => resolve(undefined));
    child.stdout?.once('data', (data: Buffer) => resolve(data.toString().trim()));
  });
  return line;
}
