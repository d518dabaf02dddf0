import { html } from 'hono/html';
import type { DistrictWarning } from '../../../wire/index.ts';
import type { DeskRole } from '../../accounts/roles.ts';
import { type GateView, inOrder, orderOf } from '../gate-views.ts';
import { heading, type View } from '../kit/layout.ts';
import { mark, shape, type Tone } from '../kit/marks.ts';
import { type Html, may, type Page, say } from '../kit/page.ts';
import { bareTable, type Column, tableRow } from '../kit/table.ts';
import { distance, instantText } from '../kit/times.ts';
import { common, decisions } from '../words/common.ts';
import { conditions, wall as words } from '../words/gates.ts';
import type { Text } from '../words/text.ts';
import { condition, matters } from './gate-marks.ts';
import { communityName, connection } from './parts-of-pages.ts';
import { warningsStrip } from './warnings-view.ts';

/** Every gate on one page: numbers on top, trouble first, those in order as small tiles; and the parts of it that changed. */
export const READS_GATES: readonly DeskRole[] = ['operator', 'administrator', 'auditor'];

const FILTERS = ['all', 'trouble', 'attention', 'good'] as const;
export interface Filter {
  readonly state: (typeof FILTERS)[number];
  readonly community: number | undefined;
}

export function filterOf(query: (name: string) => string | undefined): Filter {
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
  readonly warnings: readonly DistrictWarning[];
  readonly filter: Filter;
  /** From where on its line begins. */
  readonly since: string;
}

export function wallView(page: Page, { views, communities, warnings, filter, since }: Wall): View {
  const shown = views.filter((view) => isShown(view, filter));
  const body = html`${heading(page, { title: words.title, about: words.about, end: wallEnd(page) })}
${warningsStrip(page, warnings)}
${sums(page, views, filter)}
${communities.length > 1 ? communityFilter(page, { communities, filter }) : ''}
${views.length === 0 ? noGates(page) : sections(page, shown, filter)}`;
  const query = new URLSearchParams({ ...queryOf(filter), idle: '1', since });
  return { title: words.title, body, live: `/console/live/gates?${query.toString()}` };
}

/** What changed: the numbers, and each gate with its place on this wall, or without one. */
export function wallPatch(
  page: Page,
  { all, changed, filter }: { all: readonly GateView[]; changed: readonly GateView[]; filter: Filter },
): Html {
  const shown = changed.filter((view) => isShown(view, filter));
  const gone = changed.filter((view) => !isShown(view, filter));
  const [tiles, rows] = [shown.filter(isTile), shown.filter((view) => !isTile(view))];
  return html`${sums(page, all, filter)}<table><tbody>${rows.map((view) => gateRow(page, view))}</tbody></table><ul>${tiles.map(
    (view) => tile(page, view),
  )}${gone.map(({ id }) => html`<li data-gate="${id}"></li>`)}</ul>`;
}

function isShown({ community, tone }: GateView, filter: Filter): boolean {
  return (
    (filter.community === undefined || community === filter.community) && TONES[filter.state].includes(tone)
  );
}

function isTile({ tone }: GateView): boolean {
  return tone === 'good';
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

function sums(page: Page, all: readonly GateView[], filter: Filter): Html {
  const views = all.filter(
    ({ community }) => filter.community === undefined || community === filter.community,
  );
  const count = (...tones: readonly Tone[]) => views.filter(({ tone }) => tones.includes(tone)).length;
  const sum = (of: (view: GateView) => number) => views.reduce((total, view) => total + of(view), 0);
  const link = (state: Filter['state'], figure: number, told: Html | string): Html =>
    html`<a href="${addressOf({ ...filter, state })}"${filter.state === state ? html` aria-current="true"` : ''}><b>${figure}</b>${told}</a>`;
  return html`<div class="sums" data-part="sums">
${link('all', views.length, html`<span>${say(page, words.total)}</span>`)}
${link('trouble', count('bad'), mark(page, 'bad', words.trouble))}
${link('attention', count('warn', 'info'), mark(page, 'warn', words.attention))}
${link('good', count('good'), mark(page, 'good', words.good))}
<a href="/console/feed?show=alarms"><b>${sum(({ alarmCount }) => alarmCount)}</b><span>${say(page, words.alarms)}</span></a>
<div><b>${sum(({ behind }) => behind)}</b><span>${say(page, words.behind)}</span></div>
</div>`;
}

function queryOf({ state, community }: Filter): Record<string, string> {
  return {
    ...(state === 'all' ? {} : { state }),
    ...(community === undefined ? {} : { community: String(community) }),
  };
}

function addressOf(filter: Filter): string {
  const query = new URLSearchParams(queryOf(filter)).toString();
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

/** All three are there, hidden while they are empty: a gate that changes moves from one to the other. */
function sections(page: Page, shown: readonly GateView[], filter: Filter): Html {
  const of = (...tones: readonly Tone[]) => inOrder(shown.filter(({ tone }) => tones.includes(tone)));
  const needs = of('bad', 'warn');
  const others = of('info', 'none');
  const good = of('good');
  const table = (place: string, views: readonly GateView[]) =>
    bareTable(page, {
      caption: words.needs,
      columns: COLUMNS,
      attributes: html` data-place="${place}"`,
      body: views.map((view) => gateRow(page, view)),
    });
  const nothing = filter.state === 'trouble' ? words.allGood : words.none;
  return html`<div class="stack" data-wall>
${section(page, words.needs, { isEmpty: needs.length === 0, body: table('needs', needs) })}
${section(page, words.others, { isEmpty: others.length === 0, body: table('others', others) })}
${section(page, words.inOrder, {
  isEmpty: good.length === 0,
  body: html`<ul class="tiles" data-place="good">${good.map((view) => tile(page, view))}</ul>`,
})}
<section class="sheet" data-nothing${shown.length === 0 ? '' : html` hidden`}><p class="empty">${say(page, nothing)}</p></section>
</div>`;
}

function section(page: Page, title: Text, { isEmpty, body }: { isEmpty: boolean; body: Html }): Html {
  return html`<section class="sheet"${isEmpty ? html` hidden` : ''}><div class="sheet-head"><h2>${say(page, title)}</h2></div>${body}</section>`;
}

const COLUMNS: readonly Column[] = [
  { head: common.gate },
  { head: common.state },
  { head: words.what, kind: 'wide' },
  { head: words.lastVerdict },
  { head: words.heard },
];

function gateRow(page: Page, view: GateView): Html {
  const place = view.tone === 'bad' || view.tone === 'warn' ? 'needs' : 'others';
  return tableRow(page, {
    columns: COLUMNS,
    attributes: html` data-gate="${view.id}" data-in="${place}" data-order="${orderOf(view)}"`,
    cells: [
      html`<a href="/console/gates/${view.id}">${view.id}</a><small>${view.community}</small>`,
      condition(page, view),
      mattersOf(page, view),
      verdict(page, view),
      view.heardAt === undefined ? undefined : distance(page, view.heardAt),
    ],
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

function tile(page: Page, view: GateView): Html {
  return html`<li data-gate="${view.id}" data-in="good" data-order="${orderOf(view)}"><a class="tile" href="/console/gates/${view.id}">${shape('good')}<b>${view.id}</b><small>${tileText(page, view)}</small></a></li>`;
}

function tileText(page: Page, { verdict: last }: GateView): string {
  if (last === undefined) return conditions.online[page.language];
  return `${decisions[last.decision][page.language]} ${instantText(page, Date.parse(last.at)).slice(11, 16)}`;
}
