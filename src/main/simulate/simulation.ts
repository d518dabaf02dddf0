import { EventEmitter, once } from 'node:events';
import { GateProcesses } from './gate-processes.ts';
import { type Ground, SIM_PREFIX } from './ground.ts';
import { Histogram, type LatencySummary } from './histogram.ts';
import type { Crew, FromCrew, JournalEnd, Mix, Phone, Refused, Seat, Tick } from './messages.ts';
import { enrolGates, enrolPhones } from './seats.ts';
import { preciseNow } from './sim-gate.ts';

/**
 * Many gates at one district: enrolled, connected, visited, counted. It adds up what the processes of gates say and what the
 * district's live feed tells; what is stored is looked up elsewhere, in the database itself.
 */
export interface Plan {
  readonly gates: number;
  readonly rate: number;
  readonly mix: Mix;
  readonly backlogHours: number;
  /** Gates that bring it. */
  readonly backlogGates: number;
  readonly backlogConnected: boolean;
  readonly processes: number;
  /** Residents with a phone in each community. */
  readonly phones?: number;
}

/** Between two looks. */
export interface Measured {
  readonly seconds: number;
  readonly rows: number;
  readonly acknowledged: number;
  readonly ack: LatencySummary;
  /** From a gate's row to the district's live feed. */
  readonly live: LatencySummary;
  /** From a code's use to a sister gate's knowing of it. */
  readonly used: LatencySummary;
  readonly district: Cost;
}

/** What this process took meanwhile, which is the district and the adding up. */
export interface Cost {
  /** Of one core. */
  readonly cpuShare: number;
  readonly residentBytes: number;
}

export interface Standing {
  readonly connected: number;
  /** Connected, with every document that a judgement needs. */
  readonly ready: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly granted: number;
  readonly refused: number;
  /** Rows that no acknowledgement covers, those of the backlog apart. */
  readonly unsent: number;
  readonly backlogUnsent: number;
  /** Every process has ended its scans: what is unsent now is all there is. */
  readonly isSettled: boolean;
}

const PHONES = 4;
/** Connections that begin in one second: a broker on one core takes them so without a queue. */
const CONNECTS_PER_SECOND = 200;

export class Simulation {
  readonly seats: readonly Seat[];
  readonly phones: readonly Phone[];
  readonly district: string;
  /** How often gates said each sentence of warning. */
  readonly warnings = new Map<string, number>();
  readonly events = new EventEmitter<{ tick: []; refused: [Refused]; ends: []; failed: [string] }>();
  readonly #processes: GateProcesses;
  readonly #endFollow: () => void;
  readonly #newest = new Map<number, Tick>();
  readonly #ends: JournalEnd[] = [];
  readonly #spans = new Set<Span>();
  #totals = { rows: 0, acknowledged: 0, granted: 0, refused: 0 };
  #ended = 0;
  readonly #crews: number;

  private constructor(ground: Ground, plan: Plan, of: { seats: readonly Seat[]; phones: readonly Phone[] }) {
    this.seats = of.seats;
    this.phones = of.phones;
    this.district = ground.district;
    const crews = crewsOf(ground, plan, of);
    this.#crews = crews.length;
    this.#endFollow = ground.desk.followRows((at) => this.#heardLive(at));
    this.#processes = new GateProcesses(crews, (place, message) => this.#hear(place, message));
  }

  static async begin(ground: Ground, plan: Plan): Promise<Simulation> {
    const { communities, desk } = ground;
    const names = Array.from(
      { length: plan.gates },
      (_, at) => `${SIM_PREFIX}${String(at + 1).padStart(5, '0')}`,
    );
    const phones = await enrolPhones(desk, communities, plan.phones ?? PHONES);
    const seats = await enrolGates(desk, names, { communities, ...plan });
    return new Simulation(ground, plan, { seats, phones });
  }

