import { assert, err, isoTime, type MonotonicMs, ok, type Result, type WallMs } from '../base/index.ts';
import {
  type Evidence,
  isLockedDown,
  lookUpsLeft,
  type ManualProblem,
  type Outcome,
  type Person,
  rejoin,
  restore,
  standingOf,
  wakeAt,
} from '../decide/index.ts';
import { APPEND_MEMORY_MAX, type Journal, type JournalFaultCode } from '../journal/index.ts';
import type { InboxItem, ManualItem, Scan } from '../ports/index.ts';
import type { ClockReading, CodeTime } from '../time/index.ts';
import type { TrustSnapshot } from '../trust/index.ts';
import type { GuardState, Policy } from '../wire/index.ts';
import { ClockKeeper } from './clock-keeper.ts';
import { DoorEvents } from './door-events.ts';
import { DisplayHub } from './display-hub.ts';
import { DisplayStates } from './display-states.ts';
import { Front } from './front.ts';
import type { GateParts } from './gate-parts.ts';
import { guardStateOf, type OutsideState } from './guard-state.ts';
import type { Lane } from './lane.ts';
import { localPolicy } from './local-policy.ts';
import { MachineWatch } from './machine-watch.ts';
import { GateMetrics } from './metrics.ts';
import { Performer } from './performer.ts';
import { decisionTime, Pipeline } from './pipeline.ts';
import { Rehearsal } from './rehearsal.ts';
import { SelfCheck } from './self-check.ts';
import { type Unrecorded, UnrecordedRing } from './unrecorded.ts';
import { changesStatus, GateVitals } from './vitals.ts';
import { Watchman } from './watchman.ts';

/** Counts that the journal did not take are offered again after so long. */
const WRITE_AGAIN_MS = 2_000;
/** Well before the log is so long that an append must put it back. */
const TIDY_EVERY_SCANS = 64;

type Present = ClockReading & { readonly monotonic: MonotonicMs };

/**
 * A whole gate: what comes in at its front is settled one at a time by the pipeline. It owns no device, no file and no
 * clock of its own; all of them are handed in, so that a simulator can take every one away.
 */
export class Gate {
  readonly display: DisplayHub;
  readonly vitals: GateVitals;
  readonly metrics: GateMetrics;
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly clock: ClockKeeper;
  readonly rehearsal = new Rehearsal();
  readonly #parts: GateParts;
  readonly #front: Front;
  readonly #pipeline: Pipeline;
  readonly #displayStates: DisplayStates;
  readonly #watchman: Watchman;
  readonly #selfCheck: SelfCheck;
  readonly #machine = new MachineWatch();
  readonly #unrecorded = new UnrecordedRing();
  readonly #doorEvents = new DoorEvents((item) => this.#pipeline.take(item).fault === undefined);
  #policy: Policy;
  #policyOf: TrustSnapshot | undefined;
  #cancelTimer: (() => void) | undefined;
  #loops: Promise<void>[] = [];
  #memoryKnown: boolean;
  #running = false;
  #scansSinceTidy = 0;

