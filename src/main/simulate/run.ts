import { availableParallelism } from 'node:os';
import type { ExpectedJournal, StoredJournal } from '../../district/index.ts';
import type { Log } from '../../ports/index.ts';
import type { Asked } from './arguments.ts';
import { openGround } from './ground.ts';
import { type Revoked, revokeMany } from './revocations.ts';
import type { SimulatedDesk } from './simulated-desk.ts';
import { type Measured, Simulation, type Standing } from './simulation.ts';

/** One simulation from its first connection to the count in the database. A simulation that is ended early counts all the same. */
export interface Outcome {
  readonly gates: number;
  readonly processes: number;
  /** Whether `measured.district` is the district's, which ran in this process, or the simulator's own adding up. */
  readonly districtHere: boolean;
  readonly total: Standing;
  readonly measured: Measured;
  /** With a backlog: before its gate came, while it was drained, afterwards. */
  readonly phases?: { readonly before: Measured; readonly during: Measured; readonly after: Measured };
  readonly revocations?: Revoked;
  readonly stored: Stored;
  /** Where each gate's journal ended. */
  readonly ends: readonly ExpectedJournal[];
  readonly warnings: Readonly<Record<string, number>>;
}

export interface Stored {
  readonly rows: number;
  readonly expected: number;
  readonly lost: number;
  readonly doubled: number;
  /** Journals whose chain does not hold or does not lead to the gate's head. */
  readonly broken: number;
  /** Gates of journals that are not as they should be. */
  readonly gates: readonly string[];
}

export interface Watching {
  /** Told once a second. */
  readonly onTick: (standing: Standing, second: Measured) => void;
  /** Becomes true when whoever asked wants it to end. */
  readonly ended: () => boolean;
  readonly log: Log;
}

/** Residents of a community who are not revoked. */
const PHONES_LEFT = 4;
/** Gates that one process holds without being what is measured. */
const GATES_PER_PROCESS = 250;
/** What the district still has to do for so many arrivals is not what is measured. */
const WARM_UP_MS = 10_000;
const READY_WITHIN_MS = 600_000;
/** Without any acknowledgement for so long, what is unsent counts as lost. */
const SETTLE_WITHIN_MS = 180_000;
const LISTED_GATES_MAX = 10;

/** @throws with a sentence for whoever asked, when it can not begin */
export async function simulate(asked: Asked, watching: Watching): Promise<Outcome> {
  const ground = await openGround(asked, watching.log);
  try {
    const processes = asked.processes ?? processesFor(asked.gates);
    const phones = Math.ceil(asked.revocations / ground.communities.length) + PHONES_LEFT;
    const simulation = await Simulation.begin(ground, { ...asked, processes, phones });
    const told = tellEachSecond(simulation, watching);
    try {
      const run = new Run(simulation, { asked, watching, desk: ground.desk });
      const { measured, phases, revocations } = await run.through();
      const total = simulation.standing;
      const ends = await simulation.stop();
      return {
        gates: asked.gates,
        processes,
        districtHere: ground.isHere,
        total,
        measured,
        ...(phases === undefined ? {} : { phases }),
        ...(revocations === undefined ? {} : { revocations }),
        stored: summaryOf(await ground.check(ends)),
        ends,
        warnings: Object.fromEntries(simulation.warnings),
      };
    } finally {
      told();
      await simulation.end();
    }
  } finally {
    await ground.stop();
  }
}

/** As many processes as gates want, at most one for each core. */
export function processesFor(gates: number): number {
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(gates / GATES_PER_PROCESS)));
}

export function summaryOf(journals: readonly StoredJournal[]): Stored {
  const sum = (of: (journal: StoredJournal) => number) =>
    journals.reduce((total, each) => total + of(each), 0);
  const wrong = journals.filter(
    ({ lost, doubled, brokenAt }) => lost > 0 || doubled > 0 || brokenAt !== undefined,
  );
  return {
    rows: sum(({ stored }) => stored),
    expected: sum(({ seq }) => seq),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    broken: journals.filter(({ brokenAt }) => brokenAt !== undefined).length,
    gates: wrong.slice(0, LISTED_GATES_MAX).map(({ gate }) => gate),
  };
}

function tellEachSecond(simulation: Simulation, { onTick }: Watching): () => void {
  let measure = simulation.measure();
  const timer = setInterval(() => {
    const second = measure();
    measure = simulation.measure();
    onTick(simulation.standing, second);
  }, 1_000);
  return () => {
    clearInterval(timer);
    measure();
  };
}

