import { BoundedQueue } from '../base/index.ts';
import type { InboxItem, ReaderHealth, Scan, ScanSink } from '../ports/index.ts';

/**
 * The front door of the gate: one bounded queue of scans for each lane, and one bounded inbox for what comes over the network.
 * A patient reader waits while its lane is full; nothing here decides.
 */

/** Scans waiting at one lane. A serial reader at 115,200 baud fills it in half a second. */
export const LANE_SCANS_MAX = 32;
/** Items of the network that wait: commands, used codes, documents' notices. */
export const INBOX_ITEMS_MAX = 256;

export interface LaneReader {
  readonly lane: string;
  readonly reader: string;
}

export class Front {
  readonly #lanes = new Map<string, BoundedQueue<Scan>>();
  readonly #inbox = new BoundedQueue<InboxItem>(INBOX_ITEMS_MAX);
  readonly #direct: (item: InboxItem) => void;

  /** @param direct takes what readers report about themselves, at once: it comes from this process and is few */
  constructor(lanes: readonly string[], direct: (item: InboxItem) => void) {
    this.#direct = direct;
    for (const lane of lanes) this.#lanes.set(lane, new BoundedQueue(LANE_SCANS_MAX));
  }

  sink({ lane, reader }: LaneReader): ScanSink {
    const queue = this.#queue(lane);
    return {
      offer: (scan) => queue.offer(scan),
      room: () => queue.room(),
      dropped: (reason) =>
        this.#direct({ type: 'reader', reader, lane, event: 'dropped', count: 1, detail: reason }),
      changed: (health) => this.#readerChanged(lane, health),
    };
  }

  /** @returns false when the inbox is full: the sender's message was not taken */
  offer(item: InboxItem): boolean {
    return this.#inbox.offer(item);
  }

  nextScan(lane: string): Promise<Scan | undefined> {
    return this.#queue(lane).take();
  }

  nextItem(): Promise<InboxItem | undefined> {
    return this.#inbox.take();
  }

  waiting(lane: string): number {
    return this.#queue(lane).depth;
  }

  depth(): number {
    return [...this.#lanes.values()].reduce((sum, queue) => sum + queue.depth, this.#inbox.depth);
  }

  close(): void {
    this.#inbox.close();
    for (const queue of this.#lanes.values()) queue.close();
  }

  #readerChanged(lane: string, health: ReaderHealth): void {
    if (health.state === 'starting') return;
    const detail = health.detail === undefined ? {} : { detail: health.detail };
    this.#direct({ type: 'reader', reader: health.reader, lane, event: health.state, ...detail });
  }

  #queue(lane: string): BoundedQueue<Scan> {
    const queue = this.#lanes.get(lane);
    if (queue === undefined) throw new Error(`invariant broken: no lane ${lane}`);
    return queue;
  }
}
