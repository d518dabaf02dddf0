import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wallMs } from '../../src/base/index.ts';
import { ed25519Signer } from '../../src/crypto/index.ts';
import { type District, type DistrictOptions, startDistrict } from '../../src/district/index.ts';
import { enrolmentMessage, enrolmentOf, enrolmentText } from '../../src/wire/index.ts';
import { memoryLog, realClock, until } from '../twins/broker.ts';
import { districtCrypto } from '../twins/district-crypto.ts';
import { GateProcess, menwei } from '../twins/gate-process.ts';
import { type SignedIn, signedIn } from '../twins/signed-in.ts';

/** A gate becomes one of a district by one symbol, and nobody else does. */

const community = 7;
let folder: string;
let aheadMs = 0;
let district: District;
let other: District;
const operators = new Map<District, SignedIn>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-enrolment-'));
  district = await startDistrict(optionsOf('gaoxin'));
  other = await startDistrict(optionsOf('liuxian'));
  for (const each of [district, other]) operators.set(each, await signedIn(each));
});
afterAll(async () => {
  await district.stop();
  await other.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

function optionsOf(name: string): DistrictOptions {
  return {
    dataDir: join(folder, name),
    district: name,
    timeZone: 'Asia/Shanghai',
    communities: [{ id: community }],
    places: 4_096,
    http: { host: '127.0.0.1', port: 0 },
    broker: { host: '127.0.0.1', port: 0 },
    crypto: districtCrypto,
    clock: { ...realClock, wall: () => wallMs(realClock.wall() + aheadMs) },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log: memoryLog(),
  };
}

function operatorOf(at: District): SignedIn {
  const operator = operators.get(at);
  if (operator === undefined) throw new Error('nobody is signed in there');
  return operator;
}

async function post(path: string, body: unknown, at = district): Promise<{ status: number; body: unknown }> {
  const answer = await operatorOf(at)(`/api${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

async function symbolFor(gate: string, at = district): Promise<string> {
  const answer = await post('/enrolments', { gate, community }, at);
  expect(answer.status).toBe(201);
  return (answer.body as { text: string }).text;
}

const enrol = (text: string, config: string) => menwei(['enrol', text, '--config', config]);

const fresh = (name: string): string => join(mkdtempSync(join(folder, `${name}-`)), 'gate.yaml');

interface ListedGate {
  readonly gate: string;
  readonly fingerprint: string;
  readonly confirmed: boolean;
}
async function listed(gate: string): Promise<ListedGate | undefined> {
  const answer = await operatorOf(district)('/api/gates');
  return ((await answer.json()) as { gates: ListedGate[] }).gates.find((each) => each.gate === gate);
}

/** A request as a gate makes it, with parts to be spoilt. */
function request(text: string, spoil: Partial<{ token: string; root: string; sealKey: string }> = {}) {
  const enrolment = enrolmentOf(text);
  if (enrolment === undefined) throw new Error('no enrolment');
  const signer = ed25519Signer(new Uint8Array(randomBytes(32)));
  const deviceKey = Buffer.from(signer.publicKey).toString('hex');
  const sealKey = randomBytes(32).toString('base64url');
  const signed = enrolmentMessage({ ...enrolment, ...spoil }, { deviceKey, sealKey });
  const proof = Buffer.from(signer.sign(signed)).toString('hex');
  return { token: spoil.token ?? enrolment.token, deviceKey, sealKey: spoil.sealKey ?? sealKey, proof };
}

describe('enrolment', () => {
  test('one symbol: the gate has its keys, its broker and its documents; the roster only once it is confirmed', async () => {
    const text = await symbolFor('north-1');
    expect(text).toMatch(/^MENWEI-ENROL:1:[0-9A-Z$%*+\-./:]+$/);
    const config = fresh('north');
    const { code, output, error } = await enrol(text, config);
    expect([code, error]).toEqual([0, expect.stringContaining('Compare the fingerprint')]);
    const entry = await listed('north-1');
    expect(entry?.confirmed).toBe(false);
    expect(output.replaceAll(' ', '')).toContain(entry?.fingerprint);
    const password = join(config, '../data/keys/broker-password');
    expect(statSync(password).mode & 0o777).toBe(0o600);
    expect(readFileSync(config, 'utf8')).not.toContain(readFileSync(password, 'utf8').trim());

    const yaml = readFileSync(config, 'utf8');
    writeFileSync(config, `${yaml}http: { port: 0 }\n`);
    const gate = new GateProcess({ config });
    try {
      await gate.open();
      const cache = join(config, '../data/trust');
      const held = () => (existsSync(cache) ? readdirSync(cache, { recursive: true }).map(String) : []);
      await until(
        () => held().some((name) => name.startsWith('policy')),
        'documents over the broker',
        20_000,
      );
      expect(held().some((name) => name.startsWith('roster'))).toBe(false);
      const wrong = await post('/gates/north-1/confirm', { fingerprint: '0'.repeat(64) });
      expect([wrong.status, (await listed('north-1'))?.confirmed]).toEqual([409, false]);
      const right = await post('/gates/north-1/confirm', { fingerprint: entry?.fingerprint });
      expect(right.status).toBe(200);
      await until(() => held().some((name) => name.startsWith('roster')), 'a roster sealed for it', 20_000);
    } finally {
      await gate.stop();
    }
  });

  test('a symbol is used once: a replay, and the same symbol at a second gate, are refused', async () => {
    const text = await symbolFor('once-1');
    const body = request(text);
    expect((await post('/enrol', body)).status).toBe(201);
    const fingerprint = (await listed('once-1'))?.fingerprint;
    expect((await post('/enrol', body)).status).toBe(403);
    expect((await post('/enrol', request(text))).status).toBe(403);
    expect((await listed('once-1'))?.fingerprint).toBe(fingerprint);
  });

  test('of two that come at once, one is enrolled', async () => {
    const text = await symbolFor('race-1');
    const answers = await Promise.all([post('/enrol', request(text)), post('/enrol', request(text))]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 403]));
  });

  test('a symbol ends after ten minutes, and when a newer one is made', async () => {
    const text = await symbolFor('late-1');
    aheadMs = 600_001;
    try {
      expect((await post('/enrol', request(text))).status).toBe(403);
    } finally {
      aheadMs = 0;
    }
    const [older, newer] = [await symbolFor('late-2'), await symbolFor('late-2')];
    expect((await post('/enrol', request(older))).status).toBe(403);
    expect((await post('/enrol', request(newer))).status).toBe(201);
  });

  test('a token of another district, a guessed one, and exchanged keys are refused, and the symbol is not spent', async () => {
    const text = await symbolFor('firm-1');
    expect((await post('/enrol', request(text), other)).status).toBe(403);
    expect((await post('/enrol', request(text, { token: 'f'.repeat(32) }))).status).toBe(403);
    expect((await post('/enrol', request(text, { root: '0'.repeat(64) }))).status).toBe(403);
    const sealKey = randomBytes(32).toString('base64url');
    expect((await post('/enrol', request(text, { sealKey }))).status).toBe(403);
    expect((await post('/enrol', request(text))).status).toBe(201);
  });

  test('a district with another root than the symbol’s is not believed, and nothing is written', async () => {
    const enrolment = enrolmentOf(await symbolFor('false-1'));
    const root = await other.rootDocument();
    const broker = { url: 'mqtt://127.0.0.1:1', username: 'x', password: 'y', protocolVersion: 4 };
    const answer = {
      gate: 'false-1',
      district: 'gaoxin',
      community,
      timeZone: 'Asia/Shanghai',
      root,
      broker,
    };
    const server = createServer((_, response) => response.end(JSON.stringify(answer)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const text = enrolmentText({
      root: enrolment?.root ?? '',
      token: enrolment?.token ?? '',
      address: `http://127.0.0.1:${port}`,
    });
    const config = fresh('false');
    const { code, error } = await enrol(text ?? '', config);
    server.close();
    expect([code, error]).toEqual([1, expect.stringContaining('another fingerprint')]);
    expect([existsSync(config), existsSync(join(config, '../data/root.json'))]).toEqual([false, false]);
  });

  test('an enrolled gate is not enrolled again by a symbol alone', async () => {
    const config = fresh('twice');
    expect((await enrol(await symbolFor('twice-1'), config)).code).toBe(0);
    const again = await enrol(await symbolFor('twice-1'), config);
    expect([again.code, again.error]).toEqual([1, expect.stringContaining('enrolled already')]);
  });

  test.each([
    ['HELLO', /not an enrolment/],
    [
      `MENWEI-ENROL:1:${'0'.repeat(52)}:${'0'.repeat(26)}:HTTP://DISTRICT.EXAMPLE:7300`,
      /plain text; use https/,
    ],
    [`MENWEI-ENROL:1:${'0'.repeat(52)}:${'0'.repeat(26)}:HTTP://127.0.0.1:1`, /does not answer/],
  ])('%s is refused, and it says why', async (text, words) => {
    const { code, error } = await enrol(text, fresh('bad'));
    expect([code, error]).toEqual([1, expect.stringMatching(words)]);
  });

  test('whoever guesses is slowed down', async () => {
    const body = request(await symbolFor('guess-1'), { token: 'a'.repeat(32) });
    const answers: number[] = [];
    for (let attempt = 0; attempt < 40; attempt += 1) answers.push((await post('/enrol', body)).status);
    expect(answers.at(-1)).toBe(429);
    expect((await post('/enrolments', { gate: 'guess-2', community: 8 })).status).toBe(404);
  });
});
