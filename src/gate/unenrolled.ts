import { isoTime } from '../base/index.ts';
import type { Clock, Log, Reader, Scan } from '../ports/index.ts';
import type { DisplayEnrolment, DisplayState, EnrolmentRefusal } from '../wire/index.ts';
import { DisplayHub } from './display-hub.ts';
import type { Lane } from './lane.ts';
import { PageReader } from './page-reader.ts';

/**
 * A gate that belongs to no district yet: its readers read and its displays speak, and the one thing that it takes is an
 * enrolment. It has no door, no journal and no trust, so that nothing it does can open anything.
 */
export interface UnenrolledParts {
  readonly lanes: readonly (Pick<Lane, 'id' | 'direction'> & { readonly readers: readonly Reader[] })[];
  readonly timeZone: string;
  /** @returns why not, or undefined when the gate is enrolled */
  readonly enrol: (text: string) => Promise<EnrolmentRefusal | undefined>;
  /** Of this gate's device key: shown once it is enrolled, while its set-up goes on. */
  readonly fingerprint?: () => string;
  /** How it is set up from another machine; shown until it is enrolled. */
  readonly setUp?: () => DisplayState['setUp'];
  readonly clock: Clock;
  readonly log: Log;
}

/** How long a display says what was wrong with a symbol before it asks for one again. */
const REFUSED_SHOWN_MS = 30_000;
/** One symbol does not become two attempts while a camera still looks at it. */
const SAME_AGAIN_MS = 10_000;
const REFRESH_EVERY_MS = 10_000;
const SYMBOL = /^\s*MENWEI-ENROL:/i;

export class UnenrolledGate {
  readonly display: DisplayHub;
  /** Kept when the gate is enrolled. */
  readonly enrolled: Promise<void>;
  readonly #parts: UnenrolledParts;
  #enrolment: DisplayEnrolment = { step: 'symbol' };
  #last: { readonly text: string; readonly at: number } | undefined;
  #tellEnrolled: () => void = () => undefined;
  #cancel: (() => void) | undefined;
  #cancelRefresh: (() => void) | undefined;
  #stopped = false;
  #isEnrolled = false;

  constructor(parts: UnenrolledParts) {
    this.#parts = parts;
    const lanes = parts.lanes.map(({ id }) => id);
    this.display = new DisplayHub(lanes, () => isoTime(parts.clock.wall()));
    this.enrolled = new Promise((resolve) => {
      this.#tellEnrolled = resolve;
    });
  }

  async start(): Promise<void> {
    this.#refresh();
    for (const { readers } of this.#parts.lanes)
      for (const reader of readers)
        await reader.start({
          offer: (scan) => this.#read(scan),
          room: () => Promise.resolve(),
          dropped: () => undefined,
          changed: () => this.#show(this.#enrolment),
        });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancelRefresh?.();
    for (const { readers } of this.#parts.lanes) await Promise.all(readers.map((reader) => reader.stop()));
  }

  /** What the displays show of it. */
  get enrolment(): DisplayEnrolment {
    return this.#enrolment;
  }

  /** The root has come another way: by `menwei enrol`, or as a file. */
  foundEnrolled(): void {
    if (this.#isEnrolled) return;
    this.#isEnrolled = true;
    const fingerprint = this.#parts.fingerprint?.();
    if (fingerprint !== undefined) this.#show({ step: 'confirm', fingerprint });
    this.#tellEnrolled();
  }

  /** The text of the symbol, from the set-up page. @returns why it was not taken */
  async enrol(text: string): Promise<EnrolmentRefusal | undefined> {
    if (this.#stopped || this.#isEnrolled || this.#enrolment.step === 'working') return 'busy';
    return this.#take(text);
  }

  /** One at a time: while one symbol is being taken to its district, another is not looked at. */
  #read({ text }: Scan): boolean {
    if (this.#stopped || this.#isEnrolled || this.#enrolment.step === 'working') return true;
    const now = this.#parts.clock.monotonic();
    const isSame = this.#last?.text === text && now - this.#last.at < SAME_AGAIN_MS;
    if (isSame) return true;
    this.#last = { text, at: now };
    if (SYMBOL.test(text)) void this.#take(text);
    else this.#refuse('other-code');
    return true;
  }

  async #take(text: string): Promise<EnrolmentRefusal | undefined> {
    const { enrol, log } = this.#parts;
    this.#show({ step: 'working' });
    const refusal = await enrol(text).catch((fault: unknown): EnrolmentRefusal => {
      log.error({ fault: fault instanceof Error ? fault.message : 'unknown' }, 'the enrolment failed');
      return 'fault';
    });
    if (this.#stopped) return refusal;
    if (refusal === undefined) this.foundEnrolled();
    else this.#refuse(refusal);
    return refusal;
  }

  #refuse(refusal: EnrolmentRefusal): void {
    this.#parts.log.warn({ refusal }, 'no enrolment was taken');
    this.#show({ step: 'refused', refusal });
    this.#cancel = this.#parts.clock.after(REFUSED_SHOWN_MS, () => this.#show({ step: 'symbol' }));
  }

  #show(enrolment: DisplayEnrolment): void {
    if (this.#stopped) return;
    if (enrolment !== this.#enrolment) this.#cancel?.();
    this.#enrolment = enrolment;
    for (const lane of this.#parts.lanes) this.display.tell(lane.id, this.#stateOf(lane));
  }

  #refresh(): void {
    this.#show(this.#enrolment);
    this.#cancelRefresh = this.#parts.clock.after(REFRESH_EVERY_MS, () => this.#refresh());
  }

  #stateOf({ id, direction, readers }: UnenrolledParts['lanes'][number]): DisplayState {
    const setUp = this.#isEnrolled ? undefined : this.#parts.setUp?.();
    const isBlind = readers.every((reader) => reader.health().state !== 'ready');
    return {
      type: 'state',
      lane: id,
      direction,
      at: isoTime(this.#parts.clock.wall()),
      timeZone: this.#parts.timeZone,
      problems: ['not-enrolled', ...(isBlind ? (['readers'] as const) : [])],
      pageReads: readers.some((reader) => reader instanceof PageReader),
      enrolment: this.#enrolment,
      ...(setUp === undefined ? {} : { setUp }),
    };
  }
}
