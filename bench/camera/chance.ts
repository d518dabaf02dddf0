/** Chance that falls the same way for the same seed, so that a seed names a set of pictures. */
export interface Chance {
  uniform(low: number, high: number): number;
  /** 0 … below − 1 */
  whole(below: number): number;
  /** Mean 0, deviation 1. */
  normal(): number;
  sign(): 1 | -1;
}

/** @param parts a seed and what stands under it: neighbours have nothing in common */
export function chanceOf(...parts: readonly number[]): Chance {
  let state = parts.reduce((sum, part) => mix(sum ^ mix(part >>> 0)), 0x9e37_79b9);
  /** SplitMix with 32 bits. */
  const next = () => {
    state = (state + 0x9e37_79b9) >>> 0;
    return mix(state) / 2 ** 32;
  };
  return {
    uniform: (low, high) => low + next() * (high - low),
    whole: (below) => Math.floor(next() * below),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    sign: () => (next() < 0.5 ? -1 : 1),
  };
}

function mix(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
