import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { DEMO_ROOM } from './demo/residents.ts';
import { tellStory } from './demo/story.ts';
import { startTown, type Town } from './demo/town.ts';
import { createLog } from './log.ts';

/** `scripts/start`: a district, a gate and generated residents on this machine; or, with `--headless`, their story. */

const HELP = `usage: scripts/start [options]

Starts a small district and one gate on this machine, and prints where to look.

  --headless       play one resident of each kind and several refusals, tell the story, and end
  --data DIR       keep everything there (default: var/demo in this checkout; --headless: a folder that is removed)
  --port N         port of the district (default 7300; 0: any)
  --gate-port N    port of the gate (default 7301; 0: any)
  --config FILE    take the lanes (readers, relay) from a gate configuration in place of the simulated one
  --verbose        show the log
`;

const OPTIONS = {
  headless: { type: 'boolean', default: false },
  data: { type: 'string' },
  port: { type: 'string' },
  'gate-port': { type: 'string' },
  config: { type: 'string' },
  verbose: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** In this checkout, and not in git. */
const DATA_DIR = join(import.meta.dirname, '../../var/demo');

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const log = createLog(options.verbose ? 'info' : 'error', process.stderr);
  const dataDir = options.data ?? (options.headless ? mkdtempSync(join(tmpdir(), 'menwei-')) : DATA_DIR);
  const lanes = options.config === undefined ? {} : { lanes: lanesOf(options.config) };
  const defaultPort = options.headless ? '0' : undefined;
  const town = await startTown({
    dataDir,
    districtPort: Number(options.port ?? defaultPort ?? 7300),
    gatePort: Number(options['gate-port'] ?? defaultPort ?? 7301),
    ...lanes,
    log,
  });
  if (options.headless) {
    const good = await tellStory(town, (line) => process.stdout.write(`${line}\n`));
    await town.stop();
    if (options.data === undefined) rmSync(dataDir, { recursive: true });
    process.stdout.write(good ? 'all came out right\n' : 'not all came out right\n');
    return good ? 0 : 1;
  }
  process.stdout.write(welcome(town));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  process.stdout.write('\nclosing …\n');
  await town.stop();
  return 0;
}

function readOptions() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (problem) {
    process.stderr.write(`${problem instanceof Error ? problem.message : 'not understood'}\n\n${HELP}`);
    return undefined;
  }
}

function lanesOf(file: string): unknown {
  const config: unknown = parse(readFileSync(file, 'utf8'));
  const lanes = (config as { lanes?: unknown } | null)?.lanes;
  if (lanes === undefined) throw new Error(`${file}: lanes is missing; see config/gate.example.yaml`);
  return lanes;
}

function welcome({ district, gate, colleagues, guards }: Town): string {
  const signIn = colleagues.map(({ account, password }) => `      ${account.padEnd(8)} ${password}`);
  const pins = guards.map(({ account, pin }) => `      ${account.padEnd(8)} ${pin}`);
  return `
  Menwei 门卫 is running.

    a resident's phone   ${district.httpUrl}/
    the gate's display   ${gate.http.url}/display/main
    the guard's desk     ${gate.http.url}/guard
    the console          ${district.httpUrl}/console

  Open the first two. Show the code of the phone to the gate (camera, picture or text), and be let in.
  The console takes this machine for “demo”, who may do the daily work. For all else sign in at /console/sign-in;
  what is dangerous takes both of these colleagues:

${signIn.join('\n')}

  The guard's desk asks who you are. Somebody without a phone stands there: search ${DEMO_ROOM}, or wangjia, and let them in.

${pins.join('\n')}

  Ctrl-C ends it.

`;
}
