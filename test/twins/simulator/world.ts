import { type SimulatedRandom, simulatedRandom } from '../../../device/sim/index.ts';
import type { Door, Log, ScanSink } from '../../../src/ports/index.ts';
import type { Journal } from '../../../src/journal/index.ts';
import { SimulatedDisk } from '../../../src/trust/testing.ts';
import type { TrustSnapshot } from '../../../src/trust/index.ts';
import type { ClockFloor } from '../../../src/time/index.ts';
import {
  type ListStates,
  POLICIES,
  type ShownCode,
  type StartDocuments,
  WORLD_BUILD_MS,
  WORLD_START_MS,
} from './district.ts';
import { type JournalMedium, modelMedium, realMedium } from './journal-medium.ts';
import type { CutPoint, JournalTrouble } from './traced-journal.ts';
import type { Seen, TraceEvent } from './trace.ts';

/** What outlives every process of one simulated gate: the machine, its disks, its doors' surroundings, the district, and the trace. */

export interface LanePlan {
  readonly id: string;
  readonly direction: 'in' | 'out' | 'both';
  readonly sensor: 'none' | 'contact' | 'passage';
}

/** What a seed stands for, before anything happens. */
export interface Plan {
  readonly seed: number;
  readonly steps: number;
  readonly journal: 'model' | 'real';
  readonly lanes: readonly LanePlan[];
  readonly policy: number;
  readonly battery: boolean;
  readonly ntp: boolean;
  /** The oscillator's error. */
  readonly driftPpm: number;
}

/** One broken rule at a time: what a checker must be able to find. Each wraps a part where the gate touches it. */
export interface Sabotage {
  readonly journal?: (journal: Journal) => Journal;
  readonly medium?: (medium: JournalMedium) => JournalMedium;
  readonly door?: (door: Door, hardware: Hardware) => Door;
  readonly sink?: (sink: ScanSink) => ScanSink;
  readonly trust?: (present: () => TrustSnapshot) => () => TrustSnapshot;
  readonly trustDisk?: (disk: SimulatedDisk, before: readonly SimulatedDisk[]) => SimulatedDisk;
  readonly floor?: (floor: ClockFloor) => ClockFloor;
  readonly log?: (log: Log) => Log;
  /** What the uplink does wrong. */
  readonly uplink?: 'believes-retained' | 'moves-cursor-blindly';
}

/** The relay itself, as a screwdriver reaches it. */
export interface Hardware {
  spark(on: boolean): void;
  /** Its contacts never part again. */
  weld(): void;
}

export function planOf(seed: number): Plan {
  const random = simulatedRandom(seed);
  const direction = random.pick(['in', 'in', 'both'] as const);
  const sensors = ['none', 'contact', 'passage'] as const;
  return {
    seed,
    steps: 25 + random.below(26),
    journal: random.below(3) === 0 ? 'real' : 'model',
    lanes: [
      { id: 'north', direction, sensor: random.pick(sensors) },
      { id: 'south', direction: 'out', sensor: random.pick(sensors) },
    ],
    policy: random.below(POLICIES.length),
    battery: random.below(4) > 0,
    ntp: random.below(4) === 0,
    driftPpm: random.below(161) - 80,
  };
}

interface Machine {
  monotonic(): number;
  wall(): number;
}

export interface SentCommand {
  readonly token: string;
  readonly jti: string;
  readonly fraud: string;
  readonly counter: number;
}