  constructor(parts: GateParts) {
    this.#parts = parts;
    const { clock, witness, floor, journal, log } = parts;
    const lanes = parts.lanes((item) => this.#doorEvents.take(item));
    this.lanes = new Map(lanes.map((lane) => [lane.id, lane]));
    this.#policy = localPolicy(parts.trust.snapshot().policy, lanes);
    this.clock = new ClockKeeper({ clock, witness, floor, rehearsal: this.rehearsal }, (quality, before) => {
      this.take({ type: 'system', event: 'clock', detail: `${before} to ${quality}` });
      this.vitals.changed();
    });
    this.#front = new Front([...this.lanes.keys()], (item) => this.take(item));
    this.metrics = new GateMetrics({
      queueDepth: () => this.#front.depth(),
      troubles: () => this.#machine.standing().map(({ problem }) => problem),
    });
    this.display = new DisplayHub([...this.lanes.keys()], () => isoTime(this.clock.now().at));
    this.vitals = new GateVitals({
      ...parts.machine,
      lanes,
      now: () => this.clock.now(),
      isLockedDown: (lane) => isLockedDown(this.#pipeline.state, lane, this.clock.now().seconds),
      queueDepth: () => this.#front.depth(),
    });
    const performer = new Performer({
      lanes: this.lanes,
      display: this.display,
      metrics: this.metrics,
      clock,
      log,
      alarm: (alarm) => this.vitals.alarm(alarm),
      opened: (scanToRelayMs) => this.vitals.opened(scanToRelayMs),
      used: parts.announceUsed,
      reload: () => this.vitals.changed(),
      update: parts.machine.update,
    });
    const memory = journal.loadMemory();
    this.#memoryKnown = journal.health().memoryKnown;
    this.#pipeline = new Pipeline(this.#stages(performer), restore(memory, this.clock.now().seconds));
    this.#displayStates = new DisplayStates(this.display, {
      ...parts,
      lanes,
      timeZone: () => this.policy().timeZone,
      now: () => this.clock.now(),
      trust: () => this.rehearsal.trust(parts.trust.snapshot()),
      journalWorks: () => this.journalWorks,
      unrecorded: () => this.unrecorded,
      isLockedDown: (lane) => isLockedDown(this.#pipeline.state, lane, this.clock.now().seconds),
    });
    this.#watchman = new Watchman({
      journal,
      clock,
      log,
      now: () => this.clock.now(),
      trust: () => parts.trust.snapshot(),
      take: (item) => this.#pipeline.take(item).receipts[0],
      alarm: (alarm) => this.vitals.alarm(alarm),
      machine: {
        look: () => this.#machine.look(parts.machine.sample(), clock.monotonic()),
        changed: () => this.vitals.changed(),
      },
      journalReplaced: () => this.#journalReplaced(),
      tellUnrecorded: () => this.#tellUnrecorded(),
    });
    this.#selfCheck = new SelfCheck({
      lanes: [...this.lanes.keys()],
      waiting: (lane) => this.#front.waiting(lane),
      probe: () => this.#pipeline.probe(),
    });
  }

  /** A code shown now could be written down: while only the reserve is left, manual openings alone can. */
  get journalWorks(): boolean {
    const { writable, reserve } = this.#parts.journal.health();
    if (this.rehearsal.trouble === 'journal') return false;
    return this.#memoryKnown && this.#pipeline.journalWorks && writable && reserve === 'whole';
  }

  /** Scans that no row tells of yet: their number is in memory alone. */
  get unrecorded(): number {
    return this.#unrecorded.count;
  }

  /** A scan would still go through, for the watchdog: asked again and again, as it compares with the time before. */
  isTurning(): boolean {
    return !this.#running || this.#selfCheck.isTurning(this.#parts.clock.monotonic());
  }

  get queueDepth(): number {
    return this.#front.depth();
  }

  /** Doors first, at rest; then the row that says so; then readers. Nothing opens here. */
  async start(): Promise<void> {
    this.#running = true;
    for (const lane of this.lanes.values()) await lane.door.start();
    this.take({ type: 'system', event: 'started' });
    for (const lane of this.lanes.values()) lane.door.tellFound();
    this.#parts.trust.onChange(() => this.#trustChanged());
    const loops = [...[...this.lanes.keys()].map((lane) => this.#serveLane(lane)), this.#serveInbox()];
    this.#loops = loops.map((loop) => loop.finally(() => this.#running && this.#selfCheck.ended()));
    for (const lane of this.lanes.values()) {
      for (const reader of lane.readers) {
        await reader.start(this.#front.sink({ lane: lane.id, reader: reader.id }));
      }
    }
    this.#displayStates.start(this.#parts.clock);
    this.#watchman.start();
  }

  /** Readers first, so that nothing new comes in; what waits is still settled; then the doors rest. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#watchman.stop();
    this.#displayStates.stop();
    for (const lane of this.lanes.values()) await Promise.all(lane.readers.map((reader) => reader.stop()));
    this.#front.close();
    await Promise.all(this.#loops);
    this.#tellUnrecorded();
    this.take({ type: 'system', event: 'stopping' });
    this.#cancelTimer?.();
    for (const lane of this.lanes.values()) await lane.door.stop();
  }

  /** For what comes over the network. @returns false when the inbox is full: it was not taken */
  offer(item: InboxItem): boolean {
    return this.#front.offer(item);
  }

  /** For what this machine itself says: settled at once. */
  take(item: InboxItem | { readonly type: 'timer' }): Outcome {
    return this.#pipeline.take(item).outcome;
  }

  /** What a guard wants done: settled at once, so that the answer can name its durable row. */
  takeManual(item: ManualItem): Result<{ readonly row: number }, ManualProblem | JournalFaultCode> {
    const { outcome, receipts, fault } = this.#pipeline.take(item);
    const row = receipts[0]?.seq;
    if (row !== undefined) return ok({ row });
    const problem = outcome.problem ?? fault?.code;
    assert(problem !== undefined, 'a deed has a row, or a reason why not');
    return err(problem);
  }

  /** What each lane's rules say now of somebody without a code: a refusal by lane; absent: may enter there. */
  standing(person: Person): Readonly<Record<string, string>> {
    const setting = this.#pipeline.setting();
    const now = decisionTime({ ...this.clock.now(), monotonic: this.#parts.clock.monotonic() });
    const found: Record<string, string> = {};
    for (const lane of this.lanes.keys()) {
      const refusal = standingOf({ person, lane }, setting, now);
      if (refusal !== undefined) found[lane] = refusal;
    }
    return found;
  }

  /** How often a guard may still look somebody up within the hour before that is an alarm. */
  lookUpsLeft(guard: string): number {
    return lookUpsLeft(this.#pipeline.state, guard, this.clock.now().seconds);
  }

  /** What a guard's page shows of the gate. */
  guardState(outside: OutsideState): Omit<GuardState, 'type'> {
    const { gate, journal, trust, unconfirmed } = this.#parts;
    return guardStateOf({
      gate,
      timeZone: this.policy().timeZone,
      now: this.clock.now(),
      lanes: [...this.lanes.values()],
      status: this.vitals.status(),
      trust: this.rehearsal.trust(trust.snapshot()),
      journalWorks: this.journalWorks,
      journal: journal.health(),
      unrecorded: this.unrecorded,
      machine: this.#machine.standing(),
      unconfirmed: unconfirmed?.() !== undefined,
      outside,
    });
  }

  /** Somebody could not read a row of the journal: it is verified again, and replaced when it is damaged. */
  doubtJournal(): void {
    this.#watchman.doubtJournal();
  }

  /** The signed policy with this gate's own lane names. */
  policy(): Policy {
    const snapshot = this.#parts.trust.snapshot();
    if (snapshot !== this.#policyOf) {
      this.#policyOf = snapshot;
      this.#policy = localPolicy(snapshot.policy, [...this.lanes.values()]);
    }
    return this.#policy;
  }

  /** After a damaged or unreadable journal was replaced: what can be read of it joins what is known, which is kept. */
  #journalReplaced(): void {
    const { journal, lastSureTime } = this.#parts;
    const memory = journal.loadMemory();
    this.#memoryKnown = journal.health().memoryKnown;
    if (!this.#memoryKnown) return;
    const { state, missing } = rejoin(this.#pipeline.state, memory, this.clock.now().seconds);
    this.#pipeline.restart(state);
    for (const lane of this.lanes.values()) lane.door.forgetEntries();
    this.#doorEvents.forgetEntries();
    for (let from = 0; from < missing.length; from += APPEND_MEMORY_MAX) {
      if (!journal.append([], missing.slice(from, from + APPEND_MEMORY_MAX), 'manual').ok) break;
    }
    const atMs = lastSureTime?.();
    if (atMs !== undefined) this.clock.take({ type: 'row', atMs });
  }

  #stages(performer: Performer) {
    const { gate, journal, verify, hash, clock, trust } = this.#parts;
    return {
      gate,
      lanes: this.lanes,
      verify,
      hash,
      now: (): Present => ({ ...this.clock.now(), monotonic: clock.monotonic() }),
      trust: () => this.rehearsal.trust(trust.snapshot()),
      policy: () => this.policy(),
      journalReady: () => this.#memoryKnown && this.rehearsal.trouble !== 'journal',
      codeAhead: (code: CodeTime) => this.clock.take(code),
      append: (...batch: Parameters<Journal['append']>) => {
        const since = clock.monotonic();
        const written = journal.append(...batch);
        this.#appended(since);
        return written;
      },
      written: (at: Present) => this.clock.written(at.at, at.quality),
      perform: (...done: Parameters<Performer['perform']>) => {
        performer.perform(...done);
        this.#afterwards(done[2]);
      },
      unrecorded: (...failed: Parameters<Performer['unrecorded']>) => {
        const [outcome, , evidence] = failed;
        // Its own number is offered again and again until it is taken.
        if (isUnrecorded(evidence)) return;
        if (evidence.type === 'scan') this.#unrecorded.add(verdictOf(outcome, this.clock.now().at, evidence));
        performer.unrecorded(...failed);
        this.#wakeWhenDue(WRITE_AGAIN_MS);
      },
    };
  }

  #afterwards(evidence: Evidence): void {
    if (evidence.type === 'scan') this.vitals.scanned();
    if (isUnrecorded(evidence)) this.#unrecorded.recorded();
    if (changesStatus(evidence)) {
      this.vitals.changed();
      this.#displayStates.refresh();
    }
    this.#wakeWhenDue();
  }

  #appended(since: MonotonicMs): void {
    const now = this.#parts.clock.monotonic();
    this.#machine.appended(now - since, now);
    this.metrics.appended(now - since);
  }

  /** What was only counted is written down after a while. */
  #wakeWhenDue(notBeforeMs = 0): void {
    this.#cancelTimer?.();
    const due = wakeAt(this.#pipeline.state);
    if (due === undefined || !this.#running) return;
    const { clock } = this.#parts;
    const waitMs = Math.max(notBeforeMs, due - clock.monotonic());
    this.#cancelTimer = clock.after(waitMs, () => this.take({ type: 'timer' }));
  }

  #tellUnrecorded(): void {
    const detail = String(this.unrecorded);
    if (this.unrecorded > 0) this.take({ type: 'system', event: 'unrecorded', detail });
    this.#doorEvents.offerAgain();
  }

  #trustChanged(): void {
    // The keeper of documents outlives the gate by what is under way; the journal does not.
    if (!this.#running) return;
    this.take({ type: 'system', event: 'trust-changed' });
    this.vitals.changed();
    this.#displayStates.refresh();
  }

  async #serveLane(lane: string): Promise<void> {
    for (let scan = await this.#nextScan(lane); scan !== undefined; scan = await this.#nextScan(lane)) {
      this.#selfCheck.begun(lane);
      this.#pipeline.scan(lane, scan);
      // One at a time, at the door's own pace: orders never pile up before a relay.
      await this.lanes.get(lane)?.door.told();
      this.#selfCheck.settled(lane);
      this.#tidyAtRest();
    }
  }

  /** The journal's log grows by eight pages a passage: put back while nobody waits, it never costs a scan its speed. */
  #tidyAtRest(): void {
    this.#scansSinceTidy += 1;
    if (this.#scansSinceTidy < TIDY_EVERY_SCANS || this.#front.depth() > 0) return;
    this.#scansSinceTidy = 0;
    this.#parts.journal.maintain();
  }

  #nextScan(lane: string): Promise<Scan | undefined> {
    return this.#front.nextScan(lane);
  }

  async #serveInbox(): Promise<void> {
    for (let item = await this.#front.nextItem(); item !== undefined; item = await this.#front.nextItem()) {
      this.take(item);
    }
  }
}

function isUnrecorded(evidence: Evidence): boolean {
  return evidence.type === 'system' && evidence.event === 'unrecorded';
}

/** A repeated code has no row of its own; it is a refusal all the same. */
function verdictOf({ rows }: Outcome, at: WallMs, { lane }: { readonly lane: string }): Unrecorded {
  const row = rows.find(({ decision }) => decision !== 'system' && decision !== 'door');
  return row ?? { at: isoTime(at), decision: 'refused', refusal: 'journal-unavailable', lane };
}
