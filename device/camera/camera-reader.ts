import {
  type Clock,
  type Reader,
  type ReaderHealth,
  SCAN_TEXT_MAX,
  type ScanSink,
} from '../../src/ports/index.ts';
import {
  type Attention,
  createAttention,
  createMotionGate,
  createPresence,
  type MotionGate,
  partOf,
  type Point,
  type Region,
} from '../../src/sight/index.ts';
import { type CameraSettings, cameraCommand } from './camera-command.ts';
import { type CameraProcess, keepCameraProcess } from './camera-process.ts';
import { createDecoder, type Decoder, type DecodeOutcome } from './decoder.ts';
import { offerPatiently } from './patient-offer.ts';

/**
 * A camera as a reader. It decodes one frame at a time and lets the others pass by unseen; a scene that stands still
 * costs next to nothing; a code that stays in view is offered once. It waits while the gate's queue is full.
 */
/** A text seen again within this is the same code still held up. */
const SAME_TEXT_MS = 2_000;
/** Frames of 1280 × 720 take 27 MB, of 3840 × 2160 74 MB: more is a leak. Three cameras fit into what the service may have. */
const MEMORY_BYTES_MAX = 80 * 1024 * 1024;

export function cameraReader(
  settings: CameraSettings,
  deps: { readonly clock: Clock; readonly decoder?: Decoder },
): Reader {
  const { pictureMs } = settings;
  const decoder =
    deps.decoder ??
    createDecoder(
      { clock: deps.clock },
      { memoryBytesMax: MEMORY_BYTES_MAX, ...(pictureMs !== undefined && { budgetMs: pictureMs }) },
    );
  return new CameraReader(settings, deps.clock, decoder);
}

class CameraReader implements Reader {
  readonly id: string;
  readonly #settings: CameraSettings;
  readonly #clock: Clock;
  readonly #decoder: Decoder;
  readonly #gate: MotionGate;
  readonly #attention: Attention;
  readonly #stopper = new AbortController();
  #process: CameraProcess | undefined;
  #health: ReaderHealth;
  #sink: ScanSink | undefined;
  #looking: Promise<void> | undefined;
  readonly #presence = createPresence();
  #lastText: string | undefined;
  #lastTextAtMs = Number.NEGATIVE_INFINITY;

  constructor(settings: CameraSettings, clock: Clock, decoder: Decoder) {
    this.id = settings.id;
    this.#settings = settings;
    this.#clock = clock;
    this.#decoder = decoder;
    this.#gate = createMotionGate(settings);
    this.#attention = createAttention({ width: settings.width, height: settings.height });
    this.#health = { reader: settings.id, state: 'starting' };
  }

  async start(sink: ScanSink): Promise<void> {
    this.#sink = sink;
    this.#process ??= keepCameraProcess(cameraCommand(this.#settings), this.#clock, {
      frame: (grey) => this.#frame(grey),
      lost: (why) => this.#tell('lost', why),
    });
  }

  async stop(): Promise<void> {
    this.#stopper.abort();
    await this.#process?.stop();
    await this.#looking;
    await this.#decoder.stop();
  }

  health(): ReaderHealth {
    return this.#health;
  }

  #frame(grey: Uint8Array): void {
    this.#tell('ready');
    if (this.#looking !== undefined) return;
    const nowMs = this.#clock.monotonic();
    if (!this.#gate.passes(grey, nowMs)) {
      // What has not moved still holds up the code it held up.
      if (this.#presence.text !== undefined) this.#lastTextAtMs = nowMs;
      return;
    }
    const { width, height } = this.#settings;
    const { view, region } = this.#attention.next();
    // A copy: the camera goes on filling its own.
    const part = partOf({ grey, size: { width, height } }, region);
    this.#looking = this.#decoder
      .decode({ ...part, view })
      .then((outcome) => {
        this.#attention.seen(cornersOf(outcome, region));
        this.#presence.looked(outcome.type === 'text' ? outcome.text : undefined);
        return this.#seen(outcome);
      })
      .finally(() => {
        this.#looking = undefined;
      });
  }

  async #seen(outcome: DecodeOutcome): Promise<void> {
    const sink = this.#sink;
    if (sink === undefined) return;
    // A picture that the decoder hung over was thrown away with its thread; it may have held a code.
    if (outcome.type === 'refused' && outcome.why === 'budget') return sink.dropped('timed-out');
    if (outcome.type !== 'text') return;
    const at = this.#clock.monotonic();
    const isSame = outcome.text === this.#lastText && at - this.#lastTextAtMs < SAME_TEXT_MS;
    this.#lastText = outcome.text;
    this.#lastTextAtMs = at;
    if (isSame || outcome.text === '') return;
    if (outcome.text.length > SCAN_TEXT_MAX) return sink.dropped('too-long');
    const context = { clock: this.#clock, stopping: this.#stopper.signal };
    await offerPatiently({ reader: this.id, text: outcome.text, at }, sink, context);
  }

  #tell(state: ReaderHealth['state'], detail?: string): void {
    const known = this.#health.state;
    this.#health = { reader: this.id, state, ...(detail === undefined ? {} : { detail }) };
    if (known !== state) this.#sink?.changed(this.#health);
  }
}

/** From the part that was looked at back to the frame. */
function cornersOf(outcome: DecodeOutcome, { left, top }: Region): readonly Point[] | undefined {
  return outcome.type === 'text'
    ? outcome.corners.map(({ x, y }) => ({ x: x + left, y: y + top }))
    : undefined;
}
