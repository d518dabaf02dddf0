import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SteppedClock } from '../../../test/twins/clock.ts';
import { QuietDistrict } from '../../../test/twins/quiet-district.ts';
import { dispatch } from '../command-table.ts';
import { readRow, readWhole, WRITTEN_ROWS, writtenKey } from '../root/written-key.ts';

let folder: string;
let running: QuietDistrict | undefined;
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-ceremony-'));
  writeFileSync(at('district.yaml'), 'district: d-1\ndataDir: .\ncommunities: [{ id: 7 }]\n');
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function menwei(line: string, typed: readonly string[] = []) {
  const [output, error] = [new PassThrough(), new PassThrough()];
  const args = line
    .trim()
    .split(' ')
    .map((word) => (/^[A-Za-z0-9.-]+\.(json|pub|yaml)$|^away$/.test(word) ? at(word) : word));
  const code = await dispatch(args, { input: Readable.from(typed.map((row) => `${row}\n`)), output, error });
  return { code, said: allOf(output), explained: allOf(error) };
}

function allOf(stream: PassThrough): string {
  let text = '';
  for (let piece = read(stream); piece !== null; piece = read(stream)) text += piece;
  return text;
}

function read(stream: PassThrough): string | null {
  const piece: unknown = stream.read();
  return Buffer.isBuffer(piece) ? piece.toString() : null;
}

async function done(line: string, typed: readonly string[] = []): Promise<string> {
  const { code, said, explained } = await menwei(line, typed);
  expect(`${code} ${code === 0 ? '' : explained}`).toBe('0 ');
  return said;
}

async function newKeys(...names: readonly string[]): Promise<void> {
  for (const name of names) await done(`root new --out ${name}.json`);
}

const start = () => QuietDistrict.start({ folder, clock: new SteppedClock(Date.now()) });

async function startWithGate() {
  running = await start();
  const gate = await running.gate('north-1');
  await running.publisher.publishAll();
  expect(await gate.listen()).toEqual([]);
  return { district: running, gate };
}

const DOCUMENTS = [
  'root',
  'keyset',
  'residents',
  'visitors',
  'policy',
  'roster',
  'operators',
  'time',
] as const;

async function firstRoot(keys = '--root-key a.json.pub --root-key b.json.pub --root-key c.json.pub') {
  await newKeys('a', 'b', 'c');
  await done(`root draft --config district.yaml --out draft.json ${keys}`);
  await done('root sign draft.json --key a.json --out sa.json');
  await done('root sign draft.json --key b.json --out sb.json');
}

