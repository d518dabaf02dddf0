import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes one table of what the files of a stage counted of each promise: promise-table.ts FOLDER. Ends with 1 where one broke. */
interface Told {
  readonly counted: Readonly<Record<string, { readonly tried: number; readonly broken: number }>>;
  readonly measured: Readonly<Record<string, readonly number[]>>;
}

/** docs/architecture.md, Invariants. */
const PROMISES: Readonly<Record<string, string>> = {
  J1: 'no pulse without a durable row',
  J2: 'every scan is counted once',
  J3: 'rows are gapless and chained',
  J4: 'a full disk opens nothing without a row',
  R1: 'nothing opens by itself',
  R2: 'every pulse ends',
  R3: 'fire is told (the release itself is wired)',
  A1: 'used stays used',
  A4: 'an opening by hand has its person and reason',
  C1: 'time is not turned back below the floor',
  C3: 'each row says how sure its time is',
};

const [folder = ''] = process.argv.slice(2);
const told = existsSync(folder) ? readdirSync(folder).sort().map(read) : [];
const rows = told.flatMap(({ counted }) => Object.entries(counted));
const line = (tried: number | string, broken: number | string, what: string) =>
  console.log(`  ${String(tried).padStart(6)}  ${String(broken).padStart(6)}  ${what}`);

line('tried', 'broken', '');
for (const [name, meaning] of Object.entries(PROMISES)) {
  const mine = rows.filter(([promise]) => new RegExp(`\\b${name}\\b`).test(promise));
  if (mine.length === 0) line('-', '-', `${name} ${meaning}: not tried in this run`);
  else line(sum(mine, 'tried'), sum(mine, 'broken'), `${name} ${meaning}`);
}
for (const [promise, { tried, broken }] of rows)
  if (!Object.keys(PROMISES).some((name) => new RegExp(`\\b${name}\\b`).test(promise)))
    line(tried, broken, promise);
for (const [what, all] of measurements()) {
  const sorted = all.toSorted((left, right) => left - right);
  const seconds = (at: number) => ((sorted[at] ?? 0) / 1_000).toFixed(1);
  console.log(
    `  ${what}: ${seconds(0)} to ${seconds(sorted.length - 1)} s, median ${seconds(sorted.length >> 1)} s of ${sorted.length}, in the emulator`,
  );
}
if (sum(rows, 'broken') > 0) process.exitCode = 1;

function read(name: string): Told {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Told;
}

function sum(of: typeof rows, what: 'tried' | 'broken'): number {
  return of.reduce((total, [, each]) => total + each[what], 0);
}

function measurements(): Map<string, number[]> {
  const all = new Map<string, number[]>();
  for (const { measured } of told)
    for (const [what, took] of Object.entries(measured)) all.set(what, [...(all.get(what) ?? []), ...took]);
  return all;
}
