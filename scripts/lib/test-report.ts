import { relative } from 'node:path';
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/**
 * Reads vitest's JSON reports for scripts/test. FILE...: the reports of one stage, the first of all its test files, each
 * further one of those that had failed until then; of a file the newest counts.
 *   failed-files FILE...  prints the test files with a failure, one a line
 *   totals FILE...        prints "passed failed skipped", and names on standard error each test that passed only later
 *   failures FILE...      prints each test that failed to the last, and why
 */
interface Report {
  readonly testResults: readonly TestFile[];
}

interface TestFile {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
  readonly assertionResults: readonly TestCase[];
}

interface TestCase {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages?: readonly string[] | null;
}

/** So many lines say what was expected and where; the whole text stands further up. */
const REASON_LINES_MAX = 14;

const ORDERS: Readonly<Record<string, (reports: readonly Report[]) => string>> = {
  'failed-files': (reports) =>
    newest(reports)
      .filter(isFailed)
      .map(({ name }) => name)
      .join('\n'),
  totals: (reports) => {
    for (const line of new Set(unsteady(reports))) console.error(line);
    return totals(newest(reports)).join(' ');
  },
  failures: (reports) => newest(reports).filter(isFailed).flatMap(told).join('\n'),
};

const [what = '', ...files] = process.argv.slice(2);
const order = ORDERS[what];
if (order === undefined || files.length === 0)
  throw new Error(`usage: test-report.ts ${Object.keys(ORDERS).join('|')} FILE...`);
console.log(order(files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Report)));

function newest(reports: readonly Report[]): TestFile[] {
  const files = reports.flatMap(({ testResults }) => testResults);
  return [...new Map(files.map((file) => [file.name, file])).values()];
}

/** A file that does not load has no failed test, yet has failed. */
function totals(files: readonly TestFile[]): readonly [number, number, number] {
  const cases = files.flatMap(({ assertionResults }) => assertionResults);
  const passed = cases.filter(({ status }) => status === 'passed').length;
  const failed = cases.filter(({ status }) => status === 'failed').length;
  const unloaded = files.filter((file) => isFailed(file) && failures(file).length === 0).length;
  return [passed, failed + unloaded, cases.length - passed - failed];
}

function unsteady(reports: readonly Report[]): string[] {
  const last = new Map(newest(reports).map((file) => [file.name, file]));
  const mended = reports
    .flatMap(({ testResults }) => testResults)
    .filter((file) => isFailed(file) && last.get(file.name)?.status === 'passed');
  return mended
    .flatMap((file) => namesOf(file))
    .map((name) => `UNSTEADY: failed at first, passed alone: ${name}`);
}

function told(file: TestFile): string[] {
  const reasons = failures(file).map(({ failureMessages }) => failureMessages?.join('\n') ?? '');
  return namesOf(file).map((name, at) => `FAILED: ${name}\n${shortened(reasons[at] ?? file.message ?? '')}`);
}

function shortened(reason: string): string {
  const lines = stripVTControlCharacters(reason)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/node_modules|<anonymous>/.test(line));
  return lines
    .slice(0, REASON_LINES_MAX)
    .map((line) => `  ${line}`)
    .join('\n');
}

function namesOf(file: TestFile): string[] {
  const names = failures(file).map(({ fullName }) => fullName);
  const path = relative(process.cwd(), file.name);
  return (names.length === 0 ? ['(the whole file)'] : names).map((name) => `${path}: ${name}`);
}

function isFailed({ status }: TestFile): boolean {
  return status === 'failed';
}

function failures(file: TestFile): TestCase[] {
  return file.assertionResults.filter(({ status }) => status === 'failed');
}
