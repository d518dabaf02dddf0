import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { generate } from 'lean-qr';
import { pseudoTerminal } from '../device/scanner/testing.ts';
import { issueToken } from '../src/issue/index.ts';
import { openJournalReader } from '../src/journal/reading.ts';
import type { Bench } from './lib/bench.ts';
import { COMMUNITY, DISTRICT, issuer, residentsList, validPlaces } from './lib/district.ts';
import { documentsOf } from './lib/documents.ts';
import { GateProcess, rssBytesOf } from './lib/gate-process.ts';
import { fill, openAt } from './lib/journal-rows.ts';
import { atMost, type Goal, plain, type Report, time } from './lib/report.ts';
import { quantile } from './lib/rounds.ts';
import { trustOf } from './lib/trust.ts';

/** From nothing to the first accepted scan, from a cut in the middle of one to the next, and what a gate at rest holds in memory, beside a bare `node`. */

const LANE = 'north';
/** An import asks for every export, and some of those of node:http load a whole HTTP client (undici). */
const HTTP = "import 'node:http'";
const ROOT = join(import.meta.dirname, '..');
const ENTRY = join(ROOT, 'src/main/cli.ts');
/** What the device image runs. */
const BUNDLED_ENTRY = join(ROOT, 'dist/server/cli.js');
/** As its unit starts it (device/os/systemd). */
const flagsOf = (entry: string) => (entry === BUNDLED_ENTRY ? ['--max-semi-space-size=2'] : []);
/** After this silence a process is at rest. */
const REST_MS = 3_000;
/** The code is held before the reader again and again, as whoever waits at a gate does. */
const SHOWN_EVERY_MS = 10;
/** Of the journal that the cut gate begins with: a day at which somebody passed every second. */
const ROWS_BEFORE = 86_400;
/** spec: ready again after a cut. */
const READY_MAX_S = 3;

export const benchStart: Bench = async ({ quick }) => {
  const folder = mkdtempSync(join(tmpdir(), 'menwei-bench-'));
  try {
    const terminal = await pseudoTerminal();
    if (terminal === undefined)
      return { skipped: 'no python3 here to hold a pseudo-terminal for the serial reader' };
    await terminal.hangUp();
    execFileSync(join(ROOT, 'scripts/build-server'), { stdio: ['ignore', 'ignore', 'inherit'] });
    const rounds = quick ? { starts: 6, rests: 3 } : { starts: 12, rests: 9 };
    const place = await prepare(join(folder, 'well'), rounds);
    const cut = await prepare(join(folder, 'cut'), rounds);
    return report(await starts(place), await rests(place), await cuts(cut));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Prepared {
  readonly folder: string;
  readonly rounds: { readonly starts: number; readonly rests: number };
  /** A fresh code each time. */
  readonly code: () => string;
}

/** A gate that was enrolled before: its documents are in its cache. */
async function prepare(folder: string, rounds: Prepared['rounds']): Promise<Prepared> {
  const list = residentsList();
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const documents = await documentsOf(list, nowSeconds);
  mkdirSync(folder);
  await trustOf(join(folder, 'data/trust'), documents, nowSeconds);
  mkdirSync(join(folder, 'pictures'));
  writeFileSync(join(folder, 'root.json'), documents.root);
  const places = validPlaces(4 * (rounds.starts + rounds.rests) + 16, list);
  const token = { ttlMinutes: 60, assurance: 1 } as const;
  return {
    folder,
    rounds,
    code: () => {
      const iat = Math.floor(Date.now() / 1_000);
      return issueToken(issuer, { ...token, iat, index: places.pop() ?? 0 }).canonical;
    },
  };
}

function configOf(folder: string, readers: readonly object[]): object {
  return {
    gate: 'bench-gate',
    district: DISTRICT,
    community: COMMUNITY,
    dataDir: join(folder, 'data'),
    trust: { root: join(folder, 'root.json') },
    http: { port: 0 },
    clock: { trustSystemTime: true },
    lanes: [{ id: LANE, readers, door: { driver: 'simulated', contact: false } }],
  };
}

interface Start {
  readonly wallUs: number;
  readonly cpuUs: number;
}

interface Starts {
  readonly bare: readonly Start[];
  /** The least that a program with a web page can be. */
  readonly http: readonly Start[];
  readonly gate: readonly Start[];
  readonly bundled: readonly Start[];
}

async function starts(place: Prepared): Promise<Starts> {
  const found = { bare: [] as Start[], http: [] as Start[], gate: [] as Start[], bundled: [] as Start[] };
  for (let round = -1; round < place.rounds.starts; round += 1) {
    const bare = await bareStart();
    const http = await bareStart(HTTP);
    const gate = await gateStart(ENTRY, place);
    const bundled = await gateStart(BUNDLED_ENTRY, place);
    // The first of each fills the disk's cache.
    if (round < 0) continue;
    found.bare.push(bare);
    found.http.push(http);
    found.gate.push(gate);
    found.bundled.push(bundled);
  }
  return found;
}

/** @param first what it does before it ends */
async function bareStart(first = ''): Promise<Start> {
  const start = process.hrtime.bigint();
  const tell = 'const { user, system } = process.cpuUsage(); process.stdout.write(String(user + system))';
  const child = spawn(process.execPath, ['--input-type=module', '-e', `${first}; ${tell}`]);
  let said = '';
  child.stdout.on('data', (part) => {
    said += part;
  });
  await once(child, 'close');
  return { wallUs: Number(process.hrtime.bigint() - start) / 1_000, cpuUs: Number(said) };
}

/** The time of acceptance is that of its row: the gate's own word, durable before the relay. To the millisecond. */
async function gateStart(entry: string, { folder, code }: Prepared): Promise<Start> {
  const terminal = await pseudoTerminal();
  if (terminal === undefined) throw new Error('the pseudo-terminal is gone');
  const config = writeConfig(folder, [{ id: 'scanner', type: 'serial', path: terminal.path }]);
  const text = `${code()}\r`;
  const startedMs = Date.now();
  const gate = new GateProcess(entry, config, flagsOf(entry));
  const showing = setInterval(() => terminal.write(text), SHOWN_EVERY_MS);
  try {
    await gate.open();
    const cpuUs = gate.cpuUs();
    const grantedMs = await firstGrant(join(folder, 'data/journal.sqlite'), startedMs);
    return { wallUs: (grantedMs - startedMs) * 1_000, cpuUs };
  } finally {
    clearInterval(showing);
    await gate.stop();
    await terminal.hangUp();
  }
}

function writeConfig(folder: string, readers: readonly object[]): string {
  const file = join(folder, 'gate.yaml');
  writeFileSync(file, JSON.stringify(configOf(folder, readers)));
  return file;
}

async function firstGrant(file: string, sinceMs: number): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const reader = openJournalReader(file);
    const { seq } = reader.head();
    const rows = reader.rows(seq - 20, 21);
    reader.close();
    for (const row of rows)
      if ('decision' in row && row.decision === 'granted' && Date.parse(row.at) >= sinceMs)
        return Date.parse(row.at);
    await pause(20);
  }
  throw new Error('the gate granted nothing');
}

