import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type IClientOptions } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/index.ts';
import { showCredential, showProof } from '../../src/holder/index.ts';
import { parseTopic } from '../../src/wire/index.ts';
import { until } from '../twins/broker.ts';
import { testAuthority } from '../twins/certificates.ts';
import { newPhone, nowSeconds } from '../twins/paper-community.ts';
import { type Heard, isOfContract, listenIn } from './listening-in.ts';
import { hasHeardOf } from '../twins/sister-gates.ts';
import { COMMUNITY, DISTRICT, type PlacedGate, type PlaceKind, TlsPlace } from './tls-place.ts';

/** From an empty machine to an ended gate: district, TLS with a certificate for each gate, real gates enrolled by their readers. */

interface Entry {
  readonly gate: string;
  readonly seq: number;
  readonly decision: string;
  readonly refusal?: string;
  readonly kind?: number;
  readonly index?: number;
}

const CANARY = '张金丝雀';

describe.each<PlaceKind>(['mosquitto, PostgreSQL', 'embedded broker, SQLite'])('%s', (kind) => {
  let place: TlsPlace;
  let north: PlacedGate;
  let south: PlacedGate;
  let heard: { readonly stop: () => void; readonly messages: () => readonly Heard[] };
  const protocolVersion = kind.startsWith('mosquitto') ? 5 : 4;

  beforeAll(async () => {
    place = await TlsPlace.begin(kind);
    heard = kind.startsWith('mosquitto')
      ? await listenIn(place)
      : { stop: () => undefined, messages: () => [] };
    place.onEnd(() => heard.stop());
    [north, south] = [await place.install('north-1'), await place.install('south-1')];
  }, 180_000);
  afterAll(() => place.end(), 60_000);

  const entries = async () => (await place.ask<{ entries: Entry[] }>('/entries')).entries;
  const rowsOf = async (index: number, gate: string) =>
    (await entries()).filter((row) => row.index === index && row.gate === gate && row.kind !== undefined);
  const newResident = () =>
    place.ask<{ index: number }>('/residents', {
      community: COMMUNITY,
      room: '1-101',
      display: `${CANARY.slice(0, 1)}*`,
    });
  const journalOf = (gate: PlacedGate) => join(gate.folder, 'data/journal.sqlite');
  const listOf = async (gate: string) => (await place.listed(gate))?.status?.documents['residents'] ?? 0;
  const openings = (gate: PlacedGate) => gate.relay.openings().length;

  /** As the gate that lies in that folder would connect, with what is to be otherwise. */
  function attempt(gate: PlacedGate, more: IClientOptions = {}) {
    const keys = join(gate.folder, 'data/keys');
    return connect(`mqtts://localhost:${place.brokerPort}`, {
      clientId: `menwei-${DISTRICT}-intruder`,
      username: 'north-1',
      ca: readFileSync(join(keys, 'broker-authorities.pem')),
      cert: readFileSync(join(keys, 'broker-client.pem')),
      key: readFileSync(join(keys, 'broker-client.pem')),
      protocolVersion,
      reconnectPeriod: 0,
      connectTimeout: 30_000,
      ...more,
    }).on('error', () => undefined);
  }
  async function isAdmitted(gate: PlacedGate, more: IClientOptions = {}): Promise<boolean> {
    const client = attempt(gate, more);
    const admitted = await new Promise<boolean>((resolve) => {
      client.once('connect', () => resolve(true));
      client.once('close', () => resolve(false));
    });
    client.end(true);
    return admitted;
  }

  test('each kind of code opens, and each has its row at the district, once', async () => {
    const phone = newPhone();
    const { index } = await newResident();
    const at = `/residents/${index}`;
    const proof = await showProof(phone, {
      district: DISTRICT,
      index,
      slot: 0,
      party: 0,
      seconds: nowSeconds(),
    });
    await place.ask(`${at}/keys`, { publicKey: toHex(phone.publicKey), proof: proof.canonical });
    const token = await place.ask<{ code: string }>(`${at}/token`, {});
    const held = await place.ask<{ credential: string }>(`${at}/credential`, {
      publicKey: toHex(phone.publicKey),
    });
    const shown = await showCredential(phone, {
      district: DISTRICT,
      credential: Buffer.from(held.credential, 'hex'),
      seconds: nowSeconds(),
    });
    const card = await place.ask<{ code: string }>(`${at}/card`, {});
    const pass = await place.ask<{ code: string }>(`${at}/passes`, { community: COMMUNITY });
    const later = await showProof(phone, {
      district: DISTRICT,
      index,
      slot: 0,
      party: 0,
      seconds: nowSeconds() + 2,
    });
    const before = openings(north);
    const codes = [token.code, shown.ok ? shown.value.canonical : '', later.canonical, pass.code, card.code];
    for (const [done, code] of codes.entries()) {
      north.show(code);
      await until(() => openings(north) > before + done, `kind of code ${done + 1} opens`, 60_000);
      // A pulse within another would make that one longer.
      await until(() => north.relay.openings().at(-1)?.offMs !== Number.POSITIVE_INFINITY, 'the relay rests');
    }
    const granted = async () =>
      (await entries()).filter(({ decision, kind: of }) => decision === 'granted' && of);
    await until(async () => (await granted()).length >= 5, 'five rows at the district', 60_000);
    expect(new Set((await granted()).map((row) => row.kind))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(await granted()).toHaveLength(5);
  }, 240_000);

  test('a revoked resident is refused; a code used at one gate is refused at the other', async () => {
    const { index } = await newResident();
    const token = () => place.ask<{ code: string }>(`/residents/${index}/token`, {});
    const used = await token();
    const before = openings(north);
    north.show(used.code);
    await until(() => openings(north) > before, 'opens at the first gate', 60_000);
    await until(() => hasHeardOf(used.code, journalOf(south)), 'the second has heard of it');
    south.show(used.code);
    await until(async () => (await rowsOf(index, 'south-1')).length > 0, 'told at the second', 60_000);
    expect(await rowsOf(index, 'south-1')).toMatchObject([{ decision: 'refused', refusal: 'already-used' }]);
    const fresh = await token();
    const listBefore = await listOf('north-1');
    await place.ask(`/residents/${index}/state`, { state: 'revoked' });
    await until(async () => (await listOf('north-1')) > listBefore, 'the first has the list');
    north.show(fresh.code);
    await until(async () => (await rowsOf(index, 'north-1')).length > 1, 'told at the first', 60_000);
    expect((await rowsOf(index, 'north-1')).map(({ refusal }) => refusal ?? 'none').sort()).toEqual([
      'none',
      'revoked',
    ]);
    expect(openings(south)).toBe(0);
  }, 240_000);

  test('an order opens', async () => {
    const before = openings(south);
    await place.ask('/gates/south-1/commands', { verb: 'open', lane: 'main', reason: 'trial' });
    await until(() => openings(south) > before, 'the order opens', 60_000);
  }, 180_000);

  test('T24: no certificate, a foreign one, and another gate’s name are turned away', async () => {
    const stranger = await (await testAuthority()).client('north-1');
    expect(await isAdmitted(north, { cert: '', key: '' })).toBe(false);
    expect(await isAdmitted(north, { cert: stranger.certificate, key: stranger.key })).toBe(false);
    expect(await isAdmitted(north, { ca: (await testAuthority()).certificate })).toBe(false);
  }, 180_000);

  test('T24: with its own certificate a gate reaches its own topics and no other’s', async () => {
    // The real gate stands still: two of one name throw each other out.
    process.kill(north.process.pid, 'SIGSTOP');
    try {
      await spyOnOthers();
    } finally {
      process.kill(north.process.pid, 'SIGCONT');
    }
  }, 240_000);

  async function spyOnOthers(): Promise<void> {
    const spy = attempt(north, { clientId: `menwei-${DISTRICT}-north-1` });
    await new Promise<void>((resolve, reject) => {
      spy.once('connect', () => resolve());
      spy.once('close', () => reject(new Error('it was not admitted')));
    });
    const got: string[] = [];
    spy.on('message', (topic) => got.push(topic));
    const others = [
      `menwei/1/${DISTRICT}/gates/+/entries`,
      `menwei/1/${DISTRICT}/gates/south-1/#`,
      `$share/any/menwei/1/${DISTRICT}/gates/+/status`,
      `$share/menwei-${DISTRICT}/menwei/1/${DISTRICT}/gates/+/entries`,
      '#',
    ];
    for (const topic of others) await spy.subscribeAsync(topic, { qos: 1 }).catch(() => undefined);
    await spy.subscribeAsync(`menwei/1/${DISTRICT}/trust/time`, { qos: 1 });
    await until(() => got.some((topic) => topic.endsWith('trust/time')), 'its own rights count', 60_000);
    const { index } = await newResident();
    south.show((await place.ask<{ code: string }>(`/residents/${index}/token`, {})).code);
    await until(async () => (await rowsOf(index, 'south-1')).length > 0, 'the other gate reports', 60_000);
    const foreign = got.filter((text) => {
      const topic = parseTopic(text);
      return topic === undefined || (topic.scope === 'gate' && topic.gate !== 'north-1');
    });
    expect(foreign).toEqual([]);
    const refused = spy
      .publishAsync(`menwei/1/${DISTRICT}/gates/south-1/status`, '', { qos: 1, retain: true })
      .then(() => false)
      .catch(() => true);
    const closed = new Promise<boolean>((resolve) => spy.once('close', () => resolve(true)));
    expect(await Promise.race([refused, closed])).toBe(true);
    spy.end(true);
    await until(
      async () => (await place.listed('south-1'))?.status?.state === 'online',
      'the other is online',
    );
  }

  test('what the broker carried are topics and payloads of the contract, and nobody’s name', () => {
    if (!kind.startsWith('mosquitto')) return;
    const messages = heard.messages().filter(({ payload }) => payload !== '');
    expect(messages.length).toBeGreaterThan(50);
    const wrong = messages.filter(({ topic, payload }) => !isOfContract(topic, payload));
    expect(wrong.map(({ topic }) => topic)).toEqual([]);
    expect(messages.filter(({ payload }) => payload.includes(CANARY) || payload.includes('1-101'))).toEqual(
      [],
    );
  });

  test('a machine that takes another’s place: the old key is out, its certificate too', async () => {
    const before = await place.listed('south-1');
    const next = await place.install('south-1', 'south-next');
    expect((await place.listed('south-1'))?.fingerprint).not.toBe(before?.fingerprint);
    expect(await isAdmitted(south, { clientId: `menwei-${DISTRICT}-south-1` })).toBe(false);
    await next.process.stop();
  }, 240_000);

  test('a retired gate is thrown out and stays out; a stolen one’s key is never taken again', async () => {
    await place.ask('/gates/south-1/retire', { reason: 'trial' });
    expect((await place.listed('south-1'))?.state).toBe('retired');
    await place.ask('/gates/north-1/stolen', { reason: 'trial' });
    expect((await place.listed('north-1'))?.state).toBe('stolen');
    expect(await isAdmitted(north, { clientId: `menwei-${DISTRICT}-north-1` })).toBe(false);
    const offline = async () =>
      (await fetch(`${north.address(1)}/readyz`).then((answer) => answer.text())).includes(
        'broker: not connected',
      );
    await until(offline, 'the stolen gate is without a broker', 60_000);
    await expect(
      place.ask('/gates/north-1/confirm', { fingerprint: (await place.listed('north-1'))?.fingerprint }),
    ).rejects.toThrow(/404/);
  }, 240_000);
});
