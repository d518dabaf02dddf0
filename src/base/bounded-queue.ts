import { assert } from './assert.ts';

/**
 * A first-in first-out queue with a named limit. `offer` says no when full; a patient producer awaits `room()`.
 * Items come out through `take`, one waiting consumer at a time.
 */
export class BoundedQueue<Item> {
  readonly #items: Item[] = [];
  readonly #capacity: number;
  #consumer: ((item: Item | undefined) => void) | undefined;
  #producers: (() => void)[] = [];
  #closed = false;

  constructor(capacity: number) {
    assert(Number.isInteger(capacity) && capacity > 0, 'a queue holds at least one item');
    this.#capacity = capacity;
  }

  get depth(): number {
    return this.#items.length;
  }

  get full(): boolean {
    return this.#items.length >= this.#capacity;
  }

  /** @returns false when the queue is full or closed: the item was not taken */
  offer(item: Item): boolean {
    if (this.#closed) return false;
    if (this.#consumer !== undefined) {
      const consumer = this.#consumer;
      this.#consumer = undefined;
      consumer(item);
      return true;
    }
    if (this.full) return false;
    this.#items.push(item);
    return true;
  }

  /** Resolves when there is room, or when the queue is closed. */
  room(): Promise<void> {
    if (!this.full || this.#closed) return Promise.resolve();
    return new Promise((resolve) => this.#producers.push(resolve));
  }

  /** The next item; `undefined` once the queue is closed and empty. */
  take(): Promise<Item | undefined> {
    assert(this.#consumer === undefined, 'one consumer at a time');
    const item = this.#items.shift();
    if (item !== undefined) {
      this.#producers.shift()?.();
      return Promise.resolve(item);
    }
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#consumer = resolve;
    });
  }

  /** What was offered before is still taken; nothing new comes in. */
  close(): void {
    this.#closed = true;
    for (const producer of this.#producers.splice(0)) producer();
    this.#consumer?.(undefined);
    this.#consumer = undefined;
  }
}
