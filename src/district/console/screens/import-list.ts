import type { ImportReport } from '../../registry/import/import.ts';
import type { FileProblem } from '../../registry/import/table.ts';
import type { Fields } from '../kit/page.ts';
import type { Outcome, Screen, Visit } from '../kit/screen.ts';
import { LIST_BYTES_MAX } from '../limits.ts';
import { listForm, listReport } from '../views/list-view.ts';
import { problemText } from '../words/problems.ts';
import { text } from '../words/text.ts';
import { communityOf } from './new-resident.ts';
import { REGISTERS } from './residents.ts';

/**
 * Entering a community from a list. It is looked through first, which enters nobody; what was found is shown by row and
 * column, never with what stands there; and only then it is taken, whole or without its bad rows.
 */
export const chooseList: Screen = {
  path: '/import',
  may: REGISTERS,
  bodyBytesMax: LIST_BYTES_MAX,
  show: async ({ page, parts }) => listForm(page, parts.communities),
  forms: { look: { may: REGISTERS, act: look } },
};

export const keptList: Screen = {
  path: '/import/:ticket',
  may: REGISTERS,
  async show({ page, parts, lists, session, param }) {
    const kept = lists.look(session, param('ticket'));
    if (kept === undefined) return undefined;
    return listReport(page, kept, parts.communities);
  },
  forms: {
    'take-all': { may: REGISTERS, act: (visit) => take(visit, false) },
    'take-good': { may: REGISTERS, act: (visit) => take(visit, true) },
    drop: { may: REGISTERS, act: drop },
  },
};

async function look(visit: Visit, fields: Fields, file: File | undefined): Promise<Outcome> {
  const community = communityOf(visit, fields);
  if (community === undefined) return { problem: problemText('no-such-community') };
  if (file === undefined || file.size === 0) return { problem: problemText('file') };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const asked = { community, dryRun: true, skipBad: true };
  const looked = await visit.parts.imports.run(async () => bytes, asked);
  await noteImport(visit, { action: 'look through list', community, outcome: outcomeOf(looked) });
  if (!looked.ok) return problemOf(looked.error);
  const ticket = visit.lists.keep(visit.session, { community, report: looked.value, bytes });
  return { go: `/console/import/${ticket}` };
}

async function take(visit: Visit, skipBad: boolean): Promise<Outcome> {
  const { lists, session, param, parts } = visit;
  const ticket = param('ticket');
  const kept = lists.look(session, ticket);
  const { bytes, community } = kept ?? {};
  if (bytes === undefined || community === undefined) return { problem: problemText('list-gone') };
  const done = await parts.imports.run(async () => bytes, { community, dryRun: false, skipBad });
  await noteImport(visit, { action: 'import list', community, outcome: outcomeOf(done) });
  if (!done.ok) return problemOf(done.error);
  if (!done.value.applied) return { problem: problemText('bad-rows') };
  lists.taken(session, ticket, { community, report: done.value });
  return { go: `/console/import/${ticket}`, notice: 'imported' };
}

async function drop({ lists, session, param }: Visit): Promise<Outcome> {
  if (lists.look(session, param('ticket')) !== undefined) lists.drop(param('ticket'));
  return { go: '/console/import', notice: 'list-dropped' };
}

type Done = Awaited<ReturnType<Visit['parts']['imports']['run']>>;

/** Counts alone. */
function outcomeOf(done: Done): string {
  if (!done.ok) return done.error === 'import-runs' ? done.error : 'refused';
  const { entered, known, bad, applied }: ImportReport = done.value;
  return `${applied ? 'done' : 'looked'}, entered ${entered}, known ${known}, bad ${bad}`;
}

function noteImport(
  { parts, principal }: Visit,
  { action, community, outcome }: { action: string; community: number; outcome: string },
): Promise<void> {
  return parts.audit.note({ account: principal.account, action, subject: String(community), outcome });
}

function problemOf(problem: FileProblem | 'import-runs'): Outcome {
  if (problem === 'import-runs') return { problem: problemText('import-runs') };
  const { row, zh, en } = problem;
  return { problem: row === undefined ? text(zh, en) : text(`第 ${row} 行：${zh}`, `row ${row}: ${en}`) };
}
