import type { MonotonicMs } from '../base/index.ts';
import type { Receipt } from './receipt.ts';

/**
 * A door's electric side: one relay, up to five inputs. It decides nothing.
 * Drivers promise: the line rests when requested, a pulse ends even if this process dies, and nothing opens at start.
 */
export interface Door {
  readonly id: string;
  /** Energises the relay for so long. A running pulse is extended, up to RELAY_ON_MAX_MS in one piece. */
  open(receipt: Receipt, pulseMs: number): Promise<PulseOutcome>;
  /** Hold open (or end it) until told otherwise; survives nothing: a restart rests the line. */
  hold(receipt: Receipt, open: boolean): Promise<PulseOutcome>;
  /** Present states; `undefined` for inputs that are not wired. */
  inputs(): DoorInputs;
  onInput(listener: (change: InputChange) => void): void;
  health(): DoorHealth;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Longest time a relay stays on without a new receipt (docs/architecture.md, R2). */
export const RELAY_ON_MAX_MS = 60_000;

export type PulseOutcome = { readonly ok: true } | { readonly ok: false; readonly fault: string };

/** contact: active = door open. passage: active edge = one person turned through. */
export const DOOR_INPUTS = ['contact', 'passage', 'exitButton', 'fire', 'tamper'] as const;
export type DoorInput = (typeof DOOR_INPUTS)[number];

export type DoorInputs = { readonly [Input in DoorInput]?: boolean };

export interface InputChange {
  readonly input: DoorInput;
  readonly active: boolean;
  readonly at: MonotonicMs;
}

export interface DoorHealth {
  readonly ok: boolean;
  readonly relayOn: boolean;
  readonly detail?: string;
}