/** From the start of the process until it is open for codes, each after the one before was killed as it wrote. */
async function cuts(place: Prepared): Promise<readonly number[]> {
  fillDay(join(place.folder, 'data/journal.sqlite'));
  const found: number[] = [];
  await killedInMiddle(place);
  for (let round = 0; round < place.rounds.starts; round += 1) found.push(await killedInMiddle(place));
  return found;
}

/** @returns milliseconds until it was open */
async function killedInMiddle({ folder, code }: Prepared): Promise<number> {
  const terminal = await pseudoTerminal();
  if (terminal === undefined) throw new Error('the pseudo-terminal is gone');
  const config = writeConfig(folder, [{ id: 'scanner', type: 'serial', path: terminal.path }]);
  const startedMs = Date.now();
  const gate = new GateProcess(BUNDLED_ENTRY, config, flagsOf(BUNDLED_ENTRY));
  const text = `${code()}\r`;
  let showing: NodeJS.Timeout | undefined;
  try {
    await gate.open();
    const openMs = Date.now() - startedMs;
    showing = setInterval(() => terminal.write(text), SHOWN_EVERY_MS);
    await firstGrant(join(folder, 'data/journal.sqlite'), startedMs);
    return openMs;
  } finally {
    await gate.stop('SIGKILL');
    clearInterval(showing);
    await terminal.hangUp();
  }
}

function fillDay(file: string): void {
  const fromSeconds = Math.floor(Date.now() / 1_000) - ROWS_BEFORE;
  const journal = openAt(file, fromSeconds);
  fill(journal, ROWS_BEFORE, fromSeconds);
  journal.close();
}

/** Resident bytes, one figure a round. */
interface Rests {
  readonly bare: readonly number[];
  readonly gate: readonly number[];
  readonly bundled: readonly number[];
}

async function rests(place: Prepared): Promise<Rests> {
  const found = { bare: [] as number[], gate: [] as number[], bundled: [] as number[] };
  for (let round = 0; round < place.rounds.rests; round += 1) {
    found.bare.push(await bareRest());
    found.gate.push(await gateRest(ENTRY, place));
    found.bundled.push(await gateRest(BUNDLED_ENTRY, place));
  }
  return found;
}

async function bareRest(): Promise<number> {
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => 0, 60_000)'], { stdio: 'ignore' });
  try {
    await pause(REST_MS);
    return rssBytesOf(bare.pid ?? 0);
  } finally {
    bare.kill();
  }
}

async function gateRest(entry: string, place: Prepared): Promise<number> {
  const pictures = { id: 'pictures', type: 'directory', path: join(place.folder, 'pictures') };
  const gate = new GateProcess(entry, writeConfig(place.folder, [pictures]), flagsOf(entry));
  try {
    await gate.open();
    dropPicture(place);
    await gate.verdict();
    await pause(REST_MS);
    return gate.rssBytes();
  } finally {
    await gate.stop();
  }
}

