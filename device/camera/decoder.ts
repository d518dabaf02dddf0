import { Worker } from 'node:worker_threads';
import { afterSilence, assert } from '../../src/base/index.ts';
import type { Clock } from '../../src/ports/index.ts';
import type { Point } from '../../src/sight/index.ts';
import type { DecodeAnswer, DecodeTask, Frame, Read } from './decoder-worker.ts';
import { PICTURE_BYTES_MAX, PICTURE_PIXELS_MAX, pictureSize } from './pgm.ts';

/**
 * Reads pictures in a thread of its own, one at a time. A picture that takes too long costs its thread, not the gate;
 * the thread is also replaced after so many pictures or so much memory, because the decoder leaks a little.
 */
export interface Decoder {
  /** One picture at a time: check `busy` first. A frame's memory is given away with it. Never rejects. */
  decode(picture: Uint8Array | Frame): Promise<DecodeOutcome>;
  readonly busy: boolean;
  /** Threads that were replaced, by why: for health and tests. */
  readonly replaced: Readonly<Record<'hung' | 'crashed' | 'used-up', number>>;
  stop(): Promise<void>;
}

export type DecodeOutcome =
  /** Corners of the symbol in pixels of the picture: a hint of where to look next, no more to be trusted than the text. */
  | { readonly type: 'text'; readonly text: string; readonly corners: readonly Point[] }
  | { readonly type: 'nothing' }
  /** Too large, of no known kind, too slow, or the thread fell over it. */
  | { readonly type: 'refused'; readonly why: 'size' | 'kind' | 'budget' | 'crash' };

export interface DecoderLimits {
  readonly budgetMs: number;
  readonly picturesMax: number;
  readonly memoryBytesMax: number;
}

const LIMITS: DecoderLimits = {
  budgetMs: 500,
  picturesMax: 20_000,
  memoryBytesMax: 192 * 1024 * 1024,
};
/** A thread compiles the decoder once; a slow machine under load needs a while. */
const START_MS_MAX = 15_000;
/** Heap of the thread; pictures and the decoder's own memory lie outside and are bounded by the limits above. */
const HEAP_MB_MAX = 64;

interface Thread {
  readonly worker: Worker;
  readonly ready: Promise<boolean>;
  pictures: number;
  memoryBytes: number;
}

export interface DecoderDeps {
  readonly clock: Clock;
  /** Another thread program: tests use one that hangs. */
  readonly program?: URL;
}

export function createDecoder(deps: DecoderDeps, limits: Partial<DecoderLimits> = {}): Decoder {
  return new ThreadDecoder(deps, { ...LIMITS, ...limits });
}

class ThreadDecoder implements Decoder {
  readonly replaced = { hung: 0, crashed: 0, 'used-up': 0 };
  readonly #deps: DecoderDeps;
  readonly #limits: DecoderLimits;
  #thread: Thread | undefined;
  #busy = false;
  #lastId = 0;

  constructor(deps: DecoderDeps, limits: DecoderLimits) {
    this.#deps = deps;
    this.#limits = limits;
    this.#thread = this.#startThread();
  }

  get busy(): boolean {
    return this.#busy;
  }

  async decode(picture: Uint8Array | Frame): Promise<DecodeOutcome> {
    assert(!this.#busy, 'one picture at a time');
    const refusal = 'grey' in picture ? judgeFrame(picture) : judgePicture(picture);
    if (refusal !== undefined) return refusal;
    this.#busy = true;
    try {
      const thread = this.#thread ?? this.#startThread();
      this.#thread = thread;
      if (!(await thread.ready)) return await this.#giveUp(thread, 'crashed');
      return await this.#ask(thread, picture);
    } finally {
      this.#busy = false;
    }
  }

  async stop(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.worker.terminate();
  }

  async #ask(thread: Thread, picture: Uint8Array | Frame): Promise<DecodeOutcome> {
    this.#lastId += 1;
    const answer = await this.#answerOf(thread, { id: this.#lastId, picture });
    if (answer === 'hung' || answer === 'crashed') return this.#giveUp(thread, answer);
    thread.pictures += 1;
    thread.memoryBytes = answer.memoryBytes;
    await this.#replaceUsedUp(thread);
    return answer.read === undefined ? { type: 'nothing' } : { type: 'text', ...answer.read };
  }

  #answerOf(
    thread: Thread,
    task: DecodeTask,
  ): Promise<{ read: Read | undefined; memoryBytes: number } | 'hung' | 'crashed'> {
    return new Promise((resolve) => {
      const settle = (answer: Parameters<typeof resolve>[0]) => {
        cancel();
        thread.worker.off('message', heard);
        thread.worker.off('exit', crashed);
        resolve(answer);
      };
      const heard = (answer: DecodeAnswer) => {
        if (answer.id === task.id && 'memoryBytes' in answer) settle(answer);
      };
      const crashed = () => settle('crashed');
      const cancel = afterSilence(this.#deps.clock, this.#limits.budgetMs, () => settle('hung'));
      thread.worker.on('message', heard);
      thread.worker.on('exit', crashed);
      thread.worker.postMessage(
        task,
        'grey' in task.picture ? [task.picture.grey.buffer as ArrayBuffer] : [],
      );
    });
  }

  async #giveUp(thread: Thread, why: 'hung' | 'crashed'): Promise<DecodeOutcome> {
    this.replaced[why] += 1;
    await this.#replace(thread);
    return { type: 'refused', why: why === 'hung' ? 'budget' : 'crash' };
  }

  async #replaceUsedUp(thread: Thread): Promise<void> {
    const { picturesMax, memoryBytesMax } = this.#limits;
    if (thread.pictures < picturesMax && thread.memoryBytes <= memoryBytesMax) return;
    this.replaced['used-up'] += 1;
    await this.#replace(thread);
  }

  async #replace(thread: Thread): Promise<void> {
    if (this.#thread === thread) this.#thread = this.#startThread();
    await thread.worker.terminate();
  }

  #startThread(): Thread {
    const program = this.#deps.program ?? new URL('./decoder-worker.ts', import.meta.url);
    const worker = new Worker(program, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX } });
    const ready = new Promise<boolean>((resolve) => {
      const cancel = afterSilence(this.#deps.clock, START_MS_MAX, () => resolve(false));
      const settle = (isReady: boolean) => {
        cancel();
        resolve(isReady);
      };
      worker.once('message', () => settle(true));
      worker.once('exit', () => settle(false));
    });
    // What a thread dies of is told by its exit.
    worker.on('error', () => undefined);
    return { worker, ready, pictures: 0, memoryBytes: 0 };
  }
}

function judgeFrame({ grey, size: { width, height } }: Frame): DecodeOutcome | undefined {
  const isWhole = [width, height].every((side) => Number.isInteger(side) && side > 0);
  if (!isWhole || grey.length !== width * height || grey.length !== grey.buffer.byteLength)
    return { type: 'refused', why: 'kind' };
  return grey.length > PICTURE_PIXELS_MAX ? { type: 'refused', why: 'size' } : undefined;
}

function judgePicture(picture: Uint8Array): DecodeOutcome | undefined {
  if (picture.length > PICTURE_BYTES_MAX) return { type: 'refused', why: 'size' };
  const size = pictureSize(picture);
  if (size === undefined || size.width === 0 || size.height === 0) return { type: 'refused', why: 'kind' };
  return size.width * size.height > PICTURE_PIXELS_MAX ? { type: 'refused', why: 'size' } : undefined;
}
