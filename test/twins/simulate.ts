import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ExpectedJournal } from '../../src/district/index.ts';

/** `menwei simulate --json` as a process of its own, of which its progress and its outcome are seen. */

const CLI = join(import.meta.dirname, '../../src/main/cli.ts');

export interface SimulationOutcome {
  readonly total: { readonly granted: number; readonly refused: number; readonly sent: number };
  readonly stored: {
    readonly rows: number;
    readonly expected: number;
    readonly lost: number;
    readonly doubled: number;
    readonly broken: number;
  };
  readonly revocations?: { readonly revocations: number; readonly expected: number; readonly missed: number };
  readonly ends: readonly ExpectedJournal[];
}

export class SimulateProcess {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';
  #progress = '';

  constructor(...args: readonly string[]) {
    this.#process = spawn(process.execPath, [CLI, 'simulate', ...args, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout?.on('data', (data: Buffer) => {
      this.#output += data.toString();
    });
    this.#process.stderr?.on('data', (data: Buffer) => {
      this.#progress += data.toString();
    });
    this.#ended = new Promise((resolve) => this.#process.once('exit', resolve));
  }

  /** One line a second. */
  get progress(): string {
    return this.#progress;
  }

  /** Rows that gates have written so far, not the line's `unsent`. @throws when the process has ended by itself */
  get sent(): number {
    this.#assertRuns();
    const [, sent = '0'] = [...this.#progress.matchAll(/\bsent ([\d,]+)/g)].at(-1) ?? [];
    return Number(sent.replaceAll(',', ''));
  }

  /** @throws when the process has ended by itself */
  get acknowledged(): number {
    this.#assertRuns();
    const [, rows = '0'] = [...this.#progress.matchAll(/\backnowledged ([\d,]+)/g)].at(-1) ?? [];
    return Number(rows.replaceAll(',', ''));
  }

  interrupt(): void {
    this.#process.kill('SIGINT');
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** Whoever waits for its counts would wait in vain. */
  #assertRuns(): void {
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) return;
    throw new Error(`the simulation ended with ${String(exitCode ?? signalCode)}: ${this.#progress}`);
  }

  async outcome(): Promise<SimulationOutcome> {
    const code = await this.#ended;
    if (code !== 0) throw new Error(`the simulation ended with ${String(code)}: ${this.#progress}`);
    return JSON.parse(this.#output) as SimulationOutcome;
  }
}
