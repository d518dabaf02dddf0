import { assert } from '../../base/index.ts';

/**
 * Work that is cheaper for many than for each: the first begins at once, and what comes meanwhile goes together. A group
 * that fails is tried one by one, so that nobody suffers for another's fault.
 */
export interface TogetherOptions<Task, Outcome> {
  /** Groups that are worked on beside each other. */
  readonly atOnce: number;
  /** @returns how many of the first ones make up one group */
  readonly fits: (tasks: readonly Task[]) => number;
  /** May be done twice: it has no effect outside the database. @returns an outcome for each, in their order */
  readonly work: (tasks: readonly Task[]) => Promise<readonly Outcome[]>;
}

interface Waiting<Task, Outcome> {
  readonly task: Task;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (fault: unknown) => void;
}

export class Together<Task, Outcome> {
  readonly #options: TogetherOptions<Task, Outcome>;
  #waiting: Waiting<Task, Outcome>[] = [];
  #running = 0;

  constructor(options: TogetherOptions<Task, Outcome>) {
    this.#options = options;
  }

  put(task: Task): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      if (this.#running < this.#options.atOnce) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running += 1;
    while (this.#waiting.length > 0) await this.#work(this.#nextGroup());
    this.#running -= 1;
  }

  #nextGroup(): readonly Waiting<Task, Outcome>[] {
    const fits = this.#options.fits(this.#waiting.map(({ task }) => task));
    return this.#waiting.splice(0, Math.max(1, fits));
  }

  async #work(group: readonly Waiting<Task, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.#options.work(group.map(({ task }) => task));
      assert(outcomes.length === group.length, 'each task has its outcome');
      for (const [at, outcome] of outcomes.entries()) group[at]?.resolve(outcome);
    } catch (fault) {
      const [only, ...more] = group;
      if (more.length === 0) return only?.reject(fault);
      await Promise.all(group.map((each) => this.#work([each])));
    }
  }
}
