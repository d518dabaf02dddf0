import { describe, expect, it } from 'vitest';
import type { DocumentRefusal, TrustKeeper } from './index.ts';
import { DAY, NOW, now, open, SimulatedDisk, TestDistrict } from './testing.ts';

async function founded(): Promise<{ district: TestDistrict; disk: SimulatedDisk; keeper: TrustKeeper }> {
  const district = await TestDistrict.found();
  const disk = new SimulatedDisk();
  return { district, disk, keeper: await open(district, { disk }) };
}

async function refusal(keeper: TrustKeeper, text: string, at = now): Promise<DocumentRefusal | 'accepted'> {
  const outcome = await keeper.accept(text, at);
  return outcome.ok ? 'accepted' : outcome.error.reason;
}

describe('the root', () => {
  it('walks from version to version, each signed by the old and the new threshold', async () => {
    const { district, keeper } = await founded();
    await district.root({ root: ['root-b', 'root-c', 'root-d'] });
    await district.root({ root: ['root-c', 'root-d', 'root-e'] });
    expect(await keeper.accept(district.chain(), now)).toMatchObject({ ok: true, value: { version: 3 } });
  });

  it('is refused with a version missing in between', async () => {
    const { district, keeper } = await founded();
    await district.root();
    expect(await refusal(keeper, await district.root())).toBe('gap');
  });

  it.each([
    ['one key of the old', ['root-a', 'root-d', 'root-e']],
    ['the old alone', ['root-a', 'root-b']],
    ['the new alone', ['root-d', 'root-e', 'root-f']],
    ['one key twice', ['root-a', 'root-a', 'root-d', 'root-e']],
  ])('is refused when signed by %s', async (_name, by) => {
    const { district, keeper } = await founded();
    const text = await district.root({ root: ['root-d', 'root-e', 'root-f'] }, by);
    expect(['threshold-not-met', 'bad-signature']).toContain(await refusal(keeper, text));
  });

  it('may have expired in between, but not at its end', async () => {
    const { district, keeper } = await founded();
    await district.root({}, undefined, NOW - 1);
    expect(await refusal(keeper, district.chain())).toBe('expired');
    await district.root();
    expect(await refusal(keeper, district.chain())).toBe('accepted');
  });

  it('that has expired lets nothing new in, and what is held lives on', async () => {
    const { district, keeper } = await founded();
    await keeper.accept(await district.keyset(), now);
    const later = { seconds: NOW + 365 * DAY, quality: 'synced' } as const;
    const fresh = { exp: NOW + 400 * DAY };
    expect(await refusal(keeper, await district.keyset(2, fresh), later as never)).toBe('root-expired');
    expect(keeper.snapshot().keys.size).toBe(1);
  });

  it('that takes a key away drops what only that key signed, and lets versions begin anew', async () => {
    const { district, disk, keeper } = await founded();
    await keeper.accept(await district.policy(900_000), now);
    await keeper.accept(await district.keyset(7), now);
    await district.root({ policy: ['policy-2'] });
    expect(await keeper.accept(district.chain(), now)).toMatchObject({
      ok: true,
      value: { resets: ['policy'] },
    });
    expect([...keeper.snapshot().versions.keys()]).toEqual(['root', 'keyset']);
    expect(keeper.problems()).toMatchObject([{ document: 'policy' }]);
    expect(await refusal(keeper, await district.policy(1))).toBe('accepted');
    expect(keeper.problems()).toEqual([]);
    expect(await refusal(keeper, await district.keyset(6))).toBe('rollback');
    const again = await open(district, { disk });
    expect(await refusal(again, await district.keyset(6))).toBe('rollback');
    expect(again.snapshot().versions.get('policy')?.version).toBe(1);
  });

  it('that takes one of two keys away keeps what the other has signed, and lets versions begin anew from it', async () => {
    const { district, keeper } = await founded();
    await district.root({ policy: ['policy', 'policy-2'] });
    await keeper.accept(district.chain(), now);
    await keeper.accept(await district.policy(9), now);
    await district.root({ policy: ['policy'] });
    expect(await keeper.accept(district.chain(), now)).toMatchObject({
      ok: true,
      value: { resets: ['policy'] },
    });
    expect(keeper.snapshot().versions.get('policy')?.version).toBe(9);
    expect(await refusal(keeper, await district.policy(8))).toBe('rollback');
  });

  it('that takes the time key away frees the gate from a time that lies far ahead, for good', async () => {
    const { district, disk, keeper } = await founded();
    await keeper.accept(await district.time(NOW + 9_000 * DAY), now);
    await district.root({ time: ['time-2'] });
    expect(await keeper.accept(district.chain(), now)).toMatchObject({
      ok: true,
      value: { resets: ['time'] },
    });
    expect(await refusal(keeper, await district.time(NOW))).toBe('accepted');
    const again = await open(district, { disk });
    expect(again.snapshot().versions.get('time')?.version).toBe(NOW * 1_000);
  });

  it('that adds a key to a role lets nothing begin anew', async () => {
    const { district, keeper } = await founded();
    await keeper.accept(await district.policy(9), now);
    await district.root({ policy: ['policy', 'policy-2'] });
    expect(await keeper.accept(district.chain(), now)).toMatchObject({ ok: true, value: { resets: [] } });
    expect(await refusal(keeper, await district.policy(8))).toBe('rollback');
  });
});
