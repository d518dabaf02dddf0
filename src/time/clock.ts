import { type ClockQuality, type MonotonicMs, unixSeconds, type WallMs, wallMs } from '../base/index.ts';
import {
  BATTERY_ERROR_MS,
  BATTERY_SPAN_MAX_MS,
  DRIFT_PPM,
  ERROR_MAX_MS,
  FORWARD_STEP_MAX_MS,
  JITTER_MS,
  SYNCED_FOR_MS,
  SYSTEM_ERROR_MS,
} from './limits.ts';

/**
 * Effective time: an anchor that was once believed, plus what the monotonic clock has counted since.
 * It never falls below the floor and never runs backwards, and it says how far it may be wrong. The wall clock is only a witness.
 */

/** Plain data, so that it can be kept with the rest of the gate's state. */
export interface ClockState {
  /** Newest of the build and the last journal row whose clock was not `unsure`. */
  readonly localFloorMs: WallMs;
  /** Newest verified signed time; a root change of the time key takes it back. */
  readonly signedFloorMs: WallMs;
  /** Highest effective time handed out since the last reset. */
  readonly highestMs: WallMs;
  /** Absent until the first reading. */
  readonly anchor?: Anchor;
  /** Forward steps of the wall clock that were followed since the last proof. */
  readonly followedMs: number;
  /** Advance by codes alone since the last signed time. */
  readonly advancedMs: number;
  readonly witnesses: readonly Witness[];
  readonly driftPpm: number;
}

/** The two clocks at one instant, what effective time was then, and how well that was known. */
export interface Anchor {
  readonly effectiveMs: WallMs;
  readonly monotonic: MonotonicMs;
  readonly wall: WallMs;
  readonly errorMs: number;
  /** false: nothing supports it but the floor. */
  readonly supported: boolean;
  /** When it was last proved by an authenticated source. */
  readonly provedAt?: MonotonicMs;
}

/** A resident's code, issued ahead of the gate's time. */
export interface Witness {
  readonly index: number;
  readonly issuedMs: WallMs;
  readonly seenAt: MonotonicMs;
}

export interface ClockFloor {
  readonly buildMs: WallMs;
  /** Of the last journal row whose clock was not `unsure`. */
  readonly lastRowMs?: WallMs;
  /** Newest signed time in the stored trust documents. */
  readonly signedMs?: WallMs;
  readonly driftPpm?: number;
}

export interface ClockInputs {
  readonly wall: WallMs;
  readonly monotonic: MonotonicMs;
  /**
   * The operating system disciplines the wall clock by an authenticated source (NTS), or by one that the operator
   * vouches for. Plain NTP is not such a source: whoever owns the network owns it.
   */
  readonly systemSynced?: boolean;
  /** The wall clock was kept by a battery while the power was off. */
  readonly batteryClock?: boolean;
}

/** The present: fits `VerifyNow` of verify, with milliseconds for rows. */
export interface ClockReading {
  readonly at: WallMs;
  readonly seconds: number;
  readonly quality: ClockQuality;
  readonly errorSeconds: number;
}

export function startClock(floor: ClockFloor): ClockState {
  return {
    localFloorMs: latest(floor.buildMs, floor.lastRowMs ?? floor.buildMs),
    signedFloorMs: floor.signedMs ?? wallMs(0),
    highestMs: wallMs(0),
    followedMs: 0,
    advancedMs: 0,
    witnesses: [],
    driftPpm: floor.driftPpm ?? DRIFT_PPM,
  };
}

/** The time below which effective time never falls. */
export function floorOf(state: ClockState): WallMs {
  return latest(state.localFloorMs, state.signedFloorMs);
}

/** What time it is now, as far as the gate can know. Called for every scan; the state that comes back is used for the next. */
export function readClock(
  state: ClockState,
  inputs: ClockInputs,
): { readonly state: ClockState; readonly now: ClockReading } {
  const anchored = follow(state, inputs);
  const counted = countedTime(anchored, inputs);
  const at = latest(counted, floorOf(anchored), anchored.highestMs);
  const errorMs = Math.abs(at - counted) + errorOf(anchored, inputs.monotonic);
  const quality = qualityOf(anchored, inputs, errorMs);
  const now = { at, seconds: unixSeconds(at), quality, errorSeconds: boundSeconds(quality, errorMs) };
  return { state: { ...anchored, highestMs: at }, now };
}

/** The anchor's time moved on by the monotonic clock. */
export function countedTime(state: ClockState, inputs: ClockInputs): WallMs {
  const anchor = state.anchor;
  if (anchor === undefined) return floorOf(state);
  return wallMs(Math.floor(anchor.effectiveMs + elapsed(anchor, inputs.monotonic)));
}

