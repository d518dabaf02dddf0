import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { districtConfigJsonSchema, loadDistrictConfig } from './district.ts';
import { describeProblems } from './load.ts';
import { keysOf } from './testing.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const LEAST = `
district: gaoxin
dataDir: data
communities: [{ id: 7 }]
`;

function load(text: string, environment: Record<string, string> = {}) {
  const file = join(folder, 'district.yaml');
  writeFileSync(file, text);
  return loadDistrictConfig(file, environment);
}

function problems(text: string): string[] {
  const loaded = load(text);
  if (loaded.ok) throw new Error('was accepted');
  return describeProblems(loaded.error).replaceAll(`${folder}/`, '').split('\n');
}

describe('a district’s configuration', () => {
  it('needs little, stays on this machine, and brings its own broker', () => {
    const loaded = load(LEAST);
    if (!loaded.ok) throw new Error(describeProblems(loaded.error));
    expect(loaded.value.config).toMatchObject({
      dataDir: join(folder, 'data'),
      http: { host: '127.0.0.1', port: 7300 },
      broker: { type: 'embedded', host: '127.0.0.1', port: 1883 },
      communities: [{ id: 7, rules: { skewSeconds: 30, lane: { who: 'roster' } } }],
    });
  });

  it('accepts the example, which names every key', () => {
    const example = join(import.meta.dirname, 'district.example.yaml');
    expect(loadDistrictConfig(example, {}).ok).toBe(true);
    const keys = [...keysOf(districtConfigJsonSchema())];
    expect(keys.length).toBeGreaterThan(30);
    const text = readFileSync(example, 'utf8');
    expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(text))).toEqual([]);
  });

  it('names line and remedy of every problem at once', () => {
    expect(problems('district: Gao Xin\ncommunities: [{ id: 7, rule: {} }]\nport: 1')).toEqual([
      'district.yaml:1: district: use 1 to 32 of a-z, 0-9 and "-", for example "north-1"',
      'district.yaml:1: dataDir: is missing; see config/district.example.yaml',
      'district.yaml:2: communities[0].rule: unknown key; look for a typing error, or remove it',
      'district.yaml:3: port: unknown key; look for a typing error, or remove it',
    ]);
  });

  it.each([
    ['http: { host: 0.0.0.0 }', /^district\.yaml:5: http\.host: .*plain text.*http\.tls.*proxy/m],
    [
      'http: { host: 0.0.0.0, tls: { certificate: a.pem, key: b.pem } }',
      /^district\.yaml:5: http\.names: .*typed/,
    ],
    ['http: { metricsToken: short }', /^district\.yaml:5: http\.metricsToken: .*16 to 128/],
    [
      'broker: { type: embedded, host: 0.0.0.0 }',
      /^district\.yaml:5: broker\.host: .*plain text.*broker\.tls/,
    ],
    ['broker: { type: server }', /^district\.yaml:5: broker\.url: is missing/],
    ['broker: { type: cloud }', /^district\.yaml:5: broker\.type: /],
  ])('refuses %s and says why', (line, words) => {
    expect(problems(`${LEAST}${line}\n`).join('\n')).toMatch(words);
  });

  it('refuses a community that is there twice, by its line', () => {
    expect(problems(`${LEAST.replace('[{ id: 7 }]', '\n  - id: 7\n  - id: 7')}`)).toEqual([
      'district.yaml:6: communities[1].id: 7 is there twice; give each its own number',
    ]);
  });

  it('an embedded broker with a certificate may be reached by gates', () => {
    const loaded = load(
      `${LEAST}broker: { type: embedded, host: 0.0.0.0, tls: { certificate: a.pem, key: b.pem } }\n`,
    );
    expect(loaded.ok && loaded.value.config.broker).toMatchObject({
      tls: { certificate: join(folder, 'a.pem'), key: join(folder, 'b.pem') },
    });
  });

  it('may be reached by other machines over TLS, under the names that it is told', () => {
    const loaded = load(
      `${LEAST}http: { host: 0.0.0.0, names: [desk.example], tls: { certificate: a.pem, key: b.pem } }\n`,
    );
    expect(loaded.ok && loaded.value.config.http).toMatchObject({
      host: '0.0.0.0',
      names: ['desk.example'],
      tls: { certificate: join(folder, 'a.pem') },
    });
  });

  it('takes secrets from the environment', () => {
    const loaded = load(LEAST, {
      MENWEI_BROKER__TYPE: 'server',
      MENWEI_BROKER__URL: 'mqtts://broker.example:8883',
      MENWEI_BROKER__PASSWORD: '0123',
    });
    expect(loaded.ok && loaded.value.config.broker).toMatchObject({ type: 'server', password: '0123' });
  });

  it('has a JSON Schema that is up to date', () => {
    const published: unknown = JSON.parse(
      readFileSync(join(import.meta.dirname, 'district.schema.json'), 'utf8'),
    );
    expect(published, 'run: node config/write-schema.ts').toEqual(
      JSON.parse(JSON.stringify(districtConfigJsonSchema())),
    );
  });
});
