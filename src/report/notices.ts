import type { AlarmPayload, ReplyPayload } from '../wire/index.ts';
import { NOTICES_MAX } from './limits.ts';

/**
 * Alarms and replies on their way: at least once while this process lives, in order, never more than so many kept.
 * What is dropped here is still in the journal.
 */
export type Notice =
  | { readonly channel: 'alarms'; readonly payload: AlarmPayload }
  | { readonly channel: 'replies'; readonly payload: ReplyPayload };

export class Notices {
  readonly #kept: Notice[] = [];
  readonly #send: (notice: Notice) => Promise<'delivered' | 'refused' | 'lost' | 'full'>;
  #sending = false;
  #dropped = 0;

  constructor(send: (notice: Notice) => Promise<'delivered' | 'refused' | 'lost' | 'full'>) {
    this.#send = send;
  }

  /** Notices dropped because too many waited. */
  get dropped(): number {
    return this.#dropped;
  }

  get waiting(): number {
    return this.#kept.length;
  }

  add(notice: Notice): void {
    if (this.#kept.length >= NOTICES_MAX) {
      this.#kept.shift();
      this.#dropped += 1;
    }
    this.#kept.push(notice);
    void this.flush();
  }

  /** Sends what waits, until something is not delivered: then the next connection or notice tries again. */
  async flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let notice = this.#kept[0]; notice !== undefined; notice = this.#kept[0]) {
        const outcome = await this.#send(notice);
        if (outcome === 'lost' || outcome === 'full') return;
        if (this.#kept[0] === notice) this.#kept.shift();
      }
    } finally {
      this.#sending = false;
    }
  }
}
