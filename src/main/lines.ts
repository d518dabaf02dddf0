/**
 * Text that comes in pieces → whole lines with their numbers. Keeps at most one line of LINE_UNITS_MAX; a longer one is
 * counted and passed over.
 */

/** UTF-16 units. A text of one million units, each written as a JSON escape, still fits. */
export const LINE_UNITS_MAX = 8 * 1024 * 1024;

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its line feed; undefined when it was longer than the limit. */
  readonly text: string | undefined;
}

export class LineSplitter {
  readonly #limit: number;
  #parts: string[] = [];
  #length = 0;
  #number = 1;

  constructor(limit = LINE_UNITS_MAX) {
    this.#limit = limit;
  }

  /** The lines that this piece completes. */
  push(piece: string): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
      this.#keep(piece.slice(from, end));
      lines.push(this.#take());
      from = end + 1;
    }
    this.#keep(piece.slice(from));
    return lines;
  }

  /** What stood after the last line feed, if anything did. */
  end(): Line[] {
    return this.#length === 0 ? [] : [this.#take()];
  }

  #keep(part: string): void {
    this.#length += part.length;
    if (this.#length > this.#limit) this.#parts = [];
    else if (part !== '') this.#parts.push(part);
  }

  #take(): Line {
    const text = this.#length > this.#limit ? undefined : this.#parts.join('');
    const line = { number: this.#number, text };
    this.#parts = [];
    this.#length = 0;
    this.#number += 1;
    return line;
  }
}
