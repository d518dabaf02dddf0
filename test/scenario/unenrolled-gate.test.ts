import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type District, enrolmentPicture, startDistrict } from '../../src/district/index.ts';
import { argon2id, ed25519Signer, nodeEngine } from '../../src/crypto/index.ts';
import type { DisplayState } from '../../src/wire/index.ts';
import { memoryLog, realClock, until } from '../twins/broker.ts';
import { GateProcess, menwei } from '../twins/gate-process.ts';
import { RelayTrace } from '../twins/relay-trace.ts';
import { type SignedIn, signedIn } from '../twins/signed-in.ts';

/** The whole set-up of a new gate: a machine with a reader and a relay, shown one symbol, compared, confirmed. */

const COMMUNITY = 7;
let folder: string;
let district: District;
let operator: SignedIn;
let gate: GateProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-unenrolled-'));
  district = await startDistrict({
    dataDir: join(folder, 'district'),
    district: 'gaoxin',
    timeZone: 'Asia/Shanghai',
    communities: [{ id: COMMUNITY }],
    places: 4_096,
    http: { host: '127.0.0.1', port: 0 },
    broker: { host: '127.0.0.1', port: 0, ownTls: true },
    crypto: {
      argon2id,
      signer: ed25519Signer,
      verifySignature: (publicKey, { message, signature }) =>
        nodeEngine().importKey(1, publicKey)?.verify(message, signature) === true,
    },
    clock: realClock,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log: memoryLog(),
  });
  operator = await signedIn(district);
  mkdirSync(join(folder, 'pictures'));
});
afterEach(async () => {
  await gate?.stop();
  gate = undefined;
  await district.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const dataDir = () => join(folder, 'data');

/** The least that an installer writes: where the data lies, which readers and relay there are. */
function configure(more: Readonly<Record<string, unknown>> = {}): string {
  const config = {
    dataDir: 'data',
    http: { port: 0 },
    clock: { battery: true },
    lanes: [
      {
        id: 'main',
        readers: [{ id: 'pictures', type: 'directory', path: 'pictures' }],
        door: { driver: 'folder', chip: 'door', relay: { pulseMs: 200 } },
      },
    ],
    ...more,
  };
  const file = join(folder, 'gate.yaml');
  writeFileSync(file, JSON.stringify(config));
  return file;
}

function start(config: string): GateProcess {
  gate = new GateProcess({ config });
  return gate;
}

/** As a picture that is whole when the reader finds it. */
function show(picture: Uint8Array, name: string): void {
  writeFileSync(join(folder, `.${name}`), picture);
  renameSync(join(folder, `.${name}`), join(folder, 'pictures', name));
}

async function post<Answer>(path: string, body: unknown): Promise<Answer> {
  const answer = await operator(`/api${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const said = (await answer.json()) as Answer;
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(said)}`);
  return said;
}

const symbolFor = async (name: string) =>
  (await post<{ text: string }>('/enrolments', { gate: name, community: COMMUNITY })).text;

/** What the gate's display is told as soon as it asks. */
async function displayed(address: string): Promise<DisplayState> {
  const answer = await fetch(`${address}/display/main/events`);
  let text = '';
  for await (const part of answer.body ?? []) {
    text += Buffer.from(part as Uint8Array).toString('utf8');
    const data = /event: state\ndata: (.+)\n\n/.exec(text)?.[1];
    if (data === undefined) continue;
    return JSON.parse(data) as DisplayState;
  }
  throw new Error('the display was told nothing');
}

const addressOf = ({ log }: GateProcess, at: number): string =>
  [...log.matchAll(/"address":"([^"]+)"/g)][at]?.[1] ?? '';

interface Listed {
  readonly gate: string;
  readonly fingerprint: string;
  readonly confirmed: boolean;
  readonly status: { readonly documents: Readonly<Record<string, number>> } | null;
}

async function listed(name: string) {
  const answer = await operator('/api/gates');
  const { gates } = (await answer.json()) as {
    gates: Listed[];
  };
  return gates.find((each) => each.gate === name);
}

const newResident = () => post<{ index: number }>('/residents', { community: COMMUNITY, room: '1-101' });

const tokenOf = async ({ index }: { readonly index: number }) =>
  (await post<{ code: string }>(`/residents/${index}/token`, { ttlMinutes: 10 })).code;

describe('a gate that is not enrolled', () => {
  test('takes the symbol with its own reader, goes on as a gate, shows its fingerprint, and opens once it is confirmed', async () => {
    const relay = new RelayTrace(join(folder, 'door'));
    const running = start(configure());
    const before = await running.open();
    expect(await displayed(before)).toMatchObject({
      problems: expect.arrayContaining(['not-enrolled']),
      enrolment: { step: 'symbol' },
    });
    expect((await fetch(`${before}/readyz`)).status).toBe(503);

    const resident = await newResident();
    show(enrolmentPicture(await tokenOf(resident)).png, 'code.png');
    await until(
      async () => (await displayed(before)).enrolment?.refusal === 'other-code',
      'told as not enrolled',
      60_000,
    );
    expect(readdirSync(relay.folder)).toEqual([]);

    show(enrolmentPicture(await symbolFor('north-1')).png, 'symbol.png');
    await until(() => addressOf(running, 1) !== '', 'it goes on as a gate', 60_000);
    const after = addressOf(running, 1);
    const entry = await listed('north-1');
    expect(entry?.confirmed).toBe(false);
    expect((await displayed(after)).enrolment).toEqual({ step: 'confirm', fingerprint: entry?.fingerprint });
    expect(readFileSync(join(dataDir(), 'enrolment.json'), 'utf8')).not.toContain('password');
    expect(existsSync(join(dataDir(), 'keys/broker-client.pem'))).toBe(true);
    expect(existsSync(join(dataDir(), 'keys/broker-password'))).toBe(false);

    await post('/gates/north-1/confirm', { fingerprint: entry?.fingerprint });
    await until(async () => (await displayed(after)).enrolment === undefined, 'confirmed', 60_000);
    await until(
      async () => !(await displayed(after)).problems.includes('clock'),
      'the clock is proved',
      60_000,
    );
    show(enrolmentPicture(await tokenOf(resident)).png, 'second.png');
    await until(() => relay.openings().length === 1, 'the door opens', 60_000);
  }, 240_000);

  test('a symbol of the past is refused with the next step, and the next one is taken', async () => {
    const running = start(configure());
    const address = await running.open();
    const [old, fresh] = [await symbolFor('north-1'), await symbolFor('north-1')];
    show(enrolmentPicture(old).png, 'old.png');
    await until(async () => (await displayed(address)).enrolment?.refusal === 'expired', 'refused', 60_000);
    expect(existsSync(join(dataDir(), 'root.json'))).toBe(false);
    show(enrolmentPicture(fresh).png, 'fresh.png');
    await until(() => addressOf(running, 1) !== '', 'enrolled', 60_000);
  }, 180_000);

  test('a configuration that names another gate is not overruled', async () => {
    const running = start(configure({ gate: 'south-1' }));
    const address = await running.open();
    show(enrolmentPicture(await symbolFor('north-1')).png, 'symbol.png');
    await until(async () => (await displayed(address)).enrolment?.refusal === 'differs', 'refused', 60_000);
    expect(running.log).toMatch(/gate: the district enrolled north-1/);
    expect(existsSync(join(dataDir(), 'root.json'))).toBe(false);
  }, 180_000);

  test('after a reset it waits for a symbol again; its journal stays', async () => {
    const config = configure();
    const enrolled = await menwei(['enrol', await symbolFor('north-1'), '--config', config]);
    expect([enrolled.code, enrolled.error]).toEqual([0, expect.stringContaining('Compare')]);
    const running = start(config);
    await running.open();
    const refused = await menwei(['gate', 'reset', '--config', config, '--yes']);
    expect([refused.code, refused.error]).toEqual([1, expect.stringContaining('the gate is running')]);
    await running.stop();
    const unsure = await menwei(['gate', 'reset', '--config', config], 'no\n');
    expect([unsure.code, unsure.error]).toEqual([1, expect.stringContaining('nothing was changed')]);
    const reset = await menwei(['gate', 'reset', '--config', config], 'yes\n');
    expect([reset.code, reset.output]).toEqual([0, expect.stringContaining('before-reset-')]);
    expect(existsSync(join(dataDir(), 'journal.sqlite'))).toBe(true);
    expect(
      readdirSync(dataDir()).filter((name) => /^(keys|trust|root\.json|enrolment\.json)$/.test(name)),
    ).toEqual([]);
    expect(await displayed(await start(config).open())).toMatchObject({ enrolment: { step: 'symbol' } });
  }, 180_000);
});
