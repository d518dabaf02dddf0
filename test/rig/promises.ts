/** Counts what was tried and held of each promise, and says so at the end, one line each. */
const counted = new Map<string, { tried: number; broken: number }>();

export function count(promise: string, tried: number, broken = 0): void {
  const known = counted.get(promise) ?? { tried: 0, broken: 0 };
  counted.set(promise, { tried: known.tried + tried, broken: known.broken + broken });
}

export function tellPromises(title: string): void {
  const lines = [...counted].map(([promise, { tried, broken }]) => {
    const figures = `${String(tried).padStart(6)} tried, ${broken} broken`;
    return `  ${figures}  ${promise}`;
  });
  process.stdout.write(`\n${title}\n${lines.join('\n')}\n`);
  counted.clear();
}
