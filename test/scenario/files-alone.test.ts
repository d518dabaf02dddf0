import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/index.ts';
import { ed25519Signer } from '../../src/crypto/index.ts';
import { showProof } from '../../src/holder/index.ts';
import { issueToken } from '../../src/issue/index.ts';
import { until } from '../twins/broker.ts';
import { menwei } from '../twins/gate-process.ts';
import { newPhone, nowSeconds, random } from '../twins/paper-community.ts';
import { Trial, verdicts } from './trial.ts';

/** The first hour of somebody with files and no network: a bundle made, carried to the gate, and a code let in. */

const DISTRICT = 'village';
const COMMUNITY = 12;
const RESIDENT = 5;
const KID = 1;

let trial: Trial;
/** The test's own calendar, against the machine's. */
let aheadSeconds = 0;
const now = () => nowSeconds() + aheadSeconds;
let made: { readonly signer: ReturnType<typeof ed25519Signer>; readonly phone: ReturnType<typeof newPhone> };

beforeEach(async () => {
  trial = await Trial.begin();
  aheadSeconds = 0;
  made = { signer: ed25519Signer(random(32)), phone: newPhone() };
  trial.configure({ district: DISTRICT, community: COMMUNITY });
});
afterEach(() => trial.end());

function writeContext(of: { readonly revoked?: boolean } = {}): string {
  const context = {
    now: now(),
    district: { id: DISTRICT, timeZone: 'Asia/Shanghai' },
    community: COMMUNITY,
    policy: {},
    keyset: [
      {
        kid: KID,
        suite: 1,
        public: toHex(made.signer.publicKey),
        notBefore: now() - 86_400,
        notAfter: now() + 86_400,
      },
    ],
    statusLength: 100,
    statuses: of.revoked === true ? [{ index: RESIDENT, state: 1 }] : [],
    roster: [
      { index: RESIDENT, household: 1, order: 0, keys: [{ slot: 0, public: toHex(made.phone.publicKey) }] },
    ],
  };
  return trial.write('context.json', JSON.stringify(context));
}

/** The pinned root stays as it was; later versions lie in the bundle. */
async function makeBundle(name: string, of: { readonly revoked?: boolean } = {}): Promise<string> {
  const paths = [
    '--context',
    writeContext(of),
    '--out',
    trial.file(name),
    '--root-out',
    trial.file('root.json'),
  ];
  const said = await menwei([
    'trust',
    'bundle',
    ...paths,
    '--keys-dir',
    trial.file('role-keys'),
    '--at',
    String(now()),
  ]);
  expect(said, said.error).toMatchObject({ code: 0 });
  return trial.file(name);
}

const carry = (bundle: string) => menwei(['trust', 'import', bundle, '--config', trial.configFile]);

function token(): string {
  const sign = (message: Uint8Array) => made.signer.sign(message);
  const issuer = { district: DISTRICT, kid: KID, suite: 1 as const, sign };
  return issueToken(issuer, { index: RESIDENT, iat: now() - 1, ttlMinutes: 10, assurance: 1 }).canonical;
}

async function proof(): Promise<string> {
  const of = { district: DISTRICT, index: RESIDENT, slot: 0, party: 0, seconds: now() };
  return (await showProof(made.phone, of)).canonical;
}

async function judged(text: string) {
  const from = verdicts(trial.rows()).length;
  trial.scan(text);
  await until(() => verdicts(trial.rows()).length > from, 'the code is judged');
  const { decision, refusal } = verdicts(trial.rows())[from] ?? {};
  return refusal ?? decision;
}

describe('a community that runs on files', () => {
  test('lets a resident in at once after a bundle was carried to the gate that stood still', async () => {
    const said = await carry(await makeBundle('first.json'));
    expect(said, said.error).toMatchObject({ code: 0 });
    expect(said.output).toContain('keyset 1: taken');
    await trial.open();
    expect(await judged(token())).toBe('granted');
    expect(await judged(await proof())).toBe('granted');
    await until(() => trial.relay.openings().length > 0, 'the door opens');
  });

  test('takes the bundle in while the gate runs: first nobody may enter, then who should, then not who was revoked', async () => {
    const first = await makeBundle('first.json');
    await trial.open();
    expect(await judged(token())).toBe('unknown-key');
    expect(trial.relay.openings()).toEqual([]);
    const said = await carry(first);
    expect(said, said.error).toMatchObject({ code: 0 });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await judged(token())).toBe('granted');
    const again = await carry(await makeBundle('second.json', { revoked: true }));
    expect(again, again.error).toMatchObject({ code: 0 });
    expect(await judged(await proof())).toBe('revoked');
  });

  test('years after the gate was built, a bundle is enough to tell it the time', async () => {
    aheadSeconds = 500 * 86_400;
    const file = trial.write('clock-off', String(aheadSeconds * 1_000));
    const preload = join(import.meta.dirname, '../twins/wrong-clock.ts');
    const first = await makeBundle('first.json');
    await trial.open({ environment: { NODE_OPTIONS: `--import=${preload}`, WRONG_CLOCK_FILE: file } });
    const said = await carry(first);
    expect(said, said.error).toMatchObject({ code: 0 });
    expect(await judged(token())).toBe('granted');
  });

  test('refuses a bundle of strangers, says so, and believes what it had', async () => {
    await carry(await makeBundle('first.json'));
    await trial.open();
    const root = trial.file('root.json');
    rmSync(trial.file('role-keys'), { recursive: true });
    const strange = [
      '--context',
      writeContext(),
      '--out',
      trial.file('strange.json'),
      '--root-out',
      `${root}.strange`,
    ];
    expect((await menwei(['trust', 'bundle', ...strange])).code).toBe(0);
    const said = await carry(trial.file('strange.json'));
    expect(said.code).toBe(1);
    expect(said.error).toMatch(/^menwei: refused: /m);
    expect(said.error).not.toMatch(/\bat .*\.ts:/);
    expect(await judged(token())).toBe('granted');
  });
});
