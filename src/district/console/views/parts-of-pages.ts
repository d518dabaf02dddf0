import { html } from 'hono/html';
import { type Html, type Page, say } from '../kit/page.ts';
import { common } from '../words/common.ts';

/** Small things that several pages show alike. */

/** Whether the page follows what happens; with script alone, which says so by showing it. */
export function connection(page: Page): Html {
  return html`<span class="connection-mark" role="status" data-mark="connection"><span class="live">${say(page, common.live)}</span><span class="lost">${say(page, common.liveLost)}</span></span>`;
}

export function communityName({ id, name }: { readonly id: number; readonly name?: string }): string {
  return name === undefined ? String(id) : `${name} (${id})`;
}

/** SHA-256 in groups of four, four groups to a line: as it is read out and compared. */
export function fingerprint(hex: string, isLarge = false): Html {
  const groups = hex.match(/.{1,4}/g) ?? [];
  return html`<div class="fingerprint${isLarge ? ' fingerprint-large' : ''}">${groups.map((group) => html`<span>${group}</span>`)}</div>`;
}

/** A part of a page that is live: it is exchanged alone. */
export function part(name: string, body: Html): Html {
  return html`<div data-part="${name}">${body}</div>`;
}
