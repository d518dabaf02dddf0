import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BATCH_ROWS_MAX,
  entriesPayload,
  GATE_CHANNEL_RULES,
  GATE_CHANNELS,
  gateTopic,
  parseTopic,
  requestPayload,
  statusPayload,
  TRUST_CHANNELS,
  trustPayload,
  trustTopic,
  usedTopic,
} from './mqtt.ts';

const idText = fc.stringMatching(/^[a-z0-9-]{1,32}$/);

describe('topics', () => {
  test('what is built is read back', () => {
    fc.assert(
      fc.property(idText, idText, fc.constantFrom(...GATE_CHANNELS), (district, gate, channel) => {
        expect(parseTopic(gateTopic(district, gate, channel))).toEqual({
          scope: 'gate',
          district,
          gate,
          channel,
        });
      }),
    );
    for (const channel of TRUST_CHANNELS)
      expect(parseTopic(trustTopic('d-1', channel))).toEqual({ scope: 'trust', district: 'd-1', channel });
    expect(parseTopic(usedTopic('d-1', 4_294_967_295))).toEqual({
      scope: 'used',
      district: 'd-1',
      community: 4_294_967_295,
    });
  });

  test.each([
    ['', 'empty'],
    ['menwei/2/d/trust/root', 'another contract'],
    ['menwei/1/D/trust/root', 'upper case'],
    ['menwei/1/d/trust/root/more', 'a level too many'],
    ['menwei/1/d/trust/secret', 'no such document'],
    ['menwei/1/d/gates/+/status', 'a wildcard'],
    ['menwei/1/d/gates/g', 'no channel'],
    ['menwei/1/d/gates/g/open', 'no such channel'],
    ['menwei/1/d/communities/007/used', 'a second spelling'],
    ['menwei/1/d/communities/4294967296/used', 'beyond 32 bits'],
    ['menwei/1/d/communities/7/unused', 'no such channel of a community'],
  ])('%s is not a topic: %s', (text) => {
    expect(parseTopic(text)).toBeUndefined();
  });

  test('a topic with a wildcard or a slash can not be built', () => {
    for (const gate of ['+', '#', 'a/b', '', 'A', 'x'.repeat(33)])
      expect(() => gateTopic('d', gate, 'status')).toThrow();
  });

  test('nothing that acts is retained', () => {
    expect(GATE_CHANNEL_RULES.commands.retain).toBe(false);
    expect(GATE_CHANNEL_RULES.live.retain).toBe(false);
    expect(GATE_CHANNEL_RULES.ack.retain).toBe(true);
  });
});

describe('payloads', () => {
  const hash = 'a'.repeat(64);
  const row = { seq: 1, purged: true, previousHash: hash, digest: hash, hash };

  test('a batch holds at most its limit of rows, and at least one', () => {
    const batch = (count: number) => ({
      journal: '0'.repeat(32),
      checkpoint: 'a.b.c',
      rows: Array.from({ length: count }, () => row),
    });
    expect(entriesPayload.safeParse(batch(BATCH_ROWS_MAX - 1)).success).toBe(true);
    expect(entriesPayload.safeParse(batch(BATCH_ROWS_MAX)).success).toBe(true);
    expect(entriesPayload.safeParse(batch(BATCH_ROWS_MAX + 1)).success).toBe(false);
    expect(entriesPayload.safeParse(batch(0)).success).toBe(false);
  });

  test('an unknown field is refused, so that nothing personal slips in', () => {
    expect(
      entriesPayload.safeParse({
        journal: '0'.repeat(32),
        checkpoint: 'a.b.c',
        rows: [{ ...row, name: 'x' }],
      }).success,
    ).toBe(false);
    expect(statusPayload.safeParse({ state: 'online' }).success).toBe(false);
  });

  test('requests are told apart by what they want', () => {
    expect(requestPayload.safeParse({ want: 'time', nonce: 'f'.repeat(32) }).success).toBe(true);
    expect(requestPayload.safeParse({ want: 'snapshot', list: 'visitors' }).success).toBe(true);
    expect(requestPayload.safeParse({ want: 'open' }).success).toBe(false);
  });

  test('a trust document comes alone or as a list', () => {
    expect(trustPayload.safeParse('aa.bb.cc').success).toBe(true);
    expect(trustPayload.safeParse(['aa.bb.cc', { payload: 'x', signatures: [] }]).success).toBe(true);
    expect(trustPayload.safeParse([]).success).toBe(false);
    expect(trustPayload.safeParse('not a token').success).toBe(false);
  });
});
