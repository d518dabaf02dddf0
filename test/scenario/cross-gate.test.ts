import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectAsync, type MqttClient } from 'mqtt';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { USED_TYPE, usedTopic } from '../../src/wire/index.ts';
import { until } from '../twins/broker.ts';
import { keyPair, signToken } from '../twins/gate.ts';
import { type Mosquitto, mosquitto, mosquittoPath } from '../twins/mosquitto.ts';
import { COMMUNITY, DISTRICT, hashOf, SisterCommunity, type SisterGate } from '../twins/sister-gates.ts';

/** T1, rule 4 of docs/mqtt.md: what is used at one gate of a community is used at all of them. */
describe.skipIf(mosquittoPath === undefined)('two gates of one community', () => {
  const WITHIN_MS = 300;
  const CODES = 20;
  let community: SisterCommunity;
  let ownBroker: Mosquitto;
  let [north, south] = [] as unknown as [SisterGate, SisterGate];

  beforeAll(async () => {
    community = await SisterCommunity.begin();
    ownBroker = await mosquitto(community.folder, ['allow_anonymous true']);
    community.onEnd(() => ownBroker.kill('SIGKILL'));
    const own = { community: { url: `mqtt://127.0.0.1:${ownBroker.port}` } };
    north = await community.gate('north-1', own);
    south = await community.gate('south-1', own);
    await ownBroker.kill();
    await Promise.all([north.start(), south.start()]);
  }, 40_000);
  afterAll(() => community?.end());

  test(`a code used at one is refused at the other within ${WITHIN_MS} ms`, async () => {
    const delays: number[] = [];
    const codes = await community.codes(CODES);
    await settled();
    for (const [at, code] of codes.entries()) {
      const [here, there] = at % 2 === 0 ? [north, south] : [south, north];
      const entry = await here.scan(code);
      expect(entry.decision).toBe('granted');
      await until(() => there.hasSeen(code), 'the other gate knows');
      delays.push(Date.now() - Date.parse(entry.at));
      expect(await there.scan(code)).toMatchObject({ decision: 'refused', refusal: 'already-used' });
    }
    delays.sort((left, right) => left - right);
    console.log(`a used code is known at the other gate after ms: ${delays.join(' ')}`);
    // One in twenty may meet a machine that is doing something else.
    expect(delays.at(-2)).toBeLessThanOrEqual(WITHIN_MS);
  });

  describe('words that are not a sister gate’s', () => {
    let liar: MqttClient;
    beforeAll(async () => {
      liar = await connectAsync(community.brokerUrl);
    });
    afterAll(() => liar?.endAsync());

    test('lock nobody out; a sister’s own word does', async () => {
      const [code = '', told = ''] = await community.codes(2);
      await settled();
      const sister = privateKeyOf(north);
      const stranger = keyPair().privateKey;
      const topic = usedTopic(DISTRICT, COMMUNITY);
      const claims = (more: object = {}) => ({ ...usedHere(code), ...more });
      const lies = [
        'not a token',
        signToken(stranger, USED_TYPE, claims()),
        signToken(stranger, USED_TYPE, claims({ gate: 'west-9' })),
        signToken(sister, USED_TYPE, claims({ gate: 'south-1' })),
        signToken(sister, USED_TYPE, claims({ gate: 'west-9' })),
        signToken(sister, USED_TYPE, claims({ aud: COMMUNITY + 1 })),
        signToken(sister, USED_TYPE, claims({ iss: 'd-2' })),
        signToken(sister, 'menwei-checkpoint+jwt', claims()),
        `${signToken(sister, USED_TYPE, claims()).slice(0, -4)}AAAA`,
      ];
      for (let round = 0; round < 20; round += 1)
        for (const lie of lies) await liar.publishAsync(topic, lie, { qos: 1 });
      await liar.publishAsync(topic, signToken(sister, USED_TYPE, usedHere(told)), { qos: 1 });
      await until(() => south.hasSeen(told), 'what a sister says is believed');
      expect(south.hasSeen(code)).toBe(false);
      expect(await south.scan(code)).toMatchObject({ decision: 'granted' });
      expect(await south.scan(told)).toMatchObject({ decision: 'refused', refusal: 'already-used' });
      // Only the code named is stopped, and only at gates that believe the sister: her own word comes back unheard.
      expect(await north.scan(told)).toMatchObject({ decision: 'granted' });
    });
  });

  test('the community’s own broker carries it while the district’s is away; with neither, each says that it stands alone', async () => {
    const [carried = '', alone = '', after = ''] = await community.codes(3);
    await settled();
    await ownBroker.start();
    await until(async () => (await both(community.broker.port)).length === 0, 'in order', 10_000);
    await community.broker.kill();
    await until(() => linksTo(ownBroker.port), 'both are at the community’s broker', 15_000);
    await until(async () => (await both()).every((problem) => problem === 'broker: not connected'), 'told');
    const entry = await north.scan(carried);
    expect(entry.decision).toBe('granted');
    await until(() => south.hasSeen(carried), 'the other gate knows');
    console.log(`by the community’s own broker after ms: ${Date.now() - Date.parse(entry.at)}`);
    expect(await south.scan(carried)).toMatchObject({ decision: 'refused', refusal: 'already-used' });

    await ownBroker.kill();
    await until(async () => (await both()).filter((text) => text.startsWith('used codes:')).length === 2, 'said');
    await until(() => [north, south].every(({ log }) => log.includes('this gate stands alone')), 'logged');
    expect(await north.scan(alone)).toMatchObject({ decision: 'granted' });
    expect(await south.scan(alone)).toMatchObject({ decision: 'granted' });

    await community.broker.start();
    await until(async () => (await both()).length === 0, 'in order again', 20_000);
    expect(await north.scan(after)).toMatchObject({ decision: 'granted' });
    await until(() => south.hasSeen(after), 'the other gate knows again');
  }, 60_000);
});
