import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SeenChip } from '../../../device/door/index.ts';
import { journalFolder, testDraft } from '../../journal/testing.ts';
import { judge } from '../../setup/index.ts';
import { run } from '../commands/doctor.ts';
import { type Around, gather, thisMachine } from './gather.ts';
import type { SeenPath } from './machine-view.ts';

/** The doctor on machines that are really out of order. */

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-doctor-'));
  file = join(folder, 'gate.yaml');
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  mkdirSync(join(folder, 'pictures'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Wanted {
  readonly readers?: readonly object[];
  readonly door?: object;
  readonly http?: object;
}

function configure({
  readers = [{ id: 'page', type: 'display' }],
  door = { driver: 'simulated' },
  http = { port: 0 },
}: Wanted): void {
  writeFileSync(file, JSON.stringify({ dataDir: 'data', http, lanes: [{ id: 'main', readers, door }] }));
}

const gpio = { driver: 'gpio', relay: { line: 17 }, contact: { line: 27 } };

function machine(change: {
  readonly paths?: Readonly<Record<string, Partial<SeenPath>>>;
  readonly chip?: SeenChip;
}): Around {
  const real = thisMachine();
  const device = {
    kind: 'device',
    readable: true,
    writable: true,
    mode: 0o660,
    owner: 0,
    group: 'root',
  } as const;
  return {
    ...real,
    view: {
      ...real.view,
      look: (path) => {
        const seen = change.paths?.[path];
        return seen === undefined ? real.view.look(path) : { real: path, ...device, ...seen };
      },
    },
    lines: () => change.chip ?? { state: 'not-found', there: [] },
  };
}

async function codes(around: Around = machine({})): Promise<string[]> {
  return judge(await gather(file, around)).map(({ code, about }) =>
    about === undefined ? code : `${code} ${about}`,
  );
}

const SCANNER = { id: 'front', type: 'serial', path: '/dev/ttyACM0' };

describe('readers', () => {
  it.each([
    ['a port that is not there', SCANNER, {}, 'reader-missing front'],
    ['a keyboard where a port is named', SCANNER, { real: '/dev/input/event3' }, 'reader-wrong-type front'],
    [
      'a file in the place of a device',
      { ...SCANNER, path: '/etc/hostname' },
      undefined,
      'reader-wrong-type front',
    ],
    [
      'a port that only a group may use',
      SCANNER,
      { readable: false, group: 'dialout' },
      'reader-no-rights front',
    ],
    [
      'a port that can be read and not written',
      SCANNER,
      { writable: false, group: 'dialout' },
      'reader-no-rights front',
    ],
    ['a port that is right', SCANNER, { real: '/dev/ttyACM0' }, 'reader-good front'],
    [
      'a port by a name that another may have after the next start',
      SCANNER,
      { real: '/dev/ttyACM0' },
      'reader-name-fleeting front',
    ],
  ])('%s', async (...[, reader, seen, code]) => {
    configure({ readers: [reader] });
    const isThere = seen !== undefined && Object.keys(seen).length > 0;
    expect(await codes(machine(isThere ? { paths: { [SCANNER.path]: seen } } : {}))).toContain(code);
  });
});

describe('doors', () => {
  it.each<readonly [string, SeenChip, string]>([
    ['no chip', { state: 'not-found', there: ['x86-pinctrl'] }, 'door-no-chip main'],
    ['no rights', { state: 'no-rights', path: '/dev/gpiochip0' }, 'door-no-rights main'],
    [
      'a line that another program holds',
      { state: 'found', label: 'pinctrl-rp1', lines: [{ line: 17, state: 'taken', by: 'w1' }] },
      'door-line-taken main',
    ],
    [
      'a line that the chip does not have',
      { state: 'found', label: 'pinctrl-rp1', lines: [{ line: 17, state: 'missing' }] },
      'door-line-missing main',
    ],
    [
      'free lines',
      { state: 'found', label: 'pinctrl-rp1', lines: [{ line: 17, state: 'free' }] },
      'door-good main',
    ],
  ])('%s', async (_, chip, code) => {
    configure({ door: gpio });
    expect(await codes(machine({ chip }))).toContain(code);
  });
});

describe('the machine', () => {
  it('a data folder that others can read', async () => {
    configure({});
    chmodSync(join(folder, 'data'), 0o755);
    expect(await codes()).toContain('folder-open');
  });

  it('a folder that is not there yet, and nothing is made by looking', async () => {
    configure({});
    rmSync(join(folder, 'data'), { recursive: true });
    expect(await codes()).toEqual(expect.arrayContaining(['folder-missing', 'gate-stopped', 'journal-none']));
    expect(execFileSync('ls', [folder], { encoding: 'utf8' })).not.toContain('data');
  });

  it('a port that another program listens on', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    configure({ http: { port: (server.address() as AddressInfo).port } });
    expect(await codes()).toContain('pages-taken');
    server.close();
  });

  it('a journal with a row that does not hold', async () => {
    configure({});
    const made = journalFolder();
    const journal = made.open();
    for (let row = 1; row < 5; row += 1) journal.append([testDraft(row)], [], 'code');
    journal.close();
    execFileSync('cp', [made.file, join(folder, 'data', 'journal.sqlite')]);
    made.remove();
    expect(await codes()).toContain('journal-whole');
    execFileSync(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      '-e',
      `const { DatabaseSync } = require('node:sqlite'); const db = new DatabaseSync(process.argv[1]); db.exec("UPDATE row SET digest = zeroblob(32) WHERE seq = 2");`,
      join(folder, 'data', 'journal.sqlite'),
    ]);
    expect(await codes()).toContain('journal-damaged');
  });
});

describe('the command', () => {
  async function doctor(...args: readonly string[]) {
    const [output, error] = [new PassThrough(), new PassThrough()];
    const code = await run(['--config', file, ...args], { input: Readable.from([]), output, error });
    return { code, said: String(output.read() ?? ''), explained: String(error.read() ?? '') };
  }

  it('says line and remedy of a configuration that is wrong, and ends with 2', async () => {
    writeFileSync(
      file,
      'dataDir: data\nlanes:\n  - id: main\n    readers: []\n    door: { driver: simulated }\n',
    );
    const { code, said } = await doctor('--language', 'zh');
    expect(code).toBe(2);
    expect(said).toMatch(/✗ 配置: 配置有误：.*gate\.yaml:4: lanes\[0\]\.readers/);
  });

  it('speaks both languages, and JSON', async () => {
    configure({});
    expect((await doctor('--language', 'en')).said).toMatch(
      /This gate is not enrolled yet[\s\S]*to mend now/,
    );
    expect((await doctor('--language', 'zh')).said).toMatch(/本门禁尚未登记[\s\S]*必须处理/);
    const { code, said } = await doctor('--json');
    expect(JSON.parse(said)).toMatchObject({ exit: code, findings: expect.any(Array) });
  });

  it.each([['--language', 'fr'], ['--what']])('does not guess: %s', async (...args) => {
    expect((await doctor(...args)).code).toBe(2);
  });
});
