/** Effective time, its floor, its quality and the evidence that moves it. Pure; the state is part of the gate's state. */
export {
  type Anchor,
  type ClockFloor,
  type ClockInputs,
  type ClockReading,
  type ClockState,
  floorOf,
  readClock,
  startClock,
} from './clock.ts';
export { type ClockEvidence, type CodeTime, takeEvidence } from './evidence.ts';
export {
  CODE_RESIDENTS_MIN,
  CODE_STEP_MAX_MS,
  DRIFT_PPM,
  ERROR_MAX_MS,
  FORWARD_STEP_MAX_MS,
  SYNCED_FOR_MS,
} from './limits.ts';
