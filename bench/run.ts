import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import type { Bench, Skipped } from './lib/bench.ts';
import { loadLine, machineLine, versionsLine } from './lib/machine.ts';
import { printed, type Report } from './lib/report.ts';
import { writeResult } from './lib/results.ts';

/**
 * `scripts/bench [name…] [--quick] [--seed N] [--date YYYY-MM-DD]`: each bench in a process of its own, so that none inherits another's
 * heap or compiled code. A full run writes results.md and plots; a quick one writes nothing and fails on a regression.
 */

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  verify: async () => (await import('./verify.ts')).benchVerify,
  status: async () => (await import('./status.ts')).benchStatus,
  district: async () => (await import('./district.ts')).benchDistrict,
  journal: async () => (await import('./journal.ts')).benchJournal,
  scan: async () => (await import('./scan.ts')).benchScan,
  start: async () => (await import('./start.ts')).benchStart,
  camera: async () => (await import('./camera.ts')).benchCamera,
  scale: async () => (await import('./scale.ts')).benchScale,
};

const USAGE = `scripts/bench [${Object.keys(BENCHES).join('|')} …] [--quick] [--seed N] [--date YYYY-MM-DD]`;

const { values, positionals } = asked();
const { quick, date, child } = values;
/** Of generated pictures; each bench has its own where none is given. */
const seed = seedOf(values.seed);

if (child) await runHere(positionals[0] ?? '');
else process.exitCode = await runAll(positionals.length > 0 ? positionals : Object.keys(BENCHES));

function asked() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
        seed: { type: 'string' },
        child: { type: 'boolean', default: false },
      },
    });
  } catch (problem) {
    console.error(`${problem instanceof Error ? problem.message : String(problem)}\n${USAGE}`);
    process.exit(2);
  }
}

async function runAll(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !(name in BENCHES));
  if (unknown !== undefined) {
    console.error(`No bench is called ${unknown}. There are: ${Object.keys(BENCHES).join(', ')}.`);
    return 2;
  }
  console.log(`${machineLine()}; ${loadLine()}; ${versionsLine([])}; ${date}`);
  let failed = false;
  for (const name of names) failed = !(await runOne(name)) || failed;
  return failed ? 1 : 0;
}

/** @returns false when the bench broke, or a quick run lies far beyond a goal */
async function runOne(name: string): Promise<boolean> {
  const load = loadLine();
  const result = await inChild(name);
  if (result === undefined) {
    console.error(`\n${name}: the bench broke.`);
    return false;
  }
  if ('skipped' in result) {
    console.log(`\n${name}: skipped: ${result.skipped}`);
    return true;
  }
  console.log(printed(result));
  if (quick) return result.goals.every(({ withinGuard }) => withinGuard);
  writeResult(
    result,
    [`${date}; ${machineLine()}; ${load}`, versionsLine(result.packages)],
    Object.keys(BENCHES),
  );
  return true;
}

async function inChild(name: string): Promise<Report | Skipped | undefined> {
  const args = [
    '--child',
    name,
    ...(quick ? ['--quick'] : []),
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
  ];
  const started = fork(import.meta.filename, args, {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
  });
  let result: Report | Skipped | undefined;
  started.on('message', (message) => {
    result = message as Report | Skipped;
  });
  await once(started, 'exit');
  return started.exitCode === 0 ? result : undefined;
}

function seedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  console.error('--seed: not a number; give a whole number of at most nine digits.');
  process.exit(2);
}

async function runHere(name: string): Promise<void> {
  const load = BENCHES[name];
  const bench = load === undefined ? undefined : await load();
  if (bench === undefined) throw new Error(`no bench is called ${name}`);
  const result = await bench({ quick, ...(seed === undefined ? {} : { seed }) });
  await new Promise((resolve) => process.send?.(result, resolve));
  process.disconnect?.();
}
