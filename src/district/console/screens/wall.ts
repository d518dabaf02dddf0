import { html } from 'hono/html';
import type { DeskRole } from '../../accounts/roles.ts';
import { gateFacts, type GateView, gateViews } from '../gate-views.ts';
import { heading, type View } from '../kit/layout.ts';
import { mark, shape, type Tone } from '../kit/marks.ts';
import { type Html, may, type Page, say } from '../kit/page.ts';
import type { Screen } from '../kit/screen.ts';
import { table } from '../kit/table.ts';
import { distance, instantText } from '../kit/times.ts';
import { common, decisions } from '../words/common.ts';
import { conditions, wall as words } from '../words/gates.ts';
import type { Text } from '../words/text.ts';
import { condition, matters } from '../views/gate-marks.ts';
import { communityName, connection } from '../views/parts-of-pages.ts';

/** Every gate on one page: numbers on top, trouble first, and those in order as small tiles, so that a thousand stay readable. */
export const READS_GATES: readonly DeskRole[] = ['operator', 'administrator', 'auditor'];

export const wall: Screen = {
  path: '/gates',
  may: READS_GATES,
  async show({ parts, page, query }) {
    const views = gateViews(await gateFacts(parts));
    return wallView(page, { views, communities: parts.communities, filter: filterOf(query) });
  },
};

const FILTERS = ['all', 'trouble', 'attention', 'good'] as const;
interface Filter {
  readonly state: (typeof FILTERS)[number];
  readonly community: number | undefined;
}

function filterOf(query: (name: string) => string | undefined): Filter {
  const community = Number(query('community') ?? Number.NaN);
  return {
    state: FILTERS.find((state) => state === query('state')) ?? 'all',
    community: Number.isSafeInteger(community) && query('community') !== '' ? community : undefined,
  };
}

const TONES: Readonly<Record<(typeof FILTERS)[number], readonly Tone[]>> = {
  all: ['bad', 'warn', 'info', 'good', 'none'],
  trouble: ['bad'],
  attention: ['warn', 'info'],
  good: ['good'],
};

export interface Wall {
  readonly views: readonly GateView[];
  readonly communities: readonly { readonly id: number; readonly name?: string }[];
  readonly filter: Filter;
}

export function wallView(page: Page, { views, communities, filter }: Wall): View {
  const here = views.filter(
    ({ community }) => filter.community === undefined || community === filter.community,
  );
  const shown = here.filter(({ tone }) => TONES[filter.state].includes(tone));
  const body = html`${heading(page, { title: words.title, about: words.about, end: wallEnd(page) })}
${sums(page, here, filter)}
${communities.length > 1 ? communityFilter(page, { communities, filter }) : ''}
<div class="stack" data-part="gates">${views.length === 0 ? noGates(page) : sections(page, shown, filter)}</div>`;
  return { title: words.title, body, isLive: true };
}

function wallEnd(page: Page): Html {
  return html`${connection(page)}${
    may(page, 'operator')
      ? html`<a class="button button-main" href="/console/enrol">${say(page, words.enrolOne)}</a>`
      : ''
  }`;
}

function noGates(page: Page): Html {
  return html`<section class="sheet"><p class="empty">${say(page, words.noGates)}</p></section>`;
}

function sums(page: Page, views: readonly GateView[], filter: Filter): Html {
  const count = (...tones: readonly Tone[]) => views.filter(({ tone }) => tones.includes(tone)).length;
  const sum = (of: (view: GateView) => number) => views.reduce((total, view) => total + of(view), 0);
  const link = (state: Filter['state'], figure: number, told: Html | string): Html =>
    html`<a href="${addressOf({ ...filter, state })}"${filter.state === state ? html` aria-current="true"` : ''}><b>${figure}</b>${told}</a>`;
  return html`<div class="sums" data-part="sums">
${link('all', views.length, html`<span>${say(page, words.total)}</span>`)}
${link('trouble', count('bad'), mark(page, 'bad', words.trouble))}
${link('attention', count('warn', 'info'), mark(page, 'warn', words.attention))}
${link('good', count('good'), mark(page, 'good', words.good))}
<div><b>${sum(({ alarmCount }) => alarmCount)}</b><span>${say(page, words.alarms)}</span></div>
<div><b>${sum(({ behind }) => behind)}</b><span>${say(page, words.behind)}</span></div>
</div>`;
}