describe('a district that begins with a ceremony', () => {
  test('two of three sign; the district makes no root keys, and a gate believes all that it signs', async () => {
    await firstRoot();
    expect(statSync(at('a.json')).mode & 0o777).toBe(0o600);
    await done('root join draft.json sa.json sb.json --out root.json');
    await done('district root accept root.json --config district.yaml');
    const { gate } = await startWithGate();
    expect(existsSync(at('keys/root-keys.json'))).toBe(false);
    for (const name of DOCUMENTS) expect([...gate.trust.snapshot().versions.keys()]).toContain(name);
  });

  test('one signature is not enough, and it is said whose are missing', async () => {
    await firstRoot();
    const { code, explained } = await menwei('root join draft.json sa.json --out root.json');
    expect(code).toBe(1);
    expect(explained).toMatch(/signatures: 1 of the 2 that version 1 asks for; 1 more of these must sign: /);
  });

  test('the same key twice, another draft’s signature, a strange key, an edited draft: each has its words', async () => {
    await firstRoot();
    const twice = await menwei('root join draft.json sa.json sa.json --out root.json');
    expect(twice.explained).toMatch(/sa\.json: key \S+ has signed already/);
    await done(
      'root draft --config district.yaml --out other.json --root-key a.json.pub --root-key b.json.pub --days 30',
    );
    expect((await menwei('root join other.json sa.json sb.json --out root.json')).explained).toMatch(
      /is for another draft/,
    );
    await newKeys('stranger');
    expect((await menwei('root sign draft.json --key stranger.json --out s.json')).explained).toMatch(
      /is none of the root keys of d-1/,
    );
    expect((await menwei('root sign draft.json --key a.json.pub --out s.json')).explained).toMatch(
      /the public half only/,
    );
    const draft = JSON.parse(readFileSync(at('draft.json'), 'utf8')) as { payload: string };
    const payload = JSON.parse(Buffer.from(draft.payload, 'base64url').toString()) as { exp: number };
    const edited = Buffer.from(JSON.stringify({ ...payload, exp: payload.exp + 86_400 })).toString(
      'base64url',
    );
    writeFileSync(at('edited.json'), JSON.stringify({ ...draft, payload: edited }));
    expect((await menwei('root sign edited.json --key a.json --out s.json')).explained).toMatch(
      /was changed after it was made/,
    );
    expect((await menwei('root join edited.json sa.json sb.json --out r.json')).explained).toMatch(
      /was changed after it was made/,
    );
  });

  test('a signature whose bytes were changed is found by its own words', async () => {
    await firstRoot();
    const file = JSON.parse(readFileSync(at('sb.json'), 'utf8')) as { jws: string };
    const [header, payload, signature = ''] = file.jws.split('.');
    const other = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    writeFileSync(at('bad.json'), JSON.stringify({ ...file, jws: [header, payload, other].join('.') }));
    expect((await menwei('root join draft.json sa.json bad.json --out r.json')).explained).toMatch(
      /bad\.json: the signature does not hold/,
    );
  });

  test('another district’s root, a root that skips a version, and one whose keys are elsewhere are not accepted', async () => {
    await firstRoot();
    await done('root join draft.json sa.json sb.json --out root.json');
    writeFileSync(at('other.yaml'), 'district: d-2\ndataDir: away\ncommunities: [{ id: 7 }]\n');
    expect((await menwei('district root accept root.json --config other.yaml')).explained).toMatch(
      /is for the district d-1, this one is d-2/,
    );
    writeFileSync(at('empty.yaml'), 'district: d-1\ndataDir: away\ncommunities: [{ id: 7 }]\n');
    expect((await menwei('district root accept root.json --config empty.yaml')).explained).toMatch(
      /names keys that are not on this machine/,
    );
    await done('district root accept root.json --config district.yaml');
    expect((await menwei('district root accept root.json --config district.yaml')).explained).toMatch(
      /is version 1, and the district has version 1/,
    );
  });

  test('without keys, with a threshold that nobody can reach, with a key named twice: no draft', async () => {
    await newKeys('a', 'b');
    const draft = (more: string) => menwei(`root draft --config district.yaml --out draft.json ${more}`);
    expect((await draft('')).explained).toMatch(/--root-key: a district’s first root names its root keys/);
    expect((await draft('--root-key a.json.pub')).explained).toMatch(/2 of 1 keys can never sign/);
    expect((await draft('--root-key a.json.pub --root-key a.json.pub')).explained).toMatch(/named twice/);
    expect((await draft('--root-key a.json.pub --rotate root')).explained).toMatch(/--rotate: use keyset/);
    expect((await menwei('root new --out a.json')).explained).toMatch(
      /is there already; a key is never overwritten/,
    );
    expect(existsSync(at('draft.json'))).toBe(false);
  });
});

