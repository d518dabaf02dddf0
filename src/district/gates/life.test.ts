import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryLog, realClock } from '../../../test/twins/broker.ts';
import { chained, keyPair, signToken, verifySignature } from '../../../test/twins/gate.ts';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { type AlarmPayload, CHECKPOINT_TYPE } from '../../wire/index.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { KnownGates } from '../centre/known-gates.ts';
import { createIngest } from '../ingest/ingest.ts';
import { Registry } from '../registry/registry.ts';
import { openAuthority } from './authority.ts';
import { isBatchOf } from './batch-of.ts';
import { GateCertificates } from './certificates.ts';
import { GateLife } from './life.ts';
import { writeMosquittoFiles } from '../centre/mosquitto.ts';

const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
const journal = 'a'.repeat(32);
let folder: string;
let postgres: Postgres;
let database: Database;
let registry: Registry;
let certificates: GateCertificates;
let life: GateLife;
let told: string[];
let alarms: { gate: string; alarm: AlarmPayload }[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'menwei-life-'));
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.remove();
  rmSync(folder, { recursive: true });
});

async function setUp(place: string): Promise<void> {
  const common = { district: 'd-1', clock: realClock, random, log: memoryLog() };
  database = await openDatabase(place);
  registry = new Registry({ ...common, database, places: 64 });
  const authority = await openAuthority({ ...common, folder: join(folder, 'keys') });
  const signer = () => {
    throw new Error('nothing is signed here');
  };
  certificates = new GateCertificates({ ...common, database, authority, signer });
  const tell = (word: string) => {
    told.push(word);
    return Promise.resolve();
  };
  life = new GateLife({
    ...common,
    database,
    certificates,
    throwOut: (gate) => tell(`out ${gate}`),
    clearRoster: (gate) => tell(`no roster ${gate}`),
    rotateRosterKeys: (community) => tell(`new roster keys of ${community}`),
    registryChanged: () => tell('published'),
    isSignedBy: (payload, by) => isBatchOf(payload, { ...by, district: 'd-1' }, verifySignature),
    alarm: (gate, alarm) => {
      alarms.push({ gate, alarm });
      return Promise.resolve();
    },
  });
}

async function enrol(gate: string, deviceKey: string, confirmed = true): Promise<void> {
  await life.replace(gate, { deviceKey });
  await registry.enrolGate({ gate, community: 7, deviceKey, sealKey: 'A'.repeat(43) }, { confirmed });
}

function batch(key: ReturnType<typeof keyPair>, rows = [chained(undefined, {})]): Uint8Array {
  const last = rows.at(-1);
  const claims = {
    iss: 'd-1',
    aud: 'north-1',
    iat: 1,
    journal,
    seq: last?.seq,
    hash: last?.hash,
    clock: 'synced',
  };
  return Buffer.from(
    JSON.stringify({ journal, rows, checkpoint: signToken(key.privateKey, CHECKPOINT_TYPE, claims) }),
  );
}

