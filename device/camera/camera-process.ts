import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '../../src/ports/index.ts';
import type { CameraCommand } from './camera-command.ts';

/**
 * Keeps a program running that writes frames, and hands each frame on as it becomes whole. A program that ends, or stops
 * giving frames, is started again, ever more slowly. One frame is held at a time, whatever the program sends.
 */
export interface CameraProcess {
  stop(): Promise<void>;
}

export interface CameraListener {
  /** The grey picture; its memory is filled again after the call. */
  frame(grey: Uint8Array): void;
  lost(why: string): void;
}

const RESTART_MIN_MS = 500;
const RESTART_MAX_MS = 8_000;
/** One that gave frames for so long ran well; one that dies sooner is waited for ever longer. */
const STEADY_MS = 30_000;
/** A program that gave no frame yet may still be read from a cold, worn card: ffmpeg loads 200 libraries. */
const FIRST_FRAME_MS_MAX = 30_000;
/** Later, a silence this long means that it hangs. */
const FRAME_MS_MAX = 5_000;
const LOOK_MS = 1_000;
const STOP_MS = 1_000;
const COMPLAINT_MAX = 300;
/** Of the gate's environment a camera program gets nothing. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin' };

export function keepCameraProcess(
  command: CameraCommand,
  clock: Clock,
  listener: CameraListener,
): CameraProcess {
  return new CameraKeeper(command, clock, listener);
}

class CameraKeeper implements CameraProcess {
  readonly #command: CameraCommand;
  readonly #clock: Clock;
  readonly #listener: CameraListener;
  #child: ChildProcess | undefined;
  #stopped = false;
  #restartMs = RESTART_MIN_MS;
  #frameAtMs = 0;
  #firstFrameAtMs = 0;
  #hasFrame = false;
  #lookDueMs = 0;
  #cancelRestart: (() => void) | undefined;
  #cancelLook: (() => void) | undefined;

  constructor(command: CameraCommand, clock: Clock, listener: CameraListener) {
    this.#command = command;
    this.#clock = clock;
    this.#listener = listener;
    this.#start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRestart?.();
    this.#cancelLook?.();
    const last = this.#child;
    if (last === undefined) return;
    const gone = new Promise<void>((resolve) => last.once('close', () => resolve()));
    last.kill('SIGTERM');
    const cancel = this.#clock.after(STOP_MS, () => void last.kill('SIGKILL'));
    await gone;
    cancel();
  }

  #start(): void {
    this.#frameAtMs = this.#clock.monotonic();
    this.#hasFrame = false;
    this.#lookDueMs = this.#frameAtMs;
    const { file, args } = this.#command;
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT });
    this.#child = child;
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-COMPLAINT_MAX);
    });
    child.stdout.on(
      'data',
      frameCutter(this.#command, (grey) => this.#frame(grey)),
    );
    let told = false;
    const gone = (why: string) => {
      if (told) return;
      told = true;
      this.#gone(complaint.trim() || why);
    };
    child.on('error', (fault) => gone(fault.message));
    child.on('close', (code, signal) => gone(`the camera program ended (${signal ?? code})`));
    this.#look();
  }

  #frame(grey: Uint8Array): void {
    this.#frameAtMs = this.#clock.monotonic();
    if (!this.#hasFrame) this.#firstFrameAtMs = this.#frameAtMs;
    this.#hasFrame = true;
    if (this.#frameAtMs - this.#firstFrameAtMs >= STEADY_MS) this.#restartMs = RESTART_MIN_MS;
    if (!this.#stopped) this.#listener.frame(grey);
  }

  #look(): void {
    const nowMs = this.#clock.monotonic();
    const silentMsMax = this.#hasFrame ? FRAME_MS_MAX : FIRST_FRAME_MS_MAX;
    // A gate that was busy itself has frames waiting in the pipe: it looks at them before it judges.
    const wasBusy = nowMs - this.#lookDueMs > LOOK_MS;
    if (!wasBusy && nowMs - this.#frameAtMs > silentMsMax) this.#child?.kill('SIGKILL');
    this.#lookDueMs = nowMs + LOOK_MS;
    this.#cancelLook = this.#clock.after(LOOK_MS, () => this.#look());
  }

  #gone(why: string): void {
    this.#child = undefined;
    this.#cancelLook?.();
    if (this.#stopped) return;
    this.#listener.lost(why);
    this.#cancelRestart = this.#clock.after(this.#restartMs, () => this.#start());
    this.#restartMs = Math.min(this.#restartMs * 2, RESTART_MAX_MS);
  }
}

/** Cuts a stream into frames of a fixed size and hands on the picture in each: its grey rows, without what stands beside it. */
export function frameCutter(
  command: Pick<CameraCommand, 'frameBytes' | 'size' | 'rowBytes' | 'left'>,
  take: (grey: Uint8Array) => void,
): (chunk: Uint8Array) => void {
  const { rowBytes, left } = command;
  const { width, height } = command.size;
  const frame = new Uint8Array(command.frameBytes);
  const isBare = rowBytes === width;
  const grey = isBare ? frame.subarray(0, width * height) : new Uint8Array(width * height);
  let filled = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      const part = chunk.subarray(at, at + frame.length - filled);
      frame.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < frame.length) return;
      filled = 0;
      for (let y = 0; y < height && !isBare; y += 1)
        grey.set(frame.subarray(y * rowBytes + left, y * rowBytes + left + width), y * width);
      take(grey);
    }
  };
}
