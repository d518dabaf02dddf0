import { beforeAll, describe, expect, test } from 'vitest';
import { simulatedRandom } from '../../device/sim/index.ts';
import { Deeds, manualItemOf } from '../../src/desk/testing.ts';
import { deedBody } from '../../src/wire/index.ts';
import {
  GateSimulator,
  judge,
  planOf,
  report,
  startDocuments,
  type StartDocuments,
} from '../twins/gate-simulator.ts';
import { settled } from '../twins/simulator/simulator.ts';
import { answeredTime } from '../twins/simulator/steps-network.ts';
import { byTier } from './tier.ts';

/**
 * Whatever guards do at the desk of a whole gate, while its journal fails and its power goes: the checker proves J1, R1, R2 and
 * A4 again from the rows and the relays. It knows the deeds by what was asked, not by what the desk made of it.
 */
const SEEDS = byTier({ push: 40, long: 2_000, release: 10_000 });
const STEPS = 25;
const SECOND_GUARD = { account: 'g-08', secret: '480592' };

let documents: StartDocuments;
beforeAll(async () => {
  documents = await startDocuments();
});

async function shift(seed: number) {
  const random = simulatedRandom(seed);
  const simulator = new GateSimulator({ ...planOf(seed), steps: 0 }, documents);
  const { world } = simulator;
  await simulator.begin();
  await answeredTime(simulator);
  let made = deedsAt(simulator);
  let [asked, done] = [0, 0];
  let life = simulator.life;
  for (let step = 0; step < STEPS; step += 1) {
    if (simulator.life !== life) {
      // A desk lives no longer than its gate.
      life = simulator.life;
      made = deedsAt(simulator);
    }
    switch (random.below(8)) {
      case 0:
        await simulator.pass(1 + random.below(15_000));
        break;
      case 1:
        world.trouble = { code: 'disk-full', for: random.pick(['code', 'all']), left: 1 + random.below(3) };
        break;
      case 2:
        if (random.below(4) === 0) await simulator.cut(random.pick(['kill', 'power']));
        break;
      default: {
        asked += 1;
        const answer = await made.deeds.take(wish(random, { seq: world.trace.length, asked }), made.guard);
        done += answer.ok ? 1 : 0;
        await settled();
      }
    }
    await simulator.turn();
  }
  await simulator.finish();
  return { ...judge(world), asked, done };
}

function deedsAt({ world, life }: GateSimulator) {
  const guard = { account: 'g-07', role: 'guard', duress: false, session: 's1' } as const;
  const deeds = new Deeds({
    gate: {
      gate: 'north-1',
      now: () => life.gate.clock.now().at,
      takeManual: (item) => {
        const { verb, actor, reason } = item;
        world.tell({ type: 'manual', verb, actor, reason });
        return life.gate.takeManual(item);
      },
      take: () => undefined,
    },
    work: {
      undoMs: 10_000,
      journal: { id: '', head: () => ({ seq: 1_000_000 }), rows: () => [], onAppend: () => () => undefined },
      doorAfter: () => Promise.resolve('works'),
    },
    isSecond: () => Promise.resolve({ ok: true, duress: false }),
  });
  return { deeds, guard };
}

function wish(random: ReturnType<typeof simulatedRandom>, { seq, asked }: { seq: number; asked: number }) {
  const lane = random.pick(['north', 'south', 'elsewhere']);
  const once = `deed-of-the-simulated-desk-${asked - random.below(2)}`;
  const body = random.pick([
    { deed: 'let-in', lane, reason: 'no-phone', index: 11, party: [12] },
    { deed: 'let-in', lane, reason: 'child', long: true },
    { deed: 'visitor', lane, reason: 'host-asked', index: 11, people: 3 },
    { deed: 'delivery', lane, reason: 'food' },
    { deed: 'emergency', lane, reason: 'ambulance', hold: random.below(2) === 0 },
    { deed: 'hold', lane, reason: 'crowd', second: SECOND_GUARD },
    { deed: 'end-hold', lane, reason: 'over' },
    { deed: 'lock-down', lane, reason: 'threat' },
    { deed: 'release', reason: 'over' },
    { deed: 'undo', entry: 1 + random.below(Math.max(1, Math.min(seq, 60))), reason: 'mistake' },
  ] as const);
  return deedBody.parse({ once, ...body });
}

describe('whatever guards do', () => {
  test(
    `on ${SEEDS} days of a failing gate, no door moves without a row that names a person and a reason`,
    async () => {
      let [asked, done] = [0, 0];
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const day = await shift(seed);
        if (day.violations.length > 0) throw new Error(report(day));
        asked += day.asked;
        done += day.done;
      }
      expect(done).toBeGreaterThan(asked / 4);
      expect(done).toBeLessThan(asked);
    },
    byTier({ push: 120_000, long: 1_200_000, release: 3_600_000 }),
  );

  test('the checker finds a deed that moves a door and names nobody', async () => {
    const simulator = new GateSimulator({ ...planOf(1), steps: 0 }, documents);
    await simulator.begin();
    const body = deedBody.parse({
      once: 'a-deed-of-nobody-at-all',
      deed: 'delivery',
      lane: 'north',
      reason: 'food',
    });
    simulator.life.gate.takeManual(manualItemOf(body, { account: 'g-07', duress: false }));
    await settled();
    await simulator.finish();
    expect(judge(simulator.world).broken).toContain('R1');
  });
});
