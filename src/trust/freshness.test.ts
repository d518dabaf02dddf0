import { beforeAll, describe, expect, it } from 'vitest';
import { statusListHash } from '../issue/index.ts';
import type { Standing, TrustKeeper } from './index.ts';
import { DAY, listBytes, NOW, now, open, SimulatedDisk, TestDistrict } from './testing.ts';

const HOUR = 3_600;
const at = (seconds: number, quality: 'synced' | 'unsure' = 'synced') => ({
  seconds: NOW + seconds,
  quality,
});

/** Standings of kinds 1 to 5 as five letters: n, f, g, x. */
function ladder(keeper: TrustKeeper, seconds: number, quality: 'synced' | 'unsure' = 'synced'): string {
  const letter: Record<Standing, string> = { normal: 'n', flagged: 'f', guard: 'g', none: 'x' };
  const { kinds } = keeper.snapshot().freshness(at(seconds, quality));
  return ([1, 2, 3, 4, 5] as const).map((kind) => letter[kinds[kind]]).join('');
}

async function held(omit: readonly string[] = [], policy: object = {}): Promise<TrustKeeper> {
  const district = await TestDistrict.found();
  const keeper = await open(district, { disk: new SimulatedDisk() });
  const long = { exp: NOW + 300 * DAY };
  const texts = {
    policy: await district.policy(1, { ...long, ...policy }),
    keyset: await district.keyset(1, long),
    residents: await district.list(1),
    visitors: await district.list(1, {}, { sub: 'visitors' }),
    roster: await district.roster(1, long),
  };
  for (const [name, text] of Object.entries(texts)) {
    if (!omit.includes(name)) expect((await keeper.accept(text, now)).ok).toBe(true);
  }
  return keeper;
}

describe('the staleness ladder', () => {
  let keeper: TrustKeeper;
  beforeAll(async () => {
    keeper = await held();
  });

  it.each([
    ['is normal below 24 h', 24 * HOUR - 1, 'nnnnn'],
    ['is flagged from 24 h', 24 * HOUR, 'fffff'],
    ['is flagged to 72 h', 72 * HOUR - 1, 'fffff'],
    ['asks the guard beyond, but for kind 1, whose signature is fresh', 72 * HOUR, 'fgggg'],
    ['asks the guard for months', 200 * DAY, 'fgggg'],
    ['opens nothing by itself when the key set has expired', 300 * DAY, 'xxxxx'],
    ['is normal when the gate’s clock lies before the list', -5 * HOUR, 'nnnnn'],
  ])('%s', (_name, seconds, expected) => {
    expect(ladder(keeper, seconds)).toBe(expected);
  });

  it('does not move while the clock is unsure: nothing expires', () => {
    expect(ladder(keeper, 400 * DAY, 'unsure')).toBe('nnnnn');
    expect(keeper.snapshot().warnings(at(400 * DAY, 'unsure'))).toEqual([]);
  });

  it('gives the reason of every step', () => {
    const { reasons } = keeper.snapshot().freshness(at(30 * HOUR));
    expect(reasons).toContainEqual({ document: 'residents', state: 'aging', seconds: 30 * HOUR });
    expect(reasons).toContainEqual({ document: 'visitors', state: 'aging', seconds: 30 * HOUR });
  });

  it('may be lengthened by policy', async () => {
    const patient = await held([], { staleness: { normalHours: 48, flaggedHours: 240 } });
    expect([47, 239, 241].map((hours) => ladder(patient, hours * HOUR))).toEqual(['nnnnn', 'fffff', 'fgggg']);
  });

  it.each([
    ['keyset', 'xxxxx'],
    ['roster', 'nngnn'],
    ['policy', 'fffff'],
    ['residents', 'ggggg'],
    ['visitors', 'nnngn'],
  ])('without a %s is as low as its absence asks', async (name, expected) => {
    expect(ladder(await held([name]), 0)).toBe(expected);
  });

  it('needs the guard for kind 3 when the roster has expired, and flags all when the policy has', async () => {
    const district = await TestDistrict.found();
    const keeper = await open(district, { disk: new SimulatedDisk() });
    const soon = { exp: NOW + HOUR };
    for (const text of [district.keyset(), district.list(), district.list(1, {}, { sub: 'visitors' })]) {
      await keeper.accept(await text, now);
    }
    await keeper.accept(await district.policy(), now);
    await keeper.accept(await district.roster(1, soon), now);
    expect([HOUR - 1, HOUR].map((seconds) => ladder(keeper, seconds))).toEqual(['nnnnn', 'nngnn']);
    await keeper.accept(await district.policy(2, soon), now);
    expect(ladder(keeper, HOUR)).toBe('ffgff');
  });

  it('counts from the newest signed time that names the list by version and hash', async () => {
    const district = await TestDistrict.found();
    const keeper = await held();
    const hash = statusListHash(listBytes({}));
    const later = NOW + 30 * HOUR;
    await keeper.accept(
      await district.time(later, { residents: { version: 1, hash }, visitors: { version: 1, hash } }),
      now,
    );
    expect(ladder(keeper, 30 * HOUR)).toBe('nnnnn');
    expect(keeper.snapshot().versions.get('residents')?.freshAt).toBe(later);
    const moved = { residents: { version: 2, hash }, visitors: { version: 1, hash } };
    await keeper.accept(await district.time(later + HOUR, moved), now);
    expect(ladder(keeper, 31 * HOUR)).toBe('fffff');
    expect(keeper.snapshot().freshness(at(31 * HOUR)).reasons).toContainEqual({
      document: 'residents',
      state: 'behind',
    });
  });
});

describe('warnings', () => {
  it('come 30, 7 and 1 days before for long documents, and as many hours for short ones', async () => {
    const keeper = await held();
    const steps = (seconds: number) =>
      Object.fromEntries(
        keeper
          .snapshot()
          .warnings(at(seconds))
          .map(({ document, step, unit }) => [document, `${step} ${unit}`]),
      );
    expect(steps(0)).toEqual({});
    expect(steps(3 * DAY - 30 * HOUR)).toMatchObject({ residents: '30 hours' });
    expect(steps(3 * DAY - HOUR)).toMatchObject({ residents: '1 hours' });
    expect(steps(270 * DAY)).toMatchObject({ keyset: '30 days', policy: '30 days' });
    expect(steps(293 * DAY)).toMatchObject({ keyset: '7 days' });
    expect(steps(299 * DAY)).toMatchObject({ keyset: '1 days' });
    expect(steps(360 * DAY)).toMatchObject({ root: '7 days' });
  });
});
