import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Judged,
  planOf,
  report,
  simulate,
  type StartDocuments,
  startDocuments,
} from '../twins/gate-simulator.ts';
import { byTier } from './tier.ts';

/**
 * Whole gates by seed, with everything that goes wrong around them; the checker proves the invariants of each. A seed that fails is
 * printed with its trace; SEED=123 plays that one alone.
 */

const SEEDS = byTier({ push: 500, long: 20_000, release: 100_000 });
const SEEDS_PER_TEST = byTier({ push: 50, long: 1_000, release: 1_000 });
const SECONDS_PER_TEST = byTier({ push: 120, long: 1_200, release: 1_200 });

const only = process.env['SEED'];
let documents: StartDocuments;

beforeAll(async () => {
  documents = await startDocuments();
});

/** What must have happened somewhere in all those lives, or they prove nothing. */
const happened = new Map<string, number>();

async function play(seed: number): Promise<void> {
  const judged = await simulate(planOf(seed), documents);
  count(judged);
  if (judged.violations.length > 0) throw new Error(report(judged));
}

function count({ world }: Judged): void {
  const note = (what: string) => happened.set(what, (happened.get(what) ?? 0) + 1);
  for (const event of world.trace) {
    if (event.type === 'end') note(event.how);
    if (event.type === 'relay' && event.on) note('relay on');
    if (event.type === 'append-failed') note('append failed');
    if (event.type === 'cursor') note('cursor');
    if (event.type === 'start' && event.memory === undefined) note('journal unreadable');
    if (event.type !== 'appended') continue;
    if (!event.heard) note('died after the commit');
    for (const { decision, kind, entry, refusal, door, reason = '' } of event.rows) {
      note(decision === 'granted' ? `granted ${entry === undefined ? kind : 'again'}` : decision);
      for (const what of [refusal, door, reason.split(':')[0]]) if (what !== undefined) note(what);
    }
  }
}

const MUST_HAPPEN = [
  'stop, kill, power, died after the commit, append failed, journal unreadable, cursor, relay on',
  'granted 1, granted 2, granted 3, granted 4, granted 5, granted again, manual',
  'already-used, revoked, expired, bad-signature, clock-unsure, passback, pass-used-up, lockdown, door-fault',
  'not-on-roster, malformed, suspended, needs-guard',
  'passed, annulled, forced, held, fire, undone, repeated, flooded, dropped, command-rejected',
].flatMap((line) => line.split(', '));

if (only === undefined) {
  describe(`${SEEDS} gates, each through its own bad days`, () => {
    for (let from = 1; from <= SEEDS; from += SEEDS_PER_TEST) {
      const to = Math.min(SEEDS, from + SEEDS_PER_TEST - 1);
      it(`keep every invariant: seeds ${from} to ${to}`, { timeout: SECONDS_PER_TEST * 1_000 }, async () => {
        for (let seed = from; seed <= to; seed += 1) await play(seed);
      });
    }

    it('have been through all of it', () => {
      expect(MUST_HAPPEN.filter((what) => !happened.has(what))).toEqual([]);
    });
  });
} else {
  describe('one gate again', () => {
    it(`keeps every invariant: seed ${only}`, async () => {
      const judged = await simulate(planOf(Number(only)), documents);
      process.stdout.write(`${report(judged)}\n`);
      expect(judged.violations).toEqual([]);
    });
  });
}
