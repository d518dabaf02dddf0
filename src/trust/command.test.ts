import { beforeAll, describe, expect, it } from 'vitest';
import { monotonicMs } from '../base/index.ts';
import type { TrustKeeper } from './index.ts';
import { DAY, NOW, now, open, signer, SimulatedDisk, TestDistrict } from './testing.ts';

const context = { sessionNonce: '1'.repeat(32), receivedAt: monotonicMs(5), now };
let district: TestDistrict;
let keeper: TrustKeeper;

beforeAll(async () => {
  district = await TestDistrict.found();
  keeper = await open(district, { disk: new SimulatedDisk() });
  await keeper.accept(await district.operators(1, { verbs: ['open', 'resend-from'] }), now);
});

describe('a command', () => {
  it('of an operator, for this gate and this session, is handed on as data', async () => {
    const text = await district.command({ verb: 'resend-from', from: 7, lane: 'lane-1' });
    expect(await keeper.verifyCommand(text, context)).toEqual({
      type: 'command',
      jti: 'c-1',
      verb: 'resend-from',
      lane: 'lane-1',
      from: 7,
      actor: 'op-1',
      reason: 'rehearsal',
      key: (await signer('operator')).kid,
      counter: 1,
      issuedAt: NOW,
      expiresAt: NOW + 30,
      receivedAt: 5,
    });
  });

  it.each<[string, string, () => Promise<string>]>([
    ['malformed', 'that is none', async () => 'open!'],
    ['malformed', 'of another type', () => district.ack()],
    ['malformed', 'without a reason', async () => (await signer('operator')).sign('menwei-command+jwt', {})],
    ['signature', 'signed by nobody the operators list names', () => district.command({}, 'stranger')],
    ['signature', 'changed after signing', () => withSignatureOf('c-2')],
    ['gate', 'for another gate', () => district.command({ aud: 'south-1' })],
    ['gate', 'of another district', () => district.command({ iss: 'lianhu' })],
    ['nonce', 'for an earlier session', () => district.command({ nonce: '2'.repeat(32) })],
    ['actor', 'in another operator’s name', () => district.command({ actor: 'op-2' })],
    ['verb', 'that this operator may not give', () => district.command({ verb: 'release' })],
    ['expired', 'that would live too long', () => district.command({ exp: NOW + 31 })],
    ['expired', 'that ends before it begins', () => district.command({ exp: NOW - 1 })],
  ])('is rejected as %s: %s', async (why, _name, make) => {
    expect(await keeper.verifyCommand(await make(), context)).toMatchObject({
      type: 'command-rejected',
      why,
    });
  });

  it('says nothing of who it claims to be from before its signature holds', async () => {
    const forged = await keeper.verifyCommand(
      await district.command({ actor: 'mayor' }, 'stranger'),
      context,
    );
    expect(forged).toEqual({ type: 'command-rejected', why: 'signature' });
  });

  it.each([
    ['before the operator’s span', -DAY - 1, 'command-rejected'],
    ['in its first second', -DAY, 'command'],
    ['in its last second', DAY, 'command'],
    ['after it', DAY + 1, 'command-rejected'],
  ])('%s is judged by it', async (_name, seconds, type) => {
    const later = { ...context, now: { seconds: NOW + seconds, quality: 'synced' as const } };
    expect(await keeper.verifyCommand(await district.command(), later)).toMatchObject({ type });
  });

  it('of an operator of other gates is rejected', async () => {
    const other = await open(district, { disk: new SimulatedDisk() });
    await other.accept(await district.operators(1, { gates: ['south-1'] }), now);
    expect(await other.verifyCommand(await district.command(), context)).toMatchObject({ why: 'actor' });
  });

  it('is rejected while no operators list is held', async () => {
    const bare = await open(district, { disk: new SimulatedDisk() });
    expect(await bare.verifyCommand(await district.command(), context)).toMatchObject({ why: 'signature' });
  });
});

describe('an acknowledgement', () => {
  it('of the district is handed on', async () => {
    expect(await keeper.verifyAck(await district.ack())).toMatchObject({ ok: true, value: { seq: 9 } });
  });

  it.each<[string, () => Promise<string>]>([
    ['wrong-audience', () => district.ack({ aud: 'south-1' })],
    ['wrong-district', () => district.ack({ iss: 'lianhu' })],
    ['bad-typ', () => district.command()],
    ['bad-signature', async () => (await signer('time')).sign('menwei-ack+jwt', {})],
    ['malformed', async () => (await district.by('ack')).sign('menwei-ack+jwt', {})],
  ])('is refused as %s', async (reason, make) => {
    expect(await keeper.verifyAck(await make())).toMatchObject({ ok: false, error: { reason } });
  });
});

/** The usual command under a signature that was made for another one. */
async function withSignatureOf(jti: string): Promise<string> {
  const [mine, other] = [await district.command(), await district.command({ jti })];
  return mine.slice(0, mine.lastIndexOf('.')) + other.slice(other.lastIndexOf('.'));
}