describe('a district that began by itself', () => {
  test('T7: its root keys are carried away; role keys change while it runs, and gates near and far follow', async () => {
    const { district, gate } = await startWithGate();
    expect(JSON.stringify(district.log)).toMatch(/carry them away/);
    const far = await district.gate('far-1');
    await done('root export --config district.yaml --out-dir away');
    expect(existsSync(at('keys/root-keys.json'))).toBe(false);
    expect(readdirSync(at('away')).filter((name) => name.endsWith('.json'))).toHaveLength(3);
    for (const version of [2, 3]) {
      await done(
        'root draft --config district.yaml --out draft.json --rotate keyset --rotate status --rotate time',
      );
      const [one, two] = [version, version - 1].map((which) => join('away', `root-key-${which}.json`));
      await done(`root sign draft.json --key ${at(one ?? '')} --out s1.json`);
      await done(`root sign draft.json --key ${at(two ?? '')} --out s2.json`);
      await done('root join draft.json s1.json s2.json --out root.json');
      await done('district root accept root.json --config district.yaml');
      await district.desk.lookOver();
      expect(await gate.listen()).toEqual([]);
      expect(gate.trust.snapshot().versions.get('root')?.version).toBe(version);
    }
    // It was off all the time, and knows version 1 alone.
    await district.publisher.publishAll();
    const bundle = JSON.stringify(await district.publisher.bundle());
    expect((await far.trust.importBundle(bundle, far.now)).refused).toEqual([]);
    const index = await district.resident();
    await district.registry.setState(index, 'revoked');
    await district.publisher.statusChanged('residents', [index]);
    await gate.listen();
    for (const name of DOCUMENTS) expect([...gate.trust.snapshot().versions.keys()]).toContain(name);
    expect(gate.trust.snapshot().residents.at(index)).toBe(1);
    expect(far.trust.snapshot().versions.get('keyset')?.version).toBe(
      gate.trust.snapshot().versions.get('keyset')?.version,
    );
  });

  test('the root’s own keys change only by the thresholds of both versions', async () => {
    const { district, gate } = await startWithGate();
    await done('root export --config district.yaml --out-dir away');
    await newKeys('n1', 'n2', 'n3', 'n4', 'n5');
    await done('district bundle --config district.yaml --out bundle.json');
    const keys = ['n1', 'n2', 'n3', 'n4', 'n5'].map((name) => `--root-key ${name}.json.pub`).join(' ');
    const said = await done(`root draft --from bundle.json --out draft.json ${keys} --threshold 3`);
    expect(said).toMatch(/root: 3 of 5/);
    for (const name of ['n1', 'n2', 'n3'])
      await done(`root sign draft.json --key ${name}.json --out s-${name}.json`);
    const half = await menwei('root join draft.json s-n1.json s-n2.json s-n3.json --out root.json');
    expect(half.explained).toMatch(/0 of the 2 that version 1 asks for/);
    for (const which of [1, 2])
      await done(`root sign draft.json --key ${at(`away/root-key-${which}.json`)} --out s-${which}.json`);
    await done('root join draft.json s-n1.json s-n2.json s-n3.json s-1.json s-2.json --out root.json');
    await done('district root accept root.json --config district.yaml');
    await district.desk.lookOver();
    expect(await gate.listen()).toEqual([]);
    expect(gate.trust.snapshot().versions.get('root')?.version).toBe(2);
    // The former keys change nothing any more.
    await done('root draft --config district.yaml --out draft.json --rotate policy');
    const former = await menwei(`root sign draft.json --key ${at('away/root-key-1.json')} --out s.json`);
    expect(former.explained).toMatch(/none of the root keys/);
  });

  test('a root without its keys goes on, says so, and renews what it can', async () => {
    const { district } = await startWithGate();
    await done('root export --config district.yaml --out-dir away');
    await district.stop({ keep: true });
    const clock = new SteppedClock(Date.now() + 400 * 86_400_000);
    running = await QuietDistrict.start({ folder, clock });
    const spans = new Map((await running.publisher.spans()).map((span) => [span.name, span]));
    const now = clock.wall() / 1_000;
    expect(spans.get('root')?.expires_at_seconds).toBeLessThan(now);
    for (const name of ['keyset', 'policy/7', 'roster/7', 'operators', 'residents', 'visitors'])
      expect(spans.get(name)?.expires_at_seconds).toBeGreaterThan(now);
  });

  test('while its root keys are here it renews the root by itself, and a gate follows', async () => {
    const { district, gate } = await startWithGate();
    district.clock.step(200 * 86_400_000);
    await district.publisher.refresh();
    await district.publisher.publishAll();
    expect(await gate.listen()).toEqual([]);
    expect(gate.trust.snapshot().versions.get('root')?.version).toBe(2);
  });
});

