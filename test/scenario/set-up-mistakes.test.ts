import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { menwei } from '../twins/gate-process.ts';
import { enrolledKeys, PaperCommunity } from '../twins/paper-community.ts';
import { Trial } from './trial.ts';

/** What an installer does wrong is told in sentences that name the place and the remedy; nothing half-started stays behind. */

let trial: Trial;

beforeEach(async () => {
  trial = await Trial.begin();
  trial.configure({ district: 'd-1', community: 7 });
});
afterEach(() => trial.end());

async function start() {
  const said = await menwei(['gate', '--config', trial.configFile]);
  expect(said.code, said.output + said.error).toBe(1);
  expect(said.error).not.toMatch(/^\s+at |node:internal|\.ts:\d+:\d+/m);
  return said.error;
}

async function pinRoot(): Promise<void> {
  const people: never[] = [];
  const paper = await PaperCommunity.of({ district: 'd-1', community: 7, issuers: [], people, places: 1 });
  trial.write('root.json', (await paper.documents()).root);
}

describe('a gate that cannot start', () => {
  test('lists five mistakes at once, each with its line and what to do', async () => {
    trial.write(
      'gate.yaml',
      [
        'gate: North 1',
        'district: d-1',
        'community: -7',
        'dataDir: data',
        'trust: { root: root.json }',
        'time_zone: Asia/Shanghai',
        'mqtt:',
        '  url: broker.example',
        'lanes:',
        '  - id: north',
        '    readers: []',
        '    door: { driver: simulated }',
      ].join('\n'),
    );
    const error = await start();
    const lines = error.trim().split('\n');
    expect(lines).toHaveLength(5);
    for (const [line, key] of [
      [1, 'gate'],
      [3, 'community'],
      [6, 'time_zone'],
      [8, 'mqtt.url'],
      [11, 'lanes[0].readers'],
    ] as const) {
      expect(lines).toContainEqual(
        expect.stringMatching(new RegExp(`gate\\.yaml:${line}: ${escaped(key)}: \\S.{8,}`)),
      );
    }
  });

  test('names the file that is not there, and the one that is no YAML', async () => {
    rmSync(trial.configFile);
    expect(await start()).toContain('no such file; copy config/gate.example.yaml');
    trial.write('gate.yaml', 'gate: [north\n');
    expect(await start()).toMatch(/gate\.yaml:\d+: /);
  });

  test('waits for its enrolment when the root is missing, and says where it looked for one', async () => {
    const gate = await trial.open();
    const ready = await fetch(`${await gate.open()}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('enrolment symbol')]);
    expect(gate.log).toContain(trial.file('root.json'));
  });

  test('runs with a root that is none, so that the guard can work, and says that it is not ready', async () => {
    trial.write('root.json', '{"hello":"world"}');
    const gate = await trial.open();
    const ready = await fetch(`${await gate.open()}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain('the pinned root is not a root document');
    expect(gate.log).toContain('the pinned root is not a root document');
  });

  test('says that a key cannot be read, and never makes another in its place', async () => {
    await pinRoot();
    enrolledKeys(trial.dataDir);
    trial.write('data/keys/device.jwk', '{"kty":"OKP"');
    const error = await start();
    expect(error).toContain('device.jwk');
    expect(error).toContain('Restore it from a backup');
  });

  test('says that its port is taken', async () => {
    await pinRoot();
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    trial.onEnd(() => taken.close());
    trial.configure({ district: 'd-1', community: 7, config: { http: { port } } });
    const error = await start();
    expect(error).toContain(String(port));
    expect(error).toMatch(/port|address/);
    expect(error).toMatch(/use|choose|stop|another/i);
  });

  test('says that another gate runs on its folder', async () => {
    await pinRoot();
    await trial.open();
    const error = await start();
    expect(error).toMatch(/already|another/);
  });

  test('says that its data folder cannot be made', async () => {
    await pinRoot();
    mkdirSync(trial.file('plain'));
    trial.write('plain/file', '');
    trial.configure({ district: 'd-1', community: 7, config: { dataDir: 'plain/file/data' } });
    expect(await start()).toContain('dataDir');
  });
});

function escaped(text: string): string {
  return text.replace(/[[\].]/g, '\\$&');
}
