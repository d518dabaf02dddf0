import { html } from 'hono/html';
import type { Uptake } from '../../publishing/list-uptake.ts';
import { sheet } from '../kit/layout.ts';
import { mark } from '../kit/marks.ts';
import { type Html, type Page, say } from '../kit/page.ts';
import { figure } from '../kit/plot.ts';
import { table } from '../kit/table.ts';
import { instantText } from '../kit/times.ts';
import { common } from '../words/common.ts';
import { uptake as words } from '../words/oversight.ts';
import { fill } from '../words/text.ts';
import { LACKING_NAMED_MAX, UPTAKE_FOLLOWED_MS, UPTAKES_LISTED_MAX } from '../limits.ts';
import { part } from './parts-of-pages.ts';

/** Which gates have taken the last change of a resident, and how long each needed. */
export function uptakeSheet(page: Page, uptake: Uptake): Html {
  const { changedAt, version, gates, p95Ms } = uptake;
  const lacking = gates.filter(({ hasIt }) => !hasIt);
  const about = fill(words.about, { time: instantText(page, changedAt), version });
  const taken = gates.length - lacking.length;
  const more = Math.max(0, lacking.length - LACKING_NAMED_MAX);
  const told =
    gates.length === 0
      ? mark(page, 'none', words.none)
      : lacking.length === 0
        ? mark(page, 'good', fill(words.all, { n: gates.length }))
        : mark(page, 'warn', fill(words.some, { n: gates.length, taken }));
  const speed =
    p95Ms === undefined
      ? ''
      : html` <span class="soft">${say(page, fill(words.p95, { n: figure(p95Ms / 1_000) }))}</span>`;
  const missing =
    lacking.length === 0
      ? ''
      : html`<p>${say(page, words.missing)} ${lacking
          .slice(0, LACKING_NAMED_MAX)
          .map(
            ({ gate, isOnline }, at) =>
              html`${at === 0 ? '' : page.language === 'en' ? ', ' : '、'}<a href="/console/gates/${gate}">${gate}</a>${isOnline ? '' : say(page, words.offline)}`,
          )}${more === 0 ? '' : html` ${say(page, fill(words.more, { n: more }))}`}</p>`;
  const body = html`<p class="soft">${say(page, about)}</p><p>${told}${speed}</p>${missing}${
    gates.length === 0
      ? ''
      : html`<details><summary>${say(page, words.each)}</summary>${eachTable(page, uptake)}</details>`
  }`;
  return sheet(page, { title: words.title, body: part('uptake', body) });
}

/** The slowest first, and before them those that lack it. */
function eachTable(page: Page, { gates }: Uptake): Html {
  const order = (afterMs: number | undefined, hasIt: boolean) =>
    hasIt ? (afterMs ?? 0) : Number.POSITIVE_INFINITY;
  const sorted = gates.toSorted(
    (left, right) =>
      order(right.afterMs, right.hasIt) - order(left.afterMs, left.hasIt) ||
      (left.gate < right.gate ? -1 : 1),
  );
  return table(page, {
    caption: words.each,
    empty: words.none,
    columns: [{ head: common.gate, kind: 'wide' }, { head: words.after }],
    rows: sorted
      .slice(0, UPTAKES_LISTED_MAX)
      .map(({ gate, hasIt, afterMs }) => [
        html`<a href="/console/gates/${gate}">${gate}</a>`,
        hasIt
          ? say(
              page,
              afterMs === undefined ? words.unmeasured : fill(words.seconds, { n: figure(afterMs / 1_000) }),
            )
          : mark(page, 'warn', words.lacking),
      ]),
  });
}

/** While gates lack a change that was made lately, its page follows them. */
export function uptakeLine(page: Page, uptake: Uptake | undefined): { readonly live?: string } {
  const isUnderWay =
    uptake !== undefined &&
    page.now - uptake.changedAt < UPTAKE_FOLLOWED_MS &&
    uptake.gates.some(({ hasIt }) => !hasIt);
  return isUnderWay ? { live: '/console/live/changes?types=status,desk&idle=1' } : {};
}
