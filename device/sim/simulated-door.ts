import { assert, type MonotonicMs } from '../../src/base/index.ts';
import {
  type Clock,
  type Door,
  type DoorHealth,
  type DoorInput,
  type DoorInputs,
  type InputChange,
  type PulseOutcome,
  RELAY_ON_MAX_MS,
  type Receipt,
} from '../../src/ports/index.ts';

/**
 * A door without wires: it remembers each switching of its relay and each order with its receipt, lets a simulated person
 * through, and fails in the ways that doors fail. It rests at start, like a real one.
 */
export interface SimulatedDoor extends Door {
  mode: DoorMode;
  /** Switchings of the relay, oldest first; the last TRACE_MAX are kept. */
  readonly trace: readonly RelaySwitching[];
  readonly orders: readonly DoorOrder[];
  /** Somebody or something moves an input. */
  move(input: DoorInput, active: boolean): void;
  /** The power or the process goes: the relay rests at once, nothing that was going on goes on. */
  cut(): void;
}

/**
 * stuck: the relay switches but the door does not move. nobody-passes: released, but no one comes. welded: once released,
 * the door stays open, and the relay reads back as on. relay-fault: orders fail.
 */
export type DoorMode = 'works' | 'stuck' | 'nobody-passes' | 'welded' | 'relay-fault';

export interface RelaySwitching {
  readonly on: boolean;
  readonly at: MonotonicMs;
}

export interface DoorOrder {
  readonly receipt: Receipt;
  readonly order: 'open' | 'hold' | 'end-hold';
  readonly pulseMs?: number;
  readonly at: MonotonicMs;
}

export interface SimulatedDoorSettings {
  readonly id: string;
  /** A door contact; true by default. */
  readonly contact?: boolean;
  /** A turnstile that tells of each person. */
  readonly passage?: boolean;
  readonly mode?: DoorMode;
  readonly person?: Partial<SimulatedPerson>;
}

/** From the relay's release, or from the person before. */
export interface SimulatedPerson {
  readonly opensAfterMs: number;
  readonly passesAfterMs: number;
  readonly closesAfterMs: number;
}

const PERSON: SimulatedPerson = { opensAfterMs: 400, passesAfterMs: 900, closesAfterMs: 1_500 };
const TRACE_MAX = 4_096;
/** People who stand before the door at once. */
const PEOPLE_MAX = 8;

export function simulatedDoor(
  settings: SimulatedDoorSettings,
  deps: { readonly clock: Clock },
): SimulatedDoor {
  return new WirelessDoor(settings, deps.clock);
}

class WirelessDoor implements SimulatedDoor {
  readonly id: string;
  readonly trace: RelaySwitching[] = [];
  readonly orders: DoorOrder[] = [];
  mode: DoorMode;
  readonly #clock: Clock;
  readonly #person: SimulatedPerson;
  readonly #listeners: ((change: InputChange) => void)[] = [];
  readonly #steps = new Set<() => void>();
  #inputs: DoorInputs;
  #started = false;
  #on = false;
  /** It was let go, and did not fall. */
  #stuckOn = false;
  #held = false;
  #pulse: { readonly sinceMs: number; readonly untilMs: number } | undefined;
  #cancelPulse: (() => void) | undefined;
  #people = 0;
  #passing = false;

