import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../twins/broker.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { COMMUNITY, DISTRICT, type PlacedGate, TlsPlace } from './tls-place.ts';

/** A gate's certificate from the first to the third: renewed over the broker while it runs, at the desk when it was off. */

const LIFE_SECONDS = 20;

interface Certificate {
  readonly pem: string;
  readonly serial: string;
  readonly endsAt: number;
}

describe.skipIf(mosquittoPath === undefined)('certificates that live for seconds', () => {
  let place: TlsPlace;
  let gate: PlacedGate;
  beforeAll(async () => {
    place = await TlsPlace.begin('mosquitto, PostgreSQL', { gateCertificateHours: LIFE_SECONDS / 3_600 });
    gate = await place.install('north-1');
  }, 120_000);
  afterAll(() => place?.end(), 60_000);

  const keys = () => join(gate.folder, 'data/keys');
  function present(): Certificate {
    const pem = readFileSync(join(keys(), 'broker-client.pem'), 'utf8');
    const { serialNumber, validTo } = new X509Certificate(pem);
    return { pem, serial: serialNumber, endsAt: Date.parse(validTo) };
  }
  /** Whether the broker takes it from somebody who is not the gate itself. */
  async function isTaken({ pem }: Certificate): Promise<boolean> {
    const client = connect(`mqtts://localhost:${place.brokerPort}`, {
      clientId: `menwei-${DISTRICT}-intruder`,
      username: 'north-1',
      ca: readFileSync(join(keys(), 'broker-authorities.pem')),
      cert: pem,
      key: pem,
      protocolVersion: 5,
      reconnectPeriod: 0,
      connectTimeout: 30_000,
    }).on('error', () => undefined);
    const isIn = await new Promise<boolean>((resolve) => {
      client.once('connect', () => resolve(true));
      client.once('close', () => resolve(false));
    });
    client.end(true);
    return isIn;
  }
  const isLogged = (words: string) => gate.process.log.includes(words);
  const isOnline = async () => (await place.listed('north-1'))?.status?.state === 'online';
  async function opens(): Promise<void> {
    const { index } = await place.ask<{ index: number }>('/residents', {
      community: COMMUNITY,
      room: '1-1',
    });
    const before = gate.relay.openings().length;
    gate.show((await place.ask<{ code: string }>(`/residents/${index}/token`, {})).code);
    await until(() => gate.relay.openings().length > before, 'a code opens', 60_000);
    const reported = async () => {
      const { entries } = await place.ask<{ entries: { index?: number }[] }>('/entries');
      return entries.some((row) => row.index === index);
    };
    await until(reported, 'and its row is at the district', 60_000);
  }

  test('while the gate runs it renews over the broker and stays; the old certificate runs out', async () => {
    const first = present();
    expect(first.endsAt).toBeLessThan(Date.now() + LIFE_SECONDS * 1_000);
    await until(() => present().serial !== first.serial, 'another certificate is in use', 100_000);
    await until(() => isLogged('a new certificate is there: connecting with it'), 'it says so');
    expect(gate.process.log).not.toContain('the desk gave a new certificate');
    await until(() => Date.now() > first.endsAt + 1_000, 'the first has run out', 40_000);
    expect(await isTaken(first)).toBe(false);
    // By then it may be at its next one.
    await until(() => isTaken(present()), 'the certificate in use is taken');
    await until(isOnline, 'the gate is connected');
    await opens();
  }, 300_000);

  test('one that ran out while the gate was off is renewed at the desk, by the device key', async () => {
    await gate.process.stop();
    const last = present();
    await until(() => Date.now() > last.endsAt + 1_000, 'it has run out', 40_000);
    expect(await isTaken(last)).toBe(false);
    gate.startAgain();
    await gate.process.open();
    await until(() => present().serial !== last.serial, 'another certificate is in use', 100_000);
    await until(() => isLogged('the desk gave a new certificate'), 'it says so');
    await until(isOnline, 'the gate is connected', 100_000);
    await opens();
  }, 300_000);
});
