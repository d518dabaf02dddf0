import { type SimulatedClock, type SimulatedDoor, simulatedDoor } from '../../../device/sim/index.ts';
import type { Door, DoorInput, InputChange, PulseOutcome, Receipt } from '../../../src/ports/index.ts';
import type { Hardware, LanePlan } from './world.ts';
import type { Seen } from './trace.ts';

/** A simulated door whose every order and every switching of the relay is seen from outside. */
export class TracedDoor implements Door, Hardware {
  readonly id: string;
  readonly twin: SimulatedDoor;
  readonly #lane: string;
  readonly #tell: (seen: Seen) => void;
  readonly #clock: SimulatedClock;
  readonly #alive: () => boolean;
  /** How the next order fails, besides what the twin does by itself. */
  trouble: 'rejects' | 'late' | undefined;
  #seen = 0;
  #welded = false;

  constructor(
    lane: LanePlan,
    parts: {
      readonly clock: SimulatedClock;
      readonly tell: (seen: Seen) => void;
      readonly alive: () => boolean;
    },
  ) {
    this.id = lane.id;
    this.#lane = lane.id;
    this.#tell = parts.tell;
    this.#clock = parts.clock;
    this.#alive = parts.alive;
    const wiring = { id: lane.id, contact: lane.sensor === 'contact', passage: lane.sensor === 'passage' };
    this.twin = simulatedDoor(wiring, { clock: parts.clock });
  }

  async start(): Promise<void> {
    await this.twin.start();
    this.#watchRelay();
  }

  async stop(): Promise<void> {
    await this.twin.stop();
    this.#watchRelay();
  }

  open(receipt: Receipt, pulseMs: number): Promise<PulseOutcome> {
    if (!this.#alive()) return new Promise(() => undefined);
    this.#tell({ type: 'open', lane: this.#lane, receipt, pulseMs });
    const trouble = this.trouble;
    this.trouble = undefined;
    if (trouble === 'rejects') return Promise.reject(new Error('simulated: the driver threw'));
    if (trouble === 'late') return this.#late();
    const told = this.twin.open(receipt, pulseMs);
    this.#watchRelay();
    // The relay's end is seen when it comes.
    this.#clock.after(pulseMs + 1, () => this.#watchRelay());
    return told;
  }

  hold(receipt: Receipt, open: boolean): Promise<PulseOutcome> {
    if (!this.#alive()) return new Promise(() => undefined);
    this.#tell({ type: 'hold', lane: this.#lane, receipt, open });
    const told = this.twin.hold(receipt, open);
    this.#watchRelay();
    return told;
  }

  inputs() {
    return this.twin.inputs();
  }

  onInput(listener: (change: InputChange) => void): void {
    this.twin.onInput((change) => {
      if (this.#alive()) listener(change);
    });
  }

  health() {
    return this.twin.health();
  }

  move(input: DoorInput, active: boolean): void {
    this.twin.move(input, active);
  }

  /** The process is gone: the relay rests. */
  cut(): void {
    this.twin.cut();
    this.#watchRelay();
  }

  spark(on: boolean): void {
    this.#tell({ type: 'relay', lane: this.#lane, on, when: this.#clock.monotonic() });
  }

  weld(): void {
    this.#welded = true;
  }

  #late(): Promise<PulseOutcome> {
    return new Promise((resolve) => {
      this.#clock.after(1_000, () => resolve({ ok: false, fault: 'simulated: no answer' }));
    });
  }

  #watchRelay(): void {
    for (const { on, at } of this.twin.trace.slice(this.#seen)) {
      if (on || !this.#welded) this.#tell({ type: 'relay', lane: this.#lane, on, when: at });
    }
    this.#seen = this.twin.trace.length;
  }
}
