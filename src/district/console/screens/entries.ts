import { z } from 'zod';
import { DECISIONS, gateId } from '../../../wire/index.ts';
import { REFUSALS } from '../../../code/index.ts';
import type { EntryQuery, StoredEntry } from '../../ingest/entries.ts';
import type { Fields } from '../kit/page.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { dateText, zonedInstant } from '../kit/times.ts';
import { ENTRIES_SHOWN, EXPORT_ROWS_MAX } from '../limits.ts';
import { LISTED_ROWS_MAX } from '../../limits.ts';
import { entriesFile } from '../views/entries-file.ts';
import { entriesView } from '../views/entries-view.ts';
import { entryView } from '../views/entry-view.ts';
import { problemText } from '../words/problems.ts';
import type { Text } from '../words/text.ts';
import { READS_GATES } from '../views/wall-view.ts';

/** Finding entries, and one of them with its proof. What is looked for comes in a form, so that no address tells it. */
export const entries: Screen = {
  path: '/entries',
  may: READS_GATES,
  async show(visit) {
    const { parts, page } = visit;
    const asked = gateId.safeParse(visit.query('gate'));
    const gate = asked.success ? asked.data : undefined;
    const day = z.iso.date().safeParse(visit.query('day')).data;
    const query = queryOf(visit, { gate, day });
    const found = 'problem' in query ? undefined : await parts.rows.find({ ...query, limit: ENTRIES_SHOWN });
    const shown = found?.ok === true ? found.value : { entries: [] };
    const [gates, names] = await Promise.all([parts.registry.gates(), namesOf(visit, shown.entries)]);
    const next = 'next' in shown ? shown.next : undefined;
    return entriesView(page, {
      entries: shown.entries,
      next,
      gates: gates.map(({ id }) => id),
      names,
      gate,
      day,
    });
  },
  forms: {
    search: {
      may: READS_GATES,
      act: async (visit) => {
        const query = queryOf(visit, {});
        return 'problem' in query ? query : { again: true };
      },
    },
    export: { may: READS_GATES, act: exportRows },
  },
};

/** The page before any search has the newest of all. */
interface Chosen {
  readonly gate?: string | undefined;
  readonly day?: string | undefined;
}

function queryOf(visit: Visit, { gate, day }: Chosen): EntryQuery | { readonly problem: Text } {
  const fields = visit.page.posted?.fields;
  if (fields === undefined) return { ...(gate !== undefined && { gates: [gate] }), ...daySpan(visit, day) };
  const [index, pass] = [numberOf(fields, 'index'), numberOf(fields, 'pass')];
  const [from, until] = [instantOf(visit, fields, 'from'), instantOf(visit, fields, 'until')];
  if (index === 'bad' || pass === 'bad') return { problem: problemText('number') };
  if (from === 0 || until === 0) return { problem: problemText('date') };
  const decision = DECISIONS.find((name) => name === fields.get('decision'));
  const refusal = REFUSALS.find((name) => name === fields.get('refusal'));
  const named = fields.get('gate') ?? '';
  const after = fields.get('after') ?? '';
  return {
    ...(named === '' ? {} : { gates: [named] }),
    ...(decision === undefined ? {} : { decisions: [decision] }),
    ...(refusal === undefined ? {} : { refusal }),
    ...(index === undefined ? {} : { place: index }),
    ...(pass === undefined ? {} : { pass }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(after === '' ? {} : { after }),
  };
}

/** The whole of a day in the district's zone. */
function daySpan({ page }: Visit, day: string | undefined): Pick<EntryQuery, 'from' | 'until'> {
  const from = day === undefined ? undefined : zonedInstant(page, `${day}T00:00`);
  if (from === undefined) return {};
  return { from: new Date(from).toISOString(), until: new Date(from + DAY_MS).toISOString() };
}

const DAY_MS = 86_400_000;

/** Who took how many rows of which gate is in the audit log before the file is out. */
async function exportRows(visit: Visit): Promise<Outcome> {
  const { parts, principal, page, context } = visit;
  const query = queryOf(visit, {});
  if ('problem' in query) return query;
  const rows: StoredEntry[] = [];
  for (let after: string | undefined = ''; after !== undefined && rows.length < EXPORT_ROWS_MAX; ) {
    const limit = Math.min(LISTED_ROWS_MAX, EXPORT_ROWS_MAX - rows.length);
    const found = await parts.rows.find({ ...query, limit, ...(after !== '' && { after }) });
    if (!found.ok) return { problem: problemText(found.error) };
    rows.push(...found.value.entries);
    after = found.value.next;
  }
  const [subject = '-'] = query.gates ?? [];
  const outcome = `${rows.length} rows`;
  await parts.audit.note({ account: principal.account, action: 'export entries', subject, outcome });
  const file = entriesFile(page, rows, await namesOf(visit, rows));
  context.header('content-disposition', `attachment; filename="entries-${dateText(page, page.now)}.csv"`);
  return { answer: context.body(file, 200, { 'content-type': 'text/csv; charset=utf-8' }) };
}

function numberOf(fields: Fields, name: string): number | undefined | 'bad' {
  const text = fields.get(name)?.trim() ?? '';
  if (text === '') return undefined;
  return /^\d{1,10}$/.test(text) ? Number(text) : 'bad';
}

/** @returns ISO 8601; 0 for what is no time */
function instantOf({ page }: Visit, fields: Fields, name: string): string | undefined | 0 {
  const text = fields.get(name)?.trim() ?? '';
  if (text === '') return undefined;
  const at = zonedInstant(page, text);
  return at === undefined ? 0 : new Date(at).toISOString();
}

export async function namesOf(
  { parts }: Visit,
  found: readonly StoredEntry[],
): Promise<ReadonlyMap<number, string>> {
  const indices = new Set(found.flatMap(({ row }) => (row.index === undefined ? [] : [row.index])));
  const names = new Map<number, string>();
  for (const index of indices) {
    const display = (await parts.registry.resident(index))?.display;
    if (display !== undefined) names.set(index, display);
  }
  return names;
}

export const entry: Screen = {
  path: '/entries/:gate/:journal/:seq',
  may: READS_GATES,
  async show(visit) {
    const { parts, page, param } = visit;
    const seq = Number(param('seq'));
    if (!Number.isSafeInteger(seq)) return undefined;
    const place = { gate: param('gate'), journal: param('journal'), seq };
    const story = await parts.rows.story(place);
    const first = story.find(({ row }) => row.seq === seq);
    if (first === undefined) return undefined;
    const streams = await parts.rows.streams();
    const stream = streams.find(({ gate, journal }) => gate === place.gate && journal === place.journal);
    const later = story.filter(({ row }) => row.seq !== seq);
    return entryView(page, { entry: first, later, stream, names: await namesOf(visit, [first]) });
  },
};
