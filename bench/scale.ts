import { spawnSync } from 'node:child_process';
import type { Bench } from './lib/bench.ts';
import { atLeast, atMost, type Goal, plain, type Report } from './lib/report.ts';
import { bareInsertRate, bareMessageRate } from './scale/bare.ts';
import { type Engines, enginesMissing, startEngines } from './scale/engines.ts';
import { type Outcome, type Span, simulated } from './scale/simulate.ts';

/**
 * A district of a thousand simulated gates on one mosquitto and one PostgreSQL, all on this machine, simulator included:
 * what it stores beside the bare engines, what a backlog of five days does to the others, how fast a revocation is everywhere.
 */
export const benchScale: Bench = async ({ quick }) => {
  if (quick) return { skipped: 'takes ten minutes; name it without --quick' };
  const missing = enginesMissing();
  if (missing !== undefined) return { skipped: missing };
  const engines = await startEngines();
  try {
    return report(await measureAll(engines), engineVersions());
  } finally {
    await engines.close();
  }
};

interface Figures {
  readonly bareRows: readonly number[];
  readonly bareMessages: number;
  readonly drain: Outcome;
  readonly storm: Outcome;
  readonly steady: Outcome;
  readonly revokedAtMosquitto: Outcome;
  readonly revokedEmbedded: Outcome;
  readonly usedFour: Outcome;
  readonly usedFifty: Outcome;
  readonly idle: Outcome;
}

/** A machine that has other work to do may be asked for fewer. */
const GATES = Number(process.env['BENCH_SCALE_GATES'] ?? 1_000);
const COMMUNITIES = Math.ceil(GATES / 50);
const BARE_SECONDS = 10;
const BARE_MESSAGES = 30_000;

/** The bare rate before and after the district's, since the machine is not the same all the time. */
async function measureAll(engines: Engines): Promise<Figures> {
  const at = (communities: number) => ['--config', engines.newDistrict(communities)];
  const many = ['--gates', String(GATES), '--processes', '2', '--rate'];
  const backlogs = ['0', '--seconds', '3', '--backlog', '0.3', '--backlog-gates', String(GATES)];
  const steadily = ['50', '--seconds', '30', '--backlog', '120', '--codes', 'phone=5'];
  const bareMessages = await bareMessageRate(engines, BARE_MESSAGES);
  console.log(`mosquitto_pub to mosquitto_sub: ${Math.round(bareMessages)} messages/s`);
  const url = await tablesOf(engines);
  const before = await bareInsertRate(url, engines, BARE_SECONDS);
  console.log(`pgbench: ${Math.round(before)} rows/s`);
  const drain = await simulated([...many, ...backlogs, '--backlog-connected', ...at(COMMUNITIES)]);
  const after = await bareInsertRate(await tablesOf(engines), engines, BARE_SECONDS);
  const storm = await simulated([...many, ...backlogs, ...at(COMMUNITIES)]);
  const steady = await simulated([...many, ...steadily, ...at(COMMUNITIES)]);
  const revoke = [
    '--gates',
    '200',
    '--rate',
    '10',
    '--seconds',
    '20',
    '--community-size',
    '200',
    '--revocations',
    '30',
  ];
  const crossing = ['--rate', '20', '--seconds', '12', '--processes', '1', '--codes', 'phone=100'];
  return {
    bareRows: [before, after],
    bareMessages,
    drain,
    storm,
    steady,
    revokedAtMosquitto: await simulated([...revoke, ...at(1)]),
    revokedEmbedded: await simulated(revoke),
    usedFour: await simulated(['--gates', '4', ...crossing, ...at(1)]),
    usedFifty: await simulated(['--gates', '50', ...crossing, ...at(1)]),
    idle: await simulated([...many, '0', '--seconds', '70', ...at(COMMUNITIES)]),
  };
}

/** A database with the district's tables. */
async function tablesOf(engines: Engines): Promise<string> {
  const { storedChains } = await import('../src/district/index.ts');
  const url = engines.newDatabase();
  await storedChains(url, []);
  return url;
}

function report(figures: Figures, versions: readonly string[]): Report {
  const bareRows = Math.max(...figures.bareRows);
  const drained = drainRate(figures.drain);
  return {
    name: 'scale',
    title: `A district of ${plain(GATES)} gates`,
    about: `${GATES} simulated gates (real MQTT connections, chains, checkpoints, documents and verdicts; journals in memory), one mosquitto, one PostgreSQL with fsync, the district in one process: all on one machine. ${versions.join(', ')}.`,
    table: {
      head: ['', 'measured', ''],
      rows: [...throughputRows(figures, { bareRows, drained }), ...latencyRows(figures)],
    },
    goals: goalsOf(figures, drained / bareRows),
    notes: [
      `Nothing lost, nothing doubled: ${allOf(figures)
        .map(({ stored }) => plain(stored.rows))
        .join(' + ')} rows counted in the databases, chain by chain.`,
      'The simulator shares the cores with what it measures.',
    ],
    plot: {
      unit: 'rows a second',
      bars: [
        { label: 'pgbench, bare inserts', value: bareRows },
        { label: 'district, all gates’ backlogs', value: drained, goal: bareRows / 2 },
      ],
    },
    packages: ['mqtt', 'pg', 'kysely'],
  };
}

