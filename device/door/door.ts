import { afterSilence, assert } from '../../src/base/index.ts';
import {
  type Clock,
  DOOR_INPUTS,
  type Door,
  type DoorHealth,
  type DoorInput,
  type DoorInputs,
  type InputChange,
  type PulseOutcome,
  type Receipt,
  RELAY_ON_MAX_MS,
} from '../../src/ports/index.ts';
import { BEAT_LOST_MS, keepRelayProcess, type RelayProcess } from './relay-process.ts';
import type { FromRelay, RelayInput, RelayTask } from './relay-protocol.ts';

/**
 * A wired door: one relay, up to five inputs, owned by a process of their own (relay-child.ts). It promises that the
 * relay rests at start, after a crash of either process, and after a hang; it opens against a receipt and nothing else.
 */
export interface DoorSettings {
  readonly id: string;
  /** `folder` is a door made of files, for trials; `chip` then names the folder. */
  readonly driver: 'gpio' | 'sysfs' | 'folder';
  /** Chip label (`pinctrl-rp1`) or device path; found by itself on a Raspberry Pi. */
  readonly chip?: string | undefined;
  readonly relay: { readonly line: number; readonly activeLow?: boolean };
  readonly contact?: InputSettings | undefined;
  readonly passage?: InputSettings | undefined;
  readonly exitButton?: InputSettings | undefined;
  readonly fire?: InputSettings | undefined;
  readonly tamper?: InputSettings | undefined;
}

export interface InputSettings {
  readonly line: number;
  readonly activeLow?: boolean;
  /** Up, unless something else than a contact to ground drives the line. */
  readonly pull?: 'up' | 'down' | 'none';
  readonly debounceMs?: number;
}

const DEBOUNCE_MS = 30;
/** An order that is not confirmed within this, to a gate that listens, is a fault, and the process that owed the answer is replaced. */
const ANSWER_MS = 1_000;
const START_MS = 5_000;
/** Orders that may wait for an answer at once. */
const UNANSWERED_MAX = 16;

const NO_ANSWER = 'the relay process did not answer';

type Order =
  | { readonly type: 'pulse'; readonly pulseMs: number }
  | { readonly type: 'hold'; readonly open: boolean };

export function createDoor(settings: DoorSettings, deps: { readonly clock: Clock }): Door {
  return new WiredDoor(settings, deps.clock);
}

class WiredDoor implements Door {
  readonly id: string;
  readonly #settings: DoorSettings;
  readonly #clock: Clock;
  readonly #listeners: ((change: InputChange) => void)[] = [];
  readonly #unanswered = new Map<number, (outcome: PulseOutcome) => void>();
  #relay: RelayProcess | undefined;
  #ready = false;
  #trouble: string | undefined = 'not started';
  #relayOn = false;
  #inputs: DoorInputs = {};
  #lastId = 0;
  #settled: (() => void) | undefined;

  constructor(settings: DoorSettings, clock: Clock) {
    this.id = settings.id;
    this.#settings = settings;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    assert(this.#relay === undefined, 'a door starts once');
    const known = new Promise<void>((resolve) => {
      const cancel = this.#clock.after(START_MS, resolve);
      this.#settled = () => {
        cancel();
        resolve();
      };
    });
    this.#relay = keepRelayProcess(taskOf(this.#settings), this.#clock, {
      heard: (said) => this.#heard(said),
      lost: (why) => this.#lost(why),
    });
    await known;
    this.#settled = undefined;
  }

  async stop(): Promise<void> {
    await this.#relay?.stop();
    this.#ready = false;
    this.#relayOn = false;
    this.#trouble = 'stopped';
  }

  open(_receipt: Receipt, pulseMs: number): Promise<PulseOutcome> {
    assert(Number.isFinite(pulseMs) && pulseMs > 0, 'a pulse has a length');
    return this.#order({ type: 'pulse', pulseMs: Math.min(pulseMs, RELAY_ON_MAX_MS) });
  }

  hold(_receipt: Receipt, open: boolean): Promise<PulseOutcome> {
    return this.#order({ type: 'hold', open });
  }

  inputs(): DoorInputs {
    return this.#inputs;
  }

  onInput(listener: (change: InputChange) => void): void {
    this.#listeners.push(listener);
  }

  health(): DoorHealth {
    const detail = this.#trouble === undefined ? {} : { detail: this.#trouble };
    return { ok: this.#ready, relayOn: this.#relayOn, ...detail };
  }

  #order(order: Order): Promise<PulseOutcome> {
    const relay = this.#relay;
    if (relay === undefined || !this.#ready) return refused(`the relay is not available: ${this.#trouble}`);
    if (this.#unanswered.size >= UNANSWERED_MAX) return refused('too many orders wait for the relay');
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      const answer = (outcome: PulseOutcome) => {
        cancel();
        this.#unanswered.delete(id);
        resolve(outcome);
      };
      const cancel = afterSilence(this.#clock, ANSWER_MS, () => {
        relay.replace(NO_ANSWER);
        answer({ ok: false, fault: NO_ANSWER });
      });
      this.#unanswered.set(id, answer);
      if (!relay.say({ ...order, id })) answer({ ok: false, fault: 'the relay process is gone' });
    });
  }

  #heard(said: FromRelay): void {
    switch (said.type) {
      case 'ready':
        this.#ready = true;
        this.#trouble = undefined;
        return;
      case 'failed':
        this.#trouble = said.why;
        return;
      case 'done':
        this.#unanswered.get(said.id)?.(
          said.fault === undefined ? { ok: true } : { ok: false, fault: said.fault },
        );
        return;
      case 'state':
        this.#relayOn = said.relayOn;
        for (const [input, active] of Object.entries(said.inputs)) this.#learn(input, active);
        this.#settled?.();
        return;
      case 'input':
        this.#learn(said.input, said.active);
    }
  }

  /**
   * What is heard during the start is how the door was found; whatever differs from the last known state is a change. A relay
   * process that came too late for the start found the door at rest, as far as anybody was told.
   */
  #learn(input: string, active: boolean): void {
    if (!isDoorInput(input) || this.#inputs[input] === active) return;
    const isFound = this.#inputs[input] === undefined && (this.#settled !== undefined || !active);
    this.#inputs = { ...this.#inputs, [input]: active };
    if (isFound) return;
    for (const listener of this.#listeners) listener({ input, active, at: this.#clock.monotonic() });
  }

  #lost(why: string): void {
    this.#ready = false;
    this.#relayOn = false;
    this.#trouble = why;
    for (const answer of this.#unanswered.values()) answer({ ok: false, fault: why });
    this.#settled?.();
  }
}

function taskOf(settings: DoorSettings): RelayTask {
  const inputs: Record<string, RelayInput> = {};
  for (const input of DOOR_INPUTS) {
    const wired = settings[input];
    if (wired === undefined) continue;
    const { line, activeLow = true, pull = 'up', debounceMs = DEBOUNCE_MS } = wired;
    inputs[input] = { line, activeLow, pull, debounceMs };
  }
  return {
    door: settings.id,
    driver: settings.driver,
    ...(settings.chip === undefined ? {} : { chip: settings.chip }),
    relay: { line: settings.relay.line, activeLow: settings.relay.activeLow ?? false },
    inputs,
    onMaxMs: RELAY_ON_MAX_MS,
    beatLostMs: BEAT_LOST_MS,
  };
}

function isDoorInput(name: string): name is DoorInput {
  return DOOR_INPUTS.some((input) => input === name);
}

function refused(fault: string): Promise<PulseOutcome> {
  return Promise.resolve({ ok: false, fault });
}
