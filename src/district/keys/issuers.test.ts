import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../../../test/twins/postgres.ts';
import { QuietDistrict, type QuietGate, type QuietOptions } from '../../../test/twins/quiet-district.ts';
import { parseCode } from '../../code/index.ts';
import { parseClaims, parseSigned } from '../../wire/index.ts';

const DAY = 86_400;
const HOUR = 3_600;

let postgres: Postgres;
let newPlace: (() => string) | undefined;
let running: QuietDistrict | undefined;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.remove());
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(options: QuietOptions = {}): Promise<QuietDistrict> {
  running = await QuietDistrict.start({
    ...(newPlace === undefined ? {} : { database: newPlace() }),
    ...options,
  });
  return running;
}

const step = async (district: QuietDistrict, seconds: number) => {
  district.clock.step(seconds * 1_000);
  await district.desk.lookOver();
};

const codeOf = async (district: QuietDistrict, index: number, issuer?: string): Promise<string> => {
  const issued = await district.issuing.token(index, 10, { issuer });
  if (!issued.ok) throw new Error(issued.error);
  return issued.value.code;
};

const kidOf = (code: string): number | undefined => {
  const claim = parseCode(code);
  return claim.ok && 'kid' in claim.value.fields ? claim.value.fields.kid : undefined;
};

const cardOf = async (district: QuietDistrict, index: number): Promise<string> => {
  const issued = await district.issuing.card(index, 28);
  if (!issued.ok) throw new Error(issued.error);
  return issued.value.code;
};

async function withResident(options: QuietOptions = {}): Promise<[QuietDistrict, QuietGate, number]> {
  const district = await start(options);
  const gate = await district.gate('north-1');
  const index = await district.resident();
  await district.publisher.publishAll();
  expect(await gate.listen()).toEqual([]);
  return [district, gate, index];
}

const ONLINE = {
  state: 'online',
  since: '2026-03-01T08:00:00.000Z',
  session: '1'.repeat(32),
  software: '1.0.0',
  journal: { id: '0'.repeat(32), seq: 0, hash: '0'.repeat(64) },
  clock: { quality: 'synced', errorSeconds: 0 },
  lanes: [],
  protocol: 5,
};

const CHANNELS = [
  { name: 'one', suite: 1, kinds: [1, 2], signDays: 180, verifyDays: 547 },
  { name: 'two', suite: 1, communities: [9], signDays: 180, verifyDays: 547 },
  { name: 'three', suite: 2, signDays: 180, verifyDays: 547 },
  { name: 'four', suite: 1, kinds: [4, 5], communities: [7], signDays: 180, verifyDays: 547 },
] as const;

