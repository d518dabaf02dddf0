import type { Transaction } from 'kysely';
import { assert, err, ok, type Result } from '../../../base/index.ts';
import type { Clock } from '../../../ports/index.ts';
import type { Database, Tables } from '../../database/database.ts';
import { alone } from '../../database/transaction.ts';
import { type Arrival, type ArrivalParts, type ArrivalProblem, arrive, prepare } from '../arrivals.ts';
import { CELL_WORDS, columnsOf } from './columns.ts';
import { IMPORT_PROBLEMS_TOLD_MAX, IMPORT_STEP_ROWS } from './limits.ts';
import { readRow, type RowProblem } from './rows.ts';
import type { FileProblem, Table } from './table-file.ts';

/**
 * Enters a community from a list: all of it or nothing, unless the bad rows are to be left out. Who is known with the same
 * data is left as they are, so the same list twice changes nothing; nobody's data is ever overwritten. A dry run does
 * everything and then takes it back, so it tells exactly what the import would.
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
    if (rows % IMPORT_STEP_ROWS === 0) await breathe(options.clock);
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

/** Takes a transaction back, and carries out what it found. */
class TakenBack extends Error {
  readonly counted: Counted;

  constructor(counted: Counted) {
    super('an import was taken back');
    this.counted = counted;
  }
}

interface Counted {
  readonly entered: number;
  readonly known: number;
  readonly problems: readonly RowProblem[];
}

async function enter(candidates: readonly Candidate[], options: Entering): Promise<ImportReport> {
  const { database, dryRun, skipBad } = options;
  try {
    const counted = await alone(database, async (transaction) => {
      const found = await enterAll(transaction, candidates, options);
      const isRefused = !skipBad && (found.problems.length > 0 || options.problems.length > 0);
      if (dryRun || isRefused) throw new TakenBack(found);
      return found;
    });
    return reportOf(counted, options, true);
  } catch (fault) {
    if (fault instanceof TakenBack) return reportOf(fault.counted, options, false);
    throw fault;
  }
}

async function enterAll(
  transaction: Transaction<Tables>,
  candidates: readonly Candidate[],
  { parts, clock, progress }: Entering,
): Promise<Counted> {
  const problems: RowProblem[] = [];
  const counts = { entered: 0, known: 0 };
  for (let at = 0; at < candidates.length; at += IMPORT_STEP_ROWS) {
    const some = candidates.slice(at, at + IMPORT_STEP_ROWS);
    const outcomes = await arrive(
      transaction,
      some.map(({ arrival }) => arrival),
      parts,
    );
    for (const [place, outcome] of outcomes.entries()) {
      const row = some[place]?.row;
      assert(row !== undefined, 'each is answered in its order');
      if (outcome.ok) counts.entered += 1;
      else if (outcome.error === 'lives-there') counts.known += 1;
      else problems.push(problemOf(row, outcome.error));
    }
    progress?.({ done: Math.min(at + IMPORT_STEP_ROWS, candidates.length), of: candidates.length });
    await breathe(clock);
  }
  return { ...counts, problems };
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

/** Timers and sockets have their turn. */
function breathe(clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.after(0, resolve));
}
