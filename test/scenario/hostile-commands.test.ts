import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentSigner, signCommand } from '../../src/issue/index.ts';
import { byTier } from '../fault/tier.ts';
import { until } from '../twins/broker.ts';
import { mosquittoPath } from '../twins/mosquitto.ts';
import { nowSeconds, random } from '../twins/paper-community.ts';
import { DISTRICT, mixedPaper } from './mixed-codes.ts';
import { lastStatus, type PaperTrial, paperTrial } from './paper-trial.ts';
import { GATE, LANE } from './trial.ts';

/** Rule 2 of docs/mqtt.md: whoever owns the broker opens nothing, and leaves a row and an alarm for each attempt. */
describe.skipIf(mosquittoPath === undefined)('orders that nobody may give', () => {
  /** A multiple of ten: so many ways there are. */
  const ATTEMPTS = byTier({ push: 100, long: 1_000, release: 1_000 });
  let at: PaperTrial;
  let counter = 0;

  beforeAll(async () => {
    at = await paperTrial(mixedPaper());
    await at.open();
  }, 180_000);
  afterAll(() => at?.trial.end());

  type Claims = Parameters<typeof signCommand>[1];

  function claims(of: Partial<Claims> = {}): Claims {
    counter += 1;
    const iat = nowSeconds();
    return {
      iss: DISTRICT,
      aud: GATE,
      nonce: lastStatus(at.centre)?.session ?? '',
      verb: 'open',
      lane: LANE,
      jti: `order-${counter}`,
      counter,
      iat,
      exp: iat + 20,
      actor: 'centre',
      reason: 'resident-called',
      ...of,
    };
  }

  const command = (of: Partial<Claims> = {}) => signCommand(at.paper.operator, claims(of));

  function rejections() {
    return at.trial.rows().filter(({ reason }) => reason?.startsWith('command-rejected:') === true);
  }

  function alarms(): number {
    return at.centre.heard.filter(
      ({ channel, text }) => channel === 'alarms' && text.includes('"command-rejected"'),
    ).length;
  }

  const WAYS: readonly (readonly [name: string, make: () => string | Promise<string>])[] = [
    ['forged', async () => forged(await command())],
    ['signed by a stranger', async () => signCommand(await documentSigner(random(32)), claims())],
    ['signed by a key of another role', () => signCommand(at.paper.signer, claims())],
    ['not signed', () => unsigned(claims())],
    ['no token', () => `open sesame ${random(3).join('.')}`],
    ['for another gate', () => command({ aud: 'south-9' })],
    ['of another district', () => command({ iss: 'elsewhere' })],
    ['of an earlier session', () => command({ nonce: 'ab'.repeat(16) })],
    ['expired', () => command({ iat: nowSeconds() - 120, exp: nowSeconds() - 95 })],
    ['by somebody else', () => command({ actor: 'guard-1' })],
  ];

  test(
    `${ATTEMPTS} of them open nothing, and each has its row and its alarm`,
    async () => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        await at.centre.send('commands', (await WAYS[attempt % WAYS.length]?.[1]()) ?? '');
        // Beyond its burst a gate writes one in two seconds; so many at once are not this test's.
        if (attempt >= 180) await new Promise((resolve) => setTimeout(resolve, 2_100));
      }
      await until(() => rejections().length === ATTEMPTS, 'a row for each', 20_000);
      await until(() => alarms() === ATTEMPTS, 'an alarm for each', 20_000);
      expect(at.trial.relay.openings()).toEqual([]);
    },
    byTier({ push: 60_000, long: 3_600_000, release: 3_600_000 }),
  );

  test('an order that may be given opens once and is answered; given again it opens nothing', async () => {
    const good = await command({ jti: 'good' });
    const before = rejections().length;
    for (let time = 0; time < 5; time += 1) await at.centre.send('commands', good);
    const isOver = () => Number.isFinite(at.trial.relay.openings().at(-1)?.offMs);
    await until(isOver, 'it opened and rests');
    await until(() => rejections().length === before + 4, 'each replay has a row');
    expect(at.trial.relay.openings()).toHaveLength(1);
    expect(
      rejections()
        .slice(before)
        .map(({ reason }) => reason),
    ).toEqual(Array.from({ length: 4 }, () => 'command-rejected:counter'));
    expect(at.trial.rows().filter(({ decision }) => decision === 'manual')).toMatchObject([
      { lane: LANE, actor: 'centre', reason: 'resident-called', command: 'good' },
    ]);
    const isAnswer = ({ channel, text }: { channel: string; text: string }) =>
      channel === 'replies' && text.includes('"good"');
    await until(() => at.centre.heard.some(isAnswer), 'the answer');
    expect(JSON.parse(at.centre.heard.find(isAnswer)?.text ?? '')).toMatchObject({
      jti: 'good',
      outcome: 'done',
    });
  });

  test('one that the broker had kept opens nothing when the gate comes back', async () => {
    const [openings, before] = [at.trial.relay.openings().length, rejections().length];
    await at.trial.stopGates();
    await at.centre.send('commands', await command(), true);
    await at.open();
    await until(() => rejections().length > before, 'it has a row');
    expect(
      rejections()
        .slice(before)
        .map(({ reason }) => reason),
    ).toEqual(['command-rejected:retained']);
    expect(at.trial.relay.openings()).toHaveLength(openings);
  });
});

function forged(token: string): string {
  const [head, , signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;
  const other = Buffer.from(JSON.stringify({ ...claims, lane: 'south' })).toString('base64url');
  return [head, other, signature].join('.');
}

function unsigned(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'menwei-command+jwt' })}.${part(claims)}.`;
}