describe('a root key on paper', () => {
  const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const rowsOf = (key: Uint8Array) => writtenKey(key).map((row, at) => readRow(at, row));

  test('what is written can be typed back, in small letters and without the hyphen', () => {
    fc.assert(
      fc.property(seed, (key) => {
        const rows = writtenKey(key).map((row, at) => readRow(at, row.toLowerCase().replace('-', ' ')));
        const whole = readWhole(rows.flatMap((row) => (row.ok ? [row.value] : [])));
        expect(whole.ok && Buffer.from(whole.value).equals(Buffer.from(key))).toBe(true);
      }),
    );
  });

  test('one wrong letter is found in its row, or at the end: no other key comes out', () => {
    let found = 0;
    let asked = 0;
    fc.assert(
      fc.property(
        seed,
        fc.nat(WRITTEN_ROWS * 8 - 1),
        fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
        (...[key, where, letter]) => {
          const rows = writtenKey(key).map((row) => row.slice(3).replace('-', ''));
          const [at, column] = [Math.floor(where / 8), where % 8];
          const row = rows[at] ?? '';
          if (row[column] === letter) return;
          asked += 1;
          rows[at] = row.slice(0, column) + letter + row.slice(column + 1);
          const read = rows.map((text, index) => readRow(index, text));
          if (read[at]?.ok === false) found += 1;
          const whole = readWhole(read.flatMap((each) => (each.ok ? [each.value] : [])));
          expect(whole.ok).toBe(false);
        },
      ),
      { numRuns: 2_000 },
    );
    // One byte checks a row: 255 of 256 are found there.
    expect(found / asked).toBeGreaterThan(0.98);
  });

  test('rows of two papers are no key', () => {
    fc.assert(
      fc.property(seed, seed, (one, other) => {
        fc.pre(!Buffer.from(one).equals(Buffer.from(other)));
        const rows = [...rowsOf(one).slice(0, 4), ...rowsOf(other).slice(4)];
        const whole = readWhole(rows.flatMap((row) => (row.ok ? [row.value] : [])));
        const isOne = Buffer.from(one.subarray(0, 16)).equals(Buffer.from(other.subarray(0, 16)));
        expect(whole.ok).toBe(isOne);
      }),
    );
  });

  test('a key that exists on paper alone signs a draft; a wrong row is asked for again', async () => {
    await newKeys('a', 'b', 'c');
    const rows = writtenKey(
      Buffer.from(JSON.parse(readFileSync(at('c.json'), 'utf8')).secret as string, 'hex'),
    );
    await done(
      'root draft --config district.yaml --out draft.json --root-key a.json.pub --root-key b.json.pub --root-key c.json.pub',
    );
    const [first = '', ...rest] = rows;
    const { code, explained } = await menwei('root sign draft.json --typed --out sc.json', [
      'ABC',
      `${first.slice(0, -1)}${first.endsWith('0') ? '1' : '0'}`,
      first,
      ...rest,
    ]);
    expect(code).toBe(0);
    expect(explained).toMatch(/row 1: eight letters.*row 1: does not check/s);
    await done('root sign draft.json --key a.json --out sa.json');
    await done('root join draft.json sa.json sc.json --out root.json');
    const stopped = await menwei('root sign draft.json --typed --out s.json', rows.slice(0, 3));
    expect(stopped.explained).toMatch(/ended after 3 of 9 rows/);
  });

  test('menwei root new --written keeps the public half only once the paper was read back', async () => {
    const { code, explained } = await menwei('root new --written --public p.pub', ['0000-0000']);
    expect(code).toBe(1);
    expect(explained).toMatch(/row 1: does not check|ended after/);
    expect(existsSync(at('p.pub'))).toBe(false);
  });
});
