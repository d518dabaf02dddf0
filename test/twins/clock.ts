import { monotonicMs, wallMs } from '../../src/base/index.ts';
import type { Clock } from '../../src/ports/index.ts';

/** A clock that stands still until a test moves it on; what waits for a time then happens in order. */
export class SteppedClock implements Clock {
  #now: number;
  readonly #start: number;
  #waiting: { at: number; work: () => void }[] = [];

  constructor(start: number = Date.parse('2026-03-01T08:00:00Z')) {
    this.#start = start;
    this.#now = start;
  }

  wall() {
    return wallMs(this.#now);
  }

  monotonic() {
    return monotonicMs(this.#now - this.#start);
  }

  after(delayMs: number, then: () => void): () => void {
    const one = { at: this.#now + delayMs, work: then };
    this.#waiting.push(one);
    return () => {
      this.#waiting = this.#waiting.filter((each) => each !== one);
    };
  }

  step(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (;;) {
      const due = this.#waiting.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
      if (due === undefined) break;
      this.#waiting = this.#waiting.filter((each) => each !== due);
      this.#now = due.at;
      due.work();
    }
    this.#now = until;
  }
}