/** A code as a camera would see it, so that the decoder is loaded as on a gate with one. */
function dropPicture({ folder, code }: Prepared): void {
  const symbol = generate(code());
  const [scale, quiet] = [8, 4];
  const side = (symbol.size + 2 * quiet) * scale;
  const grey = Buffer.alloc(side * side, 255);
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1)
      if (symbol.get(Math.floor(x / scale) - quiet, Math.floor(y / scale) - quiet)) grey[y * side + x] = 0;
  const file = join(folder, 'pictures/code.pgm');
  writeFileSync(`${file}.new`, Buffer.concat([Buffer.from(`P5\n${side} ${side}\n255\n`), grey]));
  renameSync(`${file}.new`, file);
}

function report({ bare, http, gate, bundled }: Starts, rests: Rests, cut: readonly number[]): Report {
  const line = (name: string, of: readonly Start[]) => [
    name,
    `${plain(startRatio(of, bare, 'wallUs'))} ×`,
    `${plain(startRatio(of, bare, 'cpuUs'))} ×`,
    time(median(of.map(({ wallUs }) => wallUs))),
    time(median(of.map(({ cpuUs }) => cpuUs))),
  ];
  const rest = (name: string, bytes: readonly number[]) => [
    name,
    `${plain(medianRatio(bytes, rests.bare))} ×`,
    '',
    `${plain(median(bytes) / 1e6)} MB`,
    '',
  ];
  const [fromSource, fromBundle] = [startRatio(gate, bare, 'wallUs'), startRatio(bundled, bare, 'wallUs')];
  const memory = medianRatio(rests.bundled, rests.bare);
  const goals: Goal[] = [
    atMost('start to first accepted scan (bundled), by bare node', 2, fromBundle),
    atMost('the same, by unbundled', 0.6, startRatio(bundled, gate, 'wallUs')),
    atMost('memory at rest (bundled), decoder and list loaded, by bare node', 1.8, memory),
    atMost('open for codes again after a cut (bundled)', [READY_MAX_S, 's'], median(cut) / 1_000),
  ];
  return {
    name: 'start',
    title: 'Start to first accepted scan, and memory at rest',
    about: `An enrolled gate with 13 million residents in its list, from the start of its process to the durable row of the first code that its serial reader (a pseudo-terminal) brought; CPU until it says that it is open and its display listens; ${gate.length} starts, a bare \`node -e\` beside each. Memory is the resident set ${REST_MS / 1_000} s after a code was read from a picture, ${rests.gate.length} times. The cut gate has a journal of ${ROWS_BEFORE.toLocaleString('en-GB')} rows and was killed (SIGKILL) as it wrote, ${cut.length} times; the machine's own start is not in it.`,
    table: {
      head: ['', 'wall, by bare node', 'CPU, by bare node', 'wall here', 'CPU here'],
      rows: [
        line('bare node, start to end', bare),
        line('bare node that imports node:http, start to end', http),
        line('gate from source, to first accepted scan', gate),
        line('gate bundled, to first accepted scan', bundled),
        [
          'gate bundled, killed as it wrote, until it is open for codes',
          '',
          '',
          time(median(cut) * 1_000),
          '',
        ],
        rest('bare node at rest, resident', rests.bare),
        rest('gate from source at rest, resident', rests.gate),
        rest('gate bundled at rest, resident', rests.bundled),
      ],
    },
    goals,
    notes: [
      `Middle half of the rounds: bundled by bare ${spread(bundled, bare)}, from source by bare ${spread(gate, bare)} (wall).`,
      'A start from the bundle has its code compiled before, in the cache that the first start left.',
    ],
    plot: {
      unit: 'multiples of bare node',
      bars: [
        { label: 'bare node that imports node:http: wall', value: startRatio(http, bare, 'wallUs') },
        { label: 'gate from source: wall', value: fromSource },
        { label: 'gate bundled: wall', value: fromBundle, goal: 2 },
        { label: 'gate from source: memory', value: medianRatio(rests.gate, rests.bare) },
        { label: 'gate bundled: memory', value: memory, goal: 1.8 },
      ],
    },
    packages: ['lean-qr', 'zxing-wasm'],
  };
}

function startRatio(of: readonly Start[], by: readonly Start[], figure: keyof Start): number {
  const figures = (starts: readonly Start[]) => starts.map((one) => one[figure]);
  return medianRatio(figures(of), figures(by));
}

function spread(of: readonly Start[], by: readonly Start[]): string {
  const ratios = ratiosOf(
    of.map(({ wallUs }) => wallUs),
    by.map(({ wallUs }) => wallUs),
  );
  return `${plain(quantile(ratios, 0.25))}–${plain(quantile(ratios, 0.75))} ×`;
}

/** Within each round, so that what else the machine does falls on both. */
function ratiosOf(of: readonly number[], by: readonly number[]): number[] {
  return of.map((one, round) => one / (by[round] ?? Number.NaN));
}

function medianRatio(of: readonly number[], by: readonly number[]): number {
  return median(ratiosOf(of, by));
}

function median(figures: readonly number[]): number {
  return quantile(figures, 0.5);
}
