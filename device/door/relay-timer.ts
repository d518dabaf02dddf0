/**
 * When the relay is on: a pure account of pulses and holding open. Overlapping pulses become one, no pulse outlasts its
 * maximum in one piece, and whatever happens, the relay rests at a moment that is known beforehand.
 */
export interface RelayState {
  readonly pulse?: { readonly sinceMs: number; readonly untilMs: number };
  readonly held: boolean;
}

export const RELAY_AT_REST: RelayState = { held: false };

/** Extends a running pulse, never past `onMaxMs` after it began. */
export function pulsed(
  state: RelayState,
  nowMs: number,
  pulse: { readonly pulseMs: number; readonly onMaxMs: number },
): RelayState {
  const running = state.pulse !== undefined && nowMs < state.pulse.untilMs ? state.pulse : undefined;
  const sinceMs = running?.sinceMs ?? nowMs;
  const wantedMs = Math.max(running?.untilMs ?? 0, nowMs + pulse.pulseMs);
  return { ...state, pulse: { sinceMs, untilMs: Math.min(wantedMs, sinceMs + pulse.onMaxMs) } };
}

export function held(state: RelayState, open: boolean): RelayState {
  return { ...state, held: open };
}

export function isRelayOn(state: RelayState, nowMs: number): boolean {
  return state.held || (state.pulse !== undefined && nowMs < state.pulse.untilMs);
}
