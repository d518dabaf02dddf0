import {
  atDesk,
  clockJumps,
  doorHappens,
  journalTrouble,
  readerHappens,
  restarts,
  timePasses,
} from './steps-machine.ts';
import { acknowledgement, command, sisterUse, timeDocument, trustUpdate } from './steps-network.ts';
import { burst, doubleOutput, hostileText, showAgain, showFresh } from './steps-scans.ts';
import type { GateSimulator } from './simulator.ts';
import type { World } from './world.ts';

/** One thing that happens at a gate. */
export type Step = (simulator: GateSimulator) => void | Promise<void>;

/** How often each happens, of a hundred and some. */
const STEPS: readonly (readonly [weight: number, step: Step])[] = [
  [26, showFresh],
  [16, showAgain],
  [7, hostileText],
  [3, burst],
  [6, doubleOutput],
  [16, timePasses],
  [8, doorHappens],
  [4, readerHappens],
  [7, atDesk],
  [7, command],
  [4, sisterUse],
  [6, trustUpdate],
  [6, timeDocument],
  [4, acknowledgement],
  [3, clockJumps],
  [4, journalTrouble],
  [8, restarts],
];

const WEIGHT = STEPS.reduce((sum, [weight]) => sum + weight, 0);

export function chooseStep(world: World): Step {
  let ticket = world.random.below(WEIGHT);
  for (const [weight, step] of STEPS) {
    if (ticket < weight) return named(step);
    ticket -= weight;
  }
  throw new Error('a ticket is below the sum of all weights');
}

function named(step: Step): Step {
  return (simulator) => {
    simulator.world.tell({ type: 'note', what: step.name });
    return step(simulator);
  };
}
