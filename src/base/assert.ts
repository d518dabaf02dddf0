/** Stops on a broken invariant. A failed assertion is a bug of ours, never somebody's input. */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${invariant}`);
}

/** Makes a `switch` exhaustive: adding a case to the union stops compiling here. */
export function never(value: never): never {
  throw new Error(`invariant broken: unexpected ${JSON.stringify(value)}`);
}