class Run {
  readonly #simulation: Simulation;
  readonly #asked: Asked;
  readonly #watching: Watching;
  readonly #desk: SimulatedDesk;
  #failed: string | undefined;

  constructor(simulation: Simulation, of: { asked: Asked; watching: Watching; desk: SimulatedDesk }) {
    this.#simulation = simulation;
    this.#asked = of.asked;
    this.#watching = of.watching;
    this.#desk = of.desk;
    simulation.events.on('failed', (why) => {
      this.#failed = why;
    });
  }

  async through(): Promise<Pick<Outcome, 'measured' | 'phases' | 'revocations'>> {
    const { gates, seconds, backlogHours, backlogGates, backlogConnected } = this.#asked;
    const present = backlogHours > 0 && !backlogConnected ? gates - backlogGates : gates;
    const isReady = () => this.#simulation.isThere && this.#simulation.standing.ready >= present;
    await this.#until(isReady, READY_WITHIN_MS);
    if (!isReady() && !this.#watching.ended())
      throw new Error(
        'gates: not all have their documents after ten minutes; is the broker reached, has the machine time?',
      );
    this.#simulation.tell({ type: 'people' });
    await this.#until(() => false, Math.min(WARM_UP_MS, (seconds * 1_000) / 3));
    const measure = this.#simulation.measure();
    const end = performance.now() + seconds * 1_000;
    const phases = backlogHours > 0 ? await this.#withBacklog(seconds * 1_000) : undefined;
    const revocations = await this.#revoke();
    await this.#until(() => phases !== undefined, end - performance.now());
    const measured = measure();
    this.#simulation.tell({ type: 'settle' });
    await this.#settled();
    return {
      measured,
      ...(phases === undefined ? {} : { phases }),
      ...(revocations === undefined ? {} : { revocations }),
    };
  }

  #revoke(): Promise<Revoked> | undefined {
    const { revocations } = this.#asked;
    if (revocations === 0) return undefined;
    return revokeMany(this.#simulation, this.#desk, {
      count: revocations,
      ended: this.#watching.ended,
    });
  }

  /** A third before, then until the backlog is through, then a third after. */
  async #withBacklog(wholeMs: number): Promise<NonNullable<Outcome['phases']>> {
    const third = wholeMs / 3;
    const measureBefore = this.#simulation.measure();
    await this.#until(() => false, third);
    const before = measureBefore();
    const measureDuring = this.#simulation.measure();
    const had = this.#simulation.standing.acknowledged;
    this.#simulation.tell({ type: 'release' });
    // A gate that was connected all the while tells of its backlog with the next tick: until then its rows are counted here.
    const rows = this.#simulation.seats.reduce((sum, { backlogRows }) => sum + backlogRows, 0);
    await this.#progress(({ backlogUnsent, acknowledged }) =>
      Math.max(backlogUnsent, had + rows - acknowledged),
    );
    const during = measureDuring();
    const measureAfter = this.#simulation.measure();
    await this.#until(() => false, third);
    return { before, during, after: measureAfter() };
  }

  #settled(): Promise<void> {
    return this.#progress(({ unsent, backlogUnsent, isSettled }) =>
      isSettled ? unsent + backlogUnsent : Number.POSITIVE_INFINITY,
    );
  }

  /** Waits while something goes on, and until nothing is left. */
  async #progress(left: (standing: Standing) => number): Promise<void> {
    let acknowledged = -1;
    let since = performance.now();
    await this.#wait(() => {
      const { standing } = this.#simulation;
      if (standing.acknowledged !== acknowledged) {
        acknowledged = standing.acknowledged;
        since = performance.now();
      }
      return left(standing) === 0 || performance.now() - since > SETTLE_WITHIN_MS;
    });
  }

  /** Also ends when whoever asked wants to. */
  #until(isSo: () => boolean, withinMs: number): Promise<void> {
    return this.#wait(() => isSo() || this.#watching.ended(), withinMs);
  }

  /** @throws when a process of gates is gone */
  async #wait(isSo: () => boolean, withinMs = Number.POSITIVE_INFINITY): Promise<void> {
    const end = performance.now() + withinMs;
    while (!isSo() && performance.now() < end) {
      if (this.#failed !== undefined) throw new Error(this.#failed);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}

const LOOK_EVERY_MS = 50;
