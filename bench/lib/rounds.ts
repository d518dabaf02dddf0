/**
 * Measures contestants side by side: interleaved rounds, each beginning with another contestant, and ratios taken within
 * a round, so that what else the machine does falls on all of them. It never compares figures of different runs.
 */

export interface Contestant {
  readonly name: string;
  /** Calls in one round; enough of them that the meter's own step does not show. */
  readonly calls: number;
  /** @param call counts up over all rounds, so that no call need repeat the one before */
  readonly run: (call: number) => unknown;
  /** Whether `run` returns a promise that is to be awaited. */
  readonly async?: true;
}

/** `cpu`: the process's own time, user and system, helper threads included. `wall`: for work that waits for a disk. */
export type Meter = 'cpu' | 'wall';

export interface Rounds {
  readonly rounds: number;
  readonly warmUp: number;
  readonly meter: Meter;
}

export interface Sample {
  readonly name: string;
  /** Microseconds a call, one for each round. */
  readonly figuresUs: readonly number[];
}

export interface Comparison {
  readonly name: string;
  readonly medianUs: number;
  /** Median over the rounds of this contestant's figure by the anchor's in the same round. */
  readonly ratio: number;
  /** Quartiles of the same. */
  readonly spread: readonly [low: number, high: number];
}

export async function measure(contestants: readonly Contestant[], rounds: Rounds): Promise<Sample[]> {
  const samples = contestants.map(({ name }) => ({ name, figuresUs: [] as number[] }));
  for (let round = 0; round < rounds.warmUp + rounds.rounds; round += 1) {
    for (let step = 0; step < contestants.length; step += 1) {
      const place = (round + step) % contestants.length;
      const contestant = contestants[place];
      if (contestant === undefined) continue;
      const figureUs = await oneRound(contestant, round, rounds.meter);
      if (round >= rounds.warmUp) samples[place]?.figuresUs.push(figureUs);
    }
  }
  return samples;
}

export function compare(samples: readonly Sample[], anchor: string): Comparison[] {
  const against = samples.find(({ name }) => name === anchor);
  if (against === undefined) throw new Error(`no contestant is called ${anchor}`);
  return samples.map(({ name, figuresUs }) => {
    const ratios = figuresUs.map((figure, round) => figure / (against.figuresUs[round] ?? Number.NaN));
    return {
      name,
      medianUs: quantile(figuresUs, 0.5),
      ratio: quantile(ratios, 0.5),
      spread: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    };
  });
}

export function comparisonOf(comparisons: readonly Comparison[], name: string): Comparison {
  const found = comparisons.find((comparison) => comparison.name === name);
  if (found === undefined) throw new Error(`no contestant is called ${name}`);
  return found;
}

/** Nearest rank. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function oneRound({ calls, run, async }: Contestant, round: number, meter: Meter): Promise<number> {
  const first = round * calls;
  const read = meter === 'cpu' ? cpuUs : wallUs;
  const start = read();
  if (async) for (let call = first; call < first + calls; call += 1) await run(call);
  else for (let call = first; call < first + calls; call += 1) run(call);
  return (read() - start) / calls;
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function wallUs(): number {
  return Number(process.hrtime.bigint()) / 1_000;
}
