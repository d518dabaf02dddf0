import { html } from 'hono/html';
import { history as words } from '../words/history.ts';
import { fill, type Text } from '../words/text.ts';
import { type Html, type Page, say } from './page.ts';
import { instantText } from './times.ts';

/**
 * Plots that are drawn here, so that they are there without script and on paper. Each stands over its own table, which is
 * what a screen reader gets, and what the page's script reads out where somebody points.
 */
export interface Series {
  readonly name: Text;
  /** One for each step; undefined where nothing is known. */
  readonly values: readonly (number | undefined)[];
  /** How it looks: by colour and by pattern or dashes. */
  readonly look: 1 | 2 | 3 | 4;
}

export interface Plot {
  readonly title: Text;
  readonly about?: Text;
  readonly unit: Text;
  /** Unix milliseconds of the first step. */
  readonly from: number;
  readonly stepMs: number;
  /** `bars` stand on each other. `strip`: one of them in each step, without heights. */
  readonly kind: 'bars' | 'lines' | 'strip';
  readonly series: readonly Series[];
}

/** The drawing's own units: stretched to what room there is. */
const [WIDTH, HEIGHT] = [1_000, 100];
const TIME_LABELS = 4;

export function plot(page: Page, given: Plot): Html {
  const { title, about, series, from, stepMs, unit } = given;
  const steps = series[0]?.values.length ?? 0;
  const isKnown = series.some(({ values }) => values.some((value) => value !== undefined && value > 0));
  const told = [...(given.kind === 'strip' ? [] : [unit]), ...(about === undefined ? [] : [about])];
  const more = told.map((each) => say(page, each)).join(' · ');
  const head = html`<figcaption><strong>${say(page, title)}</strong> <small>${more}</small></figcaption>`;
  if (!isKnown)
    return html`<figure class="plot">${head}<p class="empty">${say(page, words.none)}</p></figure>`;
  const top = niceTop(highest(given));
  const label = fill(words.counted, {
    series: series.map(({ name }) => say(page, name)).join(page.language === 'en' ? ', ' : '、'),
    unit: say(page, unit),
    from: shortTime(page, from),
    until: shortTime(page, from + steps * stepMs),
  });
  return html`<figure class="plot plot-${given.kind}">${head}
<p class="plot-told" aria-hidden="true">${summary(page, given)}</p>
${given.kind === 'strip' ? '' : html`<div class="plot-scale" aria-hidden="true"><span>${figure(top)}</span><span>${figure(top / 2)}</span><span>0</span></div>`}
<div class="plot-area"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${say(page, label)}">
${given.kind === 'strip' ? '' : html`<path class="plot-grid" d="M0 0.5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}"/>`}
${given.kind === 'lines' ? series.map((each) => line(each, { steps, top })) : bars(given, { steps, top })}
<line class="plot-line" y1="0" y2="${HEIGHT}" visibility="hidden"/></svg></div>
<div class="plot-times" aria-hidden="true">${Array.from({ length: TIME_LABELS + 1 }, (_, at) => {
    const instant = from + (at / TIME_LABELS) * steps * stepMs;
    return html`<span>${steps * stepMs > 2 * DAY_MS ? shortTime(page, instant).slice(0, 5) : shortTime(page, instant).slice(6)}</span>`;
  })}</div>
${series.length > 1 ? keys(page, given) : ''}${asTable(page, given, steps)}</figure>`;
}

const DAY_MS = 86_400_000;

/** The least of 1, 2, 5, 10, 20, … that is not below. */
export function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  const digit = [1, 2, 5, 10].find((each) => each * power >= value) ?? 10;
  return Math.max(digit * power, 2);
}

function highest({ kind, series }: Plot): number {
  const steps = series[0]?.values.length ?? 0;
  const at = (step: number) => series.map(({ values }) => values[step] ?? 0);
  const tops = Array.from({ length: steps }, (_, step) =>
    kind === 'bars' ? at(step).reduce((sum, value) => sum + value, 0) : Math.max(...at(step)),
  );
  return Math.max(...tops, 0);
}

interface Scale {
  readonly steps: number;
  readonly top: number;
}

