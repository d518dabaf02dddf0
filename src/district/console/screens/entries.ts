import { DECISIONS, gateId } from '../../../wire/index.ts';
import { REFUSALS } from '../../../code/index.ts';
import type { EntryQuery, StoredEntry } from '../../ingest/entries.ts';
import type { Fields } from '../kit/page.ts';
import type { Screen, Visit } from '../kit/screen.ts';
import { zonedInstant } from '../kit/times.ts';
import { ENTRIES_SHOWN } from '../limits.ts';
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
    const query = queryOf(visit, gate);
    const found = 'problem' in query ? undefined : await parts.rows.find({ ...query, limit: ENTRIES_SHOWN });
    const shown = found?.ok === true ? found.value : { entries: [] };
    const [gates, names] = await Promise.all([parts.registry.gates(), namesOf(visit, shown.entries)]);
    const next = 'next' in shown ? shown.next : undefined;
    return entriesView(page, { entries: shown.entries, next, gates: gates.map(({ id }) => id), names, gate });
  },
  forms: {
    search: {
      may: READS_GATES,
      act: async (visit) => {
        const query = queryOf(visit, undefined);
        return 'problem' in query ? query : { again: true };
      },
    },
  },
};

/** The page before any search has the newest of all. */
function queryOf(visit: Visit, gate: string | undefined): EntryQuery | { readonly problem: Text } {
  const fields = visit.page.posted?.fields;
  if (fields === undefined) return gate === undefined ? {} : { gates: [gate] };
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
