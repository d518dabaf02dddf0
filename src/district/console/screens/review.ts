import { html } from 'hono/html';
import { gateId } from '../../../wire/index.ts';
import type { DeskRole } from '../../accounts/roles.ts';
import type { GuardDay } from '../../ingest/deeds.ts';
import { form } from '../kit/forms.ts';
import { heading, sheet } from '../kit/layout.ts';
import { mark } from '../kit/marks.ts';
import { type Html, type Page, say } from '../kit/page.ts';
import { figure } from '../kit/plot.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { table } from '../kit/table.ts';
import { OUTLIER_FROM, OUTLIER_TIMES, REVIEWED_SHOWN } from '../limits.ts';
import { common } from '../words/common.ts';
import { review as words } from '../words/oversight.ts';
import { problemText } from '../words/problems.ts';
import { fill, type Text } from '../words/text.ts';

/**
 * What guards did by hand and whom they looked up, for somebody at the district who is none of them: those far above the
 * others first. That it was looked at is in the audit log, and stays beside it.
 */
const REVIEWS: readonly DeskRole[] = ['auditor', 'administrator'];
const DAY_MS = 86_400_000;
const ACTION = 'review guard';

export const review: Screen = {
  path: '/review',
  may: REVIEWS,
  async show(visit) {
    const { page, parts, query } = visit;
    const days = query('days') === '30' ? 30 : 7;
    const all = judged(await parts.rows.guardDays(days));
    const seen = await seenBy(visit);
    const usual = fill(words.usual, {
      openings: figure(all.usual.openings),
      lookUps: figure(all.usual.lookUps),
    });
    const span = (wanted: number, name: Text) =>
      html`<a href="/console/review?days=${wanted}"${wanted === days ? html` aria-current="true"` : ''}>${say(page, name)}</a>`;
    const end = html`<nav class="spans" aria-label="${say(page, words.span)}">${span(7, words.week)}${span(30, words.month)}</nav>`;
    const shown = all.rows.slice(0, REVIEWED_SHOWN);
    const more = all.rows.length - shown.length;
    const body = html`${heading(page, { title: words.title, about: words.about })}
${sheet(page, {
  title: words.list,
  end,
  body: html`<p class="soft">${say(page, usual)}</p>${guardsTable(page, shown, seen)}${
    more === 0 ? '' : html`<p class="soft">${say(page, fill(words.more, { n: figure(more) }))}</p>`
  }`,
})}`;
    return { title: words.title, body };
  },
  forms: { seen: { may: REVIEWS, act: noteSeen } },
};

interface Judged extends GuardDay {
  /** How many times the usual, where that is far. */
  readonly times: number | undefined;
}

/** Against the median of all guards and days: one who does a lot moves it little. */
export function judged(days: readonly GuardDay[]): {
  readonly rows: readonly Judged[];
  readonly usual: { readonly openings: number; readonly lookUps: number };
} {
  const usual = {
    openings: medianOf(days.map(({ openings }) => openings)),
    lookUps: medianOf(days.map(({ lookUps }) => lookUps)),
  };
  const rows = days.map((day) => {
    const times = Math.max(timesOf(day.openings, usual.openings), timesOf(day.lookUps, usual.lookUps));
    return { ...day, times: times >= OUTLIER_TIMES ? times : undefined };
  });
  return {
    usual,
    rows: rows.sort((left, right) => (right.times ?? 0) - (left.times ?? 0) || right.day - left.day),
  };
}

/** Few of anything are never far from the usual. */
function timesOf(count: number, usual: number): number {
  return count < OUTLIER_FROM ? 0 : count / Math.max(1, usual);
}

function medianOf(counts: readonly number[]): number {
  const sorted = counts.filter((count) => count > 0).sort((left, right) => left - right);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function guardsTable(page: Page, rows: readonly Judged[], seen: ReadonlyMap<string, string>): Html {
  return table(page, {
    caption: words.list,
    empty: words.none,
    columns: [
      { head: words.day },
      { head: common.gate },
      { head: words.guard },
      { head: words.openings, kind: 'number' },
      { head: words.lookUps, kind: 'number' },
      { head: common.state, kind: 'wide' },
      { head: common.actions, kind: 'action' },
    ],
    rows: rows.map((row) => {
      const { gate, actor, openings, lookUps, times } = row;
      const told =
        times === undefined
          ? mark(page, 'none', words.fine)
          : mark(page, 'bad', fill(words.outlier, { n: figure(times) }));
      const by = seen.get(subjectOf(row));
      const looked =
        by === undefined ? '' : html`<small>${say(page, fill(words.seenBy, { account: by }))}</small>`;
      return [
        dayText(row.day),
        html`<a href="/console/gates/${gate}">${gate}</a>`,
        actor,
        openings,
        lookUps,
        html`${told}${looked}`,
        html`<div class="form-row"><a class="button button-quiet" href="/console/entries?gate=${gate}&amp;day=${dayText(row.day)}">${say(page, words.rows)}</a>${by === undefined ? seenForm(page, row) : ''}</div>`,
      ];
    }),
  });
}

function seenForm(page: Page, row: Judged): Html {
  const day = dayText(row.day);
  return form(page, {
    id: 'seen',
    button: words.seen,
    tone: 'quiet',
    layout: 'row',
    hidden: { gate: row.gate, actor: row.actor, day },
    label: fill(words.seenLabel, { gate: row.gate, actor: row.actor, day }),
  });
}

function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function subjectOf({ gate, actor, day }: GuardDay): string {
  return `${gate}/${actor}/${dayText(day)}`;
}

/** Who looked at what, by subject: the newest notes of the log. */
async function seenBy({ parts }: Visit): Promise<ReadonlyMap<string, string>> {
  const { entries } = await parts.audit.page({ action: ACTION });
  return new Map(entries.map(({ subject, account }) => [subject, account]));
}

async function noteSeen({ parts, principal }: Visit, fields: ReadonlyMap<string, string>): Promise<Outcome> {
  const [gate, actor, day] = [fields.get('gate'), fields.get('actor') ?? '', fields.get('day') ?? ''];
  const isOurs =
    gateId.safeParse(gate).success && /^[\w .@-]{1,64}$/.test(actor) && /^\d{4}-\d\d-\d\d$/.test(day);
  if (!isOurs) return { problem: problemText('unknown') };
  await parts.audit.note({
    account: principal.account,
    action: ACTION,
    subject: `${gate}/${actor}/${day}`,
    outcome: 'seen',
  });
  return { go: '/console/review', notice: 'review-noted' };
}
