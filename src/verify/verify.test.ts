import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publicKey, signedWith, simulatedEngine } from '../../test/twins/simulated-engine.ts';
import { type Claim, type CodeFields, encodeCode } from '../code/index.ts';
import {
  createVerifier,
  type IssuerKey,
  lazyKey,
  type RosterEntry,
  type Status,
  type VerifyNow,
  type VerifyRules,
  type VerifyTrust,
} from './index.ts';

const engine = simulatedEngine();
const keyOf = (maker: number) => lazyKey(engine, 1, publicKey(maker));

const ISSUER = 1;
const PHONE = 2;
const STRANGER = 3;
/** 2026-12-31T04:03:08Z, 12:03 in Shanghai, local and UTC day 2556. */
const NOW = 1_798_689_788;
const DAY = 2_556;
const HOLDER = 100;
const PARTNER = 101;
const CHILD = 102;

const issuer: IssuerKey = {
  kid: 7,
  suite: 1,
  key: keyOf(ISSUER),
  notBefore: NOW - 1_000,
  notAfter: NOW + 1_000,
  retired: false,
};

const phones = [{ slot: 4, publicKey: publicKey(PHONE), key: keyOf(PHONE) }];
const holder: RosterEntry = { index: HOLDER, household: 9, order: 0, keys: phones };
const partner: RosterEntry = { index: PARTNER, household: 9, order: 1, keys: [] };
const child: RosterEntry = { index: CHILD, household: 9, order: 5, keys: [] };

interface World {
  readonly key?: Partial<IssuerKey>;
  readonly residents?: Readonly<Record<number, Status>>;
  readonly passes?: Readonly<Record<number, Status>>;
  readonly roster?: readonly RosterEntry[];
  readonly rules?: Partial<VerifyRules>;
  readonly now?: Partial<VerifyNow>;
}

const rulesByDefault: VerifyRules = {
  skewSeconds: 30,
  windowSeconds: 90,
  wideningMaxSeconds: 120,
  who: 'roster',
};

function trustOf({
  key,
  residents = {},
  passes = {},
  roster = [holder, partner, child],
}: World): VerifyTrust {
  return {
    district: 'gaoxin',
    community: 55,
    timeZone: 'Asia/Shanghai',
    keys: new Map([[7, { ...issuer, ...key }]]),
    residents: { length: 1_000, at: (place) => residents[place] ?? (place < 1_000 ? 0 : 1) },
    passes: { length: 1_000, at: (place) => passes[place] ?? (place < 1_000 ? 0 : 1) },
    roster: {
      get: (index) => roster.find((entry) => entry.index === index),
      member: (household, order) =>
        roster.find((entry) => entry.household === household && entry.order === order),
    },
  };
}

function judge(claim: Claim, world: World = {}) {
  const verify = createVerifier(engine);
  const now = { seconds: NOW, quality: 'synced', errorSeconds: 0, ...world.now } as const;
  return verify(claim, { trust: trustOf(world), rules: { ...rulesByDefault, ...world.rules } }, now);
}

function refusalOf(claim: Claim, world?: World): string | undefined {
  const result = judge(claim, world);
  return result.ok ? undefined : result.error.refusal;
}

const made = (fields: CodeFields, by: { issuer?: number; holder?: number } = {}) =>
  encodeCode(fields, { issuer: signedWith(by.issuer ?? ISSUER), holder: signedWith(by.holder ?? PHONE) });

const tokenFields = {
  kind: 1,
  suite: 1,
  kid: 7,
  index: HOLDER,
  iat: NOW,
  ttlMinutes: 10,
  assurance: 0,
} as const;
const proofFields = { kind: 3, suite: 1, slot: 4, index: HOLDER, ts: NOW, party: 0 } as const;
const passFields = {
  kind: 4,
  suite: 1,
  kid: 7,
  passId: 500,
  hostIndex: HOLDER,
  community: 55,
  from: NOW,
  minutes: 60,
  uses: 2,
} as const;
const cardFields = {
  kind: 5,
  suite: 1,
  kid: 7,
  index: HOLDER,
  firstDay: DAY,
  lastDay: DAY,
  assurance: 1,
} as const;

const token = (change: Partial<typeof tokenFields | { iat: number; index: number }> = {}) =>
  made({ ...tokenFields, ...change });
const credential = (change: { ts?: number; lastDay?: number; index?: number; maker?: number } = {}) =>
  made(
    {
      kind: 2,
      suite: 1,
      kid: 7,
      index: change.index ?? HOLDER,
      lastDay: change.lastDay ?? DAY,
      assurance: 2,
      holderPublicKey: publicKey(change.maker ?? PHONE),
      ts: change.ts ?? NOW,
    },
    { holder: change.maker ?? PHONE },
  );
