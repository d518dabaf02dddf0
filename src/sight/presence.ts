import { CASCADE } from './views.ts';

/**
 * Whether the code that was read last is still held up, though a scene that stands still is not looked at: it is, until as
 * many looks in a row as there are views found nothing. Pure; it keeps one text and no time.
 */
export interface Presence {
  /** What came of a look. */
  looked(text: string | undefined): void;
  /** The code in view, as far as the looks tell. */
  readonly text: string | undefined;
}

export function createPresence(): Presence {
  let shown: string | undefined;
  let misses = 0;
  return {
    looked(text) {
      misses = text === undefined ? misses + 1 : 0;
      if (text !== undefined) shown = text;
      else if (misses >= CASCADE.length) shown = undefined;
    },
    get text() {
      return shown;
    },
  };
}
