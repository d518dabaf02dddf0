import type { DoorItem } from '../ports/index.ts';

/** Anybody at a door, and a loose contact, can make many of these; each is neither an alarm, nor its end, nor of an entry. */
const PLAIN: ReadonlySet<DoorItem['event']> = new Set<DoorItem['event']>([
  'opened',
  'passed',
  'closed',
  'exit-button',
]);

/** Its row is not worth the disk's reserve. */
export function isPlain({ event, entry }: DoorItem): boolean {
  return entry === undefined && PLAIN.has(event);
}

/**
 * What doors did, on its way into the journal. What it does not take is offered again, in order and before anything newer, so
 * that a door forced while the disk was full has its row and its alarm late rather than never. While only the reserve is left,
 * what may use it goes ahead of what is plain. The row bears the time at which it is written. Of more than are kept, the oldest go.
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
    const left: DoorItem[] = [];
    try {
      for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) {
        const plain = isPlain(item);
        if (!(plain && left.length > 0) && this.#settle(item)) continue;
        left.push(item);
        if (!plain) return;
      }
    } finally {
      this.#waiting = [...left, ...this.#waiting].slice(-WAITING_MAX);
      this.#isSettling = false;
    }
  }

  /** Another journal: the entries that they tell of have no number in it. */
  forgetEntries(): void {
    this.#waiting = this.#waiting.filter(({ entry }) => entry === undefined);
  }
}