const proof = (change: { ts?: number; party?: number; slot?: number; index?: number } = {}) =>
  made({ ...proofFields, ...change });
const pass = (change: { from?: number; community?: number; hostIndex?: number } = {}) =>
  made({ ...passFields, ...change });
const card = (change: { firstDay?: number; lastDay?: number } = {}) => made({ ...cardFields, ...change });

describe('step 2, the key', () => {
  it.each([
    ['unknown', { key: {} }, made({ ...tokenFields, kid: 8 }), 'unknown-key'],
    ['of another suite', { key: { suite: 2 as const } }, token(), 'malformed'],
    ['withdrawn', { key: { retired: true } }, token(), 'key-retired'],
    ['in its first second', { key: { notBefore: NOW } }, token(), undefined],
    ['before its span', { key: { notBefore: NOW + 1 } }, token(), 'key-retired'],
    ['in its last second', { key: { notAfter: NOW } }, token(), undefined],
    ['after its span', { key: { notAfter: NOW - 1 } }, token(), 'key-retired'],
    ['cut off before the code was issued', { key: { cutOff: NOW } }, token(), undefined],
    ['cut off after the code was issued', { key: { cutOff: NOW + 1 } }, token(), 'key-retired'],
    ['cut off, kind 2', { key: { cutOff: 1 } }, credential(), 'key-retired'],
    ['cut off, kind 4', { key: { cutOff: 1 } }, pass(), 'key-retired'],
    ['cut off, kind 5', { key: { cutOff: 1 } }, card(), 'key-retired'],
    ['for other kinds', { key: { kinds: new Set([2 as const]) } }, token(), 'wrong-issuer'],
    ['for another community', { key: { communities: new Set([56]) } }, token(), 'wrong-issuer'],
    [
      'for this kind and community',
      { key: { kinds: new Set([1 as const]), communities: new Set([55]) } },
      token(),
      undefined,
    ],
    ['of a phone that is not there', {}, proof({ slot: 5 }), 'not-on-roster'],
    ['of nobody', {}, proof({ index: 999 }), 'not-on-roster'],
  ])('%s', (...[, world, claim, refusal]) => {
    expect(refusalOf(claim, world)).toBe(refusal);
  });

  it('outside its span says clock-unsure while the clock is unsure, and a withdrawn one stays withdrawn', () => {
    const now = { quality: 'unsure' as const };
    expect(refusalOf(token(), { now, key: { notAfter: NOW - 1 } })).toBe('clock-unsure');
    expect(refusalOf(token(), { now, key: { notAfter: NOW - 1, retired: true } })).toBe('key-retired');
    expect(refusalOf(token(), { now, key: { notAfter: NOW - 1, cutOff: NOW + 1 } })).toBe('key-retired');
  });
});

describe('step 3, the signature', () => {
  it('comes before everything that a stranger could have written', () => {
    const forged = made({ ...tokenFields, iat: 0, index: 5 }, { issuer: STRANGER });
    expect(judge(forged, { residents: { 5: 1 } })).toEqual({
      ok: false,
      error: { refusal: 'bad-signature', kind: 1 },
    });
  });

  it('of the issuer comes first, and the holder key is not touched before it holds', () => {
    const before = engine.imports;
    const fields = { kind: 2, suite: 1, kid: 7, index: 5, lastDay: DAY, assurance: 0, ts: NOW } as const;
    const both = made({ ...fields, holderPublicKey: publicKey(0x55) }, { issuer: STRANGER, holder: 0x55 });
    expect(refusalOf(both)).toBe('bad-signature');
    expect(engine.imports).toBe(before);
  });

  it('by a holder key that may not be used is bad', () => {
    expect(refusalOf(credential({ maker: 0xff, index: CHILD }))).toBe('bad-signature');
  });
});