describe.each(['SQLite', 'PostgreSQL'])('keys of issuers on %s', (server) => {
  beforeAll(() => {
    newPlace = server === 'SQLite' ? undefined : () => postgres.newDatabase();
  });

  test('B2: four channels, each inside its scope; a gate believes them all', async () => {
    const [district, gate, index] = await withResident({ issuers: CHANNELS });
    const kids = new Map<string, number | undefined>();
    for (const issuer of ['one', 'three']) {
      const code = await codeOf(district, index, issuer);
      expect(gate.check(code)).toBe('granted');
      kids.set(issuer, kidOf(code));
    }
    expect(kids.get('one')).not.toBe(kids.get('three'));
    expect(gate.check(await cardOf(district, index))).toBe('granted');
    expect(kidOf(await cardOf(district, index))).toBe(kids.get('three'));
    expect(gate.trust.snapshot().keys.size).toBe(4);
  });

  test('an issuer outside its scope, and one that there is not, are refused', async () => {
    const [district, , index] = await withResident({ issuers: CHANNELS });
    const { issuing } = district;
    expect(await issuing.token(index, 10, { issuer: 'two' })).toEqual({
      ok: false,
      error: 'outside-issuer-scope',
    });
    expect(await issuing.token(index, 10, { issuer: 'four' })).toEqual({
      ok: false,
      error: 'outside-issuer-scope',
    });
    expect(await issuing.token(index, 10, { issuer: 'five' })).toEqual({
      ok: false,
      error: 'no-such-issuer',
    });
    expect(await issuing.card(index, 400)).toMatchObject({ ok: true });
    expect(await issuing.card(index, 600)).toEqual({ ok: false, error: 'outlives-key' });
  });

  test('a key of another scope is no way around it: the gate refuses what the key set does not allow', async () => {
    const [district, gate, index] = await withResident({ issuers: CHANNELS });
    await district.stop({ keep: true });
    // The same keys, in the hands of somebody who has widened the scope in a configuration, and whose documents reach nobody.
    const wide = CHANNELS.map(({ name, suite, signDays, verifyDays }) => ({
      name,
      suite,
      signDays,
      verifyDays,
    }));
    const { clock, folder, place } = district;
    running = await QuietDistrict.start({ clock, folder, database: place, issuers: wide });
    expect(gate.check(await codeOf(running, index, 'two'))).toBe('wrong-issuer');
    expect(gate.check(await codeOf(running, index, 'four'))).toBe('wrong-issuer');
  });

  test('the next key is published first, signs after the lead, and codes of both count', async () => {
    const [district, gate, index] = await withResident();
    const before = await codeOf(district, index);
    const next = await district.desk.rotateIssuer('district');
    expect(next).toMatchObject({ ok: true });
    expect(await gate.listen()).toEqual([]);
    expect(gate.trust.snapshot().keys.size).toBe(2);
    expect(kidOf(await codeOf(district, index))).toBe(kidOf(before));
    expect(await district.desk.rotateIssuer('district')).toEqual({ ok: false, error: 'rotation-under-way' });
    await step(district, HOUR - 600);
    expect(kidOf(await codeOf(district, index))).toBe(kidOf(before));
    const last = await codeOf(district, index);
    await step(district, 601);
    const after = await codeOf(district, index);
    expect(next.ok && kidOf(after)).toBe(next.ok && next.value);
    expect(gate.check(after)).toBe('granted');
    // Signed ten minutes ago, under the key that is the former one by now.
    expect([kidOf(last) === kidOf(before), gate.check(last)]).toEqual([true, 'granted']);
    expect(district.desk.states().map(({ state }) => state)).toEqual(['former', 'signing']);
  });

  test('two processes that make the next key at once make one', async () => {
    const [district] = await withResident();
    const { clock, folder, place } = district;
    const other = await QuietDistrict.start({ clock, folder, database: place });
    await Promise.all([district, other].map((each) => each.keys.issuers.rotate('district')));
    await other.stop({ keep: true });
    await district.keys.issuers.reload();
    expect(district.desk.states().filter(({ state }) => state === 'next')).toHaveLength(1);
    expect(readdirSync(join(folder, 'keys')).filter((name) => name.startsWith('issuer-'))).toHaveLength(2);
  });

  test('the next key signs as soon as every connected gate holds it', async () => {
    const [district, gate, index] = await withResident();
    const next = await district.desk.rotateIssuer('district');
    const status = (keyset: number) =>
      district.registry.saw('north-1', JSON.stringify({ ...ONLINE, documents: { keyset } }));
    const version = (await district.publisher.spans()).find(({ name }) => name === 'keyset')?.version ?? 0;
    await status(version - 1);
    await step(district, 2);
    expect(kidOf(await codeOf(district, index))).not.toBe(next.ok && next.value);
    await status(version);
    await step(district, 2);
    expect(kidOf(await codeOf(district, index))).toBe(next.ok && next.value);
    await gate.listen();
    expect(gate.check(await codeOf(district, index))).toBe('granted');
  });

  test('a key that nears its last signing day is followed by itself, and no code is refused on the way', async () => {
    const [district, gate, index] = await withResident();
    const kids = new Set<number | undefined>();
    for (let day = 0; day < 400; day += 4) {
      await step(district, 4 * DAY);
      await step(district, 2 * HOUR);
      await district.publisher.refresh();
      await district.publisher.publishAll();
      expect(await gate.listen()).toEqual([]);
      const code = await codeOf(district, index);
      kids.add(kidOf(code));
      expect(gate.check(code)).toBe('granted');
    }
    expect(kids.size).toBe(3);
  }, 120_000);

  test('emergency: a withdrawn key opens nothing, and the desk goes on with the next at once', async () => {
    const [district, gate, index] = await withResident();
    const [code, card] = [await codeOf(district, index), await cardOf(district, index)];
    expect([gate.check(code), gate.check(card)]).toEqual(['granted', 'granted']);
    const kid = kidOf(code) ?? -1;
    expect(await district.desk.retireIssuerKey(kid)).toEqual({ ok: true, value: kid });
    expect(await gate.listen()).toEqual([]);
    expect([gate.check(code), gate.check(card)]).toEqual(['key-retired', 'key-retired']);
    const next = await codeOf(district, index);
    expect(kidOf(next)).not.toBe(kid);
    expect(gate.check(next)).toBe('granted');
    expect(await district.desk.retireIssuerKey(kid)).toEqual({ ok: false, error: 'retired-already' });
    expect(await district.desk.retireIssuerKey(200)).toEqual({ ok: false, error: 'no-such-key' });
  });

  test('emergency with a cut-off: tokens issued from then on still count, cards do not', async () => {
    const [district, gate, index] = await withResident();
    const early = await codeOf(district, index);
    await step(district, 120);
    const cutOff = Math.floor(district.clock.wall() / 1_000);
    const [late, card] = [await codeOf(district, index), await cardOf(district, index)];
    await step(district, 60);
    expect(await district.desk.retireIssuerKey(kidOf(early) ?? -1, { cutOff: cutOff + 3_600 })).toEqual({
      ok: false,
      error: 'cut-off-ahead',
    });
    await district.desk.retireIssuerKey(kidOf(early) ?? -1, { cutOff });
    await gate.listen();
    expect([early, late, card].map((code) => gate.check(code))).toEqual([
      'key-retired',
      'granted',
      'key-retired',
    ]);
    expect(gate.check(await cardOf(district, index))).toBe('granted');
    // Worse than was thought: now wholly.
    await district.desk.retireIssuerKey(kidOf(early) ?? -1);
    await gate.listen();
    expect(gate.check(late)).toBe('key-retired');
  });

  test('a kid is not given again while a code under it could live, and the last one is refused with words', async () => {
    const district = await start();
    const kids = district.desk.states().map(({ kid }) => kid);
    for (let turn = 0; turn < 255; turn += 1) {
      const { kid } = district.desk.states().find(({ state }) => state === 'signing') ?? { kid: -1 };
      const done = await district.keys.issuers.retire(kid);
      expect(done.ok).toBe(true);
      kids.push(district.desk.states().find(({ state }) => state === 'signing')?.kid ?? -1);
    }
    expect(new Set(kids).size).toBe(256);
    const last = kids.at(-1) ?? -1;
    expect(await district.keys.issuers.retire(last)).toEqual({ ok: false, error: 'kids-exhausted' });
    await step(district, 547 * DAY + 91 * DAY);
    const again = district.desk.states().find(({ state }) => state === 'signing');
    expect(kids).toContain(again?.kid);
  }, 60_000);

  test('operator keys: the next is listed before it signs; a withdrawn one leaves the list at once', async () => {
    const [district, gate] = await withResident();
    const { operators } = district.keys;
    const before = operators.signer.kid;
    await district.desk.rotateOperator();
    await gate.listen();
    expect(gate.trust.snapshot().operators.length).toBe(2);
    expect(operators.signer.kid).toBe(before);
    await step(district, HOUR + 1);
    expect(operators.signer.kid).not.toBe(before);
    await district.desk.retireOperator(before);
    await gate.listen();
    expect(gate.trust.snapshot().operators.map(({ kid }) => kid)).toEqual([operators.signer.kid]);
  });
});

