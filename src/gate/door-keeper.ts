import {
  type DoorEvidence,
  type DoorSettings,
  type DoorState,
  doorState,
  superviseDoor,
} from '../decide/index.ts';
import type { Clock, Door, DoorItem, InputChange, PulseOutcome, Receipt } from '../ports/index.ts';

/** A welded relay is told within 3 s of its pulse's end, of which two belong to `mismatchMs` (docs/threats.md, T19). */
const LOOK_EVERY_MS = 500;
const DETAIL_MAX = 120;

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
  #cancelLook: (() => void) | undefined;
  #told: Promise<PulseOutcome | undefined> = Promise.resolve(undefined);
  /** Against which the door was last told to hold, or to end that. */
  #hold: Receipt | undefined;
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

  /** Told to open again and again, and its contact never moved. */
  get isStill(): boolean {
    return this.#state.following.told;
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
    this.#look();
  }

  /** What was so already at the start is news to whoever reads the journal. */
  tellFound(): void {
    const { lane } = this.#state.settings;
    const { fire, tamper } = this.#door.inputs();
    if (fire === true) this.#tell({ type: 'door', lane, event: 'fire', detail: 'at-start' });
    if (tamper === true) this.#tell({ type: 'door', lane, event: 'tamper', detail: 'at-start' });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelWake?.();
    this.#cancelLook?.();
    await this.#door.stop();
  }

  /** Resolves when the relay has taken, or failed, its last order: the lane's next scan comes then. */
  async told(): Promise<void> {
    await this.#told;
  }

  /** Whether the relay did its last order. */
  async obeyed(): Promise<boolean> {
    const outcome = await this.#told;
    return outcome?.ok === true && this.healthy;
  }

  /** @returns when the relay has been told, not when the pulse is over */
  async open(receipt: Receipt, pulse: Pulse): Promise<PulseOutcome> {
    const told = this.#door.open(receipt, pulse.pulseMs);
    // What went wrong is told to whoever gave the order.
    this.#told = told.catch(() => undefined);
    this.#hear({ type: 'pulse', ...pulse });
    const outcome = await told.catch((cause: unknown) => {
      this.#hear({ type: 'pulse-failed', entry: pulse.entry, fault: 'the door driver failed' });
      throw cause;
    });
    if (!outcome.ok) this.#hear({ type: 'pulse-failed', entry: pulse.entry, fault: outcome.fault });
    return outcome;
  }

  async hold(receipt: Receipt, open: boolean): Promise<PulseOutcome> {
    const told = this.#door.hold(receipt, open);
    this.#told = told.catch(() => undefined);
    this.#hold = receipt;
    this.#hear({ type: 'hold', open });
    const outcome = await told.catch((cause: unknown) => {
      if (open) this.#hear({ type: 'hold-failed' });
      throw cause;
    });
    if (!outcome.ok && open) this.#hear({ type: 'hold-failed' });
    return outcome;
  }

  /** Another journal: entries of the one before have no number in it, so nobody is awaited for them; they are uses. */
  forgetEntries(): void {
    this.#state = { ...this.#state, awaited: [], done: [] };
  }

  /** A driver that dies while nobody comes, and a relay that does what nobody ordered, are told all the same. */
  #look(): void {
    const { ok, relayOn, detail } = this.#door.health();
    const short = detail === undefined ? {} : { detail: detail.slice(0, DETAIL_MAX) };
    if (relayOn !== this.#state.relayOn) this.#hear({ type: 'relay', on: relayOn });
    const isNews = ok !== (this.#state.gone === undefined) || (!ok && this.#state.holding);
    if (isNews) this.#hear({ type: 'driver', ok, ...short });
    this.#cancelLook = this.#clock.after(LOOK_EVERY_MS, () => this.#look());
  }

  /** What was told not to be held must not be held again by a relay that finds back to its order; letting go wants no row. */
  #letGo(): void {
    if (this.#hold === undefined) return;
    // A driver that is gone refuses it, and rests its relay by itself.
    void this.#door.hold(this.#hold, false).catch(() => undefined);
  }

  #input({ input, active }: InputChange): void {
    this.#hear({ type: 'input', input, active });
  }

  #hear(evidence: DoorEvidence): void {
    if (this.#stopped) return;
    const now = this.#clock.monotonic();
    const { state, items, wakeAt } = superviseDoor(this.#state, evidence, now);
    const isDropped = this.#state.holding && !state.holding && evidence.type !== 'hold';
    this.#state = state;
    if (isDropped) this.#letGo();
    this.#cancelWake?.();
    this.#cancelWake =
      wakeAt === undefined
        ? undefined
        : this.#clock.after(Math.max(0, wakeAt - now), () => this.#hear({ type: 'tick' }));
    for (const item of items) this.#tell(item);
  }
}
