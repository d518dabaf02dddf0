import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type IClientOptions } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testAuthority } from '../twins/certificates.ts';
import { keyPair } from '../twins/gate.ts';
import { GateProcess } from '../twins/gate-process.ts';
import { type SignedIn, signedInAt } from '../twins/signed-in.ts';

/** `menwei district --config FILE` as whoever runs a district starts it. */

let folder: string;
let running: GateProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-district-service-'));
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function start(more: string): GateProcess {
  const config = join(folder, 'district.yaml');
  writeFileSync(
    config,
    `district: gaoxin\ndataDir: data\ncommunities: [{ id: 7 }]\nhttp: { port: 0 }\n${more}\n`,
  );
  running = new GateProcess({ config, command: 'district' });
  return running;
}

const brokerOf = (log: string) => /"broker":"([^"]+)"/.exec(log)?.[1] ?? '';

const signIn = (address: string) => signedInAt(address, { config: join(folder, 'district.yaml') });

async function enrol(operator: SignedIn, gate: string): Promise<string> {
  const answer = await operator('/api/gates', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ gate, community: 7, deviceKey: keyPair().publicKeyHex }),
  });
  return ((await answer.json()) as { password: string }).password;
}

function attempt(url: string, settings: IClientOptions): Promise<'connected' | 'closed'> {
  const client = connect(url, settings);
  client.on('error', () => undefined);
  return new Promise<'connected' | 'closed'>((resolve) => {
    client.once('connect', () => resolve('connected'));
    client.once('close', () => resolve('closed'));
  }).finally(() => client.end(true));
}

describe('menwei district', () => {
  test('serves its desk, keeps what it was told over a restart, and ends when it is asked to', async () => {
    const first = start('broker: { type: embedded, port: 0 }');
    const address = await first.open();
    await expect
      .poll(async () => (await fetch(`${address}/api/health`)).json())
      .toEqual({
        ok: true,
        broker: true,
      });
    expect((await fetch(`${address}/api/demo`)).status).toBe(404);
    await enrol(await signIn(address), 'north-1');
    expect(await first.stop()).toBe(0);
    const again = await signIn(await start('broker: { type: embedded, port: 0 }').open());
    expect(await (await again('/api/gates')).json()).toMatchObject({ gates: [{ gate: 'north-1' }] });
  });

  test('T24: its broker speaks TLS under the certificate that is named, and nothing else', async () => {
    const authority = await testAuthority();
    const server = await authority.server('localhost');
    writeFileSync(join(folder, 'broker.pem'), server.certificate);
    writeFileSync(join(folder, 'broker-key.pem'), server.key);
    const district = start(
      'broker: { type: embedded, host: 127.0.0.1, port: 0, tls: { certificate: broker.pem, key: broker-key.pem } }',
    );
    const address = await district.open();
    const url = brokerOf(district.log);
    expect(url).toMatch(/^mqtts:/);
    const identity = { username: 'north-1', password: await enrol(await signIn(address), 'north-1') };
    const settings = {
      ...identity,
      clientId: 'menwei-gaoxin-north-1',
      protocolVersion: 4 as const,
      reconnectPeriod: 0,
      connectTimeout: 30_000,
    };
    expect(await attempt(url, settings)).toBe('closed');
    expect(await attempt(url.replace('mqtts:', 'mqtt:'), settings)).toBe('closed');
    expect(await attempt(url, { ...settings, ca: authority.certificate })).toBe('connected');
  });

  test.each([
    ['broker: { type: embedded, host: 0.0.0.0 }', /district\.yaml:5: broker\.host: .*broker\.tls/],
    [
      'broker: { type: embedded, tls: { certificate: no.pem, key: no.pem } }',
      /broker\.tls\.certificate: .*ENOENT/,
    ],
  ])('does not start with %s, and says why', async (line, words) => {
    const district = start(line);
    expect(await district.ended).toBe(1);
    expect(district.complaint).toMatch(words);
  });
});
