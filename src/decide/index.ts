/** (evidence, state, policy, now) → rows, memory, effects, next state. Pure: it decides and does nothing. */
export { decide } from './decide.ts';
export { superviseDoor, type DoorOutcome } from './door.ts';
export {
  DOOR_DEFAULTS,
  RELAY_ON_MS_MAX,
  type DoorEvidence,
  type DoorSettings,
  type DoorState,
  doorState,
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
export { type Person, standingOf } from './standing.ts';
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
  VerdictSign,
} from './outcome.ts';
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
