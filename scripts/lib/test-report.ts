import { readFileSync } from 'node:fs';

/**
 * Reads vitest's JSON report for scripts/test.
 *   totals FILE          prints "passed failed skipped"
 *   failed-files FILE    prints the test files with a failure, one a line
 *   again FIRST SECOND   prints "passed failed skipped" of a run whose failed files were run once more, and names on
 *                        standard error each test that passed only then
 */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly TestFile[];
}

interface TestFile {
  readonly name: string;
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

const [what, first = '', second = ''] = process.argv.slice(2);
if (what === 'totals') console.log(totals(read(first)).join(' '));
else if (what === 'failed-files') console.log(failedFiles(read(first)).join('\n'));
else if (what === 'again') console.log(again(read(first), read(second)).join(' '));
else throw new Error('usage: test-report.ts totals|failed-files FILE, or again FIRST SECOND');

function read(file: string): Report {
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

/** A file that does not load has no failed test, yet has failed. */
function totals(report: Report): readonly [number, number, number] {
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && failures(file).length === 0,
  );
  return [
    report.numPassedTests,
    report.numFailedTests + unloaded.length,
    report.numPendingTests + report.numTodoTests,
  ];
}

function failedFiles(report: Report): string[] {
  return report.testResults.filter((file) => file.status === 'failed').map(({ name }) => name);
}

function again(before: Report, after: Report): readonly [number, number, number] {
  for (const file of before.testResults.filter(({ status }) => status === 'failed')) {
    const rerun = after.testResults.find(({ name }) => name === file.name);
    if (rerun?.status !== 'passed') continue;
    const names = failures(file).map(({ fullName }) => fullName);
    for (const name of names.length === 0 ? ['(the whole file)'] : names)
      console.error(`UNSTEADY: failed at first, passed alone: ${file.name}: ${name}`);
  }
  const redone = new Set(after.testResults.map(({ name }) => name));
  const steady = before.testResults.filter(({ name }) => !redone.has(name));
  const [passed, failed, skipped] = totals(after);
  const count = (wanted: (status: string) => boolean) =>
    steady.flatMap((file) => file.assertionResults).filter(({ status }) => wanted(status)).length;
  return [
    passed + count((status) => status === 'passed'),
    failed,
    skipped + count((status) => status !== 'passed'),
  ];
}

function failures(file: TestFile) {
  return file.assertionResults.filter(({ status }) => status === 'failed');
}
