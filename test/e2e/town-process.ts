import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildPages } from './page-server.ts';

/** The real town as its user starts it: a process of its own, known by the addresses that it prints. */

const root = join(import.meta.dirname, '../..');
const START_MAX_MS = 90_000;
const STOP_MAX_MS = 45_000;

export interface TownProcess {
  readonly phone: string;
  readonly display: string;
  /** What it said besides its welcome; nothing, when all is well. */
  complaints(): string;
  /** Asks it to end as a supervisor does. @returns its exit code, null when it had to be killed */
  stop(): Promise<number | null>;
}

export interface TownPlace {
  readonly dataDir: string;
  /** 0: any free one. */
  readonly port: number;
  readonly gatePort: number;
}

export async function startTownProcess({ dataDir, port, gatePort }: TownPlace): Promise<TownProcess> {
  buildPages();
  const place = ['--data', dataDir, '--port', String(port), '--gate-port', String(gatePort)];
  const child = spawn(process.execPath, [join(root, 'src/main/demo.ts'), ...place], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (piece) => {
    complaints += String(piece);
  });
  try {
    const { phone, display } = await addressesOf(child);
    return { phone, display, complaints: () => complaints, stop: () => end(child) };
  } catch (problem) {
    child.kill('SIGKILL');
    throw new Error(`the town did not start: ${complaints}`, { cause: problem });
  }
}

export function addressesOf(child: ChildProcess): Promise<{ phone: string; display: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => reject(new Error(`no address after ${START_MAX_MS} ms`)), START_MAX_MS);
    child.once('exit', () => reject(new Error('it ended')));
    child.stdout?.on('data', (piece) => {
      said += String(piece);
      const phone = /resident's phone\s+(\S+)/.exec(said)?.[1];
      const display = /gate's display\s+(\S+)/.exec(said)?.[1];
      if (phone === undefined || display === undefined || !said.includes('Ctrl-C')) return;
      clearTimeout(late);
      resolve({ phone, display });
    });
  });
}

export function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS);
    child.once('exit', (code) => {
      clearTimeout(late);
      resolve(code);
    });
    child.kill('SIGTERM');
  });
}
