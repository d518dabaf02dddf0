import { type SimulatedClock, simulatedClock, simulatedReader } from '../../../device/sim/index.ts';
import { toHex, type WallMs, wallMs } from '../../../src/base/index.ts';
import { nodeEngine, sha256 } from '../../../src/crypto/index.ts';
import { DOOR_DEFAULTS } from '../../../src/decide/index.ts';
import { DoorKeeper, Gate, Housekeeping, type Lane } from '../../../src/gate/index.ts';
import type { DoorItem, Reader, ScanSink } from '../../../src/ports/index.ts';
import type { ClockFloor } from '../../../src/time/index.ts';
import { openTrust, type TrustKeeper } from '../../../src/trust/index.ts';
import { COMMUNITY, DISTRICT, GATE } from '../../../src/trust/testing.ts';
import { createVerifier, type SignatureEngine } from '../../../src/verify/index.ts';
import { TracedDoor } from './traced-door.ts';
import { TracedJournal } from './traced-journal.ts';
import type { LanePlan, World } from './world.ts';

/** One process of the gate service, put together as src/main does it, on parts that can be taken away from it. */

/** Readers of each lane: one that waits while its lane is full, one that types like a keyboard and drops. */
export const READER_KINDS = ['serial', 'keyboard'] as const;
type Fed = ReturnType<typeof simulatedReader>;

/** As the wall clock stands after a boot without a battery. */
const WALL_WITHOUT_BATTERY_MS = 86_400_000;
const BELIEVED_WALL_ERROR_MS = 1_000;
const MONOTONIC_AT_BOOT_MS = 4_000;

/** One engine for all lives: the costly check of a public key answers the same each time. */
const ENGINE = rememberingEngine();

export interface Boot {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export class Life {
  readonly clock: SimulatedClock;
  readonly doors = new Map<string, TracedDoor>();
  readonly readers = new Map<string, Fed>();
  readonly journal: TracedJournal;
  readonly trust: TrustKeeper;
  readonly gate: Gate;
  /** The nonce of the present connection to the district. */
  session = '';
  alive = true;
  readonly #world: World;
  readonly #chores: Housekeeping;
  #failures = 0;

  static async begin(world: World, boot: Boot): Promise<Life> {
    const clock = simulatedClock({ wallMs: boot.wallMs, monotonicMs: boot.monotonicMs });
    world.boot(clock);
    const trust = await openTrust({
      directory: '/trust',
      disk: world.trustDisk,
      district: DISTRICT,
      community: COMMUNITY,
      gate: GATE,
      root: { document: world.documents.root },
      engine: ENGINE,
      plainRoster: true,
    });
    return new Life(world, clock, trust);
  }