export class World {
  readonly plan: Plan;
  readonly random: SimulatedRandom;
  readonly documents: StartDocuments;
  readonly sabotage: Sabotage;
  readonly medium: JournalMedium;
  readonly trace: TraceEvent[] = [];
  readonly logLines: string[] = [];
  /** Every code that anybody made, by its hash. */
  readonly codes = new Map<string, ShownCode>();
  readonly shown: ShownCode[] = [];
  readonly commands: SentCommand[] = [];
  readonly lists = {
    residents: { version: 1, states: {} as ListStates },
    visitors: { version: 1, states: {} as ListStates },
  };
  /** What each version of a list says. */
  readonly listHistory = {
    residents: new Map<number, ListStates>([[1, {}]]),
    visitors: new Map<number, ListStates>([[1, {}]]),
  };
  trustDisk = new SimulatedDisk();
  readonly oldTrustDisks: SimulatedDisk[] = [];
  trouble: JournalTrouble | undefined;
  cutPoint: CutPoint | undefined;
  unreadable = false;
  #machine: Machine = { monotonic: () => 0, wall: () => WORLD_START_MS };
  #bootedAtMs = WORLD_START_MS;
  #monotonicAtBoot = 0;
  /** An authenticated source disciplines the wall, as far as the machine can tell. */
  synced: boolean;
  #clockLied = false;
  life = 0;
  counter = 0;

  constructor(plan: Plan, documents: StartDocuments, sabotage: Sabotage = {}) {
    this.plan = plan;
    this.documents = documents;
    this.sabotage = sabotage;
    this.random = simulatedRandom(plan.seed ^ 0x5bd1_e995);
    const medium = plan.journal === 'real' ? realMedium(this.random) : modelMedium(this.random);
    this.medium = sabotage.medium?.(medium) ?? medium;
    this.synced = plan.ntp;
  }

  tell(seen: Seen): void {
    const monotonic = this.#machine.monotonic();
    this.trace.push({ life: this.life, trueMs: this.trueMs, monotonic, ...seen });
  }

  /** True time, which no part of the gate knows; the machine's oscillator drifts from it. */
  get trueMs(): number {
    const counted = this.#machine.monotonic() - this.#monotonicAtBoot;
    return Math.round(this.#bootedAtMs + counted / (1 + this.plan.driftPpm / 1_000_000));
  }

  get monotonic(): number {
    return this.#machine.monotonic();
  }

  /** By how much the wall clock is ahead of true time. */
  get wallErrorMs(): number {
    return this.#machine.wall() - this.trueMs;
  }

  /** A machine that starts now. */
  boot(machine: Machine): void {
    this.#bootedAtMs = this.trueMs;
    this.#machine = machine;
    this.#monotonicAtBoot = machine.monotonic();
  }

  /** The machine is off for so long. */
  off(milliseconds: number): void {
    this.#bootedAtMs += milliseconds;
  }

  get seconds(): number {
    return Math.floor(this.trueMs / 1_000);
  }

  get buildMs(): number {
    return WORLD_BUILD_MS;
  }

  get log(): Log {
    const keep = (fields: object, message: string) =>
      void this.logLines.push(`${message} ${JSON.stringify(fields)}`);
    const log = { info: keep, warn: keep, error: keep };
    return this.sabotage.log?.(log) ?? log;
  }

  get clockLied(): boolean {
    return this.#clockLied;
  }

  /** The wall clock is believed while it is wrong: from now on the gate cannot know better. */
  clockLies(): void {
    if (this.#clockLied) return;
    this.#clockLied = true;
    this.tell({ type: 'clock-lied' });
  }

  chance(percent: number): boolean {
    return this.random.below(100) < percent;
  }

  remember(code: ShownCode): ShownCode {
    this.codes.set(code.hash, code);
    this.shown.push(code);
    return code;
  }

  /** Of a power cut: unsynced changes of the trust cache may be lost, the last first. */
  cutTrustDisk(power: boolean): void {
    this.oldTrustDisks.push(this.trustDisk.afterCut(this.trustDisk.unsyncedChanges));
    const kept = power
      ? this.random.below(this.trustDisk.unsyncedChanges + 1)
      : this.trustDisk.unsyncedChanges;
    const cut = power ? this.trustDisk.afterCut(kept) : this.trustDisk;
    cut.fail(undefined);
    this.trustDisk = this.sabotage.trustDisk?.(cut, this.oldTrustDisks) ?? cut;
  }
}
