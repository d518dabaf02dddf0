import type { MonotonicMs } from '../base/index.ts';

/**
 * Whether a scan would still go through: what the watchdog is fed by. It judges and never mends; a gate that does not turn
 * is restarted by whoever supervises it.
 */
export interface Checked {
  readonly lanes: readonly string[];
  /** Scans in a lane's queue. */
  readonly waiting: (lane: string) => number;
  /** Leads a text through the rules, without a trace. @throws when they are broken */
  readonly probe: () => void;
}

/** A relay that does not answer holds its lane for a second; longer than this is no slow lane. */
export const STALLED_MS = 10_000;

interface Stalled {
  readonly settled: number;
  readonly since: MonotonicMs;
}

export class SelfCheck {
  readonly #checked: Checked;
  readonly #settled = new Map<string, number>();
  readonly #inHand = new Set<string>();
  /** Lanes where scans wait, and since when none of them was settled. */
  readonly #waiting = new Map<string, Stalled>();
  #ended = false;

  constructor(checked: Checked) {
    this.#checked = checked;
  }

  begun(lane: string): void {
    this.#inHand.add(lane);
  }

  settled(lane: string): void {
    this.#inHand.delete(lane);
    this.#settled.set(lane, this.#settledAt(lane) + 1);
  }

  /** A loop is over though the gate was not stopped. */
  ended(): void {
    this.#ended = true;
  }

  isTurning(now: MonotonicMs): boolean {
    // Each lane is looked at each time: what one lane hides is not forgotten for another.
    const stalled = this.#checked.lanes.filter((lane) => this.#isStalled(lane, now));
    return !this.#ended && stalled.length === 0 && this.#judges();
  }

  #isStalled(lane: string, now: MonotonicMs): boolean {
    if (this.#checked.waiting(lane) === 0 && !this.#inHand.has(lane)) {
      this.#waiting.delete(lane);
      return false;
    }
    const settled = this.#settledAt(lane);
    const before = this.#waiting.get(lane);
    if (before?.settled === settled) return now - before.since >= STALLED_MS;
    this.#waiting.set(lane, { settled, since: now });
    return false;
  }

  #judges(): boolean {
    try {
      this.#checked.probe();
      return true;
    } catch {
      return false;
    }
  }

  #settledAt(lane: string): number {
    return this.#settled.get(lane) ?? 0;
  }
}
