import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { enrolledFiles, enrolmentFile } from '../../../config/load.ts';
import { memoryLog, realClock } from '../../../test/twins/broker.ts';
import { keyPair, testSigner } from '../../../test/twins/gate.ts';
import { wallMs } from '../../base/index.ts';
import { openAuthority } from '../../district/index.ts';
import { certificateClaims } from '../../wire/index.ts';
import { keepBrokerCredentials, newCertificateRequest } from './broker-certificate.ts';
import { keptCertificate } from './certificate-keeper.ts';

const DAY_MS = 86_400_000;
let dataDir: string;
let aheadMs = 0;
let authority: Awaited<ReturnType<typeof openAuthority>>;
const clock = { ...realClock, wall: () => wallMs(realClock.wall() + aheadMs) };
const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

beforeEach(async () => {
  aheadMs = 0;
  dataDir = mkdtempSync(join(tmpdir(), 'menwei-certificate-'));
  mkdirSync(join(dataDir, 'keys'));
  authority = await openAuthority({ folder: join(dataDir, 'authority'), district: 'd-1', clock, random });
});
afterEach(() => rmSync(dataDir, { recursive: true }));

async function issued(request: string): Promise<string> {
  const made = await authority.gate('north-1', request);
  if (!made.ok) throw new Error(made.error);
  return made.value.certificate;
}

/** The district's signed word, of which the signature is another test's. */
async function answerFor(request: string): Promise<string> {
  const authorities = [...(await authority.chain())];
  return JSON.stringify({
    iss: 'd-1',
    aud: 'north-1',
    iat: 1,
    certificate: await issued(request),
    authorities,
  });
}

async function enrolled() {
  const { request, key } = await newCertificateRequest();
  keepBrokerCredentials(
    dataDir,
    { authorities: await authority.chain(), certificate: await issued(request) },
    key,
  );
  const { certificate } = enrolledFiles(dataDir);
  const { privateKey, publicKeyHex } = keyPair();
  const kept = keptCertificate({
    config: { dataDir, gate: 'north-1', district: 'd-1', mqtt: { tls: { certificate } } } as never,
    signer: testSigner(privateKey, publicKeyHex),
    trust: {
      verifyCertificate: async (text) => ({ ok: true, value: certificateClaims.parse(JSON.parse(text)) }),
    },
    clock,
    log: memoryLog(),
  });
  if (kept === undefined) throw new Error('a certificate was kept');
  return kept;
}

const serialOf = (pem: string | undefined) => new X509Certificate(pem ?? '').serialNumber;

test('it is due when a third of its ninety days is left, and has run out after them', async () => {
  const { keeper } = await enrolled();
  expect(keeper.state()).toBe('good');
  aheadMs = 59 * DAY_MS;
  expect(keeper.state()).toBe('good');
  aheadMs = 61 * DAY_MS;
  expect(keeper.state()).toBe('due');
  aheadMs = 91 * DAY_MS;
  expect(keeper.state()).toBe('expired');
});

test('old and new take turns until a connection has stood with the new one; then the old is gone', async () => {
  const { keeper, tls } = await enrolled();
  const old = serialOf(tls().certificate);
  expect(await keeper.take(await answerFor(await keeper.request()))).toBe(true);
  const next = serialOf(tls().certificate);
  expect(next).not.toBe(old);
  expect(serialOf(tls().certificate)).toBe(old);
  keeper.worked();
  expect(existsSync(enrolledFiles(dataDir).next)).toBe(true);
  expect(serialOf(tls().certificate)).toBe(next);
  keeper.worked();
  expect([existsSync(enrolledFiles(dataDir).next), serialOf(tls().certificate)]).toEqual([false, next]);
});

test('a certificate for another key than the newest request’s is not taken, and nothing is asked twice by one answer', async () => {
  const { keeper } = await enrolled();
  const foreign = await answerFor((await newCertificateRequest()).request);
  expect(await keeper.take(foreign)).toBe(false);
  const first = await keeper.request();
  await keeper.request();
  expect(await keeper.take(await answerFor(first))).toBe(false);
  const answer = await answerFor(await keeper.request());
  expect([await keeper.take(answer), await keeper.take(answer)]).toEqual([true, false]);
});

test('one that ran out while the gate was away is replaced by the desk', async () => {
  const { keeper, tls } = await enrolled();
  const old = serialOf(tls().certificate);
  const bodies: { gate: string; request: string; proof: string }[] = [];
  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const part of incoming) text += String(part);
    const body = JSON.parse(text) as (typeof bodies)[number];
    bodies.push(body);
    response.end(JSON.stringify({ token: await answerFor(body.request) }));
  };
  const server = createServer((incoming, response) => void answer(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const broker = {
    url: 'mqtts://x',
    username: 'north-1',
    protocolVersion: 4,
    certificate: true,
    authorities: true,
  };
  const told = {
    version: 1,
    gate: 'north-1',
    district: 'd-1',
    community: 7,
    timeZone: 'Asia/Shanghai',
    broker,
  };
  writeFileSync(enrolmentFile(dataDir), JSON.stringify({ ...told, desk: `http://127.0.0.1:${port}` }));
  try {
    expect(await keeper.askDesk()).toBe(true);
  } finally {
    server.close();
  }
  expect(bodies).toMatchObject([{ gate: 'north-1', proof: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
  expect(serialOf(tls().certificate)).not.toBe(old);
  expect(readFileSync(enrolledFiles(dataDir).next, 'utf8')).toContain('PRIVATE KEY');
});
