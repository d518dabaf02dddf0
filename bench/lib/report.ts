import type { Comparison } from './rounds.ts';

/** What a bench has to say, and how it reads as text. */

export interface Report {
  readonly name: string;
  readonly title: string;
  /** One or two sentences: what was measured, beside what. */
  readonly about: string;
  readonly table: Table;
  readonly goals: readonly Goal[];
  /** What stands in the way, what was left out, and why. */
  readonly notes: readonly string[];
  readonly plot: Plot;
  /** Packages whose versions belong to the figures. */
  readonly packages: readonly string[];
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
  /** The quick run fails beyond this: wide enough for a busy machine, narrow enough for a regression. */
  readonly withinGuard: boolean;
}

export interface Plot {
  /** What the bars are multiples of, or their unit. */
  readonly unit: string;
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Where the goal lies for this bar. */
  readonly goal?: number;
}

/** How far a quick run on a busy machine may lie beyond a goal. */
const GUARD = 1.5;

/** A ratio, or an amount with its unit. */
type Limit = number | readonly [amount: number, unit: string];

/** A goal of the form "at most so many times the anchor". */
export function atMost(what: string, limit: Limit, measured: number): Goal {
  const [most, unit] = typeof limit === 'number' ? [limit, '×'] : limit;
  return {
    what,
    goal: `≤ ${plain(most)} ${unit}`,
    measured: `${plain(measured)} ${unit}`,
    met: measured <= most,
    withinGuard: measured <= most * GUARD,
  };
}

export function atLeast(what: string, limit: Limit, measured: number): Goal {
  const [least, unit] = typeof limit === 'number' ? [limit, '×'] : limit;
  return {
    what,
    goal: `≥ ${plain(least)} ${unit}`,
    measured: `${plain(measured)} ${unit}`,
    met: measured >= least,
    withinGuard: measured >= least / GUARD,
  };
}

/** Ratios first; the bare time stands last, for orientation. */
export function comparisonTable(comparisons: readonly Comparison[], anchor: string): Table {
  return {
    head: ['', `by ${anchor}`, 'middle half of the rounds', 'median here'],
    rows: comparisons.map(({ name, ratio, spread, medianUs }) => [
      name,
      `${plain(ratio)} ×`,
      `${plain(spread[0])}–${plain(spread[1])}`,
      time(medianUs),
    ]),
  };
}

export function time(us: number): string {
  if (us < 1) return `${plain(us * 1_000)} ns`;
  return us < 1_000 ? `${plain(us)} µs` : `${plain(us / 1_000)} ms`;
}

/** Three digits that mean something, and thousands kept apart. */
export function plain(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0 || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-GB');
  return value.toPrecision(3).replace(/e-\d+$/, '') === value.toPrecision(3)
    ? String(Number(value.toPrecision(3)))
    : value.toFixed(6);
}

export function printed({ title, about, table, goals, notes }: Report): string {
  const widths = table.head.map((head, column) =>
    Math.max(head.length, ...table.rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('   ')}`;
  return [
    `\n${title}`,
    about,
    '',
    line(table.head),
    ...table.rows.map(line),
    '',
    ...goals.map((goal) => `  ${mark(goal)}: ${goal.what}: ${goal.measured} (goal ${goal.goal})`),
    ...notes.map((note) => `  note: ${note}`),
  ].join('\n');
}

export function markdown(report: Report, origin: readonly string[]): string {
  const { name, title, about, table, goals, notes } = report;
  return [
    `## ${title}`,
    '',
    about,
    '',
    ...markdownTable(table),
    '',
    ...markdownTable({
      head: ['goal', '', 'measured', ''],
      rows: goals.map((goal) => [goal.what, goal.goal, goal.measured, mark(goal)]),
    }),
    '',
    ...notes.map((note) => `- ${note}`),
    ...(notes.length > 0 ? [''] : []),
    `![${title}](plots/${name}.svg)`,
    '',
    ...origin.map((line) => `*${line}*  `),
    '',
  ].join('\n');
}

function markdownTable({ head, rows }: Table): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)];
}

function mark({ met }: Goal): string {
  return met ? 'met' : 'not met';
}
