import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SETUP_TEXT } from '../../device/scanner/index.ts';
import { type PseudoTerminal, pseudoTerminal } from '../../device/scanner/testing.ts';
import { argon2id, ed25519Signer, nodeEngine } from '../../src/crypto/index.ts';
import { type District, startDistrict } from '../../src/district/index.ts';
import type { DisplayEnrolment, SetupState } from '../../src/wire/index.ts';
import { memoryLog, realClock, until } from '../twins/broker.ts';
import { GateProcess, menwei } from '../twins/gate-process.ts';
import { freePort } from '../twins/ports.ts';
import { pushedOpen, RelayTrace } from '../twins/relay-trace.ts';
import { type SignedIn, signedIn } from '../twins/signed-in.ts';

/** An installer with a laptop: from a machine that knows nothing to the first resident let in, by the set-up page's own requests. */

const COMMUNITY = 7;
let folder: string;
let district: District;
let operator: SignedIn;
let gate: GateProcess;
let terminal: PseudoTerminal;
let origin: string;
let relay: RelayTrace;
let token: string | undefined;

/** Of this machine, but not its own name for itself: as a laptop beside it would. */
const elsewhere = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-set-up-'));
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
  const made = await pseudoTerminal();
  if (made === undefined) throw new Error('python3 and pseudo-terminals are needed (on Debian: python3)');
  terminal = made;
  relay = new RelayTrace(join(folder, 'door'));
  mkdirSync(join(folder, 'pictures'));
  const port = await freePort();
  writeFileSync(
    join(folder, 'gate.yaml'),
    `# Written by hand; may it stay.
dataDir: data
http: { port: ${port} }
clock: { battery: true }
lanes:
  - id: main
    readers:
      - { id: pictures, type: directory, path: pictures }
    door: { driver: folder, chip: door, contact: true, relay: { pulseMs: 300 } }
`,
  );
  gate = new GateProcess({ config: join(folder, 'gate.yaml') });
  await gate.open();
  origin = `http://127.0.0.1:${port}`;
}, 160_000);

afterAll(async () => {
  await gate?.stop();
  await terminal?.hangUp();
  await district?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}, 180_000);

