import { assert, type MonotonicMs, monotonicMs, type WallMs, wallMs } from '../../src/base/index.ts';
import type { Clock } from '../../src/ports/index.ts';

/**
 * A clock that stands still until it is moved. Wall and monotonic time move together, the wall can also jump alone, as a
 * bad time server makes it do; timers follow monotonic time and run in the order in which they are due.
 */
export interface SimulatedClock extends Clock {
  /** Moves both clocks and runs what becomes due, without a turn for promises in between. */
  advance(byMs: number): void;
  /** The same, with a turn for promises before, between and after timers. */
  pass(byMs: number): Promise<void>;
  /** The wall jumps; monotonic time and timers do not notice. */
  setWall(at: WallMs): void;
  /** Timers that wait. */
  readonly timers: number;
}

/** 2026-03-01T08:00:00Z: as good a moment as any. */
const START_WALL_MS = 1_772_352_000_000;
/** A simulation that runs away is stopped here. */
const TIMERS_MAX = 100_000;

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

export function simulatedClock(
  start: { readonly wallMs?: number; readonly monotonicMs?: number } = {},
): SimulatedClock {
  return new StandingClock(start.wallMs ?? START_WALL_MS, start.monotonicMs ?? 0);
}

class StandingClock implements SimulatedClock {
  #wallMs: number;
  #nowMs: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(startWallMs: number, startMonotonicMs: number) {
    this.#wallMs = startWallMs;
    this.#nowMs = startMonotonicMs;
  }

  get timers(): number {
    return this.#timers.size;
  }

  wall(): WallMs {
    return wallMs(this.#wallMs);
  }

  monotonic(): MonotonicMs {
    return monotonicMs(this.#nowMs);
  }

  after(delayMs: number, then: () => void): () => void {
    assert(this.#timers.size < TIMERS_MAX, 'a simulation keeps its timers in hand');
    this.#order += 1;
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order, run: then };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  setWall(at: WallMs): void {
    this.#wallMs = at;
  }

  advance(byMs: number): void {
    const endMs = this.#end(byMs);
    while (this.#runNext(endMs));
    this.#moveTo(endMs);
  }

  async pass(byMs: number): Promise<void> {
    const endMs = this.#end(byMs);
    await turn();
    while (this.#runNext(endMs)) await turn();
    this.#moveTo(endMs);
    await turn();
  }

  #end(byMs: number): number {
    assert(byMs >= 0, 'monotonic time moves forward');
    return this.#nowMs + byMs;
  }

  #runNext(endMs: number): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (timer.dueMs <= endMs && isBefore(timer, next)) next = timer;
    if (next === undefined) return false;
    this.#timers.delete(next);
    this.#moveTo(Math.max(this.#nowMs, next.dueMs));
    next.run();
    return true;
  }

  #moveTo(nowMs: number): void {
    this.#wallMs += nowMs - this.#nowMs;
    this.#nowMs = nowMs;
  }
}

function isBefore(timer: Timer, other: Timer | undefined): boolean {
  if (other === undefined) return true;
  return timer.dueMs < other.dueMs || (timer.dueMs === other.dueMs && timer.order < other.order);
}

/** All promises that can settle by themselves do so before the next immediate. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
