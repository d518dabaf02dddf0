import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LinkSettings } from '../../src/link/index.ts';
import { createReport } from '../../src/report/index.ts';
import { statusPayload } from '../../src/wire/index.ts';
import { lowRandom, memoryLog, realClock, until } from '../twins/broker.ts';
import { testAuthority } from '../twins/certificates.ts';
import { districtTwin } from '../twins/district.ts';
import {
  keyPair,
  memoryCursor,
  memoryInbox,
  memoryJournal,
  openTrust,
  quietVitals,
  testSigner,
  verifySignature,
} from '../twins/gate.ts';
import { type Mosquitto, mosquitto, mosquittoPath } from '../twins/mosquitto.ts';

/** The gate's reporting against a real broker, over MQTT 5, with TLS, and with the broker killed in the middle. */

let folder: string;
const open: { stop(): Promise<unknown> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-mosquitto-'));
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(lines: readonly string[]): Promise<Mosquitto> {
  const broker = await mosquitto(folder, lines);
  open.push({ stop: () => broker.kill('SIGKILL') });
  return broker;
}

function district(settings: Omit<LinkSettings, 'clientId'>) {
  const twin = districtTwin({ ...settings, clientId: 'centre' });
  open.push(twin.link);
  return twin;
}

function gate(settings: Omit<LinkSettings, 'clientId'>) {
  const { privateKey, publicKeyHex } = keyPair();
  const parts = { journal: memoryJournal(), cursor: memoryCursor(), inbox: memoryInbox(), log: memoryLog() };
  const report = createReport({
    ...parts,
    settings,
    district: 'd-1',
    gate: 'gate-1',
    community: 7,
    trust: openTrust(),
    vitals: quietVitals(),
    signer: testSigner(privateKey, publicKeyHex),
    verifySignature,
    clock: realClock,
    random: lowRandom,
  });
  open.push(report);
  report.start();
  return { report, ...parts };
}

describe.skipIf(mosquittoPath === undefined)('with mosquitto', () => {
  test.each([4, 5] as const)(
    'N2 over MQTT %d: killed twice in the middle of a backlog, no row is lost and none is doubled',
    async (protocolVersion) => {
      const broker = await start(['allow_anonymous true', 'max_inflight_messages 2']);
      const settings = { url: `mqtt://127.0.0.1:${broker.port}`, protocolVersion };
      const centre = district(settings);
      await until(centre.ready, 'the district is there');
      const mine = gate(settings);
      for (let row = 0; row < 2_000; row += 1) mine.journal.append();
      for (const rows of [300, 1_000]) {
        await until(() => centre.rows.size > rows, `${rows} rows came`, 60_000);
        await broker.kill('SIGKILL');
        await broker.start();
      }
      await until(() => mine.report.state().acked === 2_000, 'everything acknowledged', 90_000);
      expect([...centre.rows.keys()].sort((a, b) => a - b)).toEqual(
        Array.from({ length: 2_000 }, (_, at) => at + 1),
      );
      for (const [seq, row] of centre.rows) expect(mine.journal.rows(seq, 1)[0]?.hash).toBe(row.hash);
      const acked = mine.cursor.history.map(({ seq }) => seq);
      expect(acked).toEqual([...acked].sort((a, b) => a - b));
    },
    300_000,
  );

  test('over TLS with a client certificate; without one, and with a foreign server, there is no connection', async () => {
    const authority = await testAuthority();
    const [server, client, centreCertificate] = [
      await authority.server('localhost'),
      await authority.client('gate-1'),
      await authority.client('centre'),
    ];
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    const broker = await start([
      `cafile ${write('ca.pem', authority.certificate)}`,
      `certfile ${write('server.pem', server.certificate)}`,
      `keyfile ${write('server.key', server.key)}`,
      'require_certificate true',
      'use_identity_as_username true',
      `acl_file ${write('acl', ['user centre', 'topic readwrite menwei/1/d-1/#', 'user gate-1', ...gateAcl(), ''].join('\n'))}`,
    ]);
    const url = `mqtts://localhost:${broker.port}`;
    const tls = { authority: authority.certificate };
    const centre = district({ url, protocolVersion: 5, tls: { ...tls, ...centreCertificate } });
    await until(centre.ready, 'the district is there');
    const mine = gate({ url, protocolVersion: 5, tls: { ...tls, ...client } });
    mine.journal.append();
    await until(() => mine.report.state().acked === 1, 'acknowledged over TLS', 60_000);

    const nameless = gate({ url, protocolVersion: 5, tls });
    const stranger = await testAuthority();
    const deceived = gate({ url, protocolVersion: 5, tls: { ...client, authority: stranger.certificate } });
    const tried = ({ log }: typeof mine) => log.lines.some((line) => line.includes('connection failed'));
    await until(() => tried(nameless) && tried(deceived), 'both were turned away', 60_000);
    expect([nameless.report.state().connected, deceived.report.state().connected]).toEqual([false, false]);
  }, 240_000);

  test('MQTT 5 tells a refused publish: rules that forbid entries are logged and no cursor moves', async () => {
    const acl = join(folder, 'acl');
    writeFileSync(acl, 'topic read menwei/1/d-1/#\ntopic write menwei/1/d-1/gates/gate-1/status\n');
    const broker = await start(['allow_anonymous true', `acl_file ${acl}`]);
    const mine = gate({ url: `mqtt://127.0.0.1:${broker.port}`, protocolVersion: 5 });
    mine.journal.append();
    await until(
      () => mine.log.lines.some((line) => line.includes('refused a batch')),
      'the refusal is logged',
    );
    expect(mine.report.state()).toMatchObject({ acked: 0, unsent: 1 });
  }, 120_000);

  test('a gate that stops says so', async () => {
    const broker = await start(['allow_anonymous true']);
    const settings = { url: `mqtt://127.0.0.1:${broker.port}`, protocolVersion: 5 as const };
    const centre = district(settings);
    await until(centre.ready, 'the district is there');
    const mine = gate(settings);
    const states = () =>
      centre.messages
        .filter(({ channel }) => channel === 'status')
        .map(({ text }) => statusPayload.parse(JSON.parse(text)).state);
    await until(() => states().includes('online') && mine.report.state().connected, 'online');
    await mine.report.stop();
    await until(() => states().at(-1) === 'offline', 'offline');
  }, 120_000);
});

function gateAcl(): string[] {
  const own = 'menwei/1/d-1/gates/gate-1';
  const written = ['status', 'entries', 'live', 'alarms', 'health', 'replies', 'requests'];
  const read = ['commands', 'ack', 'roster'];
  return [
    ...written.map((channel) => `topic write ${own}/${channel}`),
    ...read.map((channel) => `topic read ${own}/${channel}`),
    'topic read menwei/1/d-1/trust/+',
    'topic readwrite menwei/1/d-1/communities/7/used',
  ];
}
