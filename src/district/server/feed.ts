import { assert, BoundedQueue } from '../../base/index.ts';
import { FEED_LISTENERS_MAX, FEED_WAITING_MAX, FEED_WATCHERS_MAX } from '../limits.ts';

export const FEED_TYPES = ['live', 'ack', 'status', 'alarm', 'health', 'reply', 'stored', 'desk'] as const;
export type FeedType = (typeof FEED_TYPES)[number];

/** What happens now, for screens: each listener has a bounded queue, and a slow one misses events instead of growing. */
export interface FeedEvent {
  readonly type: FeedType;
  /** Empty for `desk`: somebody at the desk has done something. */
  readonly gate: string;
  readonly data: unknown;
}

export interface FeedWatcher {
  heard(event: FeedEvent): void;
  ended(): void;
}

export class Feed {
  readonly #listeners = new Set<BoundedQueue<FeedEvent>>();
  readonly #watchers = new Set<FeedWatcher>();

  tell(event: FeedEvent): void {
    // What happens at the desk is for its own pages, and would push out what gates say.
    if (event.type !== 'desk') for (const queue of this.#listeners) queue.offer(event);
    for (const watcher of this.#watchers) watcher.heard(event);
  }

  /** For a part of this process that misses nothing: it notes an event at once, and works on it later. */
  watch(watcher: FeedWatcher): void {
    assert(this.#watchers.size < FEED_WATCHERS_MAX, 'a district has few parts that watch its feed');
    this.#watchers.add(watcher);
  }

  /** @returns undefined when too many listen already */
  listen(): { readonly queue: BoundedQueue<FeedEvent>; end(): void } | undefined {
    if (this.#listeners.size >= FEED_LISTENERS_MAX) return undefined;
    const queue = new BoundedQueue<FeedEvent>(FEED_WAITING_MAX);
    this.#listeners.add(queue);
    return {
      queue,
      end: () => {
        this.#listeners.delete(queue);
        queue.close();
      },
    };
  }

  close(): void {
    for (const queue of this.#listeners) queue.close();
    this.#listeners.clear();
    for (const watcher of this.#watchers) watcher.ended();
    this.#watchers.clear();
  }
}
