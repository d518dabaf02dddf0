import { BoundedQueue } from '../../base/index.ts';
import { FEED_LISTENERS_MAX, FEED_WAITING_MAX } from '../limits.ts';

/** What happens now, for screens: each listener has a bounded queue, and a slow one misses events instead of growing. */
export interface FeedEvent {
  readonly type: 'live' | 'ack' | 'status' | 'alarm' | 'health' | 'reply' | 'stored';
  readonly gate: string;
  readonly data: unknown;
}

export class Feed {
  readonly #listeners = new Set<BoundedQueue<FeedEvent>>();

  tell(event: FeedEvent): void {
    for (const queue of this.#listeners) queue.offer(event);
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
  }
}