  private constructor(world: World, clock: SimulatedClock, trust: TrustKeeper) {
    this.#world = world;
    this.clock = clock;
    this.trust = trust;
    const floor = this.#floor();
    const opened = { at: wallMs(Math.max(floor.buildMs, floor.lastRowMs ?? 0)), clock: 'unsure' as const };
    const medium = world.medium.open(opened);
    const inner = world.sabotage.journal?.(medium) ?? medium;
    this.journal = new TracedJournal(inner, {
      tell: (seen) => {
        if (seen.type === 'append-failed') this.#failures += 1;
        world.tell(seen);
      },
      alive: () => this.alive,
      trouble: () => this.#trouble(),
      cutPoint: () => this.#takeCutPoint(),
      die: () => this.die(),
    });
    this.#tellStart(inner.health().memoryKnown ? inner.loadMemory() : undefined);
    this.gate = this.#compose(world.sabotage.floor?.(floor) ?? floor);
    this.#chores = new Housekeeping({
      journal: this.journal,
      clock,
      log: world.log,
      now: () => this.gate.clock.now(),
      policy: () => this.gate.policy(),
      acknowledgedUpTo: () => this.journal.cursor('district')?.seq ?? 0,
    });
  }

  async start(): Promise<void> {
    await this.gate.start();
    this.#chores.start();
    this.tellVersions();
  }

  /** As the service manager stops it: all that waits is settled and written. */
  async stop(): Promise<void> {
    this.#chores.stop();
    await this.gate.stop();
    // The power may have gone with the last row.
    if (!this.alive) return;
    this.journal.close();
    this.alive = false;
    this.#world.tell({ type: 'end', how: 'stop' });
  }

  /** Nothing of this process does anything any more, and its relays rest. */
  die(how: 'kill' | 'power' = 'power'): void {
    this.alive = false;
    for (const door of this.doors.values()) door.cut();
    this.#world.tell({ type: 'end', how });
  }

  tellVersions(): void {
    const versions = [...this.trust.snapshot().versions].map(([name, { version }]): [string, number] => [
      name,
      version,
    ]);
    this.#world.tell({ type: 'versions', versions: new Map(versions) });
  }

  /** What the machine believes of its wall clock now; a lie that is believed is remembered. */
  get systemSynced(): boolean {
    const world = this.#world;
    if (world.synced && Math.abs(world.wallErrorMs) > BELIEVED_WALL_ERROR_MS) world.clockLies();
    return world.synced;
  }

  #compose(floor: ClockFloor): Gate {
    const world = this.#world;
    const present = () => this.trust.snapshot();
    const snapshot = world.sabotage.trust?.(present) ?? present;
    return new Gate({
      gate: GATE,
      journal: this.journal,
      trust: { snapshot, onChange: (listener) => this.trust.onChange(() => this.alive && listener()) },
      verify: createVerifier(ENGINE),
      hash: (bytes) => {
        const codeHash = toHex(sha256(bytes));
        if (this.alive) world.tell({ type: 'judged', codeHash });
        return codeHash;
      },
      clock: this.clock,
      witness: { systemSynced: () => this.systemSynced, batteryClock: world.plan.battery },
      floor,
      lastSureTime: () => this.#lastSureTime(),
      lanes: (tell) => world.plan.lanes.map((lane) => this.#lane(lane, tell)),
      machine: {
        software: 'simulated',
        uptimeSeconds: () => this.clock.monotonic() / 1_000,
        memoryBytes: () => 0,
        storage: () => undefined,
        sample: () => ({ temperatureC: undefined, power: undefined }),
      },
      announceUsed: () => undefined,
      log: world.log,
    });
  }

  #lane(plan: LanePlan, tell: (item: DoorItem) => void): Lane {
    const { sabotage } = this.#world;
    const door = new TracedDoor(plan, {
      clock: this.clock,
      tell: (seen) => this.#world.tell(seen),
      alive: () => this.alive,
    });
    this.doors.set(plan.id, door);
    const driver = sabotage.door?.(door, door) ?? door;
    const settings = { ...DOOR_DEFAULTS, lane: plan.id, sensor: plan.sensor };
    return {
      id: plan.id,
      direction: plan.direction,
      readers: READER_KINDS.map((kind) => this.#reader(plan.id, kind)),
      door: new DoorKeeper({ door: driver, clock: this.clock, settings }, tell),
      isKeyboard: (reader) => reader.endsWith('keyboard'),
      rulesName: plan.id,
    };
  }

  #reader(lane: string, kind: (typeof READER_KINDS)[number]): Reader {
    const id = `${lane}-${kind}`;
    const fed = simulatedReader({ id, patient: kind === 'serial' }, { clock: this.clock });
    this.readers.set(id, fed);
    return {
      id,
      start: (sink) => fed.start(this.#watched(lane, id, this.#world.sabotage.sink?.(sink) ?? sink)),
      stop: () => fed.stop(),
      health: () => fed.health(),
    };
  }

  #watched(lane: string, reader: string, sink: ScanSink): ScanSink {
    const world = this.#world;
    return {
      offer: (scan) => {
        const taken = this.alive && sink.offer(scan);
        if (taken) world.tell({ type: 'scan', lane, reader, what: whatIs(scan.text) });
        return taken;
      },
      room: () => (this.alive ? sink.room() : new Promise(() => undefined)),
      dropped: (reason) => {
        if (!this.alive) return;
        const before = this.#failures;
        world.tell({ type: 'dropped', lane, reader });
        sink.dropped(reason);
        if (before !== this.#failures) world.tell({ type: 'drop-unwritten' });
      },
      changed: (health) => {
        if (this.alive) sink.changed(health);
      },
    };
  }

  /** As src/main reads it: build, newest sure row, newest signed time that was stored. */
  #floor(): ClockFloor {
    const lastRowMs = this.#lastSureTime();
    const issuedAt = this.trust.snapshot().versions.get('time')?.issuedAt;
    return {
      buildMs: wallMs(this.#world.buildMs),
      ...(lastRowMs === undefined ? {} : { lastRowMs }),
      ...(issuedAt === undefined ? {} : { signedMs: wallMs(issuedAt * 1_000) }),
    };
  }

  #lastSureTime(): WallMs | undefined {
    const world = this.#world;
    const rows = world.life === 1 || world.unreadable ? [] : world.medium.rows();
    const sure = rows.findLast((row) => 'at' in row && row.clock !== 'unsure');
    return sure !== undefined && 'at' in sure ? wallMs(Date.parse(sure.at)) : undefined;
  }

  #tellStart(memory: ReturnType<TracedJournal['loadMemory']> | undefined): void {
    const world = this.#world;
    const believed = world.plan.battery || world.synced;
    if (believed && Math.abs(world.wallErrorMs) > BELIEVED_WALL_ERROR_MS) world.clockLies();
    world.tell({ type: 'start', journal: this.journal.head?.id, memory, lies: world.clockLied });
  }

  #trouble() {
    const { trouble } = this.#world;
    return trouble !== undefined && trouble.left > 0 ? trouble : undefined;
  }

  #takeCutPoint() {
    const { cutPoint } = this.#world;
    this.#world.cutPoint = undefined;
    return cutPoint;
  }
}

/** Where the two clocks stand when the service starts again after this. */
export function bootAfter(world: World, how: 'stop' | 'kill' | 'power', offMs: number): Boot {
  const { trueMs, wallErrorMs } = world;
  const monotonicMs = world.monotonic;
  world.off(offMs);
  if (how !== 'power') return { monotonicMs: monotonicMs + offMs, wallMs: trueMs + wallErrorMs + offMs };
  const wallMs = world.plan.battery ? trueMs + offMs + wallErrorMs : WALL_WITHOUT_BATTERY_MS;
  return { monotonicMs: MONOTONIC_AT_BOOT_MS, wallMs };
}

/** A text in a trace: enough to tell it from others. */
function whatIs(text: string): string {
  return text.length > 24 ? `${text.slice(0, 4)}…${text.slice(-6)} (${text.length})` : JSON.stringify(text);
}

function rememberingEngine(): SignatureEngine {
  const engine = nodeEngine();
  const known = new Map<string, ReturnType<SignatureEngine['importKey']>>();
  return {
    importKey: (suite, publicKey) => {
      const name = `${suite} ${toHex(publicKey)}`;
      const key = known.get(name) ?? engine.importKey(suite, publicKey);
      known.set(name, key);
      return key;
    },
  };
}
