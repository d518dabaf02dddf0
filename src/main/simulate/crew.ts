import { randomBytes } from 'node:crypto';
import { systemClock } from '../../../device/clock/index.ts';
import { unixSeconds } from '../../base/index.ts';
import type { Log } from '../../ports/index.ts';
import { phoneCode } from './codes.ts';
import { Histogram } from './histogram.ts';
import type { Crew, FromCrew, JournalEnd, Phone, Refused, Tick, ToCrew } from './messages.ts';
import { preciseNow, SimGate } from './sim-gate.ts';
import { Uses } from './uses.ts';

/**
 * The gates of one process: connects them, sends people through them at an even pace, and says once a second what became
 * of it. It measures from a row's append to its acknowledgement, as the gate sees it.
 */

const PACE_MS = 20;
const TICK_MS = 1_000;
/** Scans that one step makes up for; what a stalled process missed beyond is not made up. */
const CATCH_UP_MAX = 1_000;
const NONSENSE = 'https://example.invalid/not-a-code';

type Say = (message: FromCrew) => void;

export class GateCrew {
  readonly #crew: Crew;
  readonly #gates: readonly SimGate[];
  readonly #phones: ReadonlyMap<number, readonly Phone[]>;
  readonly #say: Say;
  readonly #ackMs: Histogram;
  readonly #uses: Uses;
  readonly #clock = systemClock();
  readonly #cancels = new Map<string, () => void>();
  readonly #scans = new Set<Promise<void>>();
  #isSettled = false;
  #paceFrom: number | undefined;
  #shown = 0;
  #counted = NOTHING;
  #told = NOTHING;

  private constructor(parts: {
    crew: Crew;
    gates: readonly SimGate[];
    say: Say;
    ackMs: Histogram;
    uses: Uses;
  }) {
    this.#crew = parts.crew;
    this.#gates = parts.gates;
    this.#say = parts.say;
    this.#ackMs = parts.ackMs;
    this.#uses = parts.uses;
    this.#phones = Map.groupBy(parts.crew.phones, ({ community }) => community);
  }

  static async open(crew: Crew, say: Say): Promise<GateCrew> {
    const [ackMs, uses] = [new Histogram(), new Uses(preciseNow)];
    const shared = {
      crew,
      clock: systemClock(),
      random: { bytes: (length: number) => new Uint8Array(randomBytes(length)) },
      log: briefLog(say),
      onUse: (what: 'used' | 'heard', code: string) => uses[what](code),
      onRefused: (refused: Refused) => say({ type: 'refused', ...refused }),
    };
    const gates: SimGate[] = [];
    for (const seat of crew.seats) {
      // How long the rows of a gate that was away have waited says nothing of the district.
      const onAcknowledged = seat.backlogRows > 0 ? () => undefined : (tookMs: number) => ackMs.add(tookMs);
      gates.push(await SimGate.open({ ...shared, onAcknowledged, seat }));
    }
    return new GateCrew({ crew, gates, say, ackMs, uses });
  }

  /** The gates connect, evenly spread; one with a backlog waits. */
  connect(): void {
    const present = this.#gates.filter(({ seat }) => seat.backlogRows === 0 || seat.backlogConnected);
    for (const [place, gate] of present.entries()) {
      const delayMs = (this.#crew.connectWithinMs * place) / present.length;
      this.#cancels.set(
        gate.seat.gate,
        this.#clock.after(delayMs, () => gate.start()),
      );
    }
    this.#every('tick', TICK_MS, () => this.#tell());
  }

  async take(message: Exclude<ToCrew, { type: 'start' }>): Promise<void> {
    switch (message.type) {
      case 'people':
        this.#paceFrom = this.#clock.monotonic();
        return this.#every('people', PACE_MS, () => this.#pace());
      case 'settle':
        return this.#settle();
      case 'release':
        return this.#release();
      case 'watch':
        for (const gate of this.#gates)
          if (gate.seat.community === message.community) gate.watch(message.code);
        return;
      case 'stop':
        return this.#stop();
    }
  }

  #release(): void {
    for (const gate of this.#gates) {
      if (gate.seat.backlogRows === 0) continue;
      if (gate.seat.backlogConnected) gate.bringBacklog();
      else gate.start();
    }
  }

