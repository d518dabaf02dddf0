/** How often a fault test tries: `scripts/test`, `--long` and `--release` set MENWEI_TIER. */
export function byTier<Value>(tries: {
  readonly push: Value;
  readonly long: Value;
  readonly release: Value;
}): Value {
  const tier = process.env['MENWEI_TIER'] ?? 'push';
  if (tier === 'push' || tier === 'long' || tier === 'release') return tries[tier];
  throw new Error(`MENWEI_TIER is push, long or release, not ${tier}`);
}

/** Longest that one fault test may take: the longer tiers try hundreds of times more often. */
export const TEST_MS_MAX = byTier({ push: 300_000, long: 4 * 3_600_000, release: 8 * 3_600_000 });

/** A small seeded generator (mulberry32), so that a failing case can be tried again. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