describe('the keys folder', () => {
  beforeAll(() => {
    newPlace = undefined;
  });

  test('each secret lies in a file for its owner alone; a key that signs no more has none', async () => {
    const district = await start();
    const folder = join(district.folder, 'keys');
    const issuerFiles = () => readdirSync(folder).filter((name) => name.startsWith('issuer-'));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    const [before] = issuerFiles();
    await district.desk.retireIssuerKey(district.desk.states()[0]?.kid ?? -1);
    expect(issuerFiles()).toHaveLength(1);
    expect(issuerFiles()).not.toContain(before);
    const dump = JSON.stringify(await district.database.selectFrom('issuer_key').selectAll().execute());
    expect(dump).not.toMatch(/secret|seed/);
  });

  test('a keys file of the first form is taken over: same root, same kid, codes of before still open', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'menwei-former-'));
    mkdirSync(join(folder, 'keys'));
    const seed = (byte: number) => byte.toString(16).padStart(2, '0').repeat(32);
    const roles = ['root', 'keyset', 'status', 'time', 'policy', 'roster', 'operators', 'ack'];
    const former = {
      version: 1,
      roles: Object.fromEntries(roles.map((role, at) => [role, seed(at + 1)])),
      issuer: { kid: 77, seed: seed(40), notBefore: 1_772_300_000 },
      operator: seed(41),
      lookup: seed(42),
    };
    writeFileSync(join(folder, 'keys', 'keys.json'), JSON.stringify(former), { mode: 0o600 });
    running = await QuietDistrict.start({ folder });
    expect(running.desk.states()).toMatchObject([{ kid: 77, state: 'signing', notBefore: 1_772_300_000 }]);
    expect(running.keys.keys.lookupKey).toBe(seed(42));
    expect(existsSync(join(folder, 'keys', 'keys.json'))).toBe(false);
    const kids = running.keys.keys.signers;
    const { clock } = running;
    await running.stop({ keep: true });
    running = await QuietDistrict.start({ folder, clock });
    expect(running.keys.keys.signers.keyset.kid).toBe(kids.keyset.kid);
    expect(running.desk.states()).toMatchObject([{ kid: 77, state: 'signing' }]);
  });

  test('a damaged key file stops the start, and is named', async () => {
    const district = await start();
    const { folder, clock } = district;
    await district.stop({ keep: true });
    running = undefined;
    const [file = ''] = readdirSync(join(folder, 'keys')).filter((name) => name.startsWith('role-keyset'));
    writeFileSync(join(folder, 'keys', file), '{"version":1');
    await expect(QuietDistrict.start({ folder, clock })).rejects.toThrow(
      /role-keyset.* is damaged; restore it/,
    );
    rmSync(folder, { recursive: true });
  });
});

test('documents say nothing secret', async () => {
  newPlace = undefined;
  const district = await start();
  for (const { text } of await district.database.selectFrom('document').select('text').execute()) {
    const signed = parseSigned(text);
    expect(signed.ok && JSON.stringify(parseClaims(signed.value.payload))).not.toMatch(/"d"|seed|secret/);
  }
});
