import { correction, generate, mode } from 'lean-qr';
import { toSvgPath } from 'lean-qr/extras/svg';
import { html } from 'hono/html';
import type { Text } from '../words/text.ts';
import { type Html, type Page, say } from './page.ts';

/** A symbol on a page: black on white also at night, with its quiet zone. */

/** ISO/IEC 18004, 6.3.8 */
const QUIET_MODULES = 4;

/** @param content QR alphanumeric characters only */
export function symbol(page: Page, content: string, label: Text): Html {
  const code = generate(mode.alphaNumeric(content), { minCorrectionLevel: correction.M });
  const side = code.size + 2 * QUIET_MODULES;
  const box = `${-QUIET_MODULES} ${-QUIET_MODULES} ${side} ${side}`;
  return html`<div class="qr-sheet"><svg viewBox="${box}" role="img" aria-label="${say(page, label)}" shape-rendering="crispEdges"><path d="${toSvgPath(code)}" fill="#000"/></svg></div>`;
}
