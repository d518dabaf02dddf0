import { describe, expect, it } from 'vitest';
import type { GateFile } from '../../../config/schema.ts';
import { chainedRow } from '../../wire/index.ts';
import { impersonal, logWithout } from './bundle.ts';
import { isClean, withoutSecrets } from './secrets.ts';

const HASH = 'a'.repeat(64);
const row = (more: object) =>
  chainedRow.parse({
    seq: 9,
    at: '2026-11-20T08:00:00.000Z',
    clock: 'synced',
    previousHash: HASH,
    digest: HASH,
    hash: HASH,
    ...more,
  });

describe('a row in the bundle', () => {
  it('says what became of it, and not of whom', () => {
    const told = impersonal(
      row({
        decision: 'granted',
        lane: 'main',
        kind: 2,
        index: 41,
        passId: 7,
        party: [42],
        actor: 'g-07',
        command: 'j-1',
      }),
    );
    expect(JSON.parse(JSON.stringify(told))).toEqual({
      seq: 9,
      at: '2026-11-20T08:00:00.000Z',
      clock: 'synced',
      decision: 'granted',
      lane: 'main',
      kind: 2,
    });
  });

  it.each([
    ['system', 'drill:clock:passed', 'drill:clock:passed'],
    ['system', 'look-up:no-phone', 'look-up'],
    ['system', 'account:g-07', 'account'],
    ['manual', 'known-resident', 'known-resident'],
    ['system', 'reader-lost:13800138000', 'reader-lost:[removed]'],
  ] as const)('%s %s is told as %s', (decision, reason, told) => {
    expect(impersonal(row({ decision, reason }))).toMatchObject({ reason: told });
  });
});

it('a log keeps no figures that let anybody in, no code, no number', () => {
  const log = [
    '{"setupCode":"40718265","msg":"type these figures"}',
    '{"code":"1234 5678"}',
    `X1${'A'.repeat(120)}`,
    '110101199003074514 13800138000',
  ].join('\n');
  expect(logWithout(log)).not.toMatch(/40718265|1234 5678|X1AAAA|110101|138001/);
});

it('a configuration goes without its secrets, also those within an address', () => {
  const told = JSON.stringify(
    withoutSecrets({
      gate: 'north-1',
      mqtt: {
        url: 'mqtts://north-1:canary@broker.example:8883',
        password: 'canary',
        otherUrls: ['wss://canary@b.example'],
      },
    }),
  );
  expect(told).not.toContain('canary');
  expect(told).toContain('mqtts://broker.example:8883');
});

it('a text with a secret of this gate in it is seen', () => {
  const config = { dataDir: '/nonexistent', mqtt: { password: 'canary-5f1c' } } as unknown as GateFile;
  expect([isClean('all is well', config), isClean('password canary-5f1c', config)]).toEqual([true, false]);
});
