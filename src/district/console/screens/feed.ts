import { html } from 'hono/html';
import { DECISIONS, gateId } from '../../../wire/index.ts';
import { standing } from '../gate-views.ts';
import { heading, sheet } from '../kit/layout.ts';
import { type Html, type Page, say } from '../kit/page.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { FEED_ALARMS_SHOWN, FEED_ROWS_SHOWN } from '../limits.ts';
import { entriesTable } from '../views/entries-view.ts';
import { alarmsTable } from '../views/gate-view.ts';
import { connection, part } from '../views/parts-of-pages.ts';
import { READS_GATES } from '../views/wall-view.ts';
import { common, decisions } from '../words/common.ts';
import { entries as entryWords } from '../words/entries.ts';
import { feed as words } from '../words/oversight.ts';
import { problemText } from '../words/problems.ts';
import type { Text } from '../words/text.ts';
import { namesOf } from './entries.ts';

/** What happens now at all gates: alarms that stand, and rows as they come. The filter is in the address, and is about gates alone. */
const SHOWN = ['all', 'alarms', 'entries'] as const;

interface Filter {
  readonly show: (typeof SHOWN)[number];
  readonly gate: string | undefined;
  readonly decision: (typeof DECISIONS)[number] | undefined;
}

export const feed: Screen = {
  path: '/feed',
  may: READS_GATES,
  async show(visit) {
    const { page, parts } = visit;
    const filter = filterOf(visit);
    const gates = (await parts.registry.gates()).map(({ id }) => id);
    const body = html`${heading(page, { title: words.title, about: words.about, end: connection(page) })}
${filterForm(page, filter, gates)}
${filter.show === 'entries' ? '' : await alarmsOf(visit, filter)}
${filter.show === 'alarms' ? '' : await rowsOf(visit, filter)}`;
    const query = new URLSearchParams({
      types: typesOf(filter),
      ...(filter.gate !== undefined && { gate: filter.gate }),
      idle: '1',
    });
    return { title: words.title, body, live: `/console/live/changes?${query.toString()}` };
  },
  forms: { acknowledge: { may: ['operator'], act: acknowledge } },
};

function filterOf({ query }: Visit): Filter {
  return {
    show: SHOWN.find((show) => show === query('show')) ?? 'all',
    gate: gateId.safeParse(query('gate')).data,
    decision: DECISIONS.find((decision) => decision === query('decision')),
  };
}

function typesOf({ show }: Filter): string {
  if (show === 'alarms') return 'alarm,desk';
  return show === 'entries' ? 'stored,live' : 'alarm,desk,stored,live';
}

function filterForm(page: Page, filter: Filter, gates: readonly string[]): Html {
  const select = (
    name: string,
    label: Text,
    options: readonly (readonly [value: string, name: Text | string, isChosen: boolean])[],
  ) =>
    html`<p class="field"><label for="feed-${name}">${say(page, label)}</label><select id="feed-${name}" name="${name}">${options.map(
      ([value, told, isChosen]) =>
        html`<option value="${value}"${isChosen ? html` selected` : ''}>${say(page, told)}</option>`,
    )}</select></p>`;
  const shows = { all: words.everything, alarms: words.onlyAlarms, entries: words.onlyEntries };
  return html`<form method="get" action="/console/feed" class="filters">
${select(
  'show',
  words.show,
  SHOWN.map((show) => [show, shows[show], filter.show === show]),
)}
${select('gate', common.gate, [['', entryWords.any, filter.gate === undefined], ...gates.map((id) => [id, id, filter.gate === id] as const)])}
${select('decision', entryWords.decision, [['', entryWords.any, filter.decision === undefined], ...DECISIONS.map((name) => [name, decisions[name], filter.decision === name] as const)])}
<button class="button" type="submit">${say(page, words.apply)}</button></form>`;
}

async function alarmsOf({ parts, page }: Visit, { gate }: Filter): Promise<Html> {
  const found = await parts.rows.alarms({ open: true, ...(gate !== undefined && { gates: [gate] }) });
  const alarms = standing(found).slice(0, FEED_ALARMS_SHOWN);
  const body =
    alarms.length === 0
      ? html`<p class="empty">${say(page, words.noAlarms)}</p>`
      : alarmsTable(page, alarms, true);
  return sheet(page, { title: words.alarms, body: part('alarms', body) });
}

async function rowsOf(visit: Visit, { gate, decision }: Filter): Promise<Html> {
  const { parts, page } = visit;
  const found = await parts.rows.find({
    limit: FEED_ROWS_SHOWN,
    ...(gate !== undefined && { gates: [gate] }),
    ...(decision !== undefined && { decisions: [decision] }),
  });
  const rows = found.ok ? found.value.entries : [];
  return sheet(page, {
    title: words.entries,
    body: part('rows', entriesTable(page, rows, await namesOf(visit, rows))),
  });
}

async function acknowledge(
  { parts, principal }: Visit,
  fields: ReadonlyMap<string, string>,
): Promise<Outcome> {
  const [gate, id] = [fields.get('gate') ?? '', fields.get('alarm') ?? ''];
  const seen = await parts.rows.acknowledge(gate, id, principal.account);
  if (!seen.ok) return { problem: problemText(seen.error) };
  await parts.audit.note({
    account: principal.account,
    action: 'acknowledge alarm',
    subject: `${gate}/${id}`,
    outcome: 'done',
  });
  return { go: '/console/feed', notice: 'alarm-seen' };
}