/** Bound of the error of `countedTime`, grown since the anchor. */
export function errorOf(state: ClockState, monotonic: MonotonicMs): number {
  const anchor = state.anchor;
  if (anchor === undefined) return ERROR_MAX_MS;
  return anchor.errorMs + (elapsed(anchor, monotonic) * state.driftPpm) / 1_000_000;
}

/** A new anchor that an authenticated source has proved: earlier doubts and followed steps are settled. */
export function proved(
  state: ClockState,
  inputs: ClockInputs,
  proof: { readonly atMs: WallMs; readonly errorMs: number },
): ClockState {
  const anchor: Anchor = {
    effectiveMs: proof.atMs,
    monotonic: inputs.monotonic,
    wall: inputs.wall,
    errorMs: proof.errorMs,
    supported: true,
    provedAt: inputs.monotonic,
  };
  return { ...state, anchor, followedMs: 0, witnesses: [] };
}

/**
 * A battery's clock that was not believed at the start, judged again as the next start would judge it: the floor has risen
 * towards it, or it lay behind the floor and has passed it. What it lay behind is how wrong it may be.
 * Undefined when it is still too far off, or was set meanwhile.
 */
export function supportedAfterAll(state: ClockState, inputs: ClockInputs): Anchor | undefined {
  const { anchor } = state;
  if (anchor === undefined || anchor.supported || Math.abs(stepOf(anchor, inputs)) > JITTER_MS)
    return undefined;
  const judged = firstAnchor(state, inputs);
  const behindMs = Math.max(0, anchor.effectiveMs - anchor.wall);
  return judged.supported ? { ...judged, errorMs: judged.errorMs + behindMs } : undefined;
}

function follow(state: ClockState, inputs: ClockInputs): ClockState {
  if (inputs.systemSynced === true) {
    return proved(state, inputs, { atMs: inputs.wall, errorMs: SYSTEM_ERROR_MS });
  }
  if (state.anchor === undefined) return { ...state, anchor: firstAnchor(state, inputs) };
  const believed = supportedAfterAll(state, inputs);
  if (believed !== undefined) return { ...state, anchor: believed };
  const step = stepOf(state.anchor, inputs);
  const small = step > JITTER_MS && step + state.followedMs <= FORWARD_STEP_MAX_MS;
  if (!small || !state.anchor.supported) return state;
  const { provedAt: _settled, ...anchor } = state.anchor;
  return {
    ...state,
    followedMs: state.followedMs + step,
    anchor: {
      ...anchor,
      effectiveMs: wallMs(anchor.effectiveMs + elapsed(anchor, inputs.monotonic) + step),
      monotonic: inputs.monotonic,
      wall: inputs.wall,
      errorMs: errorOf(state, inputs.monotonic) + step,
    },
  };
}

/**
 * At start nothing tells how long the power was off, and a machine without a battery goes on from where it stopped.
 * So only a battery-backed clock, at a believable distance from the floor, supports a time of its own.
 */
function firstAnchor(state: ClockState, inputs: ClockInputs): Anchor {
  const floor = floorOf(state);
  const ahead = inputs.wall - floor;
  const supported = inputs.batteryClock === true && ahead >= 0 && ahead <= BATTERY_SPAN_MAX_MS;
  return {
    effectiveMs: supported ? inputs.wall : floor,
    monotonic: inputs.monotonic,
    wall: inputs.wall,
    errorMs: supported ? BATTERY_ERROR_MS + (ahead * state.driftPpm) / 1_000_000 : ERROR_MAX_MS,
    supported,
  };
}

function qualityOf(state: ClockState, inputs: ClockInputs, errorMs: number): ClockQuality {
  const anchor = state.anchor;
  if (anchor === undefined || !anchor.supported || errorMs > ERROR_MAX_MS) return 'unsure';
  if (Math.abs(stepOf(anchor, inputs)) > JITTER_MS) return 'unsure';
  const proofAge =
    anchor.provedAt === undefined ? Number.POSITIVE_INFINITY : inputs.monotonic - anchor.provedAt;
  return proofAge <= SYNCED_FOR_MS ? 'synced' : 'holdover';
}

/** By how much the wall clock has been set since the anchor: the monotonic clock has no part in a step. */
function stepOf(anchor: Anchor, inputs: ClockInputs): number {
  return inputs.wall - anchor.wall - elapsed(anchor, inputs.monotonic);
}

/** A monotonic clock never runs backwards; one that seems to has been read on another core, a hair earlier. */
function elapsed(anchor: Anchor, monotonic: MonotonicMs): number {
  return Math.max(0, monotonic - anchor.monotonic);
}

/** An unsure clock claims no precision at all. */
function boundSeconds(quality: ClockQuality, errorMs: number): number {
  return (quality === 'unsure' ? Math.max(errorMs, ERROR_MAX_MS) : errorMs) / 1000;
}

function latest(...times: readonly WallMs[]): WallMs {
  return wallMs(Math.max(...times));
}