describe.each(['SQLite', 'PostgreSQL'])('a gate’s life on %s', (kind) => {
  beforeAll(() => setUp(kind === 'SQLite' ? ':memory:' : postgres.newDatabase()));
  afterAll(() => database.destroy());
  beforeEach(async () => {
    [told, alarms] = [[], []];
    for (const table of [
      'gate',
      'gate_key',
      'gate_life',
      'gate_certificate',
      'stream',
      'journal_row',
    ] as const)
      await database.deleteFrom(table).execute();
  });

  test('waits, is confirmed, retires: its roster and its connection go, its rows stay', async () => {
    const key = keyPair();
    await enrol('north-1', key.publicKeyHex, false);
    expect(await life.stateOf('north-1')).toBe('waiting');
    await registry.confirmGate('north-1', key.publicKeyHex);
    expect(await life.stateOf('north-1')).toBe('confirmed');
    const gate = await registry.gate('north-1');
    const ingest = createIngest({ district: 'd-1', database, verifySignature, clock: realClock });
    if (gate === undefined || !(await ingest.take(gate, batch(key))).ok) throw new Error('rows are stored');
    expect(await life.end('north-1', { state: 'retired', reason: 'moved' })).toEqual({
      ok: true,
      value: 'retired',
    });
    expect(told).toEqual(['out north-1', 'no roster north-1', 'published']);
    expect([await life.stateOf('north-1'), (await registry.gate('north-1'))?.confirmed]).toEqual([
      'retired',
      0,
    ]);
    expect(await database.selectFrom('journal_row').select('seq').execute()).toEqual([{ seq: 1 }]);
    expect(await life.end('none-1', { state: 'retired', reason: 'x' })).toEqual({
      ok: false,
      error: 'no-such-gate',
    });
  });

  test('stolen: rosters get a new look-up key and its community other short codes, it is an alarm when it is heard, and its key is never taken again', async () => {
    const key = keyPair();
    await enrol('north-1', key.publicKeyHex);
    await life.end('north-1', { state: 'stolen', reason: 'gone' });
    expect(told).toContain('new roster keys of 7');
    const gate = await new KnownGates(database, realClock).gate('north-1');
    if (gate === undefined) throw new Error('it is remembered');
    expect([await life.isHeard(gate), await life.isHeard(gate)]).toEqual([false, false]);
    expect(alarms).toMatchObject([{ gate: 'north-1', alarm: { alarm: 'gate-ended', cleared: false } }]);
    expect(await life.mayEnrol('north-1', key.publicKeyHex)).toEqual({ ok: false, error: 'ended-key' });
    expect((await life.mayEnrol('north-1', keyPair().publicKeyHex)).ok).toBe(true);
  });

  test('replaced: the new key brings the old journal on; what the old key signs later is told', async () => {
    const [old, next] = [keyPair(), keyPair()];
    await enrol('north-1', old.publicKeyHex);
    await enrol('north-1', next.publicKeyHex);
    const gate = await registry.gate('north-1');
    if (gate === undefined) throw new Error('it is there');
    const ingest = createIngest({ district: 'd-1', database, verifySignature, clock: realClock });
    const first = chained(undefined, {});
    expect((await ingest.take(gate, batch(next, [first]))).ok).toBe(true);
    const late = batch(old, [first, chained(first, {})]);
    expect(await ingest.take(gate, late)).toEqual({ ok: false, error: 'checkpoint' });
    await life.unbelieved('north-1', late);
    await life.unbelieved('north-1', batch(keyPair()));
    expect(alarms).toMatchObject([
      { alarm: { alarm: 'gate-ended', detail: expect.stringContaining('replaced') } },
    ]);
  });

  test('stolen, and a power cut before its certificate was revoked: it enters no broker all the same', async () => {
    await enrol('north-1', keyPair().publicKeyHex);
    const serial = '4A'.repeat(16);
    const certificate = { serial, gate: 'north-1', issued_at: 1, not_after: 9_000_000_000_000 };
    await database
      .insertInto('gate_certificate')
      .values({ ...certificate, revoked_at: null })
      .execute();
    expect(await certificates.holds('north-1', serial)).toBe(true);
    vi.spyOn(certificates, 'revokeAll').mockRejectedValueOnce(new Error('power cut'));
    await life.end('north-1', { state: 'stolen', reason: 'gone' }).catch(() => undefined);
    expect(await certificates.holds('north-1', serial)).toBe(false);
  });

  test('a gate is never renamed: its key has one living name', async () => {
    const key = keyPair();
    await enrol('north-1', key.publicKeyHex);
    expect(await life.mayEnrol('south-1', key.publicKeyHex)).toEqual({ ok: false, error: 'other-name' });
    await life.end('north-1', { state: 'retired', reason: 'renamed' });
    expect((await life.mayEnrol('south-1', key.publicKeyHex)).ok).toBe(true);
  });

  test('mosquitto’s files name the living alone, and are written only when something has changed', async () => {
    await enrol('north-1', keyPair().publicKeyHex);
    await enrol('south-1', keyPair().publicKeyHex);
    const authority = await openAuthority({
      folder: join(folder, 'keys'),
      district: 'd-1',
      clock: realClock,
      random,
    });
    const out = join(folder, `broker-${kind}`);
    const parts = { folder: out, district: 'd-1', names: ['localhost'], port: 8_883, homeAssistant: false };
    let reloads = 0;
    const reload = () => {
      reloads += 1;
      return Promise.resolve();
    };
    const write = () =>
      writeMosquittoFiles({
        ...parts,
        database,
        authority,
        certificates,
        clock: realClock,
        log: memoryLog(),
        reload,
      });
    expect([await write(), await write(), reloads]).toEqual([true, false, 1]);
    const rules = () => readFileSync(join(out, 'acl'), 'utf8');
    expect(rules()).toContain('user south-1\ntopic write menwei/1/d-1/gates/south-1/status');
    expect(statSync(join(out, 'server-key.pem')).mode & 0o007).toBe(0);
    await life.end('south-1', { state: 'retired', reason: 'x' });
    expect([await write(), rules().includes('south-1'), rules().includes('user north-1')]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
