import type { Clock } from '../../ports/index.ts';
import { ROUND_REST_MS_MAX } from '../limits.ts';

/**
 * Changes of the registry on their way to gates: the first goes at once, what comes meanwhile goes together in the next
 * round, and none is lost. After a round there is a rest as long as the round took, so that a storm of changes to large
 * communities leaves half of the time to everything else.
 */
export interface RegistryChange {
  /** `people`: residents and phones; `gates`; `rules` of the community. */
  readonly what: 'people' | 'gates' | 'rules';
  /** Left out: every community. */
  readonly communities?: readonly number[];
}

/** What has changed in each community. */
export type Round = ReadonlyMap<number, ReadonlySet<RegistryChange['what']>>;

export interface ChangeRoundsOptions {
  readonly communities: readonly number[];
  readonly clock: Clock;
  readonly work: (round: Round) => Promise<void>;
}

interface Waiting {
  readonly round: Map<number, Set<RegistryChange['what']>>;
  readonly done: Promise<void>;
}

const EVERYTHING = ['people', 'gates', 'rules'] as const;

export class ChangeRounds {
  readonly #options: ChangeRoundsOptions;
  #waiting: Waiting | undefined;
  #last: Promise<void> = Promise.resolve();
  #endRest: (() => void) | undefined;
  #stopped = false;

  constructor(options: ChangeRoundsOptions) {
    this.#options = options;
  }

  /** @param change left out: anything may have changed. @returns when it is out */
  ask(change?: RegistryChange): Promise<void> {
    const waiting = this.#waiting ?? this.#begin();
    for (const community of change?.communities ?? this.#options.communities) {
      const kinds = waiting.round.get(community) ?? new Set();
      for (const what of change === undefined ? EVERYTHING : [change.what]) kinds.add(what);
      waiting.round.set(community, kinds);
    }
    return waiting.done;
  }

  /** What waits goes out now. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#endRest?.();
    await this.#last;
  }

  #begin(): Waiting {
    const { clock, work } = this.#options;
    const round: Waiting['round'] = new Map();
    let restMs = 0;
    const done = this.#last.then(async () => {
      this.#waiting = undefined;
      const from = clock.monotonic();
      try {
        await work(round);
      } finally {
        restMs = Math.min(ROUND_REST_MS_MAX, clock.monotonic() - from);
      }
    });
    this.#last = done.catch(() => undefined).then(() => this.#rest(restMs));
    this.#waiting = { round, done };
    return this.#waiting;
  }

  #rest(milliseconds: number): Promise<void> {
    if (milliseconds <= 0 || this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(milliseconds, resolve);
      this.#endRest = () => {
        cancel();
        resolve();
      };
    });
  }
}
