import type { ControlState, DrillMode, SimulatedMode } from '../control/protocol.ts';

/**
 * Each degraded mode of docs/reliability.md as a drill: how it is brought about, and what display and guard's page must then show.
 * `simulated` ones are played inside the running gate, which then opens less, never more; `watched` ones a person brings about.
 */

export type Drill = SimulatedDrill | WatchedDrill;

interface Expected {
  /** Shown on a lane's display; absent: it stays as it is. */
  readonly shown?: string;
  /** Shown on the guard's page: one of these. */
  readonly guard: readonly string[];
}

export interface SimulatedDrill extends Expected {
  readonly kind: 'simulated';
  readonly mode: SimulatedMode;
}

export interface WatchedDrill extends Expected {
  readonly kind: 'watched';
  readonly mode: Exclude<DrillMode, SimulatedMode>;
  /** Why this gate cannot rehearse it. */
  readonly absent: (state: ControlState) => boolean;
  /** It has happened, compared with how it was before. */
  readonly happened: (state: ControlState, before: ControlState) => boolean;
  /** It is over. */
  readonly over: (state: ControlState, before: ControlState) => boolean;
}

const readers = ({ lanes }: ControlState) => lanes.flatMap((lane) => lane.readers);
const lost = (state: ControlState) => readers(state).filter(({ state: now }) => now !== 'ready').length;
const doorEvent = (state: ControlState, before: ControlState, events: readonly string[]) =>
  state.doorEvents.some(({ seq, event }) => seq > (before.head ?? 0) && events.includes(event));

export const DRILLS: Readonly<Record<DrillMode, Drill>> = {
  uplink: {
    kind: 'watched',
    mode: 'uplink',
    guard: ['uplink'],
    absent: ({ uplink }) => uplink === undefined,
    happened: ({ uplink }) => uplink?.connected === false,
    over: ({ uplink }) => uplink?.connected === true,
  },
  clock: { kind: 'simulated', mode: 'clock', shown: 'clock', guard: ['clock'] },
  'key-set': { kind: 'simulated', mode: 'key-set', shown: 'trust', guard: ['keyset-expired'] },
  journal: { kind: 'simulated', mode: 'journal', shown: 'journal', guard: ['journal'] },
  reader: {
    kind: 'watched',
    mode: 'reader',
    guard: ['reader', 'readers-all'],
    absent: (state) => readers(state).length === 0,
    happened: (state, before) => lost(state) > lost(before),
    over: (state, before) => lost(state) <= lost(before),
  },
  relay: {
    kind: 'watched',
    mode: 'relay',
    // The alarm stands on the guard's page until somebody takes note; a contact is no standing trouble of the gate.
    guard: [],
    absent: ({ lanes }) => lanes.every(({ door }) => door.open === undefined),
    happened: (state, before) => doorEvent(state, before, ['forced', 'fault', 'stuck', 'held']),
    over: ({ lanes }) => lanes.every(({ door }) => door.open !== true),
  },
  fire: {
    kind: 'watched',
    mode: 'fire',
    shown: 'fire',
    guard: ['fire'],
    absent: () => false,
    happened: ({ lanes }) => lanes.some(({ fire }) => fire),
    over: ({ lanes }) => lanes.every(({ fire }) => !fire),
  },
};

/** @returns what display and guard's page do not show though they should */
export function missing({ shown, guard }: Expected, state: ControlState): string[] {
  const isShown = shown === undefined || state.lanes.some((lane) => lane.shown.includes(shown));
  const isTold = guard.length === 0 || guard.some((problem) => state.guard.includes(problem));
  return [...(isShown ? [] : ['display']), ...(isTold ? [] : ['guard'])];
}
