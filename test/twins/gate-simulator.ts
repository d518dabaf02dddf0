import { brokenInvariants, check, evidenceOf, type Invariant, type Violation } from './checker.ts';
import { type StartDocuments, startDocuments } from './simulator/district.ts';
import { GateSimulator } from './simulator/simulator.ts';
import { describeEvent } from './simulator/trace.ts';
import { type Plan, planOf, type Sabotage, type World } from './simulator/world.ts';

/**
 * A whole gate in one process, by seed: a real pipeline, trust and journal (or a model of it) on a simulated machine, with residents,
 * a district, a guard, hostile readers, failing disks and power cuts. `judge` says what the checker found.
 */
export interface Judged {
  readonly world: World;
  readonly violations: readonly Violation[];
  readonly broken: readonly Invariant[];
}

export async function simulate(
  plan: Plan,
  documents: StartDocuments,
  sabotage: Sabotage = {},
): Promise<Judged> {
  const simulator = new GateSimulator(plan, documents, sabotage);
  const { world } = simulator;
  try {
    await simulator.play();
    return judge(world);
  } finally {
    world.medium.remove();
  }
}

export function judge(world: World): Judged {
  const violations = check(evidenceOf(world));
  return { world, violations, broken: brokenInvariants(violations) };
}

/** Everything that a person needs to see what went wrong, and to see it again. */
export function report({ world, violations }: Pick<Judged, 'world' | 'violations'>): string {
  const { plan, trace } = world;
  const last = violations[0]?.at ?? trace.length - 1;
  const from = Math.max(0, last - TRACE_SHOWN);
  return [
    `seed ${plan.seed}: ${JSON.stringify(plan)}`,
    ...violations
      .slice(0, VIOLATIONS_SHOWN)
      .map(({ invariant, detail, at }) => `${invariant} at ${at}: ${detail}`),
    ...trace.slice(from, last + 2).map((event, place) => `${from + place}  ${describeEvent(event)}`),
    `to see it again: SEED=${plan.seed} scripts/test --only fault -- gate-simulator`,
  ].join('\n');
}

const TRACE_SHOWN = 80;
const VIOLATIONS_SHOWN = 10;

export { GateSimulator, planOf, type Plan, type Sabotage, startDocuments, type StartDocuments, type World };
