import { assert, err, ok, type Result } from '../../../base/index.ts';
import type { Clock } from '../../../ports/index.ts';
import type { Database } from '../../database/database.ts';
import { alone } from '../../database/transaction.ts';
import {
  type Arrival,
  type ArrivalParts,
  type ArrivalProblem,
  arrive,
  foresee,
  prepare,
} from '../arrivals.ts';
import { CELL_WORDS, columnsOf } from './columns.ts';
import { IMPORT_PAUSE_MS, IMPORT_PROBLEMS_TOLD_MAX, IMPORT_STEP_ROWS } from './limits.ts';
import { type RowProblem, readRow } from './rows.ts';
import type { FileProblem, Table } from './table.ts';

/**
 * Enters a community from a list. All of it is looked through first, by reading alone: with one bad row nothing is entered,
 * unless the bad ones are to be left out. Then it is entered in steps, between which others write. Who is known with the
 * same data is left as they are, so the same list twice changes nothing, and after an interruption goes on; nobody's data
 * is ever overwritten.
 */
export interface ImportOptions {
  readonly database: Database;
  readonly parts: ArrivalParts;
  readonly clock: Clock;
  readonly community: number;
  /** The district's day. */
  readonly today: string;
  readonly dryRun: boolean;
  readonly skipBad: boolean;
  /** Told after each step. */
  readonly progress?: (rows: { readonly done: number; readonly of: number }) => void;
}

export interface ImportReport {
  /** Rows with anything in them, the heading left out. */
  readonly rows: number;
  readonly entered: number;
  /** Entered before, with the same data. */
  readonly known: number;
  /** Rows with a problem. */
  readonly bad: number;
  /** false: nothing was changed. */
  readonly applied: boolean;
  /** The first thousand; `more` were left out. */
  readonly problems: readonly RowProblem[];
  readonly more: number;
}

export async function importTable(
  table: Table,
  options: ImportOptions,
): Promise<Result<ImportReport, FileProblem>> {
  const [heading, ...lines] = table;
  const columns = columnsOf(heading ?? []);
  if (!columns.ok) return columns;
  const problems: RowProblem[] = [];
  const { community, today } = options;
  const candidates: Candidate[] = [];
  let rows = 0;
  for (const [at, cells] of lines.entries()) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    rows += 1;
    const row = at + 2;
    const arrival = readRow(cells, columns.value, { row, community, today, problems });
    if (arrival !== undefined) candidates.push({ row, arrival: prepare(arrival, options.parts) });
    if (rows % IMPORT_STEP_ROWS === 0) await pause(options.clock, 0);
  }
  if (rows === 0)
    return err({
      zh: '除列名外没有内容；请检查文件',
      en: 'file: has no rows below the heading; look at it again',
    });
  const fresh = withoutTwins(candidates, problems);
  return ok(await enter(fresh, { ...options, rows, problems }));
}

interface Candidate {
  readonly row: number;
  readonly arrival: Arrival;
}

/** Of rows with one document the first counts, the others are problems. */
function withoutTwins(candidates: readonly Candidate[], problems: RowProblem[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ row, arrival }) => {
    const document = `${arrival.person?.document.type}:${arrival.person?.document.number}`;
    if (seen.has(document)) problems.push({ row, field: 'documentNumber', ...CELL_WORDS['twice-in-file'] });
    return seen.size < seen.add(document).size;
  });
}

interface Entering extends ImportOptions {
  readonly rows: number;
  readonly problems: readonly RowProblem[];
}

interface Counted {
  readonly entered: number;
  readonly known: number;
  readonly problems: readonly RowProblem[];
}

async function enter(candidates: readonly Candidate[], options: Entering): Promise<ImportReport> {
  const { good, ...foreseen } = await foreseeAll(candidates, options);
  const isRefused = !options.skipBad && (foreseen.problems.length > 0 || options.problems.length > 0);
  if (options.dryRun || isRefused) return reportOf({ ...foreseen, entered: good.length }, options, false);
  const { entered, known, problems } = await enterAll(good, options);
  const late = { entered, known: foreseen.known + known, problems: [...foreseen.problems, ...problems] };
  return reportOf(late, options, true);
}

/** By reading alone: nobody waits for it. */
async function foreseeAll(candidates: readonly Candidate[], { database, parts, clock }: Entering) {
  const good: Candidate[] = [];
  const problems: RowProblem[] = [];
  const given = new Map<string, number>();
  let known = 0;
  for (const some of steps(candidates)) {
    const arrivals = some.map(({ arrival }) => arrival);
    const judged = await foresee(database, arrivals, { parts, given });
    for (const [place, candidate] of some.entries()) {
      const problem = judged[place];
      if (problem === undefined) good.push(candidate);
      else if (problem === 'lives-there') known += 1;
      else problems.push(problemOf(candidate.row, problem));
    }
    await pause(clock, 0);
  }
  return { good, known, problems };
}

/** What others have changed since it was foreseen is told like a bad row. */
async function enterAll(
  candidates: readonly Candidate[],
  { database, parts, clock, progress }: Entering,
): Promise<Counted> {
  const problems: RowProblem[] = [];
  const counts = { entered: 0, known: 0, done: 0 };
  for (const some of steps(candidates)) {
    const arrivals = some.map(({ arrival }) => arrival);
    const outcomes = await alone(database, (transaction) => arrive(transaction, arrivals, parts)).catch(
      (cause: unknown) => {
        throw stopped(cause, { entered: counts.entered, of: candidates.length });
      },
    );
    for (const [place, outcome] of outcomes.entries()) {
      const row = some[place]?.row;
      assert(row !== undefined, 'each is answered in its order');
      if (outcome.ok) counts.entered += 1;
      else if (outcome.error === 'lives-there') counts.known += 1;
      else problems.push(problemOf(row, outcome.error));
    }
    counts.done += some.length;
    progress?.({ done: counts.done, of: candidates.length });
    await pause(clock, IMPORT_PAUSE_MS);
  }
  return { ...counts, problems };
}

function stopped(cause: unknown, { entered, of }: { entered: number; of: number }): unknown {
  if (entered === 0) return cause;
  return new Error(
    `the import stopped after ${entered} of ${of} people; mend what the log names and enter the same list again: whoever is there already stays as they are`,
    { cause },
  );
}

function* steps(candidates: readonly Candidate[]): Generator<readonly Candidate[]> {
  for (let at = 0; at < candidates.length; at += IMPORT_STEP_ROWS)
    yield candidates.slice(at, at + IMPORT_STEP_ROWS);
}

function problemOf(row: number, problem: Exclude<ArrivalProblem, 'lives-there'>): RowProblem {
  const field = problem === 'household-full' || problem === 'lives-elsewhere' ? 'door' : 'documentNumber';
  return { row, field, ...CELL_WORDS[problem] };
}

function reportOf(
  { entered, known, problems }: Counted,
  { rows, problems: before }: Entering,
  applied: boolean,
) {
  const all = [...before, ...problems].sort((one, other) => one.row - other.row);
  const told = all.slice(0, IMPORT_PROBLEMS_TOLD_MAX);
  const bad = new Set(all.map(({ row }) => row)).size;
  return { rows, entered, known, bad, applied, problems: told, more: all.length - told.length };
}

/** Timers, sockets and other writers have their turn. */
function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.after(delayMs, resolve));
}