  /** From here on no row is added: what a tick says is unsent is all there is. */
  async #settle(): Promise<void> {
    this.#cancels.get('people')?.();
    await Promise.all(this.#scans);
    this.#isSettled = true;
    this.#tell();
  }

  async #stop(): Promise<void> {
    for (const cancel of this.#cancels.values()) cancel();
    await Promise.all(this.#gates.map((gate) => gate.stop()));
    this.#tell();
    this.#say({ type: 'ends', ends: this.#gates.map(endOf) });
  }

  #every(name: string, periodMs: number, work: () => void): void {
    const next = () => {
      this.#cancels.set(name, this.#clock.after(periodMs, next));
      work();
    };
    this.#cancels.set(name, this.#clock.after(periodMs, next));
  }

  /** As many as are due; a stall is made up for in part only, so that it does not become a burst. */
  #pace(): void {
    if (this.#paceFrom === undefined) return;
    const due = Math.floor(((this.#clock.monotonic() - this.#paceFrom) * this.#crew.rate) / 1_000);
    const missed = due - this.#shown - CATCH_UP_MAX;
    if (missed > 0) this.#shown += missed;
    for (; this.#shown < due; this.#shown += 1) this.#show(this.#shown);
  }

  #show(number: number): void {
    const scan = this.#someone(number).finally(() => this.#scans.delete(scan));
    this.#scans.add(scan);
  }

  async #someone(number: number): Promise<void> {
    const gate = this.#gates[number % this.#gates.length];
    if (gate === undefined) return;
    const { phone, nonsense } = this.#crew.mix;
    // Even through the hundred: 37 has no divisor in common with it.
    const draw = (Math.floor(number / this.#gates.length) + number * 37) % 100;
    if (draw < phone) this.#count(await this.#withPhone(gate, number));
    else if (draw < phone + nonsense) this.#count(gate.show(NONSENSE));
    else this.#count(gate.passUnjudged(number % 1_000));
  }

  async #withPhone(gate: SimGate, number: number) {
    const phones = this.#phones.get(gate.seat.community) ?? [];
    const phone = phones[number % phones.length];
    if (phone === undefined) return gate.show(NONSENSE);
    const seconds = unixSeconds(this.#clock.wall());
    return gate.show(await phoneCode(phone, { district: this.#crew.district, seconds }));
  }

  #count(refusal: string | undefined): void {
    const { granted, refused } = this.#counted;
    this.#counted =
      refusal === undefined
        ? { ...this.#counted, granted: granted + 1 }
        : { ...this.#counted, refused: refused + 1 };
  }

  #tell(): void {
    const rows = sum(this.#gates, (gate) => Math.max(0, gate.journal.head().seq - gate.seat.backlogRows));
    const acknowledged = sum(this.#gates, (gate) => gate.journal.acked);
    const now = { ...this.#counted, rows, acknowledged };
    const before = this.#told;
    const late = this.#gates.filter(({ seat }) => seat.backlogRows > 0);
    const tick: Tick = {
      rows: now.rows - before.rows,
      acknowledged: now.acknowledged - before.acknowledged,
      granted: now.granted - before.granted,
      refused: now.refused - before.refused,
      ackMs: this.#ackMs.counts,
      usedMs: this.#uses.latencies.counts,
      ready: this.#gates.filter((gate) => gate.ready).length,
      connected: this.#gates.filter((gate) => gate.connected).length,
      unsent: sum(this.#gates, (gate) => gate.unsent) - sum(late, (gate) => gate.unsent),
      backlogUnsent: sum(late, (gate) => gate.unsent),
      isSettled: this.#isSettled,
    };
    this.#told = now;
    this.#ackMs.clear();
    this.#uses.latencies.clear();
    this.#say({ type: 'tick', ...tick });
  }
}

const NOTHING = { rows: 0, acknowledged: 0, granted: 0, refused: 0 };

function endOf({ seat, journal }: SimGate): JournalEnd {
  return { gate: seat.gate, journal: journal.id, ...journal.head() };
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

/** A thousand gates say the same: what they warn of is counted by its sentence, without its particulars. */
function briefLog(say: Say): Log {
  const tell = (_fields: object, text: string) => say({ type: 'warning', text });
  return { info: () => undefined, warn: tell, error: tell };
}
