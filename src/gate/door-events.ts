import type { DoorItem } from '../ports/index.ts';

/**
 * What doors did, on its way into the journal. What it does not take is offered again, in order and before anything newer, so
 * that a door forced while the disk was full has its row and its alarm late rather than never. The row bears the time at
 * which it is written. Of more than are kept, the oldest go.
 */
const WAITING_MAX = 64;

export class DoorEvents {
  readonly #settle: (item: DoorItem) => boolean;
  #waiting: DoorItem[] = [];
  #isSettling = false;

  /** @param settle returns whether nothing of it is left to be written */
  constructor(settle: (item: DoorItem) => boolean) {
    this.#settle = settle;
  }

  take(item: DoorItem): void {
    this.#waiting.push(item);
    if (this.#waiting.length > WAITING_MAX) this.#waiting.shift();
    this.offerAgain();
  }

  offerAgain(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    try {
      for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) {
        if (this.#settle(item)) continue;
        this.#waiting.unshift(item);
        return;
      }
    } finally {
      this.#isSettling = false;
    }
  }

  /** Another journal: the entries that they tell of have no number in it. */
  forgetEntries(): void {
    this.#waiting = this.#waiting.filter(({ entry }) => entry === undefined);
  }
}
