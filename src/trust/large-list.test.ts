import { describe, expect, it } from 'vitest';
import {
  signStatusDelta,
  signStatusList,
  statusChanges,
  statusListClaim,
  statusListHash,
  statusListOf,
} from '../issue/index.ts';
import { setStatus } from '../wire/index.ts';
import { DISTRICT, NOW, now, open, SimulatedDisk, TestDistrict } from './testing.ts';

const RESIDENTS = 13_000_000;
const REVOKED_EVERY = 100;

/** Spread like random indices, the same in every run. */
function* revoked(): Generator<{ place: number; state: 1 }> {
  let mixed = 1;
  for (let one = 0; one < RESIDENTS / REVOKED_EVERY; one += 1) {
    mixed = (Math.imul(mixed, 1_664_525) + 1_013_904_223) >>> 0;
    yield { place: mixed % RESIDENTS, state: 1 };
  }
}

describe('a status list of 13 million residents, one in a hundred revoked', () => {
  it('is a short text, little memory, and one look-up deep; a delta changes a copy of it', async () => {
    const district = await TestDistrict.found();
    const keeper = await open(district, { disk: new SimulatedDisk() });
    const bytes = statusListOf(RESIDENTS, revoked());
    const claims = { iss: DISTRICT, sub: 'residents' as const, iat: NOW, length: RESIDENTS };
    const status_list = await statusListClaim(bytes);
    const text = await signStatusList(await district.by('status'), {
      ...claims,
      version: 1,
      exp: NOW + 99,
      status_list,
    });
    expect(text.length).toBeLessThanOrEqual(350_000);
    expect(bytes.byteLength).toBeLessThanOrEqual(3_300_000);

    expect(await keeper.accept(text, now)).toMatchObject({ ok: true });
    const first = keeper.snapshot().residents;
    const places = [...revoked()].map(({ place }) => place);
    expect(places.every((place) => first.at(place) === 1)).toBe(true);
    expect(first.length).toBe(RESIDENTS);
    expect(first.at(RESIDENTS)).toBe(1);

    const fresh = Array.from({ length: 200 }, (_, one) => one * 65_000 + 11).filter(
      (place) => first.at(place) === 0,
    );
    for (const place of fresh) setStatus(bytes, place, 1);
    const changes = statusChanges(bytes, fresh);
    expect(JSON.stringify(changes).length).toBeLessThanOrEqual(2_048);
    const delta = { ...claims, base: 1, version: 2, hash: statusListHash(bytes), changes };
    expect(await keeper.accept(await signStatusDelta(await district.by('status'), delta), now)).toMatchObject(
      { ok: true },
    );
    const second = keeper.snapshot().residents;
    expect(fresh.every((place) => second.at(place) === 1 && first.at(place) === 0)).toBe(true);
  }, 30_000);
});
