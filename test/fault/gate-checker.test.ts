import { beforeAll, describe, expect, it } from 'vitest';
import { INVARIANTS } from '../twins/checker.ts';
import { planOf, simulate, type StartDocuments, startDocuments } from '../twins/gate-simulator.ts';
import { SABOTEURS, type Saboteur } from './gate-saboteurs.ts';

/** A checker that finds nothing proves nothing: one part is broken at a time, and the checker must name the rule. */

/** Not every day brings what it takes: a power cut, a revoked resident, a retained order. */
const SEEDS_MAX = 60;

let documents: StartDocuments;

beforeAll(async () => {
  documents = await startDocuments();
});

async function firstSeedThatTells({ breaks, sabotage }: Saboteur): Promise<number | undefined> {
  for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
    const plan = { ...planOf(seed), journal: 'model' as const };
    if ((await simulate(plan, documents, sabotage())).broken.includes(breaks)) return seed;
  }
  return undefined;
}

describe('the checker of the simulated gate', () => {
  it.each(SABOTEURS)('names $breaks for $what', { timeout: 120_000 }, async (saboteur) => {
    expect(await firstSeedThatTells(saboteur)).toBeDefined();
  });

  it('has been seen to fail for every invariant it knows', () => {
    expect(INVARIANTS.filter((one) => !SABOTEURS.some(({ breaks }) => breaks === one))).toEqual([]);
  });
});
