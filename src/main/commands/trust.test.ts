import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../device/clock/index.ts';
import { lockJournal } from '../../journal/index.ts';
import type { Log } from '../../ports/index.ts';
import type { CommandIo } from '../command.ts';
import { bundleFolder } from '../gate/bundle-folder.ts';
import { trustBundle } from './trust-bundle.ts';
import { trustImport } from './trust-import.ts';
import { trustShow } from './trust-show.ts';

const day = join(import.meta.dirname, '../../../test/vectors/code-v1-day.json');
let folder: string;
let config: string;
const at = (name: string) => join(folder, name);

type Command = (args: readonly string[], io: CommandIo) => Promise<number>;

async function run(command: Command, args: readonly string[]) {
  const [output, error] = [new PassThrough(), new PassThrough()];
  const code = await command(args, { input: Readable.from([]), output, error });
  return { code, said: String(output.read() ?? ''), explained: String(error.read() ?? '') };
}

function bundle(name: string, extra: readonly string[] = ['--keys-dir', at('role-keys')], context = day) {
  const files = ['--out', at(name), '--root-out', at(`${name}.root`)];
  return run(trustBundle, ['--context', context, ...files, ...extra]);
}

function configWith(trust: object, dataDir: string): string {
  const vectors = JSON.parse(readFileSync(day, 'utf8')) as { community: number };
  const lane = {
    id: 'lane-1',
    readers: [{ id: 'files', type: 'directory', path: 'pictures' }],
    door: { driver: 'simulated' },
  };
  const gate = {
    gate: 'north-1',
    district: 'gaoxin',
    community: vectors.community,
    dataDir,
    trust: { root: 'first.root', ...trust },
    lanes: [lane],
    clock: { battery: true },
  };
  const file = at(`${dataDir}.yaml`);
  writeFileSync(file, JSON.stringify(gate));
  return file;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-trust-'));
  config = configWith({ plainRoster: true }, 'data');
  expect((await bundle('first')).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('trust bundle', () => {
  it('says that a roster is not sealed, and that keys were not kept', async () => {
    expect((await bundle('said')).explained).toContain('signed but not sealed');
    expect((await bundle('lost', [])).explained).toContain('were not kept');
  });

  it('keeps keys, and a roster that is not sealed, for their owner alone', () => {
    for (const file of ['first', 'role-keys/root-1.jwk', 'role-keys/state.json']) {
      expect(statSync(at(file)).mode & 0o777, file).toBe(0o600);
    }
  });

  it('names every problem of its context, and makes nothing', async () => {
    const context = at('bad.json');
    const plain = JSON.parse(readFileSync(day, 'utf8')) as { policy: object };
    writeFileSync(context, JSON.stringify({ ...plain, policy: { ...plain.policy, windowSeconds: 5 } }));
    const made = await bundle('bad', [], context);
    expect(made).toMatchObject({ code: 1, said: '' });
    expect(made.explained).toContain('windowSeconds');
    expect(() => statSync(at('bad'))).toThrow();
  });

  it('leaves a key out that must not be used, and says so', async () => {
    const context = at('weak.json');
    const plain = JSON.parse(readFileSync(day, 'utf8')) as { keyset: object[] };
    const weak = { ...plain.keyset[0], kid: 7, public: `01${'00'.repeat(31)}` };
    writeFileSync(context, JSON.stringify({ ...plain, keyset: [...plain.keyset, weak] }));
    expect(await bundle('weak', [], context)).toMatchObject({
      code: 0,
      explained: expect.stringContaining('kid 7'),
    });
  });

  it('is not understood without its files', async () => {
    expect(await run(trustBundle, ['--context', day])).toMatchObject({ code: 2 });
    expect(await bundle('never', ['--at', 'soon'])).toMatchObject({ code: 2 });
  });
});

describe('trust import and trust show', () => {
  it('bring a gate from nothing to a whole district', async () => {
    const bare = await run(trustShow, ['--config', config, '--json']);
    expect(JSON.parse(bare.said)).toMatchObject({
      documents: [{ document: 'root', version: 1 }],
      kinds: { 1: 'none' },
    });
    const imported = await run(trustImport, [at('first'), '--config', config]);
    expect(imported).toMatchObject({ code: 0, explained: '' });
    const shown = JSON.parse((await run(trustShow, ['--config', config, '--json'])).said) as {
      documents: { document: string; version: number }[];
    };
    expect(shown).toMatchObject({
      kinds: { 1: 'normal', 2: 'normal', 3: 'normal', 4: 'normal', 5: 'normal' },
      problems: [],
      reasons: [],
    });
    expect(shown.documents.map(({ document }) => document).sort()).toEqual(
      ['keyset', 'operators', 'policy', 'residents', 'root', 'roster', 'time', 'visitors'].sort(),
    );
    const table = (await run(trustShow, ['--config', config])).said;
    expect(table).toContain('kind 1 normal');
    expect(table).toMatch(/keyset +1 /);
  });

  it('take a second bundle under the same root, and refuse the first one after it', async () => {
    await bundle('second');
    expect((await run(trustImport, [at('second'), '--config', config])).code).toBe(0);
    const back = await run(trustImport, [at('first'), '--config', config]);
    expect(back.code).toBe(1);
    expect(back.explained).toContain('rollback');
    expect(back.said).toContain('root 1: held already');
  });

  it('refuse a bundle of other keys', async () => {
    await bundle('strange', []);
    const refused = await run(trustImport, [at('strange'), '--config', config]);
    expect(refused).toMatchObject({ code: 1, said: '' });
  });

  it('open a roster that is sealed to the gate, and want it sealed', async () => {
    const sealedConfig = configWith({}, 'sealed');
    const plain = await run(trustImport, [at('first'), '--config', sealedConfig]);
    expect(plain.explained).toContain('not-sealed');
    const { privateKey } = generateKeyPairSync('x25519');
    mkdirSync(at('sealed/keys'), { recursive: true });
    writeFileSync(at('sealed/keys/roster.jwk'), JSON.stringify(privateKey.export({ format: 'jwk' })));
    const made = await bundle('third', [
      '--keys-dir',
      at('role-keys'),
      '--gate-key',
      at('sealed/keys/roster.jwk'),
    ]);
    expect(made.explained).toBe('');
    expect(await run(trustImport, [at('third'), '--config', sealedConfig])).toMatchObject({
      code: 0,
      explained: '',
    });
  });

  it('leave a running gate’s cache to the gate', async () => {
    const clock = systemClock();
    const log = { info: () => undefined, error: () => undefined } as unknown as Log;
    const release = lockJournal(at('data/journal.sqlite'));
    const taken: number[] = [];
    const bundles = bundleFolder(at('data'), { clock, log }, async (json) => {
      taken.push(json.length);
      return { accepted: [{ document: 'policy', version: 9, changed: true, resets: [] }], refused: [] };
    });
    bundles.start();
    try {
      const imported = await run(trustImport, [at('first'), '--config', config]);
      expect(imported).toMatchObject({ code: 0, said: 'policy 9: taken\n' });
      expect(taken).toHaveLength(1);
    } finally {
      bundles.stop();
      release();
    }
  });

  it('say what cannot be read', async () => {
    expect((await run(trustImport, [at('none'), '--config', config])).explained).toContain('cannot be read');
    expect((await run(trustShow, ['--config', at('none.yaml')])).code).toBe(1);
    expect((await run(trustShow, [])).code).toBe(2);
    expect((await run(trustImport, [])).code).toBe(2);
  });
});
