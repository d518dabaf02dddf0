import type { Clock } from '../../ports/index.ts';

/**
 * Messages of many gates wait here: each gate's in their order and one at a time, the gates in turn, several beside each
 * other. One gate that sends much, or whose work is slow, holds up itself alone.
 */
export interface FairQueueOptions<Item> {
  readonly clock: Clock;
  readonly limits: FairLimits;
  readonly work: (gate: string, item: Item) => Promise<void>;
  readonly onFault: (gate: string, fault: unknown) => void;
}

export interface FairLimits {
  /** Gates that are worked for at once. */
  readonly atOnce: number;
  readonly waitingMax: number;
  readonly waitingBytesMax: number;
  readonly gateWaitingMax: number;
  readonly gateBytesMax: number;
  /** Beyond these a gate's messages are taken later, in their order. */
  readonly gatePerSecond: number;
  readonly gateBytesPerSecond: number;
  /** A gate may be so far ahead of its rate. */
  readonly burstMs: number;
}

interface Lane<Item> {
  readonly waiting: { readonly item: Item; readonly bytes: number }[];
  bytes: number;
  working: boolean;
  /** When all that was taken from it would be paid for at its rate. */
  paidAt: number;
  cancelPause: (() => void) | undefined;
}

export class FairQueue<Item> {
  readonly #options: FairQueueOptions<Item>;
  readonly #lanes = new Map<string, Lane<Item>>();
  /** Gates with something to do, in turn. */
  readonly #turns: string[] = [];
  #waiting = 0;
  #bytes = 0;
  #working = 0;
  #stopped = false;
  readonly #roomWanted = new Set<() => void>();
  readonly #endWanted = new Set<() => void>();

  constructor(options: FairQueueOptions<Item>) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** @returns why it was not taken, if so: this gate has too much here already, or all of them together */
  offer(gate: string, item: Item, bytes: number): 'taken' | 'gate-full' | 'full' {
    const { limits } = this.#options;
    if (this.#stopped || this.isFull) return 'full';
    const lane = this.#lanes.get(gate) ?? this.#newLane(gate);
    if (lane.waiting.length >= limits.gateWaitingMax || lane.bytes + bytes > limits.gateBytesMax)
      return 'gate-full';
    lane.waiting.push({ item, bytes });
    lane.bytes += bytes;
    this.#waiting += 1;
    this.#bytes += bytes;
    if (!lane.working && lane.waiting.length === 1 && lane.cancelPause === undefined) this.#turns.push(gate);
    this.#next();
    return 'taken';
  }

  get isFull(): boolean {
    const { waitingMax, waitingBytesMax } = this.#options.limits;
    return this.#waiting >= waitingMax || this.#bytes >= waitingBytesMax;
  }

  /** Kept when there is a place again, and after that long at the latest. */
  room(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#roomWanted.delete(done);
        resolve();
      };
      const cancel = this.#options.clock.after(withinMs, done);
      this.#roomWanted.add(done);
    });
  }

  /** Forgets what waits, and is kept when the work in hand is done. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#turns.length = 0;
    for (const lane of this.#lanes.values()) {
      lane.waiting.length = 0;
      lane.cancelPause?.();
    }
    for (const done of this.#roomWanted) done();
    if (this.#working === 0) return Promise.resolve();
    return new Promise((resolve) => this.#endWanted.add(resolve));
  }

  #newLane(gate: string): Lane<Item> {
    const lane = { waiting: [], bytes: 0, working: false, paidAt: 0, cancelPause: undefined };
    this.#lanes.set(gate, lane);
    return lane;
  }

  #next(): void {
    while (this.#working < this.#options.limits.atOnce) {
      const gate = this.#turns.shift();
      const lane = gate === undefined ? undefined : this.#lanes.get(gate);
      if (gate === undefined || lane === undefined) return;
      this.#begin(gate, lane);
    }
  }

  #begin(gate: string, lane: Lane<Item>): void {
    const { clock, limits } = this.#options;
    const now = clock.monotonic();
    const tooEarlyMs = lane.paidAt - now - limits.burstMs;
    if (tooEarlyMs > 0) return this.#pause(gate, lane, tooEarlyMs);
    const taken = lane.waiting.shift();
    if (taken === undefined) return;
    lane.paidAt = Math.max(now, lane.paidAt) + this.#costMs(taken.bytes);
    lane.working = true;
    this.#working += 1;
    void this.#work(gate, lane, taken);
  }

  #pause(gate: string, lane: Lane<Item>, milliseconds: number): void {
    lane.cancelPause = this.#options.clock.after(Math.ceil(milliseconds), () => {
      lane.cancelPause = undefined;
      this.#turns.push(gate);
      this.#next();
    });
  }

  #costMs(bytes: number): number {
    const { gatePerSecond, gateBytesPerSecond } = this.#options.limits;
    return Math.max(1_000 / gatePerSecond, (bytes * 1_000) / gateBytesPerSecond);
  }

  async #work(gate: string, lane: Lane<Item>, taken: { item: Item; bytes: number }): Promise<void> {
    try {
      await this.#options.work(gate, taken.item);
    } catch (fault) {
      this.#options.onFault(gate, fault);
    }
    lane.working = false;
    lane.bytes -= taken.bytes;
    this.#working -= 1;
    this.#waiting -= 1;
    this.#bytes -= taken.bytes;
    if (this.#stopped) return this.#ended();
    if (lane.waiting.length > 0) this.#turns.push(gate);
    else this.#forgetIdle();
    if (!this.isFull) for (const done of this.#roomWanted) done();
    this.#next();
  }

  /** Gates that are idle and not ahead of their rate need no place in memory. */
  #forgetIdle(): void {
    if (this.#lanes.size <= this.#options.limits.waitingMax) return;
    const now = this.#options.clock.monotonic();
    for (const [gate, lane] of this.#lanes)
      if (lane.waiting.length === 0 && !lane.working && lane.paidAt <= now) this.#lanes.delete(gate);
  }

  #ended(): void {
    if (this.#working === 0) for (const resolve of this.#endWanted) resolve();
  }
}
