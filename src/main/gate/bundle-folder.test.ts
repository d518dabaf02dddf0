import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatedClock } from '../../../device/sim/index.ts';
import { bundleFolder } from './bundle-folder.ts';

let dataDir: string;
let bundles: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'menwei-bundles-'));
  bundles = join(dataDir, 'bundles');
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function watched(importBundle = (_json: string) => Promise.resolve({ accepted: [], refused: [] })) {
  const clock = simulatedClock();
  const errors: string[] = [];
  const taken: string[] = [];
  const quiet = () => undefined;
  const log = { info: quiet, warn: quiet, error: (_: object, message: string) => void errors.push(message) };
  const folder = bundleFolder(dataDir, { clock, log }, (json) => {
    taken.push(json);
    return importBundle(json);
  });
  folder.start();
  return { errors, taken, pass: (looks: number) => clock.pass(looks * 500), stop: () => folder.stop() };
}

describe('the folder of bundles', () => {
  it('takes in what lies there, and lays the outcome beside it', async () => {
    const gate = watched();
    writeFileSync(join(bundles, 'a.json'), 'good');
    await gate.pass(4);
    gate.stop();
    expect(gate.taken).toEqual(['good']);
    expect(readdirSync(bundles)).toEqual(['a.json.result']);
  });

  it('waits for a file that is still being written', async () => {
    const gate = watched();
    for (const text of ['b', 'bu', 'bun']) {
      writeFileSync(join(bundles, 'a.json'), text);
      await gate.pass(1);
    }
    expect(gate.taken).toEqual([]);
    await gate.pass(2);
    gate.stop();
    expect(gate.taken).toEqual(['bun']);
  });

  it('passes over what is no file, and takes in the others', async () => {
    const gate = watched();
    mkdirSync(join(bundles, 'a.json'));
    symlinkSync('/proc/self/environ', join(bundles, 'b.json'));
    symlinkSync('nowhere', join(bundles, 'c.json'));
    execFileSync('mkfifo', [join(bundles, 'd.json')]);
    writeFileSync(join(bundles, 'z.json'), 'good');
    await gate.pass(4);
    gate.stop();
    expect(gate.taken).toEqual(['good']);
    expect(gate.errors).toEqual([]);
  });

  it('says once that a bundle fails, and takes in the others', async () => {
    const gate = watched((json) =>
      json === 'bad' ? Promise.reject(new Error('a fault')) : Promise.resolve({ accepted: [], refused: [] }),
    );
    writeFileSync(join(bundles, 'a.json'), 'bad');
    writeFileSync(join(bundles, 'z.json'), 'good');
    await gate.pass(9);
    gate.stop();
    expect(gate.taken).toEqual(['bad', 'good']);
    expect(gate.errors).toHaveLength(1);
  });
});
