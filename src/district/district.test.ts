import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryLog, realClock, until } from '../../test/twins/broker.ts';
import {
  keyPair,
  memoryCursor,
  memoryInbox,
  memoryJournal,
  quietVitals,
  testSigner,
} from '../../test/twins/gate.ts';
import { type SignedIn, signedIn } from '../../test/twins/signed-in.ts';
import { toHex } from '../base/index.ts';
import { parseCode } from '../code/index.ts';
import { argon2id, ed25519Signer, nodeEngine } from '../crypto/index.ts';
import { showProof } from '../holder/index.ts';
import { createReport, type Report, type TrustPort } from '../report/index.ts';
import { type GateKey, nodeDisk, openTrust, type TrustKeeper } from '../trust/index.ts';
import { issuedCode, type ResidentView, residentView } from '../wire/index.ts';
import { type District, type DistrictOptions, startDistrict } from './index.ts';

const community = 7;
const engine = nodeEngine();
const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const now = () => ({ seconds: Math.floor(Date.now() / 1000), quality: 'synced' as const });

let folder: string;
let options: DistrictOptions;
let district: District;
let operator: SignedIn;
let resident: ResidentView;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'menwei-district-'));
  options = {
    dataDir: join(folder, 'district'),
    district: 'd-1',
    timeZone: 'Asia/Shanghai',
    communities: [{ id: community }],
    places: 4_096,
    http: { host: '127.0.0.1', port: 0 },
    broker: { host: '127.0.0.1', port: 0 },
    crypto: {
      argon2id,
      signer: ed25519Signer,
      verifySignature: (publicKey, { message, signature }) =>
        engine.importKey(1, publicKey)?.verify(message, signature) === true,
    },
    clock: realClock,
    random,
    log: memoryLog(),
    demo: () => ({ district: 'd-1', timeZone: 'Asia/Shanghai', displays: [] }),
  };
  district = await startDistrict(options);
  operator = await signedIn(district);
  const added = await district.addResident({
    community,
    room: '1-101',
    display: '甲*',
    assurance: 1,
    needsMoreTime: false,
    minor: false,
  });
  if (added === undefined) throw new Error('the resident was not added');
  resident = added;
});
afterAll(async () => {
  await district.stop();
  // A gate's keeper may still be writing the document that came last.
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  operator(`/api${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const get = async (path: string): Promise<unknown> => (await operator(`/api${path}`)).json();

interface TestGate {
  readonly id: string;
  readonly report: Report;
  readonly trust: TrustKeeper;
  readonly journal: ReturnType<typeof memoryJournal>;
  readonly inbox: ReturnType<typeof memoryInbox>;
}

async function gate(id: string): Promise<TestGate> {
  const device = keyPair();
  const sealKey = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' }) as GateKey;
  const password = await district.enrolGate({
    gate: id,
    community,
    deviceKey: device.publicKeyHex,
    sealKey: sealKey.x,
  });
  const trust = await openTrust({
    directory: join(folder, id),
    disk: nodeDisk(),
    district: 'd-1',
    community,
    gate: id,
    root: { document: await district.rootDocument() },
    engine,
    gateKey: sealKey,
  });
  const parts = { journal: memoryJournal(toHex(random.bytes(16))), inbox: memoryInbox(), log: memoryLog() };
  const report = createReport({
    ...parts,
    settings: { url: district.brokerUrl, username: id, password, protocolVersion: 4 },
    district: 'd-1',
    gate: id,
    community,
    cursor: memoryCursor(),
    vitals: quietVitals(),
    trust: portOf(trust),
    signer: testSigner(device.privateKey, device.publicKeyHex),
    verifySignature: options.crypto.verifySignature,
    clock: realClock,
    random,
  });
  report.start();
  return { id, report, trust, ...parts };
}

function portOf(keeper: TrustKeeper): TrustPort {
  return {
    versions: () =>
      Object.fromEntries([...keeper.snapshot().versions].map(([name, { version }]) => [name, version])),
    accept: async (text) => {
      const accepted = await keeper.accept(text, now());
      return accepted.ok
        ? { ok: true, changed: accepted.value.changed }
        : { ok: false, why: JSON.stringify(accepted.error) };
    },
    verifyAck: async (token) => {
      const ack = await keeper.verifyAck(token);
      return ack.ok ? ack : { ok: false, error: ack.error.reason };
    },
    verifyCommand: async (token, { session }) => {
      const item = await keeper.verifyCommand(token, {
        sessionNonce: session,
        receivedAt: realClock.monotonic(),
        now: now(),
      });
      return item.type === 'command' ? { ok: true, value: item } : { ok: false, error: item };
    },
    sisterGates: () => keeper.snapshot().policy.gates,
    onChange: (listener) => keeper.onChange(() => listener()),
  };
}

describe('a gate and its district', () => {
  test('documents: the gate believes all of them within seconds of connecting', async () => {
    const mine = await gate('gate-docs');
    const wanted = [
      'root',
      'keyset',
      'residents',
      'visitors',
      'policy',
      'roster',
      'operators',
      'time',
    ] as const;
    await until(() => wanted.every((name) => mine.trust.snapshot().versions.has(name)), 'all documents held');
    expect(mine.trust.snapshot().roster.get(resident.index)?.household).toBe(resident.household);
    expect(mine.trust.snapshot().keys.size).toBe(1);
    expect(Object.keys(mine.trust.snapshot().policy.gates)).toContain('gate-docs');
    await mine.report.stop();
  });

  test('N1: rows are stored and acknowledged with the district’s signature', async () => {
    const mine = await gate('gate-rows');
    for (let row = 0; row < 250; row += 1)
      mine.journal.append({ decision: 'granted', index: resident.index, kind: 1, lane: 'main' });
    await until(() => mine.report.state().acked === 250, 'all acknowledged');
    const { entries } = (await get('/entries')) as {
      entries: { gate: string; name?: string; acknowledged: boolean }[];
    };
    expect(entries.length).toBe(200);
    expect(entries[0]).toMatchObject({ gate: 'gate-rows', name: '甲*', acknowledged: true });
    await mine.report.stop();
  });

  test('A2: a revocation is believed by an online gate in less than a second, and a restoration too', async () => {
    const mine = await gate('gate-revoke');
    await until(() => mine.trust.snapshot().versions.has('residents'), 'list held');
    expect(mine.trust.snapshot().residents.at(resident.index)).toBe(0);
    const started = Date.now();
    expect((await post(`/residents/${resident.index}/state`, { state: 'revoked' })).status).toBe(200);
    await until(() => mine.trust.snapshot().residents.at(resident.index) === 1, 'revoked');
    expect(Date.now() - started).toBeLessThan(1_000);
    expect((await post(`/residents/${resident.index}/token`, {})).status).toBe(409);
    await post(`/residents/${resident.index}/state`, { state: 'valid' });
    await until(() => mine.trust.snapshot().residents.at(resident.index) === 0, 'restored');
    await mine.report.stop();
  });

  test('a command reaches the gate’s inbox, signed by an operator of the operators’ list', async () => {
    const mine = await gate('gate-command');
    await until(() => mine.trust.snapshot().versions.has('operators'), 'operators held');
    await until(
      async () =>
        (await post('/gates/gate-command/commands', { verb: 'open', lane: 'main', reason: 'delivery' }))
          .status === 202,
      'given',
    );
    await until(() => mine.inbox.items.length > 0, 'command');
    expect(mine.inbox.items[0]).toMatchObject({
      type: 'command',
      verb: 'open',
      lane: 'main',
      actor: operator.account,
    });
    await mine.report.stop();
    await until(
      async () =>
        (await post('/gates/gate-command/commands', { verb: 'open', reason: 'delivery' })).status === 409,
      'offline is told',
    );
  });

  test('a district that starts again goes on where it was: versions rise, rows and acknowledgements stay', async () => {
    const mine = await gate('gate-again');
    mine.journal.append();
    await until(() => mine.report.state().acked === 1, 'acknowledged');
    await until(() => mine.trust.snapshot().versions.has('keyset'), 'key set held');
    const before = mine.trust.snapshot().versions.get('keyset')?.version;
    const { port } = new URL(district.brokerUrl);
    await district.stop();
    mine.journal.append();
    district = await startDistrict({ ...options, broker: { host: '127.0.0.1', port: Number(port) } });
    operator = await signedIn(district);
    await until(() => mine.report.state().acked === 2, 'acknowledged again', 15_000);
    expect(mine.trust.snapshot().versions.get('keyset')?.version).toBe(before);
    await mine.report.stop();
  }, 20_000);
});

describe('the issuing desk', () => {
  test('kind 1 for a resident of the registry', async () => {
    const answer = issuedCode.parse(await (await post(`/residents/${resident.index}/token`, {})).json());
    const claim = parseCode(answer.code);
    expect(claim.ok && claim.value.fields).toMatchObject({
      kind: 1,
      index: resident.index,
      ttlMinutes: 10,
      assurance: 1,
    });
  });

  test('kind 5, and kind 4 inside the visitors’ list', async () => {
    const card = issuedCode.parse(
      await (await post(`/residents/${resident.index}/card`, { days: 7 })).json(),
    );
    const pass = issuedCode.parse(
      await (await post(`/residents/${resident.index}/passes`, { community })).json(),
    );
    expect([card.kind, pass.kind]).toEqual([5, 4]);
    const mine = await gate('gate-pass');
    await until(
      () => mine.trust.snapshot().passes.length > 0 && mine.trust.snapshot().passes.at(0) === 0,
      'pass valid',
    );
    await mine.report.stop();
  });

  test('two phones, each by a proof of its own key; the third, a stolen proof and a false one are refused', async () => {
    const phone = () => {
      const signer = ed25519Signer(random.bytes(32));
      return {
        publicKey: signer.publicKey,
        sign: (message: Uint8Array) => Promise.resolve(signer.sign(message)),
      };
    };
    const proof = async (key: ReturnType<typeof phone>, slot: number, seconds = now().seconds) =>
      (await showProof(key, { district: 'd-1', seconds, index: resident.index, slot, party: 0 })).canonical;
    const register = async (publicKey: Uint8Array, code: string) =>
      (await post(`/residents/${resident.index}/keys`, { publicKey: toHex(publicKey), proof: code })).status;
    const [first, second, third] = [phone(), phone(), phone()];
    expect(await register(first.publicKey, await proof(second, 0))).toBe(400);
    expect(await register(first.publicKey, await proof(first, 1))).toBe(400);
    expect(await register(first.publicKey, await proof(first, 0, now().seconds - 600))).toBe(400);
    expect(await register(first.publicKey, await proof(first, 0))).toBe(201);
    expect(await register(second.publicKey, await proof(second, 1))).toBe(201);
    expect(await register(third.publicKey, await proof(third, 2))).toBe(409);
    expect(residentView.parse(await get(`/residents/${resident.index}`))).toMatchObject({ slots: [0, 1] });
    const credential = await post(`/residents/${resident.index}/credential`, {
      publicKey: toHex(first.publicKey),
    });
    expect((await credential.json()) as object).toMatchObject({
      credential: expect.stringMatching(/^[0-9a-f]{210}$/),
    });
  });

  test.each([
    ['/residents/4095999/token', {}, 404, /^index: /],
    ['/residents/x/token', {}, 400, /^index: /],
    ['/residents', { community, room: '' }, 400, /^room: /],
    ['/gates/nobody/commands', { verb: 'open', reason: 'x' }, 404, /^gate: /],
    ['/gates/nobody/commands', { verb: 'explode', reason: 'x' }, 400, /^verb: /],
  ])('POST %s %j says %d, the field and what to do', async (...[path, body, status, words]) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { error: string }).error).toMatch(words);
  });

  test('a write from another page is refused, and so is a body that is no JSON', async () => {
    expect((await post('/residents', {}, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await post('/residents', {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post('/residents', {}, { 'content-type': 'text/plain' })).status).toBe(415);
  });
});

test('the live line tells a row, then the same row acknowledged', async () => {
  const mine = await gate('gate-live');
  await until(() => mine.report.state().connected, 'connected');
  const stop = new AbortController();
  const answer = await operator('/api/live', { signal: stop.signal });
  let text = '';
  const reading = (async () => {
    for await (const chunk of answer.body ?? []) text += Buffer.from(chunk).toString();
  })().catch(() => undefined);
  mine.journal.append({ decision: 'refused', refusal: 'expired', lane: 'main' });
  await until(() => text.includes('"acknowledged":true'), 'acknowledged row told');
  expect(text).toContain('"acknowledged":false');
  expect(text).toContain('event: entry');
  stop.abort();
  await reading;
  await mine.report.stop();
});

test('a district is opened to other machines over TLS alone, and a demonstration not at all', async () => {
  const { demo: _, ...plain } = options;
  const dataDir = join(folder, 'other');
  const http = { host: '0.0.0.0', port: 0 };
  const certificate = { certificate: '', key: '' };
  for (const refused of [
    { ...plain, http },
    { ...options, http },
    { ...options, http: { ...http, certificate } },
    { ...options, http: { host: '127.0.0.1', port: 0, hosts: ['proxy.example'] } },
  ])
    await expect(startDistrict({ ...refused, dataDir })).rejects.toThrow('http.host');
});

test('the broker admits a gate with its password only, and only to its own topics', async () => {
  const { connectAsync } = await import('mqtt');
  const password = await district.enrolGate({
    gate: 'gate-acl',
    community,
    deviceKey: keyPair().publicKeyHex,
  });
  const connect = (username: string, secret: string, clientId = `menwei-d-1-${username}`) =>
    connectAsync(district.brokerUrl, {
      username,
      password: secret,
      clientId,
      reconnectPeriod: 0,
      protocolVersion: 4,
    });
  await expect(connect('gate-acl', 'wrong')).rejects.toThrow();
  await expect(connect('gate-acl', password, 'menwei-d-1-gate-live')).rejects.toThrow();
  await expect(connect('DISTRICT', password)).rejects.toThrow();
  const client = await connect('gate-acl', password);
  const granted = await client
    .subscribeAsync(['menwei/1/d-1/gates/gate-live/commands', '#'])
    .catch(() => 'refused');
  expect(granted).toBe('refused');
  await client.endAsync(true);
  const liar = await connect('gate-acl', password);
  const closed = new Promise((resolve) => liar.once('close', () => resolve('closed')));
  liar.publish('menwei/1/d-1/trust/policy', 'aa.bb.cc', { retain: true });
  expect(await closed).toBe('closed');
  await liar.endAsync(true);
});
