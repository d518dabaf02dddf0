import { html } from 'hono/html';
import type { DistrictWarning } from '../../../wire/index.ts';
import { mark } from '../kit/marks.ts';
import { type Html, type Page, say } from '../kit/page.ts';
import { wall as words } from '../words/gates.ts';
import { fill, text } from '../words/text.ts';

/** What ends soon or stands as it should not stay: on the wall, where it is seen in time. */
export function warningsStrip(page: Page, warnings: readonly DistrictWarning[]): Html {
  const [first, ...more] = warnings.map((each) => warningItem(page, each));
  if (first === undefined) return html`<div data-part="warnings"></div>`;
  const rest =
    more.length === 0
      ? ''
      : html`<details><summary>${say(page, fill(words.moreWarnings, { n: more.length }))}</summary><ul class="list">${more}</ul></details>`;
  return html`<div data-part="warnings"><section class="warnings" aria-label="${say(page, words.warnings)}"><ul class="list">${first}</ul>${rest}</section></div>`;
}

export function warningItem(page: Page, { zh, en, secondsLeft }: DistrictWarning): Html {
  const isOver = secondsLeft !== undefined && secondsLeft <= 0;
  return html`<li class="${isOver ? 'problem' : 'warning'}">${mark(page, isOver ? 'bad' : 'warn', text(zh, en))}</li>`;
}
