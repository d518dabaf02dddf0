import {
  type DoorEvidence,
  type DoorSettings,
  type DoorState,
  doorState,
  superviseDoor,
} from '../decide/index.ts';
import type { Clock, Door, DoorItem, InputChange, PulseOutcome, Receipt } from '../ports/index.ts';

/**
 * Stands between the pipeline and one door: carries out openings against receipts, and feeds every edge to the pure
 * supervision of `decide`, whose conclusions go into the journal like everything else. It opens nothing of its own accord.
 */
export interface Pulse {
  /** Sequence number of the entry that passes. */
  readonly entry: number;
  readonly people: number;
  readonly pulseMs: number;
}

export class DoorKeeper {
  readonly #door: Door;
  readonly #clock: Clock;
  readonly #tell: (item: DoorItem) => void;
  #state: DoorState;
  #cancelWake: (() => void) | undefined;
  #told: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(
    parts: { readonly door: Door; readonly clock: Clock; readonly settings: DoorSettings },
    tell: (item: DoorItem) => void,
  ) {
    this.#door = parts.door;
    this.#clock = parts.clock;
    this.#tell = tell;
    this.#state = doorState(parts.settings, {}, parts.clock.monotonic());
  }

  get healthy(): boolean {
    return this.#door.health().ok;
  }

  get sensor(): 'none' | 'healthy' | 'faulty' {
    if (this.#state.settings.sensor === 'none') return 'none';
    return this.#state.sensorHealthy && this.healthy ? 'healthy' : 'faulty';
  }

  get isFire(): boolean {
    return this.#state.fire;
  }

  get isHeldOpen(): boolean {
    return this.#state.holding;
  }

  /** For status: `open` only where a contact is wired. */
  report(): { ok: boolean; relayOn: boolean; open?: boolean; detail?: string } {
    const { ok, relayOn, detail } = this.#door.health();
    const { contact } = this.#door.inputs();
    return {
      ok,
      relayOn,
      ...(contact === undefined ? {} : { open: contact }),
      ...(detail === undefined ? {} : { detail }),
    };
  }

  async start(): Promise<void> {
    await this.#door.start();
    this.#state = doorState(this.#state.settings, this.#door.inputs(), this.#clock.monotonic());
    this.#door.onInput((change) => this.#input(change));
    this.#hear({ type: 'tick' });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelWake?.();
    await this.#door.stop();
  }

  /** Resolves when the relay has taken, or failed, its last order: the lane's next scan comes then. */
  async told(): Promise<void> {
    await this.#told;
  }

  /** @returns when the relay has been told, not when the pulse is over */
  async open(receipt: Receipt, pulse: Pulse): Promise<PulseOutcome> {
    const told = this.#door.open(receipt, pulse.pulseMs);
    // What went wrong is told to whoever gave the order.
    this.#told = told.catch(() => undefined);
    this.#hear({ type: 'pulse', ...pulse });
    const outcome = await told;
    if (!outcome.ok) this.#hear({ type: 'pulse-failed', entry: pulse.entry, fault: outcome.fault });
    return outcome;
  }

  async hold(receipt: Receipt, open: boolean): Promise<PulseOutcome> {
    const told = this.#door.hold(receipt, open);
    this.#hear({ type: 'hold', open });
    return told;
  }

  /** Another journal: entries of the one before have no number in it, so nobody is awaited for them; they are uses. */
  forgetEntries(): void {
    this.#state = { ...this.#state, awaited: [], done: [] };
  }

  #input({ input, active }: InputChange): void {
    this.#hear({ type: 'input', input, active });
  }

  #hear(evidence: DoorEvidence): void {
    if (this.#stopped) return;
    const now = this.#clock.monotonic();
    const { state, items, wakeAt } = superviseDoor(this.#state, evidence, now);
    this.#state = state;
    this.#cancelWake?.();
    this.#cancelWake =
      wakeAt === undefined
        ? undefined
        : this.#clock.after(Math.max(0, wakeAt - now), () => this.#hear({ type: 'tick' }));
    for (const item of items) this.#tell(item);
  }
}
