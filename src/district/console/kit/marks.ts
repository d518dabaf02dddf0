import { html, raw } from 'hono/html';
import type { Text } from '../words/text.ts';
import { type Html, type Page, say } from './page.ts';

/** A state is told by shape, word and colour together, so that none of them has to be seen alone. */
export type Tone = 'good' | 'warn' | 'bad' | 'none' | 'info';

/** Disc with a tick, triangle, octagon, ring, square: different also in grey and from afar. */
const SHAPES: Readonly<Record<Tone, string>> = {
  good: '<circle cx="8" cy="8" r="7"/><path class="cut" d="m4.6 8.2 2.4 2.4 4.4-4.8"/>',
  warn: '<path d="M8 1.2 15.4 14.4H.6Z"/><path class="cut" d="M8 6v4m0 2.1v.1"/>',
  bad: '<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z"/><path class="cut" d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2"/>',
  none: '<circle class="ring" cx="8" cy="8" r="5.8"/>',
  info: '<path d="M8 1 15 8 8 15 1 8Z"/>',
};

export function mark(page: Page, tone: Tone, words: Text | string): Html {
  return html`<span class="mark mark-${tone}">${shape(tone)}<span>${say(page, words)}</span></span>`;
}

export function shape(tone: Tone): Html {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true">${raw(SHAPES[tone])}</svg>`;
}