function bars({ kind, series }: Plot, { steps, top }: Scale): Html[] {
  const wide = WIDTH / steps;
  const gap = kind === 'strip' ? 0 : wide * 0.18;
  const below = Array.from({ length: steps }, () => 0);
  return series.map(({ values, look }) => {
    const path = values.map((value = 0, at) => {
      if (value <= 0) return '';
      const high = kind === 'strip' ? HEIGHT : (value / top) * HEIGHT;
      const y = HEIGHT - (below[at] ?? 0) - high;
      if (kind === 'bars') below[at] = (below[at] ?? 0) + high;
      return `M${round(at * wide + gap / 2)} ${round(y)}h${round(wide - gap)}v${round(high)}h${round(gap - wide)}Z`;
    });
    return html`<path class="plot-fill plot-${look}" d="${path.join('')}"/>`;
  });
}

/** In steps, so that a lone value between gaps is seen too. */
function line({ values, look }: Series, { steps, top }: Scale): Html {
  const wide = WIDTH / steps;
  let isDown = false;
  const path = values.map((value, at) => {
    const wasDown = isDown;
    isDown = value !== undefined;
    if (value === undefined) return '';
    const y = round(HEIGHT - Math.min(1, value / top) * HEIGHT);
    return `${wasDown ? `V${y}` : `M${round(at * wide)} ${y}`}H${round((at + 1) * wide)}`;
  });
  return html`<path class="plot-stroke plot-${look}" d="${path.join('')}"/>`;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** `1,234`, `0.7`: as short as it can be read. */
export function figure(value: number): string {
  const digits = Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** `03-01 08:15` */
function shortTime(page: Page, at: number): string {
  return instantText(page, at).slice(5, 16);
}

/** Of bars that stand on each other, their sum is told. */
function summary(page: Page, { kind, series, from, stepMs }: Plot): string {
  if (kind === 'strip') return '';
  const sums = series[0]?.values.map((_, at) =>
    series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0),
  );
  const told = kind === 'bars' ? [{ name: undefined, values: sums ?? [] }] : series;
  const each = told.map(({ name, values }) => {
    const known = values.findLast((value) => value !== undefined) ?? 0;
    const most = values.reduce<number>(
      (best, value, at) => ((value ?? -1) > (values[best] ?? -1) ? at : best),
      0,
    );
    const time = shortTime(page, from + most * stepMs);
    const highestThere = say(page, fill(words.most, { n: figure(values[most] ?? 0), time }));
    const latest = say(page, fill(words.latest, { n: figure(known) }));
    const prefix = name === undefined || series.length === 1 ? '' : `${say(page, name)} `;
    return `${prefix}${latest}${page.language === 'en' ? ', ' : '，'}${highestThere}`;
  });
  return each.join(' · ');
}

function keys(page: Page, { kind, series }: Plot): Html {
  const shape = (look: number) =>
    kind === 'lines'
      ? html`<path class="plot-stroke plot-${look}" d="M0 5H20"/>`
      : html`<path class="plot-fill plot-${look}" d="M0 0H20V10H0Z"/>`;
  return html`<ul class="plot-keys" aria-hidden="true">${series.map(
    ({ name, look }) => html`<li><svg viewBox="0 0 20 10">${shape(look)}</svg>${say(page, name)}</li>`,
  )}</ul>`;
}

/** The newest first; steps of which nothing is known are told as such. */
function asTable(page: Page, { title, series, from, stepMs, unit }: Plot, steps: number): Html {
  const rows = Array.from({ length: steps }, (_, back) => steps - 1 - back);
  return html`<details><summary>${say(page, words.asTable)}</summary><div class="plot-table"><table class="plain">
<caption class="unseen">${say(page, title)} (${say(page, unit)})</caption>
<thead><tr><th scope="col">${say(page, words.time)}</th>${series.map(({ name }) => html`<th scope="col" class="number">${say(page, name)}</th>`)}</tr></thead>
<tbody>${rows.map(
    (step) =>
      html`<tr><th scope="row">${shortTime(page, from + step * stepMs)}</th>${series.map(({ values }) => {
        const value = values[step];
        return html`<td class="number">${value === undefined ? '–' : figure(value)}</td>`;
      })}</tr>`,
  )}</tbody></table></div></details>`;
}
