/** (evidence, state, policy, now) → rows, memory, effects, next state. Pure: it decides and does nothing. */
export { decide } from './decide.ts';
export { type DoorOutcome, superviseDoor } from './door.ts';
export {
  DOOR_DEFAULTS,
  type DoorEvidence,
  type DoorSettings,
  type DoorState,
  doorState,
  RELAY_ON_MS_MAX,
} from './door-state.ts';
export type {
  Evidence,
  Freshness,
  FreshnessByKind,
  LaneHealth,
  Now,
  ScanEvidence,
  Setting,
  TimerEvidence,
} from './evidence.ts';
export { UNDO_MS } from './limits.ts';
export { lookUpsLeft } from './look-ups.ts';
export type {
  AlarmEffect,
  Effect,
  HoldEffect,
  ManualProblem,
  OpenEffect,
  Outcome,
  ReplyEffect,
  ResendEffect,
  UsedEffect,
} from './outcome.ts';
export type { VerdictSign } from './sign.ts';
export { type Person, standingOf } from './standing.ts';
export {
  apply,
  type GateState,
  insideNow,
  isLockedDown,
  type ReadState,
  rejoin,
  restore,
  wakeAt,
} from './state.ts';
