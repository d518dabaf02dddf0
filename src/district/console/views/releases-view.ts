import { html } from 'hono/html';
import type { ReleaseView, UpdatesView } from '../../../wire/index.ts';
import { sheet } from '../kit/layout.ts';
import type { Html, Page } from '../kit/page.ts';
import { say } from '../kit/page.ts';
import { figure } from '../kit/plot.ts';
import { table } from '../kit/table.ts';
import { instantText } from '../kit/times.ts';
import { LACKING_NAMED_MAX } from '../limits.ts';
import { fill } from '../words/text.ts';
import { updates as words } from '../words/updates.ts';

/** What the gates run, by version, the most frequent first; and the releases before the newest. */
type Known = UpdatesView['gates'];

export function runningSheet(page: Page, gates: Known): Html {
  const said = gates.filter(({ software }) => software !== undefined);
  const groups = [...Map.groupBy(said, ({ software, release }) => `${software} ${release}`).values()];
  const body = table(page, {
    caption: words.running,
    empty: words.runningNone,
    columns: [
      { head: words.version },
      { head: words.number },
      { head: words.count, kind: 'number' },
      { head: words.which, kind: 'wide' },
    ],
    rows: groups
      .toSorted((left, right) => right.length - left.length)
      .map((of) => [of[0]?.software, numberOf(page, of[0]?.release), figure(of.length), names(page, of)]),
  });
  return sheet(page, { title: words.running, body });
}

function numberOf(page: Page, release: number | undefined): Html | string {
  if (release === undefined) return html`<span class="soft">${say(page, words.takesNone)}</span>`;
  return release === 0 ? say(page, words.first) : String(release);
}

function names(page: Page, gates: Known): string {
  const shown = gates.slice(0, LACKING_NAMED_MAX).map(({ gate }) => gate);
  const left = gates.length - shown.length;
  const more = left > 0 ? ` ${say(page, fill(words.more, { n: figure(left) }))}` : '';
  return `${shown.join(page.language === 'en' ? ', ' : '、')}${more}`;
}

export function earlierSheet(page: Page, releases: readonly ReleaseView[]): Html | string {
  if (releases.length === 0) return '';
  return sheet(page, {
    title: words.earlier,
    body: table(page, {
      caption: words.earlier,
      empty: words.none,
      columns: [
        { head: words.number, kind: 'number' },
        { head: words.version, kind: 'wide' },
        { head: words.inOrder, kind: 'number' },
        { head: words.failed, kind: 'number' },
        { head: words.registered },
      ],
      rows: releases.map(({ release, version, gates, registeredAt }) => [
        release,
        version,
        figure(gates.filter(({ state }) => state === 'healthy').length),
        figure(gates.filter(({ state }) => state === 'failed').length),
        instantText(page, registeredAt).slice(0, 16),
      ]),
    }),
  });
}