/** Rows of the backlogs by the time from the moment that all have them to the last acknowledgement. */
function drainRate({ phases }: Outcome): number {
  return phases === undefined ? 0 : phases.during.acknowledged / phases.during.seconds;
}

/** What the rows would come to if the district had a core to itself and waited for nobody. */
function ownRate({ phases }: Outcome): number {
  if (phases === undefined) return 0;
  const { acknowledged, seconds, district } = phases.during;
  return acknowledged / (seconds * district.cpuShare);
}

type Row = readonly string[];

function throughputRows(
  { bareMessages, drain, storm, steady, idle }: Figures,
  { bareRows, drained }: { bareRows: number; drained: number },
): Row[] {
  return [
    ['pgbench, 200 rows an insert, 4 connections', `${plain(bareRows)} rows/s`, '1 ×'],
    [
      'all gates, connected, with 100 rows each at once',
      `${plain(drained)} rows/s`,
      `${plain(drained / bareRows)} ×`,
    ],
    [
      'the same by the district’s own processor time',
      `${plain(ownRate(drain))} rows/s of a core`,
      `${plain(ownRate(drain) / bareRows)} ×`,
    ],
    [
      'all gates connect at once, with 100 rows each',
      `${plain(drainRate(storm))} rows/s`,
      `${plain(drainRate(storm) / bareRows)} ×`,
    ],
    ['mosquitto_pub → mosquitto_sub, QoS 1', `${plain(bareMessages)} messages/s`, ''],
    [
      'steady: rows as they happen',
      `${plain(steady.measured.rows / steady.measured.seconds)} rows/s`,
      cost(steady.measured),
    ],
    ['idle: connected, time every minute', cost(idle.measured), ''],
    [
      'drained in: connected; connecting',
      `${plain(drain.phases?.during.seconds ?? 0)} s; ${plain(storm.phases?.during.seconds ?? 0)} s`,
      '',
    ],
  ];
}

function latencyRows({ steady, revokedAtMosquitto, revokedEmbedded, usedFour, usedFifty }: Figures): Row[] {
  const phase = (name: 'before' | 'during' | 'after'): Row => {
    const span = steady.phases?.[name];
    return [
      `${name} one gate’s 120 h (40,000 rows): live, acknowledged, p99`,
      `${plain(span?.live.p99Ms ?? 0)} ms, ${plain(span?.ack.p99Ms ?? 0)} ms`,
      `in ${plain(span?.seconds ?? 0)} s`,
    ];
  };
  const revoked = (name: string, { revocations }: Outcome): Row => [
    `revoked → refused at the last of 200 gates, ${name}: p50, p95, max`,
    `${plain(revocations?.last.p50Ms ?? 0)}, ${plain(revocations?.last.p95Ms ?? 0)}, ${plain(revocations?.last.maxMs ?? 0)} ms`,
    `${revocations?.missed ?? 0} of ${revocations?.expected ?? 0} too late`,
  ];
  const used = (gates: number, { measured }: Outcome): Row => [
    `used code known at ${gates - 1} sister gates: p50, p99`,
    `${plain(measured.used.p50Ms)}, ${plain(measured.used.p99Ms)} ms`,
    `${plain(measured.used.count)} heard`,
  ];
  return [
    phase('before'),
    phase('during'),
    phase('after'),
    revoked('mosquitto', revokedAtMosquitto),
    revoked('embedded broker', revokedEmbedded),
    used(4, usedFour),
    used(50, usedFifty),
  ];
}

function goalsOf(figures: Figures, ingest: number): Goal[] {
  const wrong = allOf(figures).reduce(
    (sum, { stored }) => sum + stored.lost + stored.doubled + stored.broken,
    0,
  );
  const { before, during } = figures.steady.phases ?? {};
  const live = (during?.live.p99Ms ?? Number.NaN) / (before?.live.p99Ms ?? Number.NaN);
  return [
    atLeast('ingest beside bare inserts', 0.5, ingest),
    atMost('rows lost, doubled, out of their chain', [0, 'rows'], wrong),
    atMost('the others’ live p99 while a backlog is drained, beside before', 1.5, live),
    atMost(
      'revoked → refused everywhere, p95, mosquitto',
      [1_000, 'ms'],
      lastP95(figures.revokedAtMosquitto),
    ),
    atMost('revoked → refused everywhere, p95, embedded', [1_000, 'ms'], lastP95(figures.revokedEmbedded)),
  ];
}

function lastP95({ revocations }: Outcome): number {
  return revocations?.last.p95Ms ?? Number.POSITIVE_INFINITY;
}

function allOf(figures: Figures): Outcome[] {
  const { drain, storm, steady, revokedAtMosquitto, revokedEmbedded, usedFour, usedFifty, idle } = figures;
  return [drain, storm, steady, revokedAtMosquitto, revokedEmbedded, usedFour, usedFifty, idle];
}

function cost({ district }: Span): string {
  return `${plain(district.cpuShare * 100)} % of a core, ${plain(district.residentBytes / 2 ** 20)} MiB`;
}

function engineVersions(): string[] {
  const first = (program: string, argument: string) =>
    spawnSync(program, [argument], { encoding: 'utf8' }).stdout.trim().split('\n')[0] ?? program;
  return [first('mosquitto', '-h'), first('psql', '--version')];
}