function addressOf({ state, community }: Filter): string {
  const query = new URLSearchParams({
    ...(state === 'all' ? {} : { state }),
    ...(community === undefined ? {} : { community: String(community) }),
  }).toString();
  return `/console/gates${query === '' ? '' : `?${query}`}`;
}

function communityFilter(page: Page, { communities, filter }: Pick<Wall, 'communities' | 'filter'>): Html {
  const chosen = (id: number | undefined) => (filter.community === id ? html` selected` : '');
  return html`<form method="get" action="/console/gates" class="filters">
<input type="hidden" name="state" value="${filter.state}">
<p class="field"><label for="community">${say(page, common.community)}</label>
<select id="community" name="community"><option value=""${chosen(undefined)}>${say(page, words.filterAll)}</option>
${communities.map((each) => html`<option value="${each.id}"${chosen(each.id)}>${communityName(each)}</option>`)}</select></p>
<button class="button" type="submit">${say(page, words.filter)}</button></form>`;
}

function sections(page: Page, shown: readonly GateView[], filter: Filter): Html {
  if (shown.length === 0)
    return html`<section class="sheet"><p class="empty">${say(page, filter.state === 'trouble' ? words.allGood : words.none)}</p></section>`;
  const by = (...tones: readonly Tone[]) => shown.filter(({ tone }) => tones.includes(tone));
  const [needs, good, others] = [by('bad', 'warn'), by('good'), by('info', 'none')];
  return html`${needs.length === 0 ? '' : section(page, words.needs, troubleTable(page, needs))}
${others.length === 0 ? '' : section(page, words.others, troubleTable(page, others))}
${good.length === 0 ? '' : section(page, words.inOrder, tiles(page, good))}`;
}

function section(page: Page, title: Text, body: Html): Html {
  return html`<section class="sheet"><div class="sheet-head"><h2>${say(page, title)}</h2></div>${body}</section>`;
}

function troubleTable(page: Page, views: readonly GateView[]): Html {
  return table(page, {
    caption: words.needs,
    empty: words.allGood,
    columns: [
      { head: common.gate },
      { head: common.state },
      { head: words.what, kind: 'wide' },
      { head: words.lastVerdict },
      { head: words.heard },
    ],
    rows: views.map((view) => [
      html`<a href="/console/gates/${view.id}">${view.id}</a><small>${view.community}</small>`,
      condition(page, view),
      mattersOf(page, view),
      verdict(page, view),
      view.heardAt === undefined ? undefined : distance(page, view.heardAt),
    ]),
  });
}

function mattersOf(page: Page, view: GateView): Html | undefined {
  const told = matters(page, view);
  return told.length === 0 ? undefined : html`<span class="marks">${told}</span>`;
}

function verdict(page: Page, view: GateView): Html | undefined {
  if (view.verdict === undefined) return undefined;
  const { decision, at } = view.verdict;
  return html`${decisions[decision][page.language]}<small>${instantText(page, Date.parse(at)).slice(5, 16)}</small>`;
}

function tiles(page: Page, views: readonly GateView[]): Html {
  return html`<ul class="tiles">${views.map(
    (view) =>
      html`<li><a class="tile" href="/console/gates/${view.id}">${shape('good')}<b>${view.id}</b><small>${tileText(page, view)}</small></a></li>`,
  )}</ul>`;
}

function tileText(page: Page, { verdict: last }: GateView): string {
  if (last === undefined) return conditions.online[page.language];
  return `${decisions[last.decision][page.language]} ${instantText(page, Date.parse(last.at)).slice(11, 16)}`;
}