interface Asked {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(
  method: string,
  path: string,
  { body, headers = {} }: Asked = {},
): Promise<{ status: number; said: unknown }> {
  const answer = await fetch(`${origin}/setup/api/${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, said: await answer.json() };
}

/** A pulse within another would make that one longer. */
const rested = () =>
  until(() => relay.openings().every(({ offMs }) => offMs !== Number.POSITIVE_INFINITY), 'it rests');

/** While the gate begins anew it is not there for a moment. */
async function state(): Promise<SetupState | undefined> {
  const answer = await ask('GET', 'state').catch(() => undefined);
  return answer?.status === 200 ? (answer.said as SetupState) : undefined;
}

async function post<Answer>(path: string, body: unknown): Promise<Answer> {
  const answer = await operator(`/api${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as Answer;
}

describe('who may set a gate up', () => {
  test('the page is there for everybody, and nothing else without its word', async () => {
    expect((await fetch(`${origin}/setup`)).status).toBe(200);
    for (const [method, path] of [
      ['GET', 'state'],
      ['GET', 'network'],
      ['GET', 'findings'],
      ['POST', 'relay'],
      ['PUT', 'lanes/main/door'],
      ['POST', 'finish'],
    ] as const)
      expect((await ask(method, path)).status, path).toBe(401);
  });

  test('not a page elsewhere, not under another name, and not what a proxy brings', async () => {
    const foreign = await ask('POST', 'session', { body: {}, headers: { origin: 'http://evil.example' } });
    expect(foreign.status).toBe(403);
    const passedOn = await ask('POST', 'session', { body: {}, headers: { 'x-forwarded-for': '192.0.2.7' } });
    expect([passedOn.status, passedOn.said]).toEqual([
      401,
      expect.objectContaining({ problem: 'not-allowed' }),
    ]);
  });

  test.skipIf(elsewhere === undefined)(
    'the figures of the console, tried five times a minute at most',
    async () => {
      const code = /"setupCode":"(\d{8})"/.exec(gate.log)?.[1] ?? '';
      const headers = { 'x-forwarded-for': '192.0.2.7' };
      const wrong = code === '00000000' ? '11111111' : '00000000';
      const tries: number[] = [];
      for (let tried = 0; tried < 6; tried += 1)
        tries.push((await ask('POST', 'session', { body: { code: wrong }, headers })).status);
      expect(tries).toEqual([403, 403, 403, 403, 403, 429]);
      expect((await ask('POST', 'session', { body: { code: 'x' }, headers })).status).toBe(400);
      expect(code).toMatch(/^\d{8}$/);
    },
  );

  test('whoever sits at it', async () => {
    const entered = await ask('POST', 'session', { body: {} });
    expect(entered.status).toBe(200);
    token = (entered.said as { token: string }).token;
    expect(await state()).toMatchObject({ mode: 'new', enrolled: false, setupText: SETUP_TEXT });
  });
});

describe('a new gate', () => {
  const scanner = () => ({ id: 'scanner', type: 'serial', path: terminal.path, baudRate: 115_200 });

  test('tests a reader with the set-up symbol, and says how it is set', async () => {
    const testing = ask('POST', 'readers/test', { body: { reader: scanner() } });
    // Refused once the first one has begun; a second one that came before it would be the one that reads.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await ask('POST', 'readers/test', { body: { reader: scanner() } })).status).toBe(409);
    terminal.write(`${SETUP_TEXT}\r`);
    expect((await testing).said).toEqual({ usable: true, heard: true, findings: [] });
  }, 180_000);

  test('takes the reader up at once, and keeps what was written by hand', async () => {
    expect((await ask('PUT', 'lanes/main/readers', { body: { reader: scanner() } })).said).toEqual({
      holds: 'now',
    });
    await until(
      async () => (await state())?.lanes[0]?.readers.find(({ id }) => id === 'scanner')?.ready === true,
      'the reader reads',
      60_000,
    );
    const text = readFileSync(join(folder, 'gate.yaml'), 'utf8');
    expect(text).toContain('# Written by hand; may it stay.');
    expect(text).toContain(terminal.path);
    expect(existsSync(join(folder, 'gate.yaml.before'))).toBe(true);
  }, 180_000);

  test('refuses what is not right by name, repeats nothing of it, and stays as it was', async () => {
    const before = readFileSync(join(folder, 'gate.yaml'), 'utf8');
    const bad = await ask('PUT', 'lanes/main/readers', {
      body: { reader: { ...scanner(), path: '/etc/canary-shadow' } },
    });
    expect([bad.status, bad.said]).toEqual([400, expect.objectContaining({ problem: 'not-valid' })]);
    expect(JSON.stringify(bad.said)).not.toContain('canary');
    expect((await ask('DELETE', 'lanes/main/readers/nobody')).status).toBe(400);
    expect((await ask('PUT', 'lanes/south/door', { body: { relay: { line: 17 } } })).status).toBe(400);
    await until(async () => (await state()) !== undefined, 'it is there again', 60_000);
    expect(readFileSync(join(folder, 'gate.yaml'), 'utf8')).toBe(before);
  }, 180_000);

  test('opens its door once when that is confirmed, and hears the contact', async () => {
    expect((await ask('POST', 'relay', { body: { lane: 'main' } })).status).toBe(400);
    expect(relay.openings()).toEqual([]);
    const door = pushedOpen(relay);
    const tested = await ask('POST', 'relay', { body: { lane: 'main', confirmed: true } });
    door.stop();
    expect(tested.said).toMatchObject({ good: true, contact: 'opened' });
    expect(relay.openings()).toHaveLength(1);
  }, 180_000);

  test('is enrolled by its reader while the page watches, and waits for whoever sets it up', async () => {
    const { text } = await post<{ text: string }>('/enrolments', { gate: 'north-1', community: COMMUNITY });
    terminal.write(`${text}\r`);
    await until(async () => (await state())?.enrolled === true, 'enrolled', 60_000);
    const { gates } = (await (await operator('/api/gates')).json()) as {
      gates: { gate: string; fingerprint: string }[];
    };
    const fingerprint = gates.find((each) => each.gate === 'north-1')?.fingerprint;
    const shown: DisplayEnrolment | undefined = (await state())?.enrolment;
    expect(shown).toEqual({ step: 'confirm', fingerprint });
    expect((await fetch(`${origin}/readyz`)).status).toBe(503);
    await post('/gates/north-1/confirm', { fingerprint });
  }, 180_000);

  test('tells what the doctor finds, and starts when it is told to', async () => {
    const { said } = await ask('GET', 'findings?language=en');
    expect(said).toMatchObject({ summary: expect.stringMatching(/\d/) });
    expect(JSON.stringify(said)).not.toMatch(/PRIVATE KEY|"d"/);
    expect((await ask('POST', 'finish')).said).toEqual({ next: 'starts' });
    await until(() => /the gate is open for codes/.test(gate.log), 'the gate is at work', 60_000);
  }, 180_000);

  test('lets the first resident in', async () => {
    const { index } = await post<{ index: number }>('/residents', { community: COMMUNITY, room: '1-101' });
    const opened = relay.openings().length;
    const scan = async () => {
      const { code } = await post<{ code: string }>(`/residents/${index}/token`, { ttlMinutes: 10 });
      terminal.write(`${code}\r`);
    };
    await until(
      async () => {
        await scan();
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        return relay.openings().length > opened;
      },
      'the door opens',
      60_000,
    );
  }, 180_000);

  test('at work it lets in whoever sits at it, changes nothing by itself, and opens by a deed with a row', async () => {
    token = undefined;
    const figures = await ask('POST', 'session', {
      body: { code: '12345678' },
      headers: { 'x-forwarded-for': '192.0.2.7' },
    });
    expect(figures.status).toBe(401);
    const entered = await ask('POST', 'session', { body: {} });
    token = (entered.said as { token: string }).token;
    expect(await state()).toMatchObject({ mode: 'running', enrolled: true, gate: 'north-1' });
    const reader = { id: 'scanner', type: 'serial', path: terminal.path, baudRate: 115_200 };
    expect((await ask('POST', 'readers/test', { body: { reader } })).status).toBe(409);
    expect((await ask('POST', 'enrol', { body: { text: 'MENWEI-ENROL:1:x' } })).status).toBe(409);
    await rested();
    const opened = relay.openings().length;
    expect((await ask('POST', 'relay', { body: { lane: 'main', confirmed: true } })).status).toBe(200);
    expect(relay.openings()).toHaveLength(opened + 1);
    expect((await ask('POST', 'finish')).said).toEqual({ next: 'by-hand' });
  }, 180_000);

  test('at work it lets a head guard in from elsewhere, who opens under their own account', async () => {
    const elsewhere = { 'x-forwarded-for': '192.0.2.7' };
    const code = [...gate.log.matchAll(/"code":"(\d{8})"/g)].at(-1)?.[1];
    const begun = await fetch(`${origin}/guard/api/accounts/begin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account: 'head-1', code, secret: '730482' }),
    });
    expect(begun.status).toBe(200);
    const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
    token = undefined;
    expect((await ask('POST', 'session', { body: {}, headers: elsewhere })).status).toBe(401);
    const entered = await ask('POST', 'session', { body: {}, headers: { ...elsewhere, cookie } });
    expect(entered.status).toBe(200);
    token = (entered.said as { token: string }).token;
    await rested();
    const opened = relay.openings().length;
    await ask('POST', 'relay', { body: { lane: 'main', confirmed: true } });
    expect(relay.openings()).toHaveLength(opened + 1);
    const listed = await menwei(['journal', 'list', '--json', '--config', join(folder, 'gate.yaml')]);
    expect(listed.output).toMatch(/"actor":"head-1"[^\n]*"decision":"manual"[^\n]*"reason":"relay-test"/);
  }, 180_000);

  test('under a supervisor it restarts for what was changed, by an exit that asks for it', async () => {
    await gate.stop();
    const environment = { NOTIFY_SOCKET: `@menwei-nobody-${process.pid}` };
    gate = new GateProcess({ config: join(folder, 'gate.yaml'), environment });
    await gate.open();
    token = undefined;
    token = ((await ask('POST', 'session', { body: {} })).said as { token: string }).token;
    const page = { type: 'display', id: 'page' };
    expect((await ask('PUT', 'lanes/main/readers', { body: { reader: page } })).said).toEqual({
      holds: 'next-start',
    });
    expect((await ask('POST', 'finish')).said).toEqual({ next: 'restarts' });
    expect(await gate.ended).toBe(75);
  }, 180_000);
});
