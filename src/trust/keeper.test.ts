import { generateKeyPair, exportJWK, CompactEncrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { sealRoster } from '../issue/index.ts';
import { COMMUNITY, DAY, listBytes, NOW, now, open, SimulatedDisk, signer, TestDistrict } from './testing.ts';
import type { DocumentRefusal, GateKey, TrustKeeper } from './index.ts';
import { statusListHash } from '../issue/index.ts';

async function founded(): Promise<{ district: TestDistrict; disk: SimulatedDisk; keeper: TrustKeeper }> {
  const district = await TestDistrict.found();
  const disk = new SimulatedDisk();
  return { district, disk, keeper: await open(district, { disk }) };
}

async function refusal(keeper: TrustKeeper, text: string, at = now): Promise<DocumentRefusal | 'accepted'> {
  const outcome = await keeper.accept(text, at);
  return outcome.ok ? 'accepted' : outcome.error.reason;
}

describe('a new gate', () => {
  it('believes its pinned root and nothing else', async () => {
    const { keeper } = await founded();
    expect([...keeper.snapshot().versions.keys()]).toEqual(['root']);
    expect(keeper.snapshot().keys.size).toBe(0);
    expect(keeper.snapshot().residents.at(0)).toBe(1);
    expect(keeper.snapshot().freshness(now).kinds).toMatchObject({ 1: 'none', 3: 'none' });
    expect(keeper.problems()).toEqual([]);
  });

  it('takes the documents of its district, and shows each as a new snapshot', async () => {
    const { district, keeper } = await founded();
    const seen: string[] = [];
    keeper.onChange((snapshot, accepted) => seen.push(`${accepted[0]?.document} ${snapshot.versions.size}`));
    const before = keeper.snapshot();
    for (const text of [
      await district.policy(),
      await district.keyset(),
      await district.list(1, { 5: 1, 6: 2, 7: 3 }),
      await district.list(1, {}, { sub: 'visitors' }),
      await district.roster(),
      await district.operators(),
      await district.time(),
    ]) {
      expect(await keeper.accept(text, now)).toMatchObject({ ok: true, value: { changed: true } });
    }
    const after = keeper.snapshot();
    expect(before.keys.size).toBe(0);
    expect(after.keys.get(42)).toMatchObject({ kid: 42, suite: 1, retired: false, notAfter: NOW + 2 * DAY });
    expect([4, 5, 6, 7, 1_023, 1_024].map((place) => after.residents.at(place))).toEqual([0, 1, 2, 3, 0, 1]);
    expect(after.roster.get(7)).toBe(after.roster.member(1, 0));
    expect(after.roster.find('ab'.repeat(16))).toEqual([after.roster.get(7)]);
    expect(after.operators).toHaveLength(1);
    expect(after.freshness(now)).toEqual({
      kinds: { 1: 'normal', 2: 'normal', 3: 'normal', 4: 'normal', 5: 'normal' },
      reasons: [],
    });
    // A later minute alone is no news.
    expect(seen).toHaveLength(6);
    expect(after.versions.has('time')).toBe(true);
    expect(Object.isFrozen(after)).toBe(true);
  });

  it('says which root it stands on, and takes a fingerprint as its pin', async () => {
    const { district, keeper } = await founded();
    const fingerprint = keeper.fingerprint() ?? '';
    const other = await open(district, { disk: new SimulatedDisk(), root: { fingerprint } });
    expect(other.fingerprint()).toBeUndefined();
    expect(await refusal(other, await district.policy())).toBe('no-root');
    expect(await refusal(other, district.chain())).toBe('accepted');
    expect(other.fingerprint()).toBe(fingerprint);
    const wrong = await open(district, { disk: new SimulatedDisk(), root: { fingerprint: '0'.repeat(64) } });
    expect(await refusal(wrong, district.chain())).toBe('not-pinned');
  });
});

describe('a document is refused', () => {
  it.each<[DocumentRefusal, string, (district: TestDistrict) => Promise<string>]>([
    ['malformed', 'when it is no document', async () => 'hello'],
    ['malformed', 'when a list of documents is cut', async () => '["a"'],
    [
      'bad-typ',
      'when its type is unknown',
      async (d) => (await d.by('policy')).sign('menwei-secret+jwt', {}),
    ],
    [
      'bad-signature',
      'when another role signed it',
      async (d) => (await d.by('time')).sign('menwei-policy+jwt', {}),
    ],
    [
      'bad-signature',
      'when a stranger signed it',
      async () => (await signer('stranger')).sign('menwei-policy+jwt', {}),
    ],
    [
      'malformed',
      'when its shape is not the published one',
      async (d) => (await d.by('policy')).sign('menwei-policy+jwt', {}),
    ],
    ['wrong-district', 'when it is of another district', (d) => d.policy(1, { iss: 'lianhu' })],
    ['wrong-audience', 'when it is for another community', (d) => d.policy(1, { aud: COMMUNITY + 1 })],
    ['expired', 'when it has expired', (d) => d.policy(1, { exp: NOW })],
    ['too-large', 'when it inflates beyond the limit', (d) => bomb(d)],
    ['malformed', 'when its list is shorter than it says', (d) => d.list(1, {}, { length: 4_096 })],
    ['bad-key', 'when it lists a key of small order', (d) => smallOrder(d)],
    ['base-mismatch', 'when a delta has no list under it', (d) => d.delta([1, 2], {}, { 3: 1 })],
  ])('as %s %s', async (reason, _when, make) => {
    const { district, keeper } = await founded();
    const outcome = await keeper.accept(await make(district), now);
    expect(outcome).toMatchObject({ ok: false, error: { reason } });
    if (!outcome.ok) expect(outcome.error.remedy.length).toBeGreaterThan(10);
    expect([...keeper.snapshot().versions.keys()]).toEqual(['root']);
  });

  it('expires at its last second, and never while the clock is unsure', async () => {
    const { district, keeper } = await founded();
    const text = await district.policy(1, { exp: NOW + 10 });
    expect(await refusal(keeper, text, { seconds: NOW + 10, quality: 'synced' } as never)).toBe('expired');
    expect(await refusal(keeper, text, { seconds: NOW + 10, quality: 'unsure' } as never)).toBe('accepted');
  });
});

describe('versions only rise', () => {
  it('refuses a rollback, a second content of a version, and takes the same again in peace', async () => {
    const { district, keeper } = await founded();
    const five = await district.policy(5);
    expect(await refusal(keeper, five)).toBe('accepted');
    expect(await keeper.accept(five, now)).toMatchObject({ ok: true, value: { changed: false } });
    expect(await refusal(keeper, await district.policy(4))).toBe('rollback');
    expect(await refusal(keeper, await district.policy(5, { skewSeconds: 31 }))).toBe('conflict');
    expect(await refusal(keeper, await district.policy(6))).toBe('accepted');
  });

  it('refuses what is older than the signed time names, and what is not what it names', async () => {
    const { district, keeper } = await founded();
    const hash = 'b'.repeat(64);
    await keeper.accept(await district.time(NOW, { keyset: { version: 4, hash } }), now);
    expect(await refusal(keeper, await district.keyset(3))).toBe('superseded');
    expect(await refusal(keeper, await district.keyset(4))).toBe('hash-mismatch');
    expect(await refusal(keeper, await district.keyset(5))).toBe('accepted');
  });

  it('refuses an older time, but takes the answer to its own nonce', async () => {
    const { district, keeper } = await founded();
    await keeper.accept(await district.time(NOW), now);
    expect(await refusal(keeper, await district.time(NOW - 1))).toBe('rollback');
    const nonce = 'c'.repeat(32);
    expect(
      await keeper.accept(await district.time(NOW - 1, {}, { nonce, aud: 'north-1' }), now),
    ).toMatchObject({
      ok: true,
      value: { changed: false, time: { nonce, timeMs: (NOW - 1) * 1000 } },
    });
  });

  it('lets a kid go to another key only when codes of the first can no longer live', async () => {
    const { district, keeper } = await founded();
    await keeper.accept(await district.keyset(1), now);
    expect(await refusal(keeper, await district.keyset(2, {}, 'other issuer'))).toBe('kid-reused');
    const later = { seconds: NOW + 2 * DAY + 1, quality: 'synced' } as never;
    expect(await refusal(keeper, await district.keyset(2, {}, 'other issuer'), later)).toBe('accepted');
  });
});

describe('a delta', () => {
  it('is applied to a copy, checked as a whole, and counted from the snapshot', async () => {
    const { district, disk, keeper } = await founded();
    await keeper.accept(await district.list(3, { 1: 1 }), now);
    const before = keeper.snapshot().residents;
    expect(await refusal(keeper, await district.delta([3, 4], { 1: 1 }, { 9: 1 }))).toBe('accepted');
    expect([before.at(9), keeper.snapshot().residents.at(9)]).toEqual([0, 1]);
    expect(await refusal(keeper, await district.delta([3, 5], { 1: 1 }, { 9: 1, 10: 2, 1: 0 }))).toBe(
      'accepted',
    );
    expect([1, 9, 10].map((place) => keeper.snapshot().residents.at(place))).toEqual([0, 1, 2]);
    expect(keeper.snapshot().versions.get('residents')?.version).toBe(5);
    expect(await refusal(keeper, await district.delta([3, 4], { 1: 1 }, { 9: 1 }))).toBe('rollback');
    const again = await open(district, { disk });
    expect([1, 9, 10].map((place) => again.snapshot().residents.at(place))).toEqual([0, 1, 2]);
    expect(again.problems()).toEqual([]);
  });

  it('that does not fit is refused, and the whole list is wanted', async () => {
    const { district, keeper } = await founded();
    await keeper.accept(await district.list(3), now);
    const wants = { ok: false, error: { wantsSnapshot: 'residents' } };
    expect(await keeper.accept(await district.delta([2, 4], {}, { 9: 1 }), now)).toMatchObject(wants);
    expect(await keeper.accept(await district.delta([3, 4], { 8: 1 }, { 9: 1 }), now)).toMatchObject(wants);
    expect(keeper.snapshot().versions.get('residents')?.version).toBe(3);
  });

  it('gives way to the next snapshot, of its own version or a higher one', async () => {
    const { district, disk, keeper } = await founded();
    await keeper.accept(await district.list(3), now);
    await keeper.accept(await district.delta([3, 4], {}, { 9: 1 }), now);
    expect(await keeper.accept(await district.list(3), now)).toMatchObject({
      ok: true,
      value: { changed: false },
    });
    expect(await refusal(keeper, await district.list(4, { 8: 1 }))).toBe('conflict');
    expect(await refusal(keeper, await district.list(4, { 9: 1 }))).toBe('accepted');
    expect(disk.files().filter((file) => file.includes('residents-delta'))).toEqual([]);
    expect(await refusal(keeper, await district.delta([4, 5], { 9: 1 }, { 10: 1 }))).toBe('accepted');
  });
});

describe('a sealed roster', () => {
  const pair = async () => {
    const { privateKey, publicKey } = await generateKeyPair('ECDH-ES+A256KW', {
      crv: 'X25519',
      extractable: true,
    });
    return {
      private: (await exportJWK(privateKey)) as GateKey,
      public: (await exportJWK(publicKey)) as never,
    };
  };

  it('is taken by the gate whose key it is sealed to, and by no other', async () => {
    const district = await TestDistrict.found();
    const [mine, other] = [await pair(), await pair()];
    const disk = new SimulatedDisk();
    const keeper = await open(district, { disk, gateKey: mine.private, plainRoster: false });
    const signed = await district.roster();
    expect(await refusal(keeper, signed)).toBe('not-sealed');
    expect(await refusal(keeper, await sealRoster(signed, other.public))).toBe('sealed');
    expect(await refusal(keeper, await sealRoster(signed, mine.public))).toBe('accepted');
    const again = await open(district, { disk, gateKey: mine.private, plainRoster: false });
    expect(again.snapshot().roster.size).toBe(1);
    const stored = disk.files().map((file) => Buffer.from(disk.bytesOf(file)).toString('latin1'));
    expect(stored.some((text) => text.includes('ababab') || text.includes('张'))).toBe(false);
  });

  it('is refused with compression, with other algorithms, and around another document', async () => {
    const district = await TestDistrict.found();
    const mine = await pair();
    const keeper = await open(district, { disk: new SimulatedDisk(), gateKey: mine.private });
    const seal = (text: string, header: object) =>
      new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', ...header })
        .encrypt(mine.public);
    const roster = await district.roster();
    const sealed = await seal(roster, {});
    const [head = '', ...rest] = sealed.split('.');
    const zipped = { ...(JSON.parse(Buffer.from(head, 'base64url').toString()) as object), zip: 'DEF' };
    const withZip = [Buffer.from(JSON.stringify(zipped)).toString('base64url'), ...rest].join('.');
    expect(await refusal(keeper, withZip)).toBe('zip-refused');
    expect(await refusal(keeper, await seal(roster, { enc: 'A128GCM' }))).toBe('sealed');
    expect(await refusal(keeper, await seal(await district.policy(), {}))).toBe('bad-typ');
    expect(await refusal(keeper, sealed)).toBe('accepted');
  });
});

describe('a bundle', () => {
  it('is taken whole, in whatever order it lists its documents, and each bad one is named', async () => {
    const { district, disk, keeper } = await founded();
    await district.root({ policy: ['policy-2'] });
    const documents = [
      await district.time(NOW, { residents: { version: 4, hash: statusListHash(listBytes({})) } }),
      await district.list(4),
      await district.keyset(1, { exp: NOW - 1 }),
      await district.policy(),
      ...district.roots.map((text) => JSON.parse(text) as object),
    ];
    let changes = 0;
    keeper.onChange(() => (changes += 1));
    const outcome = await keeper.importBundle(JSON.stringify({ type: 'menwei-bundle', documents }), now);
    expect(outcome.accepted.map((one) => one.document)).toEqual(['root', 'policy', 'residents', 'time']);
    expect(outcome.refused).toMatchObject([{ document: 'keyset', reason: 'expired' }]);
    expect(changes).toBe(1);
    expect((await open(district, { disk })).snapshot().versions.size).toBe(4);
  });

  it('that is none is refused', async () => {
    const { keeper } = await founded();
    for (const json of ['', '{}', '{"type":"menwei-bundle"}', '{"type":"menwei-bundle","documents":[1]}']) {
      expect((await keeper.importBundle(json, now)).refused).toMatchObject([{ reason: 'malformed' }]);
    }
  });

  it('may be the list of all communities’ policies', async () => {
    const { district, keeper } = await founded();
    const list = [
      await district.policy(1, { aud: 5 }),
      await district.policy(1),
      await district.policy(1, { aud: 6 }),
    ];
    expect(await keeper.accept(JSON.stringify(list), now)).toMatchObject({
      ok: true,
      value: { document: 'policy' },
    });
  });
});

async function bomb(district: TestDistrict): Promise<string> {
  const { deflateSync } = await import('node:zlib');
  const lst = deflateSync(Buffer.alloc(16_777_217)).toString('base64url');
  return district.list(1, {}, { status_list: { bits: 2, lst } });
}

/** The identity point: it verifies anything under lenient rules. */
function smallOrder(district: TestDistrict): Promise<string> {
  const x = Buffer.from(`01${'00'.repeat(31)}`, 'hex').toString('base64url');
  const span = { notBefore: 1, signUntil: 2, verifyUntil: 3 };
  return district.keyset(1, { keys: [{ kty: 'OKP', crv: 'Ed25519', x, kid: '1', suite: 1, ...span }] });
}
