import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryLog, realClock } from '../../../test/twins/broker.ts';
import { districtCrypto } from '../../../test/twins/district-crypto.ts';
import { random } from '../../../test/twins/paper-community.ts';
import { signedIn } from '../../../test/twins/signed-in.ts';
import { type District, startDistrict } from '../../district/index.ts';
import type { DeskRole } from '../../wire/index.ts';
import { askedOf } from './arguments.ts';
import { openGround } from './ground.ts';
import { openRunningDesk } from './running-desk.ts';
import { enrolGates, enrolPhones } from './seats.ts';

/** A simulation at the desk of a district that runs already, and what it says when it cannot begin there. */

const folder = mkdtempSync(join(tmpdir(), 'menwei-running-desk-'));
const DISTRICT = 'd-1';
let district: District;
let elsewhere: Server;

beforeAll(async () => {
  district = await startDistrict({
    dataDir: join(folder, 'district'),
    district: DISTRICT,
    timeZone: 'Asia/Shanghai',
    communities: [{ id: 7 }],
    places: 4_096,
    http: { host: '127.0.0.1', port: 0 },
    broker: { host: '127.0.0.1', port: 0 },
    crypto: districtCrypto,
    clock: realClock,
    random: { bytes: random },
    log: memoryLog(),
  });
  elsewhere = createServer((_request, response) => response.end('{"ok":"no"}')).listen(0, '127.0.0.1');
}, 30_000);
afterAll(async () => {
  elsewhere.close();
  await district.stop();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
function passwordFile(password: string): string {
  files += 1;
  const file = join(folder, `password-${files}`);
  writeFileSync(file, `${password}\n`);
  return file;
}

async function somebody(roles: readonly DeskRole[] = ['registrar', 'operator']) {
  const { account, password } = await signedIn(district, roles);
  return { url: district.httpUrl, account, passwordFile: passwordFile(password) };
}

describe('a simulation at a district that runs', () => {
  test('enters gates and residents with phones at its desk, and gets its root', async () => {
    const desk = await openRunningDesk(await somebody(), DISTRICT);
    expect(await desk.gates()).toEqual([]);
    const place = { communities: [7], backlogHours: 0, backlogGates: 0, backlogConnected: false };
    const names = Array.from({ length: 40 }, (_, at) => `sim-${at}`);
    const seats = await enrolGates(desk, names, place);
    expect(new Set(seats.map(({ password }) => password)).size).toBe(40);
    const [phone] = await enrolPhones(desk, [7], 1);
    await desk.setState(phone?.index ?? -1, 'revoked');
    expect((await desk.gates()).toSorted()).toEqual(names.toSorted());
    expect(await district.residents()).toMatchObject([
      { index: phone?.index, state: 'revoked', nextSlot: 1 },
    ]);
    expect(JSON.parse(await desk.root())).toEqual(JSON.parse(await district.rootDocument()));
    await desk.leave();
  });

  test('says whose password is wrong, and repeats nothing of it', async () => {
    const who = { ...(await somebody()), passwordFile: passwordFile('not the right one') };
    await expect(openRunningDesk(who, DISTRICT)).rejects.toThrow(/^--account, --password-file: /);
    const none = { ...who, passwordFile: join(folder, 'nothing-there') };
    await expect(openRunningDesk(none, DISTRICT)).rejects.toThrow(/^--password-file: /);
  });

  test('says which roles are missing', async () => {
    const desk = await openRunningDesk(await somebody(['auditor']), DISTRICT);
    await expect(enrolPhones(desk, [7], 1)).rejects.toThrow(/needs the roles registrar and operator/);
    await desk.leave();
  });

  test('says that nobody answers, and that what answers is no district', async () => {
    const who = await somebody();
    const silent = { ...who, url: 'http://127.0.0.1:1' };
    await expect(openRunningDesk(silent, DISTRICT)).rejects.toThrow(/^--district: nobody answers there/);
    const other = { ...who, url: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}` };
    await expect(openRunningDesk(other, DISTRICT)).rejects.toThrow(/^--district: .*no district/);
  });

  test('leaves a district alone that has gates of its own', async () => {
    const who = await somebody();
    await district.enrolGate({ gate: 'north-1', community: 7, deviceKey: 'ab'.repeat(32) });
    const config = join(folder, 'district.yaml');
    writeFileSync(config, `{ district: ${DISTRICT}, dataDir: district, communities: [{ id: 7 }] }`);
    const at = ['--config', config, '--district', who.url];
    const limits = ['--gates', '1', '--rate', '1'];
    const asked = askedOf([...at, ...limits, '--account', who.account, '--password-file', who.passwordFile]);
    if (!asked.ok) throw new Error(asked.error.join());
    await expect(openGround(asked.value, memoryLog())).rejects.toThrow(/^--district: .*gates of its own/);
  });
});
