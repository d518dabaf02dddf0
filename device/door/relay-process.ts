import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '../../src/ports/index.ts';
import { type FromRelay, type RelayTask, relayMessages, type ToRelay } from './relay-protocol.ts';

/**
 * Keeps one relay process running: starts it, gives it beats, and ends and replaces it when it dies or falls silent.
 * A replaced process puts the relay to rest before it says that it is ready.
 */
export interface RelayProcess {
  /** @returns false when there is nobody to hear it */
  say(order: ToRelay): boolean;
  /** Kills it, for a process that did not do what it was told; the next one rests the relay. */
  replace(why: string): void;
  stop(): Promise<void>;
}

export interface RelayListener {
  heard(said: FromRelay): void;
  /** Also at a failed start. */
  lost(why: string): void;
}

export const BEAT_MS = 250;
/** Silence of either side after which the other acts. */
export const BEAT_LOST_MS = 2_000;
/** A process that has not said a word yet is still being read from a cold, worn card; it holds no line meanwhile. */
const FIRST_WORD_MS = 20_000;
const RESTART_MIN_MS = 200;
const RESTART_MAX_MS = 5_000;
const STOP_MS = 1_000;
const COMPLAINT_MAX = 300;

export function keepRelayProcess(task: RelayTask, clock: Clock, listener: RelayListener): RelayProcess {
  return new RelayKeeper(task, clock, listener);
}

class RelayKeeper implements RelayProcess {
  readonly #task: RelayTask;
  readonly #clock: Clock;
  readonly #listener: RelayListener;
  #child: ChildProcess | undefined;
  #stopped = false;
  #restartMs = RESTART_MIN_MS;
  #heardAtMs: number;
  #isHeard = false;
  #beatDueMs = 0;
  #reason: string | undefined;
  #cancelBeat: (() => void) | undefined;
  #cancelRestart: (() => void) | undefined;

  constructor(task: RelayTask, clock: Clock, listener: RelayListener) {
    this.#task = task;
    this.#clock = clock;
    this.#listener = listener;
    this.#heardAtMs = clock.monotonic();
    this.#start();
  }

  say(order: ToRelay): boolean {
    const pipe = this.#child?.stdin;
    if (pipe?.writable !== true) return false;
    pipe.write(`${JSON.stringify(order)}\n`);
    return true;
  }

  replace(why: string): void {
    this.#reason ??= why;
    this.#child?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRestart?.();
    const last = this.#child;
    if (last === undefined) return;
    const gone = new Promise<void>((resolve) => last.once('exit', () => resolve()));
    last.stdin?.end();
    const cancelKill = this.#clock.after(STOP_MS, () => void last.kill('SIGKILL'));
    await gone;
    cancelKill();
  }

  #start(): void {
    this.#heardAtMs = this.#clock.monotonic();
    this.#isHeard = false;
    this.#beatDueMs = this.#heardAtMs;
    this.#reason = undefined;
    this.#child = spawnRelay(this.#task, {
      hear: (said) => this.#hear(said),
      gone: (why) => this.#gone(why),
    });
    this.#beat();
  }

  #hear(said: FromRelay): void {
    this.#heardAtMs = this.#clock.monotonic();
    this.#isHeard = true;
    if (said.type === 'ready') this.#restartMs = RESTART_MIN_MS;
    if (said.type === 'failed') this.#reason = said.why;
    this.#listener.heard(said);
  }

  #gone(why: string): void {
    this.#child = undefined;
    this.#cancelBeat?.();
    this.#listener.lost(this.#reason ?? why);
    if (this.#stopped) return;
    this.#cancelRestart = this.#clock.after(this.#restartMs, () => this.#start());
    this.#restartMs = Math.min(this.#restartMs * 2, RESTART_MAX_MS);
  }

  #beat(): void {
    const nowMs = this.#clock.monotonic();
    // A gate that was busy itself has words waiting in the pipe: it listens before it judges.
    const wasBusy = nowMs - this.#beatDueMs > BEAT_MS;
    if (!wasBusy && nowMs - this.#heardAtMs > (this.#isHeard ? BEAT_LOST_MS : FIRST_WORD_MS)) {
      this.replace('the relay process does not answer');
    }
    this.say({ type: 'beat' });
    this.#beatDueMs = nowMs + BEAT_MS;
    this.#cancelBeat = this.#clock.after(BEAT_MS, () => this.#beat());
  }
}

function spawnRelay(
  task: RelayTask,
  on: { readonly hear: (said: FromRelay) => void; readonly gone: (why: string) => void },
): ChildProcess {
  const program = new URL('./relay-child.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, JSON.stringify(task)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Nothing of the gate's environment is its business.
    env: {},
  });
  const take = relayMessages<FromRelay>(on.hear);
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    try {
      take(chunk);
    } catch {
      child.kill('SIGKILL');
    }
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaint = (complaint + chunk).slice(-COMPLAINT_MAX);
  });
  // A write to a process that has just died: its end is told by 'exit'.
  child.stdin.on('error', () => undefined);
  let told = false;
  const gone = (why: string) => {
    if (told) return;
    told = true;
    on.gone(complaint === '' ? why : complaint.trim());
  };
  child.on('error', (fault) => gone(fault.message));
  child.on('exit', (code, signal) => gone(`the relay process ended (${signal ?? code})`));
  return child;
}
