import type { MonotonicMs } from '../base/index.ts';
import { following, type Following } from './door-following.ts';
import { GRACE_MS } from './limits.ts';

/** What is known of one door, and what can be heard of it. */

export interface DoorSettings {
  readonly lane: string;
  /** What tells that somebody passed: a turnstile's passage input, else the contact (opened and closed), else nothing. */
  readonly sensor: 'passage' | 'contact' | 'none';
  /** An opened door that nobody passes frees the code after so long, counted from the first grant. */
  readonly annulMs: number;
  /** Open longer than this: held open. */
  readonly heldMs: number;
  /** After a pulse has ended the door may still be pushed open. */
  readonly lingerMs: number;
  /** After the exit button the door may be opened for so long. */
  readonly exitMs: number;
  /** Relay and its feedback may disagree for so long: springs and relays take time. */
  readonly mismatchMs: number;
}

/** GB 50396-2007 wants forced and held-open alarms; docs/threats.md, T19: a welded relay is told within 3 s. */
export const DOOR_DEFAULTS = {
  // Later than the grace by more than a queue can hold a scan back: an annulled entry is never opened again.
  annulMs: GRACE_MS + 5_000,
  heldMs: 30_000,
  lingerMs: 2_000,
  exitMs: 10_000,
  mismatchMs: 2_000,
} as const;

/** Longest time a relay stays on by pulses in one piece (docs/architecture.md, R2): then it rests, whatever was ordered. */
export const RELAY_ON_MS_MAX = 60_000;
/** A driver is replaced in less; one that is gone for longer is told. */
export const DRIVER_GONE_MS = 2_000;

/** Entries whose passage is awaited at one door. One that is pushed out counts as used. */
export const AWAITED_MAX = 16;
/** Entries that are remembered as done. */
export const DONE_MAX = 32;

export type DoorInputName = 'contact' | 'passage' | 'exitButton' | 'fire' | 'tamper';

export type DoorEvidence =
  /** The relay was told to open for an entry. The same entry again is the same grant. */
  | { readonly type: 'pulse'; readonly entry: number; readonly people: number; readonly pulseMs: number }
  | { readonly type: 'pulse-failed'; readonly entry: number; readonly fault: string }
  | { readonly type: 'hold'; readonly open: boolean }
  /** The relay did not take the order to hold open. */
  | { readonly type: 'hold-failed' }
  | { readonly type: 'input'; readonly input: DoorInputName; readonly active: boolean }
  /** Read-back of the relay, where it is wired. */
  | { readonly type: 'relay'; readonly on: boolean }
  /** Whatever drives the relay and reads the inputs is gone, or back. */
  | { readonly type: 'driver'; readonly ok: boolean; readonly detail?: string }
  /** The passage sensor failed or came back. */
  | { readonly type: 'sensor'; readonly healthy: boolean }
  | { readonly type: 'tick' };

export interface DoorState {
  readonly settings: DoorSettings;
  readonly awaited: readonly Awaited[];
  /** Entries that were told passed, annulled or lost, newest last: a late pulse does not bring them back. */
  readonly done: readonly number[];
  readonly sensorHealthy: boolean;
  /** Until when the relay is on by pulse. */
  readonly pulseUntil: MonotonicMs;
  /** Since when pulses have followed each other. */
  readonly pulseSince: MonotonicMs;
  /** Until when nobody can say what the relay should do: an order failed. */
  readonly doubtUntil: MonotonicMs;
  /** Until when an opening of the door has a cause. */
  readonly allowedUntil: MonotonicMs;
  readonly holding: boolean;
  readonly fire: boolean;
  readonly open: boolean;
  /** Since when it counts as held; undefined: closed, or allowed to stand open. */
  readonly heldSince?: MonotonicMs;
  readonly heldTold: boolean;
  /** Read-back of the relay; undefined: not wired or not heard yet. */
  readonly relayOn?: boolean;
  readonly relaySince: MonotonicMs;
  readonly mismatchSince?: MonotonicMs;
  readonly mismatchTold: boolean;
  /** The driver is gone since then, and why; undefined: it is well. */
  readonly gone?: { readonly since: MonotonicMs; readonly detail: string };
  readonly goneTold: boolean;
  /** Whether the door moves when it is told to open. */
  readonly following: Following;
}

/** An entry that may be passed. */
export interface Awaited {
  readonly entry: number;
  readonly people: number;
  readonly passed: number;
  /** The door was opened since. */
  readonly opened: boolean;
  /** First grant, and when nobody is awaited any longer. */
  readonly at: MonotonicMs;
  readonly until: MonotonicMs;
}

/** At a start the relay rests and whatever stands open is only watched: nothing is concluded from before. */
export function doorState(
  settings: DoorSettings,
  inputs: { readonly [Input in DoorInputName]?: boolean },
  at: MonotonicMs,
): DoorState {
  const open = inputs.contact === true;
  return {
    settings,
    awaited: [],
    done: [],
    sensorHealthy: true,
    pulseUntil: at,
    pulseSince: at,
    doubtUntil: at,
    relaySince: at,
    allowedUntil: at,
    holding: false,
    fire: inputs.fire === true,
    open,
    heldTold: false,
    mismatchTold: false,
    goneTold: false,
    following: following(settings.sensor === 'contact' || inputs.contact !== undefined),
    ...(open && inputs.fire !== true && { heldSince: at }),
  };
}
