import { assert } from '../../base/index.ts';
import type { NewPass } from '../../wire/index.ts';
import { PASSES_TOGETHER_MAX } from '../limits.ts';
import type { Registry } from '../registry/registry.ts';

/**
 * Enters visitors' passes. The first goes to the disk at once; those that come meanwhile go together, so that a busy desk
 * waits for the disk once and not once for each. A pass has its number only when it is on the disk.
 */
type Wanted = NewPass & { readonly from: number; readonly host: number };

interface Waiting {
  readonly pass: Wanted;
  readonly done: (id: number) => void;
  readonly failed: (fault: unknown) => void;
}

export class PassBook {
  readonly #registry: Pick<Registry, 'addPasses'>;
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(registry: Pick<Registry, 'addPasses'>) {
    this.#registry = registry;
  }

  /** @returns the pass's place in the visitors' list */
  enter(pass: Wanted): Promise<number> {
    return new Promise((done, failed) => {
      this.#waiting.push({ pass, done, failed });
      void this.#write();
    });
  }

  async #write(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const some = this.#waiting.slice(0, PASSES_TOGETHER_MAX);
      this.#waiting = this.#waiting.slice(some.length);
      try {
        const ids = await this.#registry.addPasses(some.map(({ pass }) => pass));
        for (const [at, { done }] of some.entries()) {
          const id = ids[at];
          assert(id !== undefined, 'every pass that was entered has a number');
          done(id);
        }
      } catch (fault) {
        for (const { failed } of some) failed(fault);
      }
    }
    this.#writing = false;
  }
}
