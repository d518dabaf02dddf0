/**
 * Reads the relay's line back, as far as its chip is to be believed: some answer anything for a line that they drive. One that
 * was read as it was driven, high and low, is believed from then on.
 * @returns the relay's state, told how it was driven
 */
export function readBack(reads: (() => boolean) | undefined): (driven: boolean) => boolean {
  const agreed = new Set<boolean>();
  return (driven) => {
    const seen = asked(reads);
    if (seen === undefined) return driven;
    if (seen === driven) agreed.add(seen);
    return agreed.size === 2 ? seen : driven;
  };
}

function asked(reads: (() => boolean) | undefined): boolean | undefined {
  try {
    return reads?.();
  } catch {
    return undefined;
  }
}
