import { assert } from '../base/index.ts';

/**
 * Lets at most so many tasks run at once and so many wait, in order. Closed, it answers `lost` for everything that
 * had not ended: a caller never waits for a connection that is gone.
 */
export class Window {
  readonly #size: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  readonly #onClose = new Set<() => void>();
  #running = 0;
  #closed = false;

  constructor({ size, waitingMax }: { size: number; waitingMax: number }) {
    assert(size >= 1 && waitingMax >= 0, 'a window lets something through');
    this.#size = size;
    this.#waitingMax = waitingMax;
  }

  get running(): number {
    return this.#running;
  }

  run<Outcome>(task: () => Promise<Outcome>): Promise<Outcome | 'lost' | 'full'> {
    if (this.#closed) return Promise.resolve('lost');
    if (this.#running >= this.#size && this.#waiting.length >= this.#waitingMax)
      return Promise.resolve('full');
    return new Promise((resolve, reject) => {
      const lose = () => resolve('lost');
      this.#onClose.add(lose);
      const begin = () => {
        this.#running += 1;
        task()
          .then(resolve, reject)
          .finally(() => {
            this.#onClose.delete(lose);
            this.#running -= 1;
            if (!this.#closed) this.#waiting.shift()?.();
          });
      };
      if (this.#running < this.#size) begin();
      else this.#waiting.push(begin);
    });
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    for (const lose of this.#onClose) lose();
    this.#onClose.clear();
  }
}
