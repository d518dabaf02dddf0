import { SseParser, type ServerEvent } from './sse-parser.ts';

/**
 * A live line to a server: opens it, notices when it goes silent (a pulled cable says nothing), and opens it again.
 * Uses fetch and not EventSource because that one hides heartbeats and gives up on an error status.
 */

export type Connection = 'connecting' | 'live' | 'lost';

/** A server sends at least a comment every 15 s; two missed ones and a little are silence. */
export const SILENCE_MAX_MS = 35_000;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 5_000;

export interface LiveLine {
  readonly url: string;
  readonly received: (event: ServerEvent) => void;
  readonly changed: (connection: Connection) => void;
}

/** @returns how to hang up */
export function openLine(line: LiveLine): () => void {
  const stop = new AbortController();
  void keepOpen(line, stop.signal);
  return () => stop.abort();
}

async function keepOpen(line: LiveLine, stopped: AbortSignal): Promise<void> {
  let retryMs = RETRY_FIRST_MS;
  line.changed('connecting');
  while (!stopped.aborted) {
    const opened = await listen(line, stopped);
    if (stopped.aborted) return;
    line.changed('lost');
    retryMs = opened ? RETRY_FIRST_MS : Math.min(retryMs * 2, RETRY_MAX_MS);
    // Spread out, so that a hundred screens do not knock together after a restart.
    await pause(retryMs * (0.5 + Math.random() / 2), stopped);
  }
}

/** Listens until the line breaks. @returns whether it was ever open */
async function listen(line: LiveLine, stopped: AbortSignal): Promise<boolean> {
  const broken = new AbortController();
  const hangUp = () => broken.abort();
  stopped.addEventListener('abort', hangUp, { once: true });
  let silence = setTimeout(hangUp, SILENCE_MAX_MS);
  let opened = false;
  try {
    const answer = await fetch(line.url, {
      headers: { accept: 'text/event-stream' },
      cache: 'no-store',
      signal: broken.signal,
    });
    const stream = answer.ok ? answer.body : null;
    if (stream === null) return false;
    opened = true;
    line.changed('live');
    await drain(stream, (events) => {
      clearTimeout(silence);
      silence = setTimeout(hangUp, SILENCE_MAX_MS);
      for (const event of events) line.received(event);
    });
    return true;
  } catch {
    return opened;
  } finally {
    clearTimeout(silence);
    stopped.removeEventListener('abort', hangUp);
  }
}

async function drain(
  stream: ReadableStream<Uint8Array>,
  heard: (events: ServerEvent[]) => void,
): Promise<void> {
  const parser = new SseParser();
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard(parser.push(decoder.decode(value, { stream: true })));
  }
}

function pause(milliseconds: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const wake = () => {
      clearTimeout(timer);
      resolve();
    };
    stopped.addEventListener('abort', wake, { once: true });
  });
}