  get standing(): Standing {
    const ticks = [...this.#newest.values()];
    const sum = (of: (tick: Tick) => number) => ticks.reduce((total, tick) => total + of(tick), 0);
    const { rows: sent, ...totals } = this.#totals;
    return {
      ...totals,
      sent,
      connected: sum(({ connected }) => connected),
      ready: sum(({ ready }) => ready),
      unsent: sum(({ unsent }) => unsent),
      backlogUnsent: sum(({ backlogUnsent }) => backlogUnsent),
      isSettled: this.isThere && ticks.every(({ isSettled }) => isSettled),
    };
  }

  /** Every process of gates has been heard. */
  get isThere(): boolean {
    return this.#newest.size === this.#crews;
  }

  tell(message: Parameters<GateProcesses['tell']>[0]): void {
    this.#processes.tell(message);
  }

  /** Begins to measure. @returns a function that says what was measured until it is called */
  measure(): () => Measured {
    const span = new Span();
    this.#spans.add(span);
    return () => {
      this.#spans.delete(span);
      return span.measured();
    };
  }

  /** Every gate leaves. @returns where each journal ended */
  async stop(): Promise<readonly JournalEnd[]> {
    const ended = this.#ended === this.#crews ? undefined : once(this.events, 'ends');
    this.tell({ type: 'stop' });
    await ended;
    await this.end();
    return this.#ends;
  }

  /** Ends the processes, whatever they do. */
  async end(): Promise<void> {
    this.#endFollow();
    await this.#processes.end();
  }

  #hear(place: number, message: FromCrew): void {
    switch (message.type) {
      case 'tick':
        return this.#add(place, message);
      case 'ends':
        this.#ends.push(...message.ends);
        this.#ended += 1;
        if (this.#ended === this.#crews) this.events.emit('ends');
        return;
      case 'refused':
        this.events.emit('refused', message);
        return;
      case 'warning':
        this.warnings.set(message.text, (this.warnings.get(message.text) ?? 0) + 1);
        return;
      case 'failed':
        this.events.emit('failed', message.why);
    }
  }

  #add(place: number, tick: Tick): void {
    this.#newest.set(place, tick);
    const { rows, acknowledged, granted, refused } = this.#totals;
    this.#totals = {
      rows: rows + tick.rows,
      acknowledged: acknowledged + tick.acknowledged,
      granted: granted + tick.granted,
      refused: refused + tick.refused,
    };
    for (const span of this.#spans) span.add(tick);
    this.events.emit('tick');
  }

  #heardLive(at: number): void {
    const tookMs = Math.max(0, preciseNow() - at);
    for (const { liveMs } of this.#spans) liveMs.add(tookMs);
  }
}

class Span {
  readonly liveMs = new Histogram();
  readonly #from = preciseNow();
  readonly #cpu = process.cpuUsage();
  readonly #ackMs = new Histogram();
  readonly #usedMs = new Histogram();
  #rows = 0;
  #acknowledged = 0;

  add(tick: Tick): void {
    this.#rows += tick.rows;
    this.#acknowledged += tick.acknowledged;
    this.#ackMs.addCounts(tick.ackMs);
    this.#usedMs.addCounts(tick.usedMs);
  }

  measured(): Measured {
    const seconds = (preciseNow() - this.#from) / 1_000;
    const { user, system } = process.cpuUsage(this.#cpu);
    return {
      seconds,
      rows: this.#rows,
      acknowledged: this.#acknowledged,
      ack: this.#ackMs.summary(),
      live: this.liveMs.summary(),
      used: this.#usedMs.summary(),
      district: { cpuShare: (user + system) / 1e6 / seconds, residentBytes: process.memoryUsage().rss },
    };
  }
}

/** Seats go round the processes, so that each holds gates of every community. */
function crewsOf(
  { district, timeZone, root, broker }: Ground,
  { rate, mix, processes }: Plan,
  { seats, phones }: { seats: readonly Seat[]; phones: readonly Phone[] },
): Crew[] {
  const connectWithinMs = (seats.length / CONNECTS_PER_SECOND) * 1_000;
  return Array.from({ length: processes }, (_, place) => {
    const own = seats.filter((__, at) => at % processes === place);
    return {
      district,
      timeZone,
      root,
      broker,
      seats: own,
      phones,
      mix,
      rate: (rate * own.length) / seats.length,
      connectWithinMs,
    };
  }).filter((crew) => crew.seats.length > 0);
}
