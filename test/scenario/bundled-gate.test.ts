import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pictureOf, png } from '../../device/camera/testing.ts';
import { until } from '../twins/broker.ts';
import type { GateProcess } from '../twins/gate-process.ts';
import { enrolledKeys, PaperCommunity } from '../twins/paper-community.ts';
import { CodeMaker, type LabelledCode, mixedPaper } from './mixed-codes.ts';
import { LANE, Trial, verdicts } from './trial.ts';

/** The bundle of scripts/build-server is the same gate: it starts, judges, opens and stops as the sources do. */

const ROOT = join(import.meta.dirname, '../..');
const PICTURE = { width: 480, height: 480 };

const node = promisify(execFile);

interface Manifest {
  readonly name: string;
  readonly version: string;
}

let folder: string;
let entry: string;

beforeAll(async () => {
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  // As deep as dist/server, which a running gate may be using.
  folder = mkdtempSync(join(ROOT, 'dist', 'test-server-'));
  await node(process.execPath, [join(ROOT, 'scripts/lib/server-bundle.ts'), folder]);
  entry = join(folder, 'cli.js');
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One command of the bundle; rejects when it ends with anything but 0. @returns its answer */
async function run(...args: readonly string[]): Promise<string> {
  return (await node(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args])).stdout;
}

describe('a gate from the bundle', () => {
  let trial: Trial;
  let codes: CodeMaker;
  let gate: GateProcess;

  beforeAll(async () => {
    trial = await Trial.begin();
    const { deviceKey, sealKey } = enrolledKeys(trial.dataDir);
    const options = mixedPaper();
    const paper = await PaperCommunity.of({ ...options, sealKey, gates: { 'north-1': deviceKey } });
    codes = new CodeMaker(options.people, (kid) => paper.issuer(kid));
    trial.write('root.json', (await paper.documents()).root);
    trial.write('bundle.json', await paper.bundle());
    mkdirSync(trial.file('pictures'));
    const readers = [
      { id: 'scanner', type: 'serial', path: trial.file('reader'), baudRate: 115_200 },
      { id: 'pictures', type: 'directory', path: trial.file('pictures') },
    ];
    const lanes = [{ id: LANE, readers, door: { driver: 'folder', chip: 'door' } }];
    trial.configure({ district: options.district, community: options.community, config: { lanes } });
    expect(await run('trust', 'import', trial.file('bundle.json'), '--config', trial.configFile)).toContain(
      'keyset 1: taken',
    );
    gate = await trial.open({ entry });
  }, 120_000);
  afterAll(() => trial?.end());

  test('judges codes of all kinds as the sources do, and opens for the right ones alone', async () => {
    const shown: LabelledCode[] = [];
    for (let pair = 0; pair < 14; pair += 1) shown.push(codes.refused(), await codes.granted());
    trial.scan(...shown.map(({ text }) => text));
    await until(() => verdicts(trial.rows()).length >= shown.length, 'all are judged');
    expect(verdicts(trial.rows()).map(({ decision, refusal }) => ({ decision, refusal }))).toEqual(
      shown.map(({ expected: { decision, refusal } }) => ({ decision, refusal })),
    );
    await until(() => trial.relay.openings().length > 0, 'the relay’s process, bundled too, opens');
    await until(() => trial.relay.openings().at(-1)?.offMs !== Number.POSITIVE_INFINITY, 'and rests');
  });

  test('reads a code out of a picture in a thread of its own', async () => {
    const before = verdicts(trial.rows()).length;
    writeFileSync(trial.file('picture.new'), png(pictureOf((await codes.granted()).text, PICTURE)));
    renameSync(trial.file('picture.new'), trial.file('pictures/code.png'));
    await until(() => verdicts(trial.rows()).length > before, 'the picture is judged');
    expect(verdicts(trial.rows()).at(-1)).toMatchObject({ decision: 'granted', reader: 'pictures' });
  });

  test('serves the pages of dist/ui, and says that it is ready', async () => {
    const address = await gate.open();
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    const page = await fetch(`${address}/display/${LANE}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('/ui/assets/');
  });

  test('stops when it is told to, its last row written', async () => {
    expect(await gate.stop()).toBe(0);
    expect(trial.rows().at(-1)).toMatchObject({ decision: 'system', reason: 'stopping' });
    expect(await run('journal', 'verify', '--config', trial.configFile)).toContain('whole from row 1');
  });
});

describe('the bundle', () => {
  const files = () =>
    readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

  test('knows its version', async () => {
    const manifest = (of: string) => JSON.parse(readFileSync(join(of, 'package.json'), 'utf8')) as Manifest;
    const { name, version } = manifest(ROOT);
    expect(await run('--version')).toBe(`menwei ${version}\n`);
    expect(manifest(folder)).toMatchObject({ name, version, type: 'module' });
  });

  test('holds no path of the machine that made it', () => {
    const found = files().filter(({ text }) => text.includes(`${ROOT}/`) || text.includes('file:///'));
    expect(found.map(({ name }) => name)).toEqual([]);
  });

  test('is made of no test, no twin and no tool, and brings a map of every file', () => {
    const maps = files().filter(({ name }) => name.endsWith('.map'));
    const sources = maps.flatMap(({ text }) => (JSON.parse(text) as { sources: string[] }).sources);
    expect(sources.some((source) => source.endsWith('src/gate/pipeline.ts'))).toBe(true);
    const strange = sources.filter((source) =>
      /\.test\.|\/testing\.ts|\/(?:test|bench|scripts)\//.test(source),
    );
    expect(strange.filter((source) => !source.includes('node_modules/'))).toEqual([]);
    const ours = files().filter(({ name, text }) => name.endsWith('.js') && text.includes('//#region '));
    const named = new Set(maps.map(({ name }) => name));
    expect(ours.map(({ name }) => `${name}.map`).filter((map) => !named.has(map))).toEqual([]);
  });

  test('loads nothing of a district for a gate', () => {
    const gateChunk = files().find(
      ({ name, text }) => name.endsWith('.js') && text.includes('the gate is open for codes'),
    );
    const imported = [...(gateChunk?.text ?? '').matchAll(/from "\.\/([^"]+)"/g)].map(([, name]) => name);
    expect(imported.length).toBeGreaterThan(3);
    expect(imported.filter((name) => /district|postgres|kysely|aedes|x509/.test(name ?? ''))).toEqual([]);
  });
});
