/** Numbers that look random and are the same in every run (xorshift32). Never for keys that guard anything. */
export function seeded(seed: number): {
  readonly below: (limit: number) => number;
  readonly bytes: (length: number) => Uint8Array;
} {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  return {
    below: (limit) => next() % limit,
    bytes: (length) => Uint8Array.from({ length }, () => next() >>> 24),
  };
}
