import { html } from 'hono/html';
import { REFUSALS } from '../../../code/index.ts';
import { WORDS } from '../../../wire/index.ts';
import { COUNTED, type Counted, type GateHistory, type HealthStep } from '../../ingest/gate-history.ts';
import { sheet } from '../kit/layout.ts';
import { type Html, type Page, say } from '../kit/page.ts';
import { plot, type Series } from '../kit/plot.ts';
import { table } from '../kit/table.ts';
import { clockQualities, decisions } from '../words/common.ts';
import { history as words } from '../words/history.ts';
import { plain, type Text, text } from '../words/text.ts';
import { part } from './parts-of-pages.ts';

/** How a gate was over the last day or week, as plots. */
const HOUR_MS = 3_600_000;
const LOOKS: Readonly<Record<Counted, Series['look']>> = { granted: 1, refused: 2, guard: 3, manual: 4 };

export function historySheet(page: Page, history: GateHistory, days: 1 | 7): Html {
  const { gate, from, stepMs } = history;
  const span = (wanted: 1 | 7, name: Text) =>
    html`<a href="/console/gates/${gate}?days=${wanted}#history"${wanted === days ? html` aria-current="true"` : ''}>${say(page, name)}</a>`;
  const end = html`<nav class="spans" aria-label="${say(page, words.span)}">${span(1, words.day)}${span(7, words.week)}</nav>`;
  const body = html`<p class="soft">${say(page, words.about)}</p><div class="plots">
${plot(page, {
  title: words.entries,
  unit: words.times,
  from,
  stepMs: HOUR_MS,
  kind: 'bars',
  series: COUNTED.map((name) => ({
    name: decisions[name],
    values: history.entries[name],
    look: LOOKS[name],
  })),
})}
${refusals(page, history)}
${plot(page, {
  title: words.latency,
  about: words.latencyAbout,
  unit: words.milliseconds,
  from,
  stepMs,
  kind: 'lines',
  series: [
    of(history, { name: plain('p50'), look: 1, value: ({ p50Ms }) => p50Ms }),
    of(history, { name: plain('p99'), look: 2, value: ({ p99Ms }) => p99Ms }),
  ],
})}
${plot(page, {
  title: words.temperature,
  unit: words.celsius,
  from,
  stepMs,
  kind: 'lines',
  series: [of(history, { name: words.temperature, look: 1, value: ({ temperatureC }) => temperatureC })],
})}
${plot(page, {
  title: words.unsent,
  unit: words.rows,
  from,
  stepMs,
  kind: 'lines',
  series: [of(history, { name: words.unsent, look: 1, value: ({ unsentRows }) => unsentRows })],
})}
${plot(page, { title: words.clock, unit: words.times, from, stepMs, kind: 'strip', series: clockSeries(history) })}
</div>`;
  return html`<div id="history" class="sheet-wide">${sheet(page, { title: words.title, end, body: part('history', body) })}</div>`;
}

interface Line extends Pick<Series, 'name' | 'look'> {
  readonly value: (step: HealthStep) => number | undefined;
}

function of({ health }: GateHistory, { name, look, value }: Line): Series {
  return { name, look, values: health.map((step) => (step === undefined ? undefined : value(step))) };
}

function clockSeries({ health }: GateHistory): Series[] {
  const looks = { synced: 1, holdover: 3, unsure: 2 } as const;
  return (['synced', 'holdover', 'unsure'] as const).map((quality) => ({
    name: clockQualities[quality],
    look: looks[quality],
    values: health.map((step) => (step === undefined ? undefined : step.clock === quality ? 1 : 0)),
  }));
}

function refusals(page: Page, { refusals: found }: GateHistory): Html {
  const all = found.reduce((sum, { count }) => sum + count, 0);
  return html`<figure class="plot"><figcaption><strong>${say(page, words.refusals)}</strong></figcaption>${table(
    page,
    {
      caption: words.refusals,
      empty: words.noRefusals,
      columns: [
        { head: words.reason, kind: 'wide' },
        { head: words.count, kind: 'number' },
        { head: words.share },
      ],
      rows: found.map(({ refusal, count }) => [
        say(page, causeOf(refusal)),
        count,
        html`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="${Math.round((count / all) * 100)} %"><rect width="${(count / all) * 100}" height="4"/></svg>`,
      ]),
    },
  )}</figure>`;
}

/** A refusal of an older or newer gate keeps its own name. */
export function causeOf(refusal: string): Text {
  const known = REFUSALS.find((name) => name === refusal);
  return known === undefined
    ? plain(refusal)
    : text(WORDS['zh-CN'].refusals[known].cause, WORDS.en.refusals[known].cause);
}
