import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SteppedClock } from '../../../test/twins/clock.ts';
import { enrolledKeys } from '../../../test/twins/paper-community.ts';
import { QuietDistrict } from '../../../test/twins/quiet-district.ts';
import { dispatch } from '../command-table.ts';

/** A gate without network: the district's bundle on a stick, and `menwei trust import` at the gate. */

let folder: string;
let district: QuietDistrict;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-bundle-'));
  writeFileSync(at('district.yaml'), 'district: d-1\ndataDir: .\ncommunities: [{ id: 7 }]\n');
  district = await QuietDistrict.start({ folder, clock: new SteppedClock(Date.now()) });
});
afterEach(async () => {
  await district.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function menwei(...args: readonly string[]) {
  const [output, error] = [new PassThrough(), new PassThrough()];
  const code = await dispatch(args, { input: Readable.from([]), output, error });
  output.end();
  error.end();
  return { code, said: (await output.toArray()).join(''), explained: (await error.toArray()).join('') };
}

/** A gate that pins the district's root, and that is enrolled under its own keys. */
async function enrolledGate(): Promise<string> {
  const { deviceKey, sealKey } = enrolledKeys(at('gate'));
  await district.registry.enrolGate({ gate: 'north-1', community: 7, deviceKey, sealKey: sealKey.x });
  await district.publisher.registryChanged();
  const [root] = await district.database.selectFrom('root_version').select('text').execute();
  writeFileSync(at('root.json'), root?.text ?? '');
  const lane = {
    id: 'lane-1',
    readers: [{ id: 'files', type: 'directory', path: 'pictures' }],
    door: { driver: 'simulated' },
  };
  const gate = {
    gate: 'north-1',
    district: 'd-1',
    community: 7,
    dataDir: 'gate',
    trust: { root: 'root.json' },
    lanes: [lane],
    clock: { battery: true },
  };
  writeFileSync(at('gate.yaml'), JSON.stringify(gate));
  return at('gate.yaml');
}

const bundle = (...more: readonly string[]) =>
  menwei('district', 'bundle', '--config', at('district.yaml'), '--out', at('bundle.json'), ...more);

test('documents of the district and the gate’s own sealed roster are taken in at the gate', async () => {
  const config = await enrolledGate();
  const index = await district.resident();
  await district.registry.setState(index, 'suspended');
  await district.publisher.statusChanged('residents', [index]);
  expect((await bundle('--gate', 'north-1')).code).toBe(0);
  const { code, said, explained } = await menwei('trust', 'import', at('bundle.json'), '--config', config);
  expect(`${code} ${explained}`).toBe('0 ');
  for (const name of ['keyset', 'residents', 'residents-delta', 'policy', 'roster', 'operators', 'time'])
    expect(said).toMatch(new RegExp(`^${name} \\d+: taken$`, 'm'));
});

test('a bundle for everybody has no roster in it', async () => {
  await enrolledGate();
  await district.resident('9-901');
  expect((await bundle()).code).toBe(0);
  const text = readFileSync(at('bundle.json'), 'utf8');
  const types = (JSON.parse(text) as { documents: unknown[] }).documents
    .filter((document) => typeof document === 'string')
    .map((document) => Buffer.from(document.split('.')[0] ?? '', 'base64url').toString());
  expect(types.some((header) => header.includes('statuslist'))).toBe(true);
  expect(types.some((header) => header.includes('roster') || header.includes('ECDH'))).toBe(false);
});

test('a gate that there is not, or that nobody has confirmed, gets none; what has expired is said', async () => {
  expect((await bundle('--gate', 'south-1')).explained).toMatch(/no gate is enrolled under this name/);
  const { deviceKey } = enrolledKeys(at('other'));
  await district.registry.enrolGate({ gate: 'east-1', community: 7, deviceKey }, { confirmed: false });
  expect((await bundle('--gate', 'east-1')).explained).toMatch(/nobody has compared its fingerprint/);
  await district.database
    .updateTable('document')
    .set({ expires_at_seconds: 1 })
    .where('name', '=', 'keyset')
    .execute();
  expect((await bundle()).explained).toMatch(/keyset has expired; start the district/);
});