describe('step 4, time', () => {
  it.each([
    ['kind 1 at iat - skew', token({ iat: NOW + 30 }), undefined],
    ['kind 1 a second earlier', token({ iat: NOW + 31 }), 'not-yet-valid'],
    ['kind 1 in its last second', token({ iat: NOW - 600 - 29 }), undefined],
    ['kind 1 at iat + ttl + skew', token({ iat: NOW - 600 - 30 }), 'expired'],
    ['kind 2 at the window', credential({ ts: NOW - 90 }), undefined],
    ['kind 2 behind it', credential({ ts: NOW - 91 }), 'expired'],
    ['kind 2 ahead of it', credential({ ts: NOW + 91 }), 'not-yet-valid'],
    ['kind 2 after its last day', credential({ lastDay: DAY - 1 }), 'expired'],
    ['kind 3 ahead of the window', proof({ ts: NOW + 91 }), 'not-yet-valid'],
    ['kind 4 at from - skew', pass({ from: NOW + 30 }), undefined],
    ['kind 4 a second earlier', pass({ from: NOW + 31 }), 'not-yet-valid'],
    ['kind 4 in its last second', pass({ from: NOW - 3600 - 29 }), undefined],
    ['kind 4 at its end', pass({ from: NOW - 3600 - 30 }), 'expired'],
    ['kind 5 today', card(), undefined],
    ['kind 5 from tomorrow', card({ firstDay: DAY + 1, lastDay: DAY + 1 }), 'not-yet-valid'],
    ['kind 5 until yesterday', card({ firstDay: DAY - 1, lastDay: DAY - 1 }), 'expired'],
  ])('%s', (_, claim, refusal) => {
    expect(refusalOf(claim)).toBe(refusal);
  });

  it('counts kind 5 by the local day and kind 2 by the UTC day', () => {
    const lateEvening = { seconds: NOW + 13 * 3600 }; // 17:03 UTC is 01:03 of the next day in Shanghai
    const key = { notAfter: NOW + 100_000 };
    expect(refusalOf(card(), { now: lateEvening, key })).toBe('expired');
    expect(refusalOf(credential({ ts: lateEvening.seconds }), { now: lateEvening, key })).toBeUndefined();
  });

  it('widens the window by the gate error, up to the signed maximum, for kinds 2 and 3 alone', () => {
    expect(refusalOf(proof({ ts: NOW - 140 }), { now: { errorSeconds: 50 } })).toBeUndefined();
    expect(refusalOf(proof({ ts: NOW - 141 }), { now: { errorSeconds: 50 } })).toBe('expired');
    expect(refusalOf(proof({ ts: NOW - 210 }), { now: { errorSeconds: 9_999 } })).toBeUndefined();
    expect(refusalOf(proof({ ts: NOW - 211 }), { now: { errorSeconds: 9_999 } })).toBe('expired');
    expect(refusalOf(token({ iat: NOW - 631 }), { now: { errorSeconds: 9_999 } })).toBe('expired');
    expect(refusalOf(pass({ from: NOW + 31 }), { now: { errorSeconds: 9_999 } })).toBe('not-yet-valid');
  });

  it('says clock-unsure, never an expiry, while the clock is unsure', () => {
    const now = { quality: 'unsure' as const };
    for (const claim of [token({ iat: 5 }), credential({ ts: 5 }), proof({ ts: 5 }), pass({ from: 5 })]) {
      expect(refusalOf(claim, { now })).toBe('clock-unsure');
    }
    expect(refusalOf(card({ firstDay: 1, lastDay: 2 }), { now })).toBe('clock-unsure');
    expect(refusalOf(token(), { now })).toBeUndefined();
    expect(judge(proof({ ts: 5 }), { now })).not.toHaveProperty('error.offsetSeconds');
  });

  it('tells a phone how far its clock is off, and says so of no other code', () => {
    expect(judge(proof({ ts: NOW - 220 }))).toHaveProperty('error.offsetSeconds', -220);
    expect(judge(credential({ ts: NOW + 220 }))).toHaveProperty('error.offsetSeconds', 220);
    expect(judge(credential({ ts: NOW - 5, lastDay: 3 }))).not.toHaveProperty('error.offsetSeconds');
    expect(judge(token({ iat: 5 }))).not.toHaveProperty('error.offsetSeconds');
  });
});

describe('step 5, status', () => {
  it.each([
    [1 as const, 'revoked'],
    [2 as const, 'suspended'],
    [3 as const, 'needs-guard'],
  ])('%i is %s, for the holder, the host and a companion', (status, refusal) => {
    for (const claim of [token(), credential(), proof(), pass(), card()]) {
      expect(refusalOf(claim, { residents: { [HOLDER]: status } })).toBe(refusal);
    }
    expect(refusalOf(pass(), { passes: { 500: status } })).toBe(refusal);
    expect(refusalOf(proof({ party: 0b10 }), { residents: { [PARTNER]: status } })).toBe(refusal);
    expect(refusalOf(proof(), { residents: { [PARTNER]: status } })).toBeUndefined();
  });

  it('looks at the pass before its host', () => {
    expect(refusalOf(pass(), { passes: { 500: 2 }, residents: { [HOLDER]: 1 } })).toBe('suspended');
  });

  it('comes before the place', () => {
    expect(refusalOf(token({ index: 7 }), { residents: { 7: 1 } })).toBe('revoked');
    expect(refusalOf(pass({ community: 56 }), { passes: { 500: 1 } })).toBe('revoked');
  });

  it('names the proven person, so that the row can', () => {
    expect(judge(pass(), { passes: { 500: 1 } })).toHaveProperty('error', {
      refusal: 'revoked',
      kind: 4,
      index: HOLDER,
      passId: 500,
    });
  });
});

