import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { openJournal } from '../../src/journal/index.ts';
import { openJournalReader } from '../../src/journal/reading.ts';
import { testOptions } from '../../src/journal/testing.ts';

/** What the fault tests of the journal share: a child that writes, and the proof that nothing acknowledged was lost. */

/** What a child printed as acknowledged: sequence number → hash. */
export type Acknowledged = ReadonlyMap<number, string>;

/** Memory: for tests that need thousands of files and no real disk. */
export function fastFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}

export class Writer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #acknowledged = new Map<number, string>();
  #rest = '';
  #errors = '';

  constructor(file: string) {
    this.#child = spawn(process.execPath, [
      fileURLToPath(new URL('./journal-writer.ts', import.meta.url)),
      file,
    ]);
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
  }

  get acknowledged(): Acknowledged {
    return this.#acknowledged;
  }

  /** Lets the writer begin. It waits for that, so that it can be made ready while another one still writes. */
  begin(): void {
    this.#child.stdin.end('begin');
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async acknowledges(count: number): Promise<void> {
    const until = Date.now() + 60_000;
    while (this.#acknowledged.size < count) {
      if (this.#child.exitCode !== null || Date.now() > until)
        throw new Error(`the writer does not write: ${this.#errors}`);
      await later(2);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const [seq, hash] = line.split(' ');
      this.#acknowledged.set(Number(seq), hash ?? '');
    }
  }
}

/** Opens the journal as a gate does after the fault, and proves rows, chain and memory against what was acknowledged. */
export function proveNothingLost(file: string, acknowledged: Acknowledged): void {
  // Of the processor, not of the clock: what else runs on this machine is no part of a start.
  const before = process.threadCpuUsage();
  const journal = openJournal(testOptions(file));
  const { user, system } = process.threadCpuUsage(before);
  const readyMs = (user + system) / 1_000;
  const remembered = new Set(journal.loadMemory().map(({ key }) => key));
  const { head } = journal;
  journal.close();
  expect(readyMs).toBeLessThan(3_000);
  const reader = openJournalReader(file);
  try {
    expect(reader.verify()).toEqual(head);
    const rows = new Map([...reader.iterate()].map((row) => [row.seq, row.hash]));
    for (const [seq, hash] of acknowledged) {
      expect(rows.get(seq), `row ${seq}`).toBe(hash);
      expect(remembered.has(`used/${seq}`), `memory of row ${seq}`).toBe(true);
    }
    // Memory never runs ahead of the rows that caused it.
    for (const key of remembered) expect(rows.has(Number(key.slice('used/'.length))), key).toBe(true);
  } finally {
    reader.close();
  }
}

export function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Why a test that mounts file systems can not run here; undefined when it can. */
export function whyNoMounts(...tools: readonly string[]): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may mount file systems';
  for (const tool of ['mount', 'umount', ...tools]) {
    if (!['/bin', '/sbin', '/usr/bin', '/usr/sbin'].some((folder) => existsSync(join(folder, tool))))
      return `there is no ${tool}`;
  }
  return undefined;
}

export function run(command: string, ...parameters: readonly string[]): string {
  return execFileSync(command, parameters, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` },
  });
}
