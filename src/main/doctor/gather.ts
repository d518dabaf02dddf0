import { describeProblems, type FoundGate, findGate } from '../../../config/load.ts';
import type { GateFile } from '../../../config/schema.ts';
import { lookAtLines } from '../../../device/door/index.ts';
import type { GateFacts, Looked, RestOfFacts } from '../../setup/index.ts';
import { isRaspberryPi, power, temperatureC } from '../machine.ts';
import { doorFacts, type LookAtLines, readerFacts } from './look-at-devices.ts';
import {
  askGate,
  clockFacts,
  districtFacts,
  folderFacts,
  guardFacts,
  journalFacts,
  type SeenTrust,
  trustFacts,
} from './look-at-gate.ts';
import { brokerFacts, pagesFacts } from './look-at-network.ts';
import { lookAt, type MachineView, memoryOf } from './machine-view.ts';

/** All that the doctor looks at, of one gate. Each thing that cannot be seen is said to be unseen; none stops the others. */
export interface Around {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly view: MachineView;
  readonly lines: LookAtLines;
}

export const thisMachine = (): Around => ({
  environment: process.env,
  view: { look: lookAt, temperatureC, power, isRaspberryPi, memory: memoryOf },
  lines: lookAtLines,
});

export async function gather(file: string, around: Around = thisMachine()): Promise<GateFacts> {
  const found = lookFor(file, around);
  if (typeof found === 'string') return { configuration: { file, problems: [found], enrolled: false } };
  if (!found.ok) {
    const problems = found.error.map((problem) => describeProblems([problem]));
    return { configuration: { file, problems, enrolled: false } };
  }
  return {
    configuration: { file, problems: [], enrolled: found.value.enrolled },
    rest: await restOf(found.value, around),
  };
}

async function restOf(found: FoundGate, { view, lines }: Around): Promise<RestOfFacts> {
  const config: GateFile = found.enrolled ? found.config : found.file;
  const { dataDir, lanes } = config;
  const { facts: running, isRunning, told } = await askGate(dataDir);
  const trust: SeenTrust = found.enrolled
    ? await trustFacts(found.config)
    : { facts: { unseen: 'not enrolled' }, keeper: undefined };
  const memory = view.memory();
  return {
    now: Date.now(),
    running,
    folder: folderFacts(dataDir, view),
    clock: attempt(() => clockFacts(config, told?.clock ?? trust.now)),
    trust: trust.facts,
    journal: journalFacts(dataDir),
    readers: lanes.flatMap((lane) => lane.readers.map((reader) => readerFacts(reader, view, told))),
    doors: lanes.map((lane) => doorFacts(lane, { told, isRunning, lines, look: view.look })),
    broker: found.enrolled ? await brokerFacts(found.config) : {},
    district: districtFacts(dataDir, told, trust.keeper),
    pages: await pagesFacts(config, isRunning),
    guards: config.guardDesk ? guardFacts(dataDir) : { seen: 'unwanted' },
    machine: {
      temperatureC: view.temperatureC(),
      power: view.power() ?? (view.isRaspberryPi() ? 'untold' : undefined),
      memoryFreeBytes: memory.free,
      memoryTotalBytes: memory.total,
    },
  };
}

function attempt<Seen>(look: () => Seen): Looked<Seen> {
  try {
    return { seen: look() };
  } catch {
    return { unseen: 'unknown' };
  }
}

/** @returns a sentence where what the enrolment has left is damaged */
function lookFor(file: string, { environment }: Around): ReturnType<typeof findGate> | string {
  try {
    return findGate(file, environment);
  } catch (problem) {
    return problem instanceof Error ? problem.message : 'unknown';
  }
}
