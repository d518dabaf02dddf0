import { DAY } from '../../../src/trust/testing.ts';
import { wallMs } from '../../../src/base/index.ts';
import { type StartDocuments, WORLD_START_MS } from './district.ts';
import { bootAfter, Life } from './life.ts';
import { chooseStep } from './steps.ts';
import { answeredTime } from './steps-network.ts';
import { type Plan, type Sabotage, World } from './world.ts';

const STOP_TURN_MS = 100;
const STOP_TURNS_MAX = 100;

/** A whole gate in one process, from its first start to its last stop, by one seed. It proves nothing; the checker does. */
export class GateSimulator {
  readonly world: World;
  #life: Life | undefined;

  constructor(plan: Plan, documents: StartDocuments, sabotage: Sabotage = {}) {
    this.world = new World(plan, documents, sabotage);
  }

  get life(): Life {
    if (this.#life === undefined) throw new Error('the gate was never started');
    return this.#life;
  }

  /** Plays the plan to its end and stops the gate in good order. */
  async play(): Promise<World> {
    await this.begin();
    for (let step = 0; step < this.world.plan.steps; step += 1) {
      await chooseStep(this.world)(this);
      await this.turn();
    }
    await this.finish();
    return this.world;
  }

  async begin(): Promise<void> {
    await this.#start({ monotonicMs: 4_000, wallMs: WORLD_START_MS });
    const { bundles } = this.world.documents;
    const bundle = bundles[this.world.plan.policy] ?? '';
    const taken = await this.life.trust.importBundle(bundle, this.life.gate.clock.now());
    if (taken.refused.length > 0) throw new Error(`the first bundle: ${JSON.stringify(taken.refused)}`);
    this.tellHeld();
    if (this.world.chance(85)) await answeredTime(this);
  }

  /** Faults end, what waits is written, the service stops. */
  async finish(): Promise<void> {
    const { world } = this;
    world.trouble = undefined;
    world.cutPoint = undefined;
    this.makeReadable();
    await this.pass(30_000);
    await this.turn();
    await this.#stop();
    world.tell({ type: 'note', what: 'the end' });
  }

  /** Everything that can happen now has happened; a process that died is followed by the next one. */
  async turn(): Promise<void> {
    await settled();
    while (!this.life.alive) await this.#restartAsEnded();
  }

  async pass(milliseconds: number): Promise<void> {
    const { world, life } = this;
    // Whole milliseconds: timers that are due a hair later than now would be due for ever.
    await life.clock.pass(Math.round(milliseconds * (1 + world.plan.driftPpm / 1_000_000)));
    if (world.synced && Math.abs(world.wallErrorMs) < 1_000 && life.alive)
      life.clock.setWall(wallMs(world.trueMs));
  }

  /** In good order. */
  async restart(): Promise<void> {
    this.makeReadable();
    await this.#stop();
    await settled();
    await this.#restartAsEnded();
  }

  /** `kill -9`, or the power goes. */
  async cut(how: 'kill' | 'power'): Promise<void> {
    this.life.die(how);
    await this.turn();
  }

  /** The disk answers again; the gate has to find that out by itself. */
  makeReadable(): void {
    const { world } = this;
    if (!world.unreadable) return;
    world.unreadable = false;
    world.medium.setUnreadable(false);
    world.tell({ type: 'note', what: 'the journal can be read again' });
  }

  /** What the gate holds now, as the checker shall know it. */
  tellHeld(): void {
    const { world, life } = this;
    life.tellVersions();
    for (const subject of ['residents', 'visitors'] as const) {
      const version = life.trust.snapshot().versions.get(subject)?.version;
      const states = version === undefined ? undefined : world.listHistory[subject].get(version);
      if (states !== undefined)
        world.tell({
          type: 'list',
          subject,
          states: new Map(Object.entries(states).map(([at, is]) => [Number(at), is])),
        });
    }
  }

  /** Doors may take their time to answer, and the gate waits for them. */
  async #stop(): Promise<void> {
    let stopped = false;
    const stopping = this.life.stop().then(() => {
      stopped = true;
    });
    for (let turn = 0; turn < STOP_TURNS_MAX && !stopped; turn += 1) await this.pass(STOP_TURN_MS);
    if (!stopped) throw new Error('the gate does not stop');
    await stopping;
  }

  async #restartAsEnded(): Promise<void> {
    const last = this.world.trace.findLast((event) => event.type === 'end');
    const how = last?.type === 'end' ? last.how : 'power';
    await this.#startAgain(how);
  }

  async #startAgain(how: 'stop' | 'kill' | 'power'): Promise<void> {
    const { world } = this;
    world.cutPoint = undefined;
    world.medium.cut();
    world.cutTrustDisk(how === 'power');
    const boot = bootAfter(world, how, offTime(world, how));
    if (how === 'power' && world.chance(12)) world.unreadable = world.medium.setUnreadable(true);
    await this.#start(boot);
  }

  async #start(boot: { monotonicMs: number; wallMs: number }): Promise<void> {
    this.world.life += 1;
    this.#life = await Life.begin(this.world, boot);
    this.tellHeld();
    await this.life.start();
    await settled();
    if (this.world.life > 1 && this.life.alive && this.world.chance(60)) await answeredTime(this);
  }
}

/** All promises that can settle by themselves do so before the next immediate. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function offTime(world: World, how: 'stop' | 'kill' | 'power'): number {
  if (how !== 'power') return 300 + world.random.below(5_000);
  const seconds = world.random.pick([1, 2, 5, 20, 70, 600, 7_200, 7_200, DAY + 7_200, 4 * DAY]);
  return seconds * 1_000;
}
