import type { ClockQuality, WallMs } from '../base/index.ts';
import type { Clock } from '../ports/index.ts';
import {
  type ClockEvidence,
  type ClockFloor,
  type ClockInputs,
  type ClockReading,
  readClock,
  startClock,
  takeEvidence,
} from '../time/index.ts';
import type { Rehearsal } from './rehearsal.ts';

/**
 * Effective time for the whole gate: the pure state of `time/`, fed with the machine's two clocks.
 * It says when the quality changes; nothing else in the gate reads the wall.
 */

/** What the machine says about its own wall clock. */
export interface WallWitness {
  /** An authenticated time source disciplines it, or one that the operator vouches for. */
  systemSynced(): boolean;
  /** A battery kept it while the power was off. */
  readonly batteryClock: boolean;
}

export class ClockKeeper {
  readonly #clock: Clock;
  readonly #witness: WallWitness;
  readonly #changed: (quality: ClockQuality, before: ClockQuality) => void;
  #state: ReturnType<typeof startClock>;
  #quality: ClockQuality | undefined;
  readonly #rehearsal: Rehearsal | undefined;

  constructor(
    sources: {
      readonly clock: Clock;
      readonly witness: WallWitness;
      readonly floor: ClockFloor;
      /** May play that the clock is not sure: then less is believed, never more. */
      readonly rehearsal?: Rehearsal;
    },
    changed: (quality: ClockQuality, before: ClockQuality) => void,
  ) {
    this.#clock = sources.clock;
    this.#witness = sources.witness;
    this.#rehearsal = sources.rehearsal;
    this.#changed = changed;
    this.#state = startClock(sources.floor);
  }

  now(): ClockReading {
    const { state, now } = readClock(this.#state, this.#inputs());
    this.#state = state;
    const before = this.#quality;
    this.#quality = now.quality;
    if (before !== undefined && before !== now.quality) this.#changed(now.quality, before);
    return this.#rehearsal?.trouble === 'clock' ? { ...now, quality: 'unsure' } : now;
  }

  take(evidence: ClockEvidence): void {
    this.#state = takeEvidence(this.#state, evidence, this.#inputs());
    this.now();
  }

  /** A row with this time is durable: the floor rises, if the clock was sure. */
  written(at: WallMs, quality: ClockQuality): void {
    if (quality !== 'unsure')
      this.#state = takeEvidence(this.#state, { type: 'row', atMs: at }, this.#inputs());
  }

  #inputs(): ClockInputs {
    return {
      wall: this.#clock.wall(),
      monotonic: this.#clock.monotonic(),
      systemSynced: this.#witness.systemSynced(),
      batteryClock: this.#witness.batteryClock,
    };
  }
}