  constructor(settings: SimulatedDoorSettings, clock: Clock) {
    this.id = settings.id;
    this.mode = settings.mode ?? 'works';
    this.#clock = clock;
    this.#person = { ...PERSON, ...settings.person };
    this.#inputs = {
      ...(settings.contact === false ? {} : { contact: false }),
      ...(settings.passage === true ? { passage: false } : {}),
    };
  }

  async start(): Promise<void> {
    this.#started = true;
  }

  async stop(): Promise<void> {
    this.cut();
  }

  open(receipt: Receipt, pulseMs: number): Promise<PulseOutcome> {
    assert(Number.isFinite(pulseMs) && pulseMs > 0, 'a pulse has a length');
    return this.#order({ receipt, order: 'open', pulseMs, at: this.#clock.monotonic() }, () => {
      this.#extend(pulseMs);
      this.#people = Math.min(this.#people + 1, PEOPLE_MAX);
      this.#apply();
      this.#nextPerson();
    });
  }

  hold(receipt: Receipt, open: boolean): Promise<PulseOutcome> {
    const order = open ? 'hold' : 'end-hold';
    return this.#order({ receipt, order, at: this.#clock.monotonic() }, () => {
      this.#held = open;
      this.#apply();
    });
  }

  inputs(): DoorInputs {
    return this.#inputs;
  }

  onInput(listener: (change: InputChange) => void): void {
    this.#listeners.push(listener);
  }

  health(): DoorHealth {
    const faulty = this.mode === 'relay-fault';
    const detail = faulty ? { detail: 'simulated fault' } : {};
    return {
      ok: this.#started && !faulty,
      relayOn: this.#on || (this.mode === 'welded' && this.#stuckOn),
      ...detail,
    };
  }

  move(input: DoorInput, active: boolean): void {
    if (this.#inputs[input] === active) return;
    this.#inputs = { ...this.#inputs, [input]: active };
    for (const listener of this.#listeners) listener({ input, active, at: this.#clock.monotonic() });
  }

  cut(): void {
    for (const cancel of this.#steps) cancel();
    this.#steps.clear();
    this.#cancelPulse?.();
    this.#pulse = undefined;
    this.#held = false;
    this.#people = 0;
    this.#passing = false;
    this.#started = false;
    this.#apply();
  }

  #order(order: DoorOrder, perform: () => void): Promise<PulseOutcome> {
    remember(this.orders, order);
    if (!this.#started) return Promise.resolve({ ok: false, fault: 'not started' });
    if (this.mode === 'relay-fault') return Promise.resolve({ ok: false, fault: 'simulated fault' });
    perform();
    return Promise.resolve({ ok: true });
  }

  #extend(pulseMs: number): void {
    const nowMs = this.#clock.monotonic();
    const sinceMs = this.#pulse?.sinceMs ?? nowMs;
    const wantedMs = Math.max(this.#pulse?.untilMs ?? 0, nowMs + pulseMs);
    const untilMs = Math.min(wantedMs, sinceMs + RELAY_ON_MAX_MS);
    this.#pulse = { sinceMs, untilMs };
    this.#cancelPulse?.();
    this.#cancelPulse = this.#clock.after(untilMs - nowMs, () => {
      this.#pulse = undefined;
      this.#apply();
    });
  }

  #apply(): void {
    const on = this.#held || this.#pulse !== undefined;
    if (on === this.#on) return;
    this.#on = on;
    this.#stuckOn = !on && this.mode === 'welded';
    remember(this.trace, { on, at: this.#clock.monotonic() });
    // Who has not pushed the door by now stands before a locked one.
    if (!on) this.#people = 0;
  }

  #nextPerson(): void {
    if (this.#passing || this.#people === 0) return;
    if (this.mode === 'stuck' || this.mode === 'nobody-passes') return;
    this.#passing = true;
    this.#people -= 1;
    const { opensAfterMs, passesAfterMs, closesAfterMs } = this.#person;
    this.#later(opensAfterMs, () => this.#moveIfWired('contact', true));
    this.#later(passesAfterMs, () => this.#moveIfWired('passage', true));
    this.#later(closesAfterMs, () => {
      this.#moveIfWired('passage', false);
      if (this.mode !== 'welded') this.#moveIfWired('contact', false);
      this.#passing = false;
      this.#nextPerson();
    });
  }

  #moveIfWired(input: DoorInput, active: boolean): void {
    if (this.#inputs[input] !== undefined) this.move(input, active);
  }

  #later(delayMs: number, then: () => void): void {
    const cancel = this.#clock.after(delayMs, () => {
      this.#steps.delete(cancel);
      then();
    });
    this.#steps.add(cancel);
  }
}

function remember<Item>(list: Item[], item: Item): void {
  list.push(item);
  if (list.length > TRACE_MAX) list.shift();
}
