import { html } from 'hono/html';
import { REFUSALS } from '../../../code/index.ts';
import { type ChainedRow, DECISIONS, type Decision, WORDS } from '../../../wire/index.ts';
import type { StoredEntry } from '../../ingest/entries.ts';
import { choice, field, form } from '../kit/forms.ts';
import { heading, sheet, type View } from '../kit/layout.ts';
import { mark, type Tone } from '../kit/marks.ts';
import { type Html, type Page, say, typed } from '../kit/page.ts';
import { type Column, table } from '../kit/table.ts';
import { figure } from '../kit/plot.ts';
import { instantText } from '../kit/times.ts';
import { EXPORT_ROWS_MAX } from '../limits.ts';
import { common, decisions, doorEvents, kinds } from '../words/common.ts';
import { entries as words } from '../words/entries.ts';
import { exporting } from '../words/oversight.ts';
import { rowReason } from '../words/row-reasons.ts';
import { fill, text } from '../words/text.ts';

/** Rows as lists show them, newest first, and the search over them. */
export interface EntriesPage {
  readonly entries: readonly StoredEntry[];
  readonly next: string | undefined;
  readonly gates: readonly string[];
  /** Masked, by index. */
  readonly names: ReadonlyMap<number, string>;
  /** Chosen by the address alone: a gate is no person, nor is a day. */
  readonly gate: string | undefined;
  /** `2026-01-31` */
  readonly day: string | undefined;
}

export function entriesView(page: Page, given: EntriesPage): View {
  const body = html`${heading(page, { title: words.title, about: words.about })}
<section class="sheet">${searchForm(page, given)}</section>
${sheet(page, { title: words.results, body: html`${entriesTable(page, given.entries, given.names)}${pager(page, given)}` })}
${given.entries.length === 0 ? '' : exportSheet(page, given)}`;
  return { title: words.title, body };
}

const FIELDS = ['from', 'until', 'gate', 'decision', 'refusal', 'index', 'pass'] as const;

function searchForm(page: Page, { gates, gate, day }: EntriesPage): Html {
  const of = 'search';
  const any = { none: words.any };
  const refusals = REFUSALS.map(
    (name) => [name, text(WORDS['zh-CN'].refusals[name].cause, WORDS.en.refusals[name].cause)] as const,
  );
  return form(page, {
    id: of,
    button: words.find,
    layout: 'row',
    fields: [
      field(page, {
        form: of,
        name: 'from',
        label: words.from,
        type: 'datetime-local',
        isOptional: true,
        ...(day !== undefined && { value: `${day}T00:00` }),
      }),
      field(page, {
        form: of,
        name: 'until',
        label: words.until,
        type: 'datetime-local',
        isOptional: true,
        ...(day !== undefined && { value: `${dayAfter(day)}T00:00` }),
      }),
      choice(page, {
        form: of,
        name: 'gate',
        label: common.gate,
        options: gates.map((id) => [id, id]),
        ...any,
        ...(gate !== undefined && { value: gate }),
      }),
      choice(page, {
        form: of,
        name: 'decision',
        label: words.decision,
        options: DECISIONS.map((name) => [name, decisions[name]]),
        ...any,
      }),
      choice(page, { form: of, name: 'refusal', label: words.refusal, options: refusals, ...any }),
      field(page, { form: of, name: 'index', label: words.index, type: 'number', min: 0, isOptional: true }),
      field(page, { form: of, name: 'pass', label: words.pass, type: 'number', min: 0, isOptional: true }),
    ],
  });
}

/** Everything that was looked for, or that the address chose. */
function askedFor(page: Page, { gate, day }: EntriesPage): Record<string, string> {
  const chosen: Readonly<Record<string, string | undefined>> = {
    gate,
    from: day && `${day}T00:00`,
    until: day && `${dayAfter(day)}T00:00`,
  };
  return Object.fromEntries(FIELDS.map((name) => [name, typed(page, 'search', name) ?? chosen[name] ?? '']));
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

function exportSheet(page: Page, given: EntriesPage): Html {
  const about = fill(exporting.about, { n: figure(EXPORT_ROWS_MAX) });
  const hidden = askedFor(page, given);
  const body = html`<p class="soft">${say(page, about)}</p>${form(page, { id: 'export', button: exporting.button, tone: 'quiet', hidden })}`;
  return sheet(page, { title: exporting.title, body });
}

/** The next page is asked for like the first: with everything that was looked for in the form. */
function pager(page: Page, given: EntriesPage): Html | string {
  if (given.next === undefined) return '';
  const hidden = { ...askedFor(page, given), after: given.next };
  return html`<div class="pager">${form(page, { id: 'search', button: common.older, tone: 'quiet', layout: 'row', hidden })}</div>`;
}

const COLUMNS: readonly Column[] = [
  { head: common.time },
  { head: common.gate },
  { head: words.what },
  { head: words.who },
  { head: words.why, kind: 'wide' },
  { head: words.row, kind: 'number' },
];

export function entriesTable(
  page: Page,
  entries: readonly StoredEntry[],
  names?: ReadonlyMap<number, string>,
): Html {
  return table(page, {
    caption: words.results,
    empty: words.none,
    columns: COLUMNS,
    keys: entries.map(({ gate, journal, row }) => `${gate}-${journal}-${row.seq}`),
    rows: entries.map(({ gate, journal, row }) => [
      instantText(page, Date.parse(row.at)),
      html`${gate}${row.lane === undefined ? '' : html`<small>${row.lane}</small>`}`,
      decisionMark(page, row),
      who(page, row, names),
      because(page, row),
      html`<a href="/console/entries/${gate}/${journal}/${row.seq}">${row.seq}</a>`,
    ]),
  });
}

const TONES: Readonly<Record<Decision, Tone>> = {
  granted: 'good',
  refused: 'bad',
  guard: 'warn',
  manual: 'info',
  door: 'none',
  system: 'none',
};

export function decisionMark(page: Page, { decision }: ChainedRow): Html {
  return mark(page, TONES[decision], decisions[decision]);
}

export function who(
  page: Page,
  { index, passId, kind }: ChainedRow,
  names?: ReadonlyMap<number, string>,
): Html | undefined {
  if (index === undefined && passId === undefined) return undefined;
  const name = index === undefined ? undefined : names?.get(index);
  const number =
    passId === undefined
      ? fill(words.residentNumber, { n: index ?? 0 })
      : fill(words.passNumber, { n: passId });
  return html`${name ?? say(page, number)}<small>${[kindName(page, kind), name === undefined ? '' : index].filter((each) => each !== '').join(' · ')}</small>`;
}

export function kindName(page: Page, kind: number | undefined): string {
  return kind === 1 || kind === 2 || kind === 3 || kind === 4 || kind === 5 ? kinds[kind][page.language] : '';
}

export function because(page: Page, { refusal, door, reason }: ChainedRow): string {
  if (refusal !== undefined) return WORDS[page.language].refusals[refusal].cause;
  if (door !== undefined) return say(page, doorEvents[door]);
  return reason === undefined ? '' : say(page, rowReason(reason));
}
