import { BoundedQueue } from '../../../base/index.ts';
import type { FeedEvent } from '../../server/feed.ts';
import { LIVE_LINES_MAX } from '../limits.ts';
import type { GateWatch } from './gate-watch.ts';

/**
 * The lines on which open pages hear what happens: the wall gets the tiles that changed, every other page only that it
 * should ask for itself again. A slow browser gets the newest state later, and never a queue of old ones.
 */
export class LiveLines {
  readonly #watch: GateWatch;
  readonly #lines = new Set<{ readonly hears: (event: FeedEvent) => boolean; readonly told: Told }>();

  constructor(watch: GateWatch) {
    this.#watch = watch;
  }

  heard(event: FeedEvent): void {
    this.#watch.heard(event);
    for (const { hears, told } of this.#lines) if (hears(event)) told.offer(true);
  }

  ended(): void {
    for (const { told } of this.#lines) told.close();
  }

  get watch(): GateWatch {
    return this.#watch;
  }

  /** @returns undefined when too many are open */
  open(hears: (event: FeedEvent) => boolean): { readonly told: Told; end(): void } | undefined {
    if (this.#lines.size >= LIVE_LINES_MAX) return undefined;
    // One place: what is told twice before it is taken is told once.
    const line = { hears, told: new BoundedQueue<true>(1) };
    this.#lines.add(line);
    return {
      told: line.told,
      end: () => {
        this.#lines.delete(line);
        line.told.close();
      },
    };
  }
}

export type Told = BoundedQueue<true>;
