import { assert } from '../../src/base/index.ts';

/** Chance from a seed: the same seed, the same story. Never for keys or nonces. */
export interface SimulatedRandom {
  /** 0 ≤ x < 1 */
  unit(): number;
  /** A whole number, 0 ≤ n < limit. */
  below(limit: number): number;
  pick<Item>(items: readonly Item[]): Item;
  bytes(count: number): Uint8Array;
}

export function simulatedRandom(seed: number): SimulatedRandom {
  let state = seed >>> 0;

  /** mulberry32 */
  function unit(): number {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  function below(limit: number): number {
    assert(Number.isInteger(limit) && limit > 0, 'there is something to choose from');
    return Math.floor(unit() * limit);
  }

  return {
    unit,
    below,
    pick(items) {
      const item = items[below(items.length)];
      assert(item !== undefined, 'a list without holes');
      return item;
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
  };
}
