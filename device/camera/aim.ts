import type { Clock } from '../../src/ports/index.ts';
import {
  type Advice,
  adviceOf,
  type Attention,
  createAttention,
  type GreyPicture,
  measure,
  type Measures,
  partOf,
  type Point,
  type Region,
  regionAround,
} from '../../src/sight/index.ts';
import { type CameraSettings, cameraCommand } from './camera-command.ts';
import { keepCameraProcess } from './camera-process.ts';
import { createDecoder, type Decoder } from './decoder.ts';

/**
 * A camera while somebody aims and focuses it: what it sees, how well, and what to change. It looks at frames as the reader
 * does. What a code says stays here; only that one was read leaves.
 */
export interface AimView {
  readonly picture: GreyPicture;
  readonly measures: Measures;
  /** Of a code read within the last second. */
  readonly corners: readonly Point[] | undefined;
  readonly advice: readonly Advice[];
  readonly framesPerSecond: number;
  /** Since the beginning. */
  readonly codesRead: number;
}

export interface AimListener {
  /** At most VIEWS_PER_SECOND_MAX times a second; the picture's memory is filled again after the call. */
  seen(view: AimView): void;
  lost(why: string): void;
}

export interface CameraAim {
  stop(): Promise<void>;
}

export const VIEWS_PER_SECOND_MAX = 5;
const VIEW_MS = 1_000 / VIEWS_PER_SECOND_MAX;
/** A code shown no longer than this ago is still held up. */
const SHOWN_MS = 1_000;

export function aimCamera(
  settings: CameraSettings,
  deps: { readonly clock: Clock; readonly decoder?: Decoder },
  listener: AimListener,
): CameraAim {
  const decoder = deps.decoder ?? createDecoder({ clock: deps.clock });
  const watch = new AimWatch(settings, { clock: deps.clock, decoder }, listener);
  const process = keepCameraProcess(cameraCommand(settings), deps.clock, {
    frame: (grey) => watch.frame(grey),
    lost: (why) => listener.lost(why),
  });
  return {
    async stop() {
      await process.stop();
      await watch.settled();
      await decoder.stop();
    },
  };
}

class AimWatch {
  readonly #size: { readonly width: number; readonly height: number };
  readonly #clock: Clock;
  readonly #decoder: Decoder;
  readonly #listener: AimListener;
  readonly #attention: Attention;
  #looking: Promise<void> | undefined;
  #corners: readonly Point[] = [];
  #readAtMs = Number.NEGATIVE_INFINITY;
  #codesRead = 0;
  #frames = 0;
  #viewAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    { width, height }: CameraSettings,
    { clock, decoder }: { readonly clock: Clock; readonly decoder: Decoder },
    listener: AimListener,
  ) {
    this.#size = { width, height };
    this.#clock = clock;
    this.#decoder = decoder;
    this.#listener = listener;
    this.#attention = createAttention(this.#size);
  }

  frame(grey: Uint8Array): void {
    this.#frames += 1;
    this.#looking ??= this.#look(grey).finally(() => {
      this.#looking = undefined;
    });
    this.#show(grey);
  }

  async settled(): Promise<void> {
    await this.#looking;
  }

  async #look(grey: Uint8Array): Promise<void> {
    const { view, region } = this.#attention.next();
    const outcome = await this.#decoder.decode({ ...partOf({ grey, size: this.#size }, region), view });
    if (outcome.type !== 'text') return this.#attention.seen(undefined);
    this.#corners = outcome.corners.map(({ x, y }) => ({ x: x + region.left, y: y + region.top }));
    this.#readAtMs = this.#clock.monotonic();
    this.#codesRead += 1;
    return this.#attention.seen(this.#corners);
  }

  #show(grey: Uint8Array): void {
    const nowMs = this.#clock.monotonic();
    const sinceMs = nowMs - this.#viewAtMs;
    if (sinceMs < VIEW_MS) return;
    const picture = { grey, size: this.#size };
    const corners = nowMs - this.#readAtMs <= SHOWN_MS ? this.#corners : undefined;
    const measures = measure(
      picture,
      corners === undefined ? this.#middle() : regionAround(corners, this.#size, 0.1),
    );
    const advice = adviceOf(this.#size, measures, corners);
    const framesPerSecond = Number.isFinite(sinceMs) ? (this.#frames * 1_000) / sinceMs : 0;
    this.#viewAtMs = nowMs;
    this.#frames = 0;
    this.#listener.seen({ picture, measures, corners, advice, framesPerSecond, codesRead: this.#codesRead });
  }

  /** Half of each side: where a code is held. */
  #middle(): Region {
    const { width, height } = this.#size;
    const [left, top] = [Math.floor(width / 4), Math.floor(height / 4)];
    return { left, top, width: Math.max(1, width - 2 * left), height: Math.max(1, height - 2 * top) };
  }
}
