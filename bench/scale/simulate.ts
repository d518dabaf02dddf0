import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** `menwei simulate --json` in a process of its own, as anybody would run it. */

const CLI = join(import.meta.dirname, '../../src/main/cli.ts');

export interface Latency {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface Span {
  readonly seconds: number;
  readonly rows: number;
  readonly acknowledged: number;
  readonly ack: Latency;
  readonly live: Latency;
  readonly used: Latency;
  readonly district: { readonly cpuShare: number; readonly residentBytes: number };
}

export interface Outcome {
  readonly gates: number;
  readonly measured: Span;
  readonly phases?: { readonly before: Span; readonly during: Span; readonly after: Span };
  readonly revocations?: {
    readonly revocations: number;
    readonly expected: number;
    readonly missed: number;
    readonly gate: Latency;
    readonly last: Latency;
  };
  readonly stored: {
    readonly rows: number;
    readonly expected: number;
    readonly lost: number;
    readonly doubled: number;
    readonly broken: number;
  };
}

export async function simulated(args: readonly string[]): Promise<Outcome> {
  console.log(`menwei simulate ${args.join(' ')}`);
  const child = spawn(process.execPath, [CLI, 'simulate', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, progress] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    progress = `${progress}${data.toString()}`.slice(-2_000);
  });
  await new Promise((resolve) => child.once('exit', resolve));
  if (output === '') throw new Error(`menwei simulate gave no answer: ${progress}`);
  const outcome = JSON.parse(output) as Outcome;
  console.log(JSON.stringify({ ...outcome, ends: undefined }));
  return outcome;
}
