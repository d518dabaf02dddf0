import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  bundleFile,
  commandPayload,
  contextFile,
  keysetPayload,
  operatorsPayload,
  policyPayload,
  ROLES,
  rootPayload,
  rosterPayload,
  statusDeltaPayload,
  statusListPayload,
  timePayload,
} from './index.ts';

const base = { iss: 'gaoxin', version: 1, iat: 1_800_000_000, exp: 1_800_086_400 };
const kid = 'k'.repeat(43);
const other = 'o'.repeat(43);
const x = 'x'.repeat(43);
const key = { kty: 'OKP', crv: 'Ed25519', x };
const roles = (role: object) => Object.fromEntries(ROLES.map((name) => [name, role]));

describe('root', () => {
  const root = (role: object) => ({ ...base, keys: { [kid]: key }, roles: roles(role) });

  it('names the keys and the threshold of every role', () => {
    expect(rootPayload.safeParse(root({ keys: [kid], threshold: 1 })).success).toBe(true);
    const { ack: _ack, ...rest } = roles({ keys: [kid], threshold: 1 });
    expect(rootPayload.safeParse({ ...root({}), roles: rest }).success).toBe(false);
  });

  it.each([
    ['a threshold above its keys', { keys: [kid], threshold: 2 }],
    ['one key counted twice', { keys: [kid, kid], threshold: 2 }],
    ['a threshold of none', { keys: [kid], threshold: 0 }],
    ['a key that is not listed', { keys: [other], threshold: 1 }],
  ])('refuses %s', (_name, role) => {
    expect(rootPayload.safeParse(root(role)).success).toBe(false);
  });
});

describe('key set', () => {
  const issuer = { ...key, kid: '42', suite: 1, notBefore: 1, signUntil: 2, verifyUntil: 3 };
  const keys = (...list: object[]) => keysetPayload.safeParse({ ...base, keys: list }).success;

  it('lists keys of both suites', () => {
    expect(keys(issuer, { ...issuer, kid: '43', suite: 2, kty: 'EC', crv: 'SM2', y: x })).toBe(true);
  });

  it.each([
    ['a kid twice', [issuer, issuer]],
    ['a kid above 255', [{ ...issuer, kid: '256' }]],
    ['a kid with a leading zero', [{ ...issuer, kid: '042' }]],
    ['a span that ends before it begins', [{ ...issuer, verifyUntil: 1 }]],
    ['a suite that is not the key’s', [{ ...issuer, suite: 2 }]],
    ['a private key', [{ ...issuer, d: x }]],
  ])('refuses %s', (_name, list) => {
    expect(keys(...list)).toBe(false);
  });
});

describe('status list and delta', () => {
  const list = { ...base, sub: 'residents', length: 4, status_list: { bits: 2, lst: 'eNpjAAAAAQAB' } };
  const delta = {
    iss: 'gaoxin',
    sub: 'visitors',
    base: 1,
    version: 2,
    iat: 1,
    length: 4,
    hash: '0'.repeat(64),
  };

  it('take two bits a place', () => {
    expect(statusListPayload.safeParse(list).success).toBe(true);
    expect(statusListPayload.safeParse({ ...list, status_list: { bits: 1, lst: '' } }).success).toBe(false);
    expect(statusListPayload.safeParse({ ...list, sub: 'guests' }).success).toBe(false);
  });

  it('write two hundred changes in less than 2 KB before signing', () => {
    const step = Math.floor(13_000_000 / 200);
    const changes = { '1': Array.from({ length: 200 }, (_, at) => (at === 0 ? 7 : step)) };
    const parsed = statusDeltaPayload.parse({ ...delta, changes });
    expect(JSON.stringify(parsed).length).toBeLessThan(2_000);
  });
});

describe('the others', () => {
  it('a roster names an index once, and an order once in a household', () => {
    const entry = { index: 1, household: 7, order: 0 };
    const roster = (...entries: object[]) => rosterPayload.safeParse({ ...base, aud: 1, entries }).success;
    expect(roster(entry, { ...entry, index: 2, order: 1 })).toBe(true);
    expect(roster(entry, { ...entry, order: 1 })).toBe(false);
    expect(roster(entry, { ...entry, index: 2 })).toBe(false);
    expect(roster({ ...entry, name: 'x' })).toBe(false);
  });

  it('an operator has a key, verbs and a span', () => {
    const operator = { actor: 'op-1', kid, key, verbs: ['open'], from: 1, until: 2 };
    const operators = (...list: object[]) => operatorsPayload.safeParse({ ...base, operators: list }).success;
    expect(operators(operator)).toBe(true);
    expect(operators(operator, operator)).toBe(false);
    expect(operators({ ...operator, verbs: ['dance'] })).toBe(false);
  });

  it('a command says nothing that no row can hold', () => {
    const example = {
      iss: 'gaoxin',
      aud: 'north-1',
      nonce: 'a'.repeat(32),
      verb: 'open',
      jti: '1',
      counter: 1,
      iat: 1,
      exp: 2,
      actor: 'op-1',
      reason: 'visit',
    };
    expect(commandPayload.safeParse(example).success).toBe(true);
    for (const field of ['jti', 'actor', 'reason'])
      expect(commandPayload.safeParse({ ...example, [field]: '\ud83d' }).success).toBe(false);
  });

  it('a policy names a time zone in which days can be told', () => {
    const policy = (timeZone: string) => policyPayload.safeParse({ ...base, aud: 1, timeZone }).success;
    expect(policy('Asia/Shanghai')).toBe(true);
    expect(policy('Asia/Xanadu')).toBe(false);
  });

  it('a time names documents it knows', () => {
    const { version: _version, ...claims } = base;
    const named = { version: 1, hash: '0'.repeat(64) };
    const time = (documents: object) =>
      timePayload.safeParse({ ...claims, time: 1_800_000_000_000, documents }).success;
    expect(time({ keyset: named, 'policy/15069516': named })).toBe(true);
    expect(time({ other: named })).toBe(false);
  });
});

describe('docs/trust-documents.md', () => {
  const text = readFileSync(new URL('../../docs/trust-documents.md', import.meta.url), 'utf8');
  const examples = [...text.matchAll(/^```json (\w+)\n([\s\S]*?)^```$/gm)].map(([, name, json]) => ({
    name,
    json,
  }));
  const schemas: Record<string, { safeParse(value: unknown): { error?: unknown } }> = {
    root: rootPayload,
    keyset: keysetPayload,
    statuslist: statusListPayload,
    statusdelta: statusDeltaPayload,
    time: timePayload,
    policy: policyPayload,
    roster: rosterPayload,
    operators: operatorsPayload,
    command: commandPayload,
    bundle: bundleFile,
  };

  it('has an example of every document', () => {
    expect(examples.map(({ name }) => name)).toEqual(Object.keys(schemas));
  });

  it.each(examples)('$name is what its schema takes', ({ name, json }) => {
    expect(schemas[name ?? '']?.safeParse(JSON.parse(json ?? '')).error).toBeUndefined();
  });
});

describe('a context file', () => {
  const vectors = new URL('../../test/vectors/', import.meta.url);
  it.each(['code-v1-day.json', 'code-v1-night.json'])('is what %s begins with', (name) => {
    const text = readFileSync(new URL(name, vectors), 'utf8');
    expect(contextFile.safeParse(JSON.parse(text)).error).toBeUndefined();
  });
});
