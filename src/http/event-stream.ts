import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';

/**
 * Server-sent events to one page. Nobody waits for a page that takes nothing away: beyond so many messages its place and
 * its connection are taken from it, and it comes back by itself.
 */
export interface StreamMessage {
  readonly event: string;
  readonly data: string;
  /** What the page names in `Last-Event-ID` when it comes back. */
  readonly id?: string;
}

export interface StreamEnds {
  readonly push: (message: StreamMessage) => void;
  /** After what waits has been sent. */
  readonly finish: () => void;
}

/** A line now and then, so that a page notices a connection that is gone. */
const HEARTBEAT_MS = 5_000;
/** Messages that one slow page may have waiting, unless its server says otherwise. */
export const WAITING_MESSAGES_MAX = 64;

/**
 * @param listen is called at once; @returns what ends it, or undefined when nobody more is listened to
 * @returns undefined then, too
 */
export function eventStream(
  context: Context,
  listen: (ends: StreamEnds) => (() => void) | undefined,
  { waitingMax = WAITING_MESSAGES_MAX }: { readonly waitingMax?: number } = {},
): Response | undefined {
  let overflowed: () => void = () => undefined;
  const messages = new MessageLine(waitingMax, () => overflowed());
  const end = listen({
    push: (message) => messages.push(message),
    finish: () => messages.finish(),
  });
  if (end === undefined) return undefined;
  return streamSSE(context, async (stream) => {
    // A page that takes nothing away never ends a write, so its place and its connection are taken from it.
    overflowed = () => {
      end();
      stream.abort();
      (context.env as Partial<HttpBindings> | undefined)?.outgoing?.destroy();
    };
    stream.onAbort(() => {
      end();
      messages.close();
    });
    for (let next = await messages.next(); next !== undefined; next = await messages.next()) {
      if (next === 'heartbeat') await stream.write(': \n\n');
      else await stream.writeSSE(next);
    }
    end();
  });
}

/** What waits for one page. */
class MessageLine {
  readonly #waiting: StreamMessage[] = [];
  #wake: (() => void) | undefined;
  readonly #waitingMax: number;
  readonly #overflow: () => void;
  #closed = false;
  #finishing = false;

  constructor(waitingMax: number, overflow: () => void) {
    this.#waitingMax = waitingMax;
    this.#overflow = overflow;
  }

  push(message: StreamMessage): void {
    if (this.#closed || this.#finishing) return;
    if (this.#waiting.length >= this.#waitingMax) {
      this.close();
      this.#overflow();
    } else this.#waiting.push(message);
    this.#wake?.();
  }

  finish(): void {
    this.#finishing = true;
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async next(): Promise<StreamMessage | 'heartbeat' | undefined> {
    if (this.#waiting.length === 0 && !this.#closed && !this.#finishing) await this.#something();
    if (this.#closed) return undefined;
    return this.#waiting.shift() ?? (this.#finishing ? undefined : 'heartbeat');
  }

  #something(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, HEARTBEAT_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
