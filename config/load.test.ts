import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeProblems, loadGateConfig } from './load.ts';
import { gateConfigJsonSchema } from './schema.ts';
import { keysOf } from './testing.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const LEAST = `
gate: north-1
district: gaoxin
community: 7
dataDir: data
trust: { root: root.json }
lanes:
  - id: main
    readers: [{ id: scanner, type: serial, path: /dev/ttyACM0 }]
    door: { driver: simulated }
`;

function load(text: string, environment: Record<string, string> = {}) {
  const file = join(folder, 'gate.yaml');
  writeFileSync(file, text);
  return loadGateConfig(file, environment);
}

function problems(text: string, environment: Record<string, string> = {}): string {
  const loaded = load(text, environment);
  if (loaded.ok) throw new Error('was accepted');
  return describeProblems(loaded.error).replaceAll(`${folder}/`, '');
}

describe('a gate’s configuration', () => {
  it('needs little, and fills in the rest', () => {
    const loaded = load(LEAST);
    if (!loaded.ok) throw new Error(describeProblems(loaded.error));
    expect(loaded.value.config.http).toMatchObject({ host: '127.0.0.1', port: 8443 });
    expect(loaded.value.config.lanes[0]).toMatchObject({ direction: 'in', door: { driver: 'simulated' } });
    expect(loaded.value.config.dataDir).toBe(join(folder, 'data'));
    expect(Object.isFrozen(loaded.value.config.lanes[0]?.door)).toBe(true);
  });

  it('takes a serial line as it is at the scanner, eight bits without parity by default', () => {
    const line = (more: string) => {
      const loaded = load(LEAST.replace('/dev/ttyACM0', `/dev/ttyAMA0${more}`));
      if (!loaded.ok) throw new Error(describeProblems(loaded.error));
      return loaded.value.config.lanes[0]?.readers[0];
    };
    expect(line('')).toMatchObject({ dataBits: 8, parity: 'none', stopBits: 1, rtscts: false });
    expect(line(', dataBits: 7, parity: even, stopBits: 2, rtscts: true')).toMatchObject({
      dataBits: 7,
      parity: 'even',
      stopBits: 2,
      rtscts: true,
    });
    for (const wrong of ['dataBits: 9', 'parity: space', 'stopBits: 1.5'])
      expect(load(LEAST.replace('/dev/ttyACM0', `/dev/ttyAMA0, ${wrong}`)).ok).toBe(false);
  });

  it('accepts the example', () => {
    expect(loadGateConfig(join(import.meta.dirname, 'gate.example.yaml'), {}).ok).toBe(true);
  });

  it('names every key in the example', () => {
    const example = readFileSync(join(import.meta.dirname, 'gate.example.yaml'), 'utf8');
    const keys = [...keysOf(gateConfigJsonSchema())];
    expect(keys.length).toBeGreaterThan(30);
    expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(example))).toEqual([]);
  });

  it('lists every problem at once, with line and remedy', () => {
    const text = LEAST.replace('gate: north-1', 'gate: North Gate')
      .replace('community: 7', 'community: many')
      .replace('dataDir: data', 'datadir: data');
    const lines = problems(text).split('\n');
    expect(lines).toEqual([
      'gate.yaml:2: gate: use 1 to 32 of a-z, 0-9 and "-", for example "north-1"',
      'gate.yaml:4: community: Invalid input: expected number, received string',
      'gate.yaml:1: dataDir: is missing; see config/gate.example.yaml',
      'gate.yaml:5: datadir: unknown key; look for a typing error, or remove it',
    ]);
  });

  it('names the line of a YAML mistake', () => {
    expect(problems('gate: [north\ndistrict: x')).toMatch(/^gate\.yaml:2: \(YAML\)/);
  });

  it('says how to begin when the file is not there', () => {
    const loaded = loadGateConfig(join(folder, 'none.yaml'), {});
    expect(loaded.ok ? '' : describeProblems(loaded.error)).toMatch(/copy config\/gate\.example\.yaml/);
  });

  it('takes any key from the environment', () => {
    const loaded = load(LEAST, {
      MENWEI_MQTT__URL: 'mqtt://127.0.0.1:1883',
      MENWEI_MQTT__PASSWORD: '0123',
      MENWEI_LANES__0__DIRECTION: 'both',
      MENWEI_TIME_ZONE: 'Asia/Urumqi',
      MENWEI_TIER: 'push',
    });
    if (!loaded.ok) throw new Error(describeProblems(loaded.error));
    expect(loaded.value.config.mqtt).toMatchObject({ url: 'mqtt://127.0.0.1:1883', password: '0123' });
    expect(loaded.value.config.lanes[0]?.direction).toBe('both');
    expect(loaded.value.config.timeZone).toBe('Asia/Urumqi');
  });

  it('names the variable when the environment is wrong', () => {
    expect(problems(LEAST, { MENWEI_HTTP__PORT: 'eighty' })).toMatch(/^MENWEI_HTTP__PORT: http\.port:/);
    expect(problems(LEAST, { MENWEI_HTTP__PROT: '80' })).toMatch(
      /^MENWEI_HTTP__PROT: http\.prot: unknown key/,
    );
  });

  it('refuses ids that are there twice, and lines that are wired twice', () => {
    const wired = `
  - id: main
    readers: [{ id: scanner, type: serial, path: /dev/ttyACM1 }]
    door: { driver: gpio, relay: { line: 17 }, contact: { line: 17 } }
`;
    const found = problems(LEAST + wired.slice(1));
    expect(found).toMatch(/"main" is there twice/);
    expect(found).toMatch(/"scanner" is there twice/);
    expect(found).toMatch(/line chip 17 is wired twice/);
  });

  it('has a JSON Schema that is up to date', () => {
    const published: unknown = JSON.parse(
      readFileSync(join(import.meta.dirname, 'gate.schema.json'), 'utf8'),
    );
    expect(published, 'run: node config/write-schema.ts').toEqual(
      JSON.parse(JSON.stringify(gateConfigJsonSchema())),
    );
  });
});
