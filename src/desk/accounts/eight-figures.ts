import { hash, timingSafeEqual } from 'node:crypto';
import type { Random } from '../../ports/index.ts';
import { FIRST_CODE_TRIES_MAX } from '../limits.ts';

/** Codes of eight figures: drawn evenly, compared in constant time. */

const FIGURES = 8;
const RANGE = 10 ** FIGURES;
/** The largest multiple of RANGE below 2^32: what is drawn above it would favour small codes. */
const EVEN_BELOW = Math.floor(2 ** 32 / RANGE) * RANGE;

export function drawEightFigures(random: Random): string {
  for (;;) {
    const bytes = random.bytes(4);
    const drawn = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    if (drawn < EVEN_BELOW) return String(drawn % RANGE).padStart(FIGURES, '0');
  }
}

/**
 * The code of a gate's first account: in memory alone, another one after each start and after some wrong ones. Whoever
 * has it has seen the gate's console or stood before its display.
 */
export class FirstCode {
  readonly #random: Random;
  readonly #drawn: (code: string) => void;
  #code: string;
  #wrong = 0;

  /** @param drawn hears of each new code, to show it */
  constructor(random: Random, drawn: (code: string) => void) {
    this.#random = random;
    this.#drawn = drawn;
    this.#code = drawEightFigures(random);
  }

  get code(): string {
    return this.#code;
  }

  /** Tells the present code. */
  tell(): void {
    this.#drawn(this.#code);
  }

  matches(typed: string): boolean {
    const digest = (text: string) => hash('sha256', text, 'buffer');
    return timingSafeEqual(digest(typed), digest(this.#code));
  }

  wrong(): void {
    this.#wrong += 1;
    if (this.#wrong < FIRST_CODE_TRIES_MAX) return;
    this.spend();
    this.tell();
  }

  /** It is used up, and is told to nobody again. */
  spend(): void {
    this.#wrong = 0;
    this.#code = drawEightFigures(this.#random);
  }
}
