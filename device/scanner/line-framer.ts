import { SCAN_TEXT_MAX } from '../../src/ports/index.ts';

/**
 * Cuts a stream of bytes into texts at CR, LF, TAB or ETX, however it was chunked. Holds at most SCAN_TEXT_MAX bytes;
 * a longer text is given up once and swallowed up to its end. Never joins two texts, never hands on half of a long one.
 */
export interface LineFramer {
  push(chunk: Uint8Array): Framed[];
  /** The text so far, taken as whole: for readers that send no line end. */
  flush(): Framed[];
  /** Whether bytes of an unfinished text are held (or being swallowed). */
  readonly pending: boolean;
}

export type Framed = { readonly text: string } | { readonly dropped: 'too-long' };

export function createLineFramer(): LineFramer {
  let held = '';
  let swallowing = false;

  function endOfLine(out: Framed[]): void {
    if (held !== '') out.push({ text: held });
    held = '';
    swallowing = false;
  }

  function take(byte: number, out: Framed[]): void {
    if (TERMINATORS.has(byte)) {
      endOfLine(out);
    } else if (held.length < SCAN_TEXT_MAX && !swallowing) {
      held += String.fromCharCode(byte);
    } else if (!swallowing) {
      held = '';
      swallowing = true;
      out.push({ dropped: 'too-long' });
    }
  }

  return {
    push(chunk) {
      const out: Framed[] = [];
      for (const byte of chunk) take(byte, out);
      return out;
    },
    flush() {
      const out: Framed[] = [];
      endOfLine(out);
      return out;
    },
    get pending() {
      return swallowing || held !== '';
    },
  };
}

/** What readers put behind a text: ETX, TAB, LF, CR. */
const TERMINATORS = new Set([0x03, 0x09, 0x0a, 0x0d]);
