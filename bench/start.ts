import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
import { atMost, type Goal, plain, type Report, time } from './lib/report.ts';
import { quantile } from './lib/rounds.ts';
import { trustOf } from './lib/trust.ts';

/** From nothing to the first accepted scan, and what a gate at rest holds in memory, beside a bare `node`. */

const LANE = 'north';
/** An import asks for every export, and some of those of node:http load a whole HTTP client (undici). */
const HTTP = "import 'node:http'";
const ROOT = join(import.meta.dirname, '..');
const ENTRY = join(ROOT, 'src/main/cli.ts');
/** What the device image runs. */
const BUNDLED_ENTRY = join(ROOT, 'dist/server/cli.js');
/** After this silence a process is at rest. */
const REST_MS = 3_000;
/** The code is held before the reader again and again, as whoever waits at a gate does. */
const SHOWN_EVERY_MS = 10;

export const benchStart: Bench = async ({ quick }) => {
  const folder = mkdtempSync(join(tmpdir(), 'menwei-bench-'));
  try {
    const terminal = await pseudoTerminal();
    if (terminal === undefined)
      return { skipped: 'no python3 here to hold a pseudo-terminal for the serial reader' };
    await terminal.hangUp();
    const place = await prepare(folder, quick ? 6 : 20);
    return report(await starts(place), await rests(place));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Prepared {
  readonly folder: string;
  readonly rounds: number;
  /** A fresh code each time. */
  readonly code: () => string;
}

/** A gate that was enrolled before: its documents are in its cache. */
async function prepare(folder: string, rounds: number): Promise<Prepared> {
  const list = residentsList();
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const documents = await documentsOf(list, nowSeconds);
  await trustOf(join(folder, 'data/trust'), documents, nowSeconds);
  mkdirSync(join(folder, 'pictures'));
  writeFileSync(join(folder, 'root.json'), documents.root);
  const places = validPlaces(4 * rounds + 16, list);
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
  for (let round = -1; round < place.rounds; round += 1) {
    const bare = await bareStart();
    const http = await bareStart(HTTP);
    const gate = await gateStart(ENTRY, place);
    const bundled = existsSync(BUNDLED_ENTRY) ? await gateStart(BUNDLED_ENTRY, place) : undefined;
    // The first of each fills the disk's cache.
    if (round < 0) continue;
    found.bare.push(bare);
    found.http.push(http);
    found.gate.push(gate);
    if (bundled !== undefined) found.bundled.push(bundled);
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
  const gate = new GateProcess(entry, config);
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

interface Rests {
  readonly bareBytes: number;
  readonly gateBytes: number;
}

async function rests(place: Prepared): Promise<Rests> {
  const entry = existsSync(BUNDLED_ENTRY) ? BUNDLED_ENTRY : ENTRY;
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => 0, 60_000)'], { stdio: 'ignore' });
  const pictures = { id: 'pictures', type: 'directory', path: join(place.folder, 'pictures') };
  const gate = new GateProcess(entry, writeConfig(place.folder, [pictures]));
  try {
    await gate.open();
    dropPicture(place);
    await gate.verdict();
    await pause(REST_MS);
    return { bareBytes: rssBytesOf(bare.pid ?? 0), gateBytes: gate.rssBytes() };
  } finally {
    bare.kill();
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

function report({ bare, http, gate, bundled }: Starts, { bareBytes, gateBytes }: Rests): Report {
  const ratio = (of: readonly Start[], by: readonly Start[], figure: keyof Start) =>
    quantile(
      of.map((one, round) => one[figure] / (by[round]?.[figure] ?? Number.NaN)),
      0.5,
    );
  const line = (name: string, of: readonly Start[]) => [
    name,
    `${plain(ratio(of, bare, 'wallUs'))} ×`,
    `${plain(ratio(of, bare, 'cpuUs'))} ×`,
    time(
      quantile(
        of.map(({ wallUs }) => wallUs),
        0.5,
      ),
    ),
    time(
      quantile(
        of.map(({ cpuUs }) => cpuUs),
        0.5,
      ),
    ),
  ];
  const memory = gateBytes / bareBytes;
  const best = bundled.length > 0 ? bundled : gate;
  const goals: Goal[] = [
    atMost(
      `start to first accepted scan (${bundled.length > 0 ? 'bundled' : 'unbundled'}), by bare node`,
      2,
      ratio(best, bare, 'wallUs'),
    ),
    ...(bundled.length > 0 ? [atMost('the same, by unbundled', 0.6, ratio(bundled, gate, 'wallUs'))] : []),
    atMost('memory at rest, decoder and list loaded, by bare node', 1.8, memory),
  ];
  return {
    name: 'start',
    title: 'Start to first accepted scan, and memory at rest',
    about: `An enrolled gate with 13 million residents in its list, from the start of its process to the durable row of the first code that its serial reader (a pseudo-terminal) brought; CPU until it says that it is open; ${gate.length} starts, a bare \`node -e\` beside each. Memory is the resident set ${REST_MS / 1_000} s after a code was read from a picture.`,
    table: {
      head: ['', 'wall, by bare node', 'CPU, by bare node', 'wall here', 'CPU here'],
      rows: [
        line('bare node, start to end', bare),
        line('bare node that imports node:http, start to end', http),
        line('gate from source, to first accepted scan', gate),
        ...(bundled.length > 0 ? [line('gate bundled, to first accepted scan', bundled)] : []),
        ['bare node at rest, resident', '1 ×', '', `${plain(bareBytes / 1e6)} MB`, ''],
        ['gate at rest, resident', `${plain(memory)} ×`, '', `${plain(gateBytes / 1e6)} MB`, ''],
      ],
    },
    goals,
    notes: [
      'Nearly all of a start from source is the loading of modules: types are stripped and a thousand files are read.',
      ...(bundled.length > 0
        ? []
        : ['There is no bundled gate here (dist/server), so its goal is held against the unbundled one.']),
    ],
    plot: {
      unit: 'multiples of bare node',
      bars: [
        { label: 'bare node that imports node:http: wall', value: ratio(http, bare, 'wallUs') },
        {
          label: 'gate from source: wall',
          value: ratio(gate, bare, 'wallUs'),
          ...(bundled.length > 0 ? {} : { goal: 2 }),
        },
        ...(bundled.length > 0
          ? [{ label: 'gate bundled: wall', value: ratio(bundled, bare, 'wallUs'), goal: 2 }]
          : []),
        { label: 'memory at rest', value: memory, goal: 1.8 },
      ],
    },
    packages: ['lean-qr', 'zxing-wasm'],
  };
}
