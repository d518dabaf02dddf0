/**
 * Server-sent events out of text that arrives in pieces (HTML standard, 9.2.6 "Interpreting an event stream").
 * Keeps at most one unfinished event, of bounded length; never throws on what a server sends.
 */

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** Longest event that is kept, in UTF-16 units; a longer one is dropped whole. */
export const EVENT_LENGTH_MAX = 65_536;

export class SseParser {
  #line = '';
  #event = '';
  #data: string[] = [];
  #length = 0;
  #skipLineFeed = false;
  #started = false;

  /** @returns the events that this piece completes */
  push(piece: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    for (const character of this.#withoutMark(piece)) {
      if (this.#skipLineFeed && character === '\n') {
        this.#skipLineFeed = false;
        continue;
      }
      this.#skipLineFeed = character === '\r';
      if (character === '\n' || character === '\r') this.#endLine(events);
      else if (this.#length <= EVENT_LENGTH_MAX) {
        this.#line += character;
        this.#length += 1;
      }
    }
    return events;
  }

  /** A byte-order mark may open the stream. */
  #withoutMark(piece: string): string {
    if (this.#started || piece === '') return piece;
    this.#started = true;
    return piece.startsWith('\uFEFF') ? piece.slice(1) : piece;
  }

  #endLine(events: ServerEvent[]): void {
    const line = this.#line;
    this.#line = '';
    if (line === '') return this.#endEvent(events);
    const colon = line.indexOf(':');
    // A comment (a heartbeat) belongs to no event.
    if (colon === 0) this.#length -= line.length;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    if (field === 'data') this.#data.push(value);
    return undefined;
  }

  #endEvent(events: ServerEvent[]): void {
    if (this.#data.length > 0 && this.#length <= EVENT_LENGTH_MAX) {
      events.push({ event: this.#event === '' ? 'message' : this.#event, data: this.#data.join('\n') });
    }
    this.#event = '';
    this.#data = [];
    this.#length = 0;
  }
}
