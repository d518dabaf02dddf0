import { type MonotonicMs, type WallMs, wallMs } from '../base/index.ts';
import {
  type ClockInputs,
  type ClockState,
  countedTime,
  errorOf,
  floorOf,
  proved,
  readClock,
  supportedAfterAll,
} from './clock.ts';
import {
  CODE_AHEAD_MIN_MS,
  CODE_EVIDENCE_LIFE_MS,
  CODE_EVIDENCE_MAX,
  CODE_RESIDENTS_MIN,
  CODE_STEP_MAX_MS,
  ROUND_TRIP_MAX_MS,
} from './limits.ts';

/** What may move the clock: each piece was verified before it comes here. Nothing moves it backwards but the loss of a key. */
export type ClockEvidence = SignedTime | AnsweredTime | CodeTime | TimeKeyChanged | RowTime;

/** A time document as it was broadcast. A broker may have held it back, so it only raises the floor. */
export interface SignedTime {
  readonly type: 'signed';
  readonly atMs: WallMs;
}

/** The district's signed answer to the gate's own nonce: the only evidence of the network that makes `synced`. */
export interface AnsweredTime {
  readonly type: 'answered';
  readonly atMs: WallMs;
  readonly askedAt: MonotonicMs;
  readonly answeredAt: MonotonicMs;
}

/** A kind 1 code whose signature holds under a living key, and which was issued ahead of the gate's time. */
export interface CodeTime {
  readonly type: 'code';
  readonly index: number;
  readonly issuedMs: WallMs;
  /** `clockAdvanceMaxSeconds` of the signed policy. */
  readonly advanceMaxSeconds: number;
}

/** The root has taken the time role's key away: what that key said counts no more. */
export interface TimeKeyChanged {
  readonly type: 'time-key-changed';
}

/** A row with a clock that was not `unsure` is durable. */
export interface RowTime {
  readonly type: 'row';
  readonly atMs: WallMs;
}

/** @param inputs the two clocks at the moment at which the evidence is taken */
export function takeEvidence(state: ClockState, evidence: ClockEvidence, inputs: ClockInputs): ClockState {
  const current = readClock(state, inputs).state;
  switch (evidence.type) {
    case 'signed':
      return takeSigned(current, evidence.atMs, inputs);
    case 'answered':
      return takeAnswer(current, evidence, inputs);
    case 'code':
      return takeCode(current, evidence, inputs);
    case 'time-key-changed':
      return forgetSigned(current);
    case 'row':
      return { ...current, localFloorMs: wallMs(Math.max(current.localFloorMs, evidence.atMs)) };
  }
}

/** A signed time beyond the error bound shows that the clock was wrong, and not by how much: it is unsure from then on. */
function takeSigned(state: ClockState, atMs: WallMs, inputs: ClockInputs): ClockState {
  const raised = { ...state, signedFloorMs: wallMs(Math.max(state.signedFloorMs, atMs)), advancedMs: 0 };
  const anchor = supportedAfterAll(raised, inputs);
  if (anchor !== undefined) return { ...raised, anchor };
  const counted = countedTime(state, inputs);
  if (atMs <= counted) return raised;
  const contradicted = atMs > counted + errorOf(state, inputs.monotonic);
  return moveAnchor(raised, inputs, { toMs: atMs, supported: !contradicted });
}

function takeAnswer(state: ClockState, answer: AnsweredTime, inputs: ClockInputs): ClockState {
  const roundTrip = answer.answeredAt - answer.askedAt;
  if (roundTrip < 0 || roundTrip > ROUND_TRIP_MAX_MS) return takeSigned(state, answer.atMs, inputs);
  // Signed somewhere on the way there and back: half the way is the best guess, all of it the bound.
  const since = inputs.monotonic - answer.answeredAt;
  const atMs = wallMs(answer.atMs + roundTrip / 2 + since);
  const raised = {
    ...state,
    signedFloorMs: wallMs(Math.max(state.signedFloorMs, answer.atMs)),
    advancedMs: 0,
  };
  return proved(raised, inputs, { atMs, errorMs: roundTrip + since });
}

/**
 * Old codes may have been kept for a gate that starts with an old clock. So codes move time on, which makes living codes
 * readable for the guard, but they never make the clock sure. Against a proof of the present they say nothing: a code that
 * is ahead of that was issued for later.
 */
function takeCode(state: ClockState, code: CodeTime, inputs: ClockInputs): ClockState {
  if (readClock(state, inputs).now.quality === 'synced') return state;
  const counted = wallMs(Math.max(countedTime(state, inputs), floorOf(state)));
  const believed = state.anchor?.supported === true ? errorOf(state, inputs.monotonic) : 0;
  const threshold = counted + believed + CODE_AHEAD_MIN_MS;
  const witnesses = [
    { index: code.index, issuedMs: code.issuedMs, seenAt: inputs.monotonic },
    ...state.witnesses.filter((one) => one.index !== code.index),
  ]
    .filter((one) => one.issuedMs > threshold && inputs.monotonic - one.seenAt <= CODE_EVIDENCE_LIFE_MS)
    .slice(0, CODE_EVIDENCE_MAX);
  if (witnesses.length < CODE_RESIDENTS_MIN) return { ...state, witnesses };
  const agreed = witnesses.map((one) => one.issuedMs).sort((left, right) => right - left)[
    CODE_RESIDENTS_MIN - 1
  ];
  const allowed = Math.max(0, code.advanceMaxSeconds * 1000 - state.advancedMs);
  const step = Math.min((agreed ?? counted) - counted, CODE_STEP_MAX_MS, allowed);
  const moved = moveAnchor(state, inputs, { toMs: wallMs(counted + step), supported: false });
  return { ...moved, advancedMs: state.advancedMs + step, witnesses: [] };
}

/** Back to what the machine itself knows, as at a start. */
function forgetSigned(state: ClockState): ClockState {
  const { anchor: _forgotten, ...rest } = state;
  return {
    ...rest,
    signedFloorMs: wallMs(0),
    highestMs: wallMs(0),
    followedMs: 0,
    advancedMs: 0,
    witnesses: [],
  };
}

function moveAnchor(
  state: ClockState,
  inputs: ClockInputs,
  to: { readonly toMs: WallMs; readonly supported: boolean },
): ClockState {
  const anchor = state.anchor;
  if (anchor === undefined) return state;
  // The wall witness is kept as it was relative to effective time, so that a jump that was seen stays seen.
  const counted = Math.max(0, inputs.monotonic - anchor.monotonic);
  const moved = {
    ...anchor,
    effectiveMs: to.toMs,
    monotonic: inputs.monotonic,
    wall: wallMs(anchor.wall + counted),
    errorMs: errorOf(state, inputs.monotonic),
    supported: anchor.supported && to.supported,
  };
  return { ...state, anchor: moved };
}
