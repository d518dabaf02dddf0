import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { wallMs } from '../../src/base/index.ts';
import { ed25519Signer } from '../../src/crypto/index.ts';
import { type District, startDistrict } from '../../src/district/index.ts';
import { enrolledAnswer, enrolmentMessage, enrolmentOf } from '../../src/wire/index.ts';
import { memoryLog, realClock } from '../twins/broker.ts';
import { districtCrypto } from '../twins/district-crypto.ts';
import { signedIn } from '../twins/signed-in.ts';

/** A symbol is on the screen, and the district's root moves on before it is shown: it still enrols, and only it. */

const DAY_MS = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'menwei-older-root-'));
let aheadMs = 0;
let district: District;

async function start(): Promise<void> {
  district = await startDistrict({
    dataDir: folder,
    district: 'gaoxin',
    timeZone: 'Asia/Shanghai',
    communities: [{ id: 7 }],
    places: 4_096,
    http: { host: '127.0.0.1', port: 0 },
    broker: { host: '127.0.0.1', port: 0 },
    crypto: districtCrypto,
    clock: { ...realClock, wall: () => wallMs(realClock.wall() + aheadMs) },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log: memoryLog(),
  });
}

async function post(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const operator = await signedIn(district);
  const headers = { 'content-type': 'application/json' };
  const answer = await operator(`/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

/** As a gate answers a symbol of that root. */
function answerTo(token: string, root: string) {
  const signer = ed25519Signer(new Uint8Array(randomBytes(32)));
  const deviceKey = Buffer.from(signer.publicKey).toString('hex');
  const sealKey = randomBytes(32).toString('base64url');
  const signed = enrolmentMessage({ root, token }, { deviceKey, sealKey });
  return { token, deviceKey, sealKey, proof: Buffer.from(signer.sign(signed)).toString('hex') };
}

describe('a symbol that is older than the root', () => {
  afterAll(async () => {
    await district.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  test('it enrols under the root that it names, with every root from there on; another root’s proof does not', async () => {
    await start();
    const before = await district.rootDocument();
    // Half of the root's year is over: the district signs the next version when it looks its documents over.
    aheadMs = 200 * DAY_MS;
    const opened = await post('/enrolments', { gate: 'north-1', community: 7 });
    const enrolment = enrolmentOf((opened.body as { text: string }).text);
    if (enrolment === undefined) throw new Error('a symbol was made');
    await district.stop();
    await start();
    const after = await district.rootDocument();
    expect(after).not.toBe(before);

    const foreign = await post('/enrol', answerTo(enrolment.token, 'ab'.repeat(32)));
    expect(foreign.status).toBe(403);
    const taken = await post('/enrol', answerTo(enrolment.token, enrolment.root));
    expect(taken.status).toBe(201);
    const told = enrolledAnswer.parse(taken.body);
    expect(told).toMatchObject({ gate: 'north-1', root: after, roots: [before, after] });
    expect((await post('/enrol', answerTo(enrolment.token, enrolment.root))).status).toBe(403);
  }, 180_000);
});