describe('step 6, place', () => {
  const district = { rules: { who: 'district' as const } };

  it('asks residents to be on the roster where policy says so', () => {
    expect(refusalOf(token({ index: 7 }))).toBe('not-on-roster');
    expect(refusalOf(token({ index: 7 }), district)).toBeUndefined();
    expect(refusalOf(credential({ index: 7 }), district)).toBeUndefined();
  });

  it('asks a pass to be for this community', () => {
    expect(refusalOf(pass({ community: 56 }))).toBe('wrong-community');
    expect(refusalOf(pass({ hostIndex: 7 }))).toBeUndefined();
  });

  it('takes no phone that the roster does not list, where it lists any, whoever may enter', () => {
    expect(refusalOf(credential({ maker: STRANGER }))).toBe('not-on-roster');
    expect(refusalOf(credential({ maker: STRANGER }), district)).toBe('not-on-roster');
    expect(refusalOf(credential({ maker: STRANGER, index: PARTNER }))).toBeUndefined();
  });

  it.each([
    ['two of the household', 0b100010, undefined],
    ['the holder itself', 0b1, 'not-on-roster'],
    ['the holder among others', 0b11, 'not-on-roster'],
    ['an order that nobody has', 0b100, 'not-on-roster'],
  ])('takes a family code with %s', (_, party, refusal) => {
    expect(refusalOf(proof({ party }), district)).toBe(refusal);
  });

  it('takes nobody whose entry has ended, unless others may vouch', () => {
    const ended = [{ ...holder, lastDay: DAY - 1 }, partner, child];
    expect(refusalOf(token(), { roster: ended })).toBe('not-on-roster');
    expect(refusalOf(token(), { roster: [{ ...holder, lastDay: DAY }] })).toBeUndefined();
    expect(refusalOf(token(), { roster: ended, ...district })).toBeUndefined();
    expect(refusalOf(proof(), { roster: ended, ...district })).toBe('not-on-roster');
    expect(refusalOf(token(), { roster: ended, now: { quality: 'unsure' } })).toBe('clock-unsure');
    const without = [holder, { ...partner, lastDay: DAY - 1 }];
    expect(refusalOf(proof({ party: 0b10 }), { roster: without })).toBe('not-on-roster');
  });
});

describe('what is verified', () => {
  it('carries the entry, the companions by order, a replay key and an end', () => {
    expect(judge(proof({ party: 0b100010 }))).toEqual({
      ok: true,
      value: {
        fields: { ...proofFields, party: 0b100010 },
        entry: holder,
        companions: [partner, child],
        replayKey: `3/${HOLDER}/${NOW}/4`,
        expiresAt: NOW + 90 + 120,
      },
    });
  });

  it.each([
    ['kind 1', token(), `1/${HOLDER}/${NOW}`, NOW + 600 + 29],
    ['kind 2', credential(), `2/${HOLDER}/${NOW}`, NOW + 210],
    ['kind 4', pass(), undefined, NOW + 3600 + 29],
    // 2026-12-31T23:59:59+08:00
    ['kind 5', card(), undefined, 1_798_732_799],
  ])('%s has its replay key and its last second', (...[, claim, replayKey, expiresAt]) => {
    const result = judge(claim);
    expect(result.ok && result.value.replayKey).toBe(replayKey);
    expect(result.ok && result.value.expiresAt).toBe(expiresAt);
  });

  it('is refused by time a second after its end, and not at it', () => {
    const start = fc.integer({ min: NOW - 500, max: NOW + 500 });
    fc.assert(
      fc.property(start, fc.constantFrom(token, pass), (at, make) => {
        const claim = make === token ? token({ iat: at }) : pass({ from: at });
        const key = { notBefore: 0, notAfter: 2 ** 33 };
        const begun = judge(claim, { key, now: { seconds: at } });
        if (!begun.ok) throw new Error(begun.error.refusal);
        expect(refusalOf(claim, { key, now: { seconds: begun.value.expiresAt } })).toBeUndefined();
        expect(refusalOf(claim, { key, now: { seconds: begun.value.expiresAt + 1 } })).toBe('expired');
      }),
    );
  });
});
