import { html } from 'hono/html';
import { APPLICATION_KINDS, type ApplicationKind, type ApplicationLine } from '../../../wire/index.ts';
import { heading, sheet, type View } from '../kit/layout.ts';
import { mark } from '../kit/marks.ts';
import { type Html, may, type Page, say } from '../kit/page.ts';
import { figure } from '../kit/plot.ts';
import { table } from '../kit/table.ts';
import { distance, instant } from '../kit/times.ts';
import { common } from '../words/common.ts';
import {
  applicationKinds,
  applicationStates,
  refusalReason,
  reviews as words,
  toApply,
} from '../words/reviews.ts';
import { fill } from '../words/text.ts';
import { communityName, connection, part } from './parts-of-pages.ts';
import type { Communities } from './person-forms.ts';

/** The queues: what is due first at first, overdue ones marked, and what was decided lately. Nothing of what was sent is here. */
export interface QueueFilter {
  readonly kind: ApplicationKind | undefined;
  readonly community: number | undefined;
}

export interface ReviewsPage {
  readonly open: readonly ApplicationLine[];
  readonly closed: readonly ApplicationLine[];
  readonly counts: Readonly<Record<ApplicationKind, number>> & { readonly overdue: number };
  readonly filter: QueueFilter;
  readonly communities: Communities;
}

export function reviewsPage(page: Page, given: ReviewsPage): View {
  const { open, closed, filter, communities } = given;
  const end = html`${may(page, 'registrar') ? html`<a class="button" href="/console/reviews/new">${say(page, words.counter)}</a>` : ''}${connection(page)}`;
  const body = html`${heading(page, { title: words.title, about: words.about, end })}
${part('sums', sums(page, given))}
${communities.length > 1 ? communityLinks(page, given) : ''}
${sheet(page, { title: words.waiting, body: part('open', openTable(page, open, given)) })}
${sheet(page, { title: words.closed, body: part('closed', closedTable(page, closed, given)) })}`;
  const address = new URL(addressOf(filter), 'http://localhost');
  return {
    title: words.title,
    body,
    live: `/console/live/changes?types=desk&idle=1${address.search.replace('?', '&')}`,
  };
}

export function addressOf({ kind, community }: QueueFilter): string {
  const query = new URLSearchParams({
    ...(kind === undefined ? {} : { kind }),
    ...(community === undefined ? {} : { community: String(community) }),
  }).toString();
  return `/console/reviews${query === '' ? '' : `?${query}`}`;
}

function sums(page: Page, { counts, filter }: ReviewsPage): Html {
  const all = APPLICATION_KINDS.reduce((sum, kind) => sum + counts[kind], 0);
  const link = (kind: ApplicationKind | undefined, count: number) =>
    html`<a href="${addressOf({ ...filter, kind })}"${filter.kind === kind ? html` aria-current="true"` : ''}><b>${figure(count)}</b><span>${say(page, kind === undefined ? words.all : applicationKinds[kind])}</span></a>`;
  const late =
    counts.overdue > 0 ? mark(page, 'bad', words.overdue) : html`<span>${say(page, words.overdue)}</span>`;
  return html`<div class="sums">${link(undefined, all)}${APPLICATION_KINDS.map((kind) => link(kind, counts[kind]))}<div><b>${figure(counts.overdue)}</b>${late}</div></div>`;
}

function communityLinks(page: Page, { communities, filter }: ReviewsPage): Html {
  const link = (community: number | undefined, name: string) =>
    html`<a href="${addressOf({ ...filter, community })}"${filter.community === community ? html` aria-current="true"` : ''}>${name}</a>`;
  return html`<nav class="spans" aria-label="${say(page, common.community)}">${link(undefined, say(page, common.all))}${communities.map((each) => link(each.id, communityName(each)))}</nav>`;
}

function nameOf({ communities }: ReviewsPage, id: number): string {
  return communities.find((each) => each.id === id)?.name ?? String(id);
}

function openTable(page: Page, lines: readonly ApplicationLine[], given: ReviewsPage): Html {
  return table(page, {
    caption: words.waiting,
    empty: words.none,
    keys: lines.map(({ receipt }) => receipt),
    columns: [
      { head: words.kind },
      { head: common.state },
      { head: words.receipt, kind: 'wide' },
      { head: common.community },
      { head: words.submitted },
      { head: words.due },
      { head: common.actions, kind: 'action' },
    ],
    rows: lines.map((line) => [
      kindCell(page, line),
      stateMark(page, line),
      html`<a class="code" href="/console/reviews/${line.receipt}">${line.receipt}</a>`,
      nameOf(given, line.community),
      html`${distance(page, line.submittedAt)}<small>${senderOf(page, line)}</small>`,
      line.dueAt === undefined ? undefined : dueCell(page, line.dueAt, line.overdue),
      html`<a class="button button-quiet" href="/console/reviews/${line.receipt}" aria-label="${say(page, fill(words.openLabel, { receipt: line.receipt }))}">${say(page, words.open)}</a>`,
    ]),
  });
}

function kindCell(page: Page, { kind, forGuards }: ApplicationLine): Html | string {
  const name = say(page, applicationKinds[kind]);
  return forGuards === true ? html`${name}<small>${say(page, words.guards)}</small>` : name;
}

function dueCell(page: Page, dueAt: number, overdue: boolean): Html {
  return overdue
    ? html`${mark(page, 'bad', words.overdue)}<small>${distance(page, dueAt)}</small>`
    : distance(page, dueAt);
}

export function senderOf(page: Page, { submittedBy }: ApplicationLine): string {
  return submittedBy === 'portal' ? say(page, words.portal) : submittedBy;
}

export function stateMark(page: Page, { kind, state }: ApplicationLine): Html {
  if (kind === 'appeal' && state === 'accepted') return mark(page, 'info', toApply);
  const tone =
    state === 'refused' ? 'bad' : state === 'waiting' ? 'info' : state === 'withdrawn' ? 'none' : 'good';
  return mark(page, tone, applicationStates[state]);
}

function closedTable(page: Page, lines: readonly ApplicationLine[], given: ReviewsPage): Html {
  return table(page, {
    caption: words.closed,
    empty: words.noneClosed,
    keys: lines.map(({ receipt }) => receipt),
    columns: [
      { head: words.kind },
      { head: common.state },
      { head: words.receipt, kind: 'wide' },
      { head: common.community },
      { head: words.reviewer },
      { head: words.decided },
    ],
    rows: lines.map((line) => [
      say(page, applicationKinds[line.kind]),
      html`${stateMark(page, line)}${line.reason === undefined ? '' : html`<small>${say(page, refusalReason(line.reason))}</small>`}`,
      html`<a class="code" href="/console/reviews/${line.receipt}">${line.receipt}</a>`,
      nameOf(given, line.community),
      line.reviewedBy,
      line.decidedAt === undefined ? undefined : instant(page, line.decidedAt),
    ]),
  });
}
