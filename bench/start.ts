import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { generate } from 'lean-qr';
import { issueToken } from '../src/issue/index.ts';
import type { Bench } from './lib/bench.ts';
import { COMMUNITY, DISTRICT, issuer, residentsList, validPlaces } from './lib/district.ts';
import { documentsOf } from './lib/documents.ts';
import { GateProcess, rssBytesOf } from './lib/gate-process.ts';
import { atMost, type Goal, plain, type Report, time } from './lib/report.ts';
import { quantile } from './lib/rounds.ts';
import { trustOf } from './lib/trust.ts';

/** From nothing to the first accepted scan, and what a gate at rest holds in memory, beside a bare `node`. */

const ROOT = join(import.meta.dirname, '..');
const ENTRY = join(ROOT, 'src/main/cli.ts');
/** What the device image runs. */
const BUNDLED_ENTRY = join(ROOT, 'dist/server/cli.js');
/** After this silence a process is at rest. */
const REST_MS = 3_000;

export const benchStart: Bench = async ({ quick }) => {
  const folder = mkdtempSync(join(tmpdir(), 'menwei-bench-'));
  try {
    const place = await prepare(folder, quick ? 8 : 40);
    return report(await starts(place), await rests(place));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Prepared {
  readonly config: string;
  readonly pictures: string;
  readonly rounds: number;
  /** A fresh code each time. */
  code(): string;
}

/** A gate that was enrolled before: its documents are in its cache. */
async function prepare(folder: string, rounds: number): Promise<Prepared> {
  const list = residentsList();
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const documents = await documentsOf(list, nowSeconds);
  const [dataDir, pictures] = [join(folder, 'data'), join(folder, 'pictures')];
  mkdirSync(pictures);
  await trustOf(join(dataDir, 'trust'), documents, nowSeconds);
  writeFileSync(join(folder, 'root.json'), documents.root);
  const config = join(folder, 'gate.yaml');
  writeFileSync(config, JSON.stringify(configOf(folder)));
  const places = validPlaces(4 * rounds + 16, list);
  return {
    config,
    pictures,
    rounds,
    code: () =>
      issueToken(issuer, {
        index: places.pop() ?? 0,
        iat: Math.floor(Date.now() / 1_000),
        ttlMinutes: 60,
        assurance: 1,
      }).canonical,
  };
}

function configOf(folder: string): object {
  return {
    gate: 'bench-gate',
    district: DISTRICT,
    community: COMMUNITY,
    dataDir: join(folder, 'data'),
    trust: { root: join(folder, 'root.json') },
    http: { port: 0 },
    clock: { trustSystemTime: true },
    lanes: [
      {
        id: 'north',
        readers: [
          { id: 'north-page', type: 'display' },
          { id: 'north-folder', type: 'directory', path: join(folder, 'pictures') },
        ],
        door: { driver: 'simulated', contact: false },
      },
    ],
  };
}

interface Start {
  readonly wallUs: number;
  readonly cpuUs: number;
}

interface Starts {
  readonly bare: readonly Start[];
  readonly gate: readonly Start[];
  readonly bundled: readonly Start[];
}

async function starts(place: Prepared): Promise<Starts> {
  const found = { bare: [] as Start[], gate: [] as Start[], bundled: [] as Start[] };
  for (let round = -1; round < place.rounds; round += 1) {
    const bare = await bareStart();
    const gate = await gateStart(ENTRY, place);
    const bundled = existsSync(BUNDLED_ENTRY) ? await gateStart(BUNDLED_ENTRY, place) : undefined;
    // The first of each fills the disk's cache.
    if (round < 0) continue;
    found.bare.push(bare);
    found.gate.push(gate);
    if (bundled !== undefined) found.bundled.push(bundled);
  }
  return found;
}

async function bareStart(): Promise<Start> {
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, [
    '-e',
    'const { user, system } = process.cpuUsage(); process.stdout.write(String(user + system))',
  ]);
  let said = '';
  child.stdout.on('data', (part) => {
    said += part;
  });
  await once(child, 'close');
  return { wallUs: Number(process.hrtime.bigint() - start) / 1_000, cpuUs: Number(said) };
}

async function gateStart(entry: string, place: Prepared): Promise<Start> {
  const gate = new GateProcess(entry, place.config);
  try {
    await gate.open();
    await gate.pass(place.code());
    return { wallUs: gate.ageUs, cpuUs: gate.cpuUs() };
  } finally {
    await gate.stop();
  }
}

interface Rests {
  readonly bareBytes: number;
  readonly gateBytes: number;
}

async function rests(place: Prepared): Promise<Rests> {
  const entry = existsSync(BUNDLED_ENTRY) ? BUNDLED_ENTRY : ENTRY;
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => 0, 60_000)'], { stdio: 'ignore' });
  const gate = new GateProcess(entry, place.config);
  try {
    await gate.open();
    await gate.pass(place.code());
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
function dropPicture({ pictures, code }: Prepared): void {
  const symbol = generate(code());
  const [scale, quiet] = [8, 4];
  const side = (symbol.size + 2 * quiet) * scale;
  const grey = Buffer.alloc(side * side, 255);
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1)
      if (symbol.get(Math.floor(x / scale) - quiet, Math.floor(y / scale) - quiet)) grey[y * side + x] = 0;
  const file = join(pictures, 'code.pgm');
  writeFileSync(`${file}.new`, Buffer.concat([Buffer.from(`P5\n${side} ${side}\n255\n`), grey]));
  renameSync(`${file}.new`, file);
}

function report({ bare, gate, bundled }: Starts, { bareBytes, gateBytes }: Rests): Report {
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
    about: `An enrolled gate with 13 million residents in its list, from the start of its process to the verdict on its display; ${gate.length} starts, a bare \`node -e\` beside each. Memory is the resident set ${REST_MS / 1_000} s after a code was read from a picture.`,
    table: {
      head: ['', 'wall, by bare node', 'CPU, by bare node', 'wall here', 'CPU here'],
      rows: [
        line('bare node, start to end', bare),
        line('gate from source, to first accepted scan', gate),
        ...(bundled.length > 0 ? [line('gate bundled, to first accepted scan', bundled)] : []),
        ['bare node at rest, resident', '1 ×', '', `${plain(bareBytes / 1e6)} MB`, ''],
        ['gate at rest, resident', `${plain(memory)} ×`, '', `${plain(gateBytes / 1e6)} MB`, ''],
      ],
    },
    goals,
    notes:
      bundled.length > 0
        ? []
        : [
            'There is no bundled gate here (dist/server), so the goal for it is held against the unbundled one.',
          ],
    plot: {
      unit: 'multiples of bare node',
      bars: [
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
