import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { asyncapiChannels, asyncapiDocument } from './asyncapi.ts';

const file = new URL('../../docs/asyncapi.yaml', import.meta.url);
const text = readFileSync(file, 'utf8');

const hash = 'a'.repeat(64);
const journal = '0'.repeat(32);
const at = '2026-01-02T03:04:05.678Z';
const row = { seq: 1, at, clock: 'synced', decision: 'granted', previousHash: hash, digest: hash, hash };
const token = 'aa.bb.cc';

/** One real payload for each channel, and one that must be refused. */
const PAYLOADS: Readonly<Record<string, { good: unknown; bad: unknown }>> = {
  'gate-status': {
    good: {
      state: 'offline',
      ended: 'connection-lost',
      since: at,
      session: journal,
      software: '1.0.0',
      journal: { id: journal, seq: 0, hash },
      documents: { policy: 3 },
      clock: { quality: 'holdover', errorSeconds: 0.5 },
      lanes: [{ lane: 'main', direction: 'in', door: { ok: true, relayOn: false } }],
      protocol: 5,
    },
    bad: { state: 'sleeping' },
  },
  'gate-entries': {
    good: { journal, rows: [row], checkpoint: token },
    bad: { journal, rows: [], checkpoint: token },
  },
  'gate-live': { good: { journal, row }, bad: { journal, row: { ...row, name: 'somebody' } } },
  'gate-alarms': {
    good: { id: 'a-1', at, alarm: 'forced', lane: 'main', seq: 4 },
    bad: { id: 'a-1', at, alarm: 'boredom' },
  },
  'gate-health': {
    good: {
      at,
      uptimeSeconds: 1,
      queueDepth: 0,
      unsentRows: 0,
      readers: [{ reader: 'r-1', state: 'ready' }],
      versions: {},
    },
    bad: { at, uptimeSeconds: -1, queueDepth: 0, unsentRows: 0, readers: [], versions: {} },
  },
  'gate-replies': {
    good: { jti: 'j', at, outcome: 'done', journal, seq: 9 },
    bad: { jti: 'j', at, outcome: 'maybe', journal, seq: 9 },
  },
  'gate-requests': { good: { want: 'time', nonce: journal }, bad: { want: 'time' } },
  'gate-commands': { good: token, bad: 'open the gate' },
  'gate-ack': { good: token, bad: { seq: 1 } },
  'gate-roster': { good: 'aa.bb.cc.dd.ee', bad: '' },
  'community-used': { good: token, bad: 'aa' },
  trust: { good: [token, { payload: 'x', signatures: [] }], bad: [] },
};

interface Document {
  readonly channels: Record<string, { messages: Record<string, { payload: Record<string, unknown> }> }>;
}

describe('docs/asyncapi.yaml', () => {
  test('is what the schemas say today (make it again with: node scripts/asyncapi.ts)', () => {
    expect(parse(text)).toEqual(asyncapiDocument());
  });

  test('is a valid AsyncAPI 3 document with every channel of the contract', async () => {
    const { document, diagnostics } = await new Parser().parse(text);
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
    expect(document?.version()).toBe('3.0.0');
    expect(document?.channels().all().length).toBe(asyncapiChannels().length);
    expect(document?.operations().all().length).toBe(asyncapiChannels().length);
  }, 30_000);

  test.each(asyncapiChannels())(
    '%s: the published schema and the code agree on real payloads',
    (name, channel) => {
      const { channels } = parse(text) as Document;
      const published = channels[name]?.messages[name]?.payload ?? {};
      const again = z.fromJSONSchema(published);
      const validate = (payload: unknown) => again.safeParse(payload).success;
      const { good, bad } = PAYLOADS[name.startsWith('trust-') ? 'trust' : name] ?? {
        good: undefined,
        bad: undefined,
      };
      expect([validate(good), channel.payload.safeParse(good).success]).toEqual([true, true]);
      expect([validate(bad), channel.payload.safeParse(bad).success]).toEqual([false, false]);
    },
  );
});
