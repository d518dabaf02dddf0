import { monotonicMs, wallMs } from '../base/index.ts';
import {
  type ClockEvidence,
  type ClockInputs,
  type ClockReading,
  type ClockState,
  readClock,
  startClock,
  takeEvidence,
} from './index.ts';

/** For tests: a machine whose clocks can be set wrong while its true time stays known. */

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 86_400 * SECOND;
export const BUILD = wallMs(Date.UTC(2026, 0, 1));
export const TRUTH = wallMs(Date.UTC(2026, 11, 31, 4));

export class Machine {
  state: ClockState;
  truth = TRUTH as number;
  mono = 5_000;
  wrong = 0;
  battery = false;

  constructor(lastRowMs: number = TRUTH - 10 * MINUTE) {
    this.state = startClock({ buildMs: BUILD, lastRowMs: wallMs(lastRowMs) });
  }

  pass(ms: number): this {
    this.truth += ms;
    this.mono += ms;
    return this;
  }

  inputs(): ClockInputs {
    const wall = wallMs(this.truth + this.wrong);
    return { wall, monotonic: monotonicMs(this.mono), batteryClock: this.battery };
  }

  read(): ClockReading {
    const { state, now } = readClock(this.state, this.inputs());
    this.state = state;
    return now;
  }

  take(evidence: ClockEvidence): this {
    this.state = takeEvidence(this.state, evidence, this.inputs());
    return this;
  }

  answer(roundTripMs = 80): this {
    const askedAt = monotonicMs(this.mono);
    this.pass(roundTripMs);
    return this.take({
      type: 'answered',
      atMs: wallMs(this.truth - roundTripMs / 2),
      askedAt,
      answeredAt: monotonicMs(this.mono),
    });
  }

  code(index: number, issuedMs: number, advanceMaxSeconds = 86_400): this {
    return this.take({ type: 'code', index, issuedMs: wallMs(issuedMs), advanceMaxSeconds });
  }

  jumpTo(target: number | { readonly year: number }): this {
    const to = typeof target === 'number' ? this.truth + target : Date.UTC(target.year, 0, 2);
    this.wrong = to - this.truth;
    return this;
  }
}
