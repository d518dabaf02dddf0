import type { Evidence } from '../decide/index.ts';
import type { ManualVerb } from '../ports/index.ts';
import type { Lane } from './lane.ts';
import type { MachineSample } from './machine-watch.ts';
import type { AlarmPayload, HealthPayload, StatusPayload } from '../wire/index.ts';
import type { ClockReading } from '../time/index.ts';

/** The gate's present state, for status, health and screens. Reading it changes nothing. */

export const LATENCIES_KEPT_MAX = 1_000;
const LISTENERS_MAX = 16;
/** What a device says of itself may be a stack trace; the wire takes a sentence. */
const DETAIL_MAX = 200;

export interface VitalsParts {
  readonly software: string;
  readonly lanes: readonly Lane[];
  readonly now: () => ClockReading;
  readonly isLockedDown: (lane: string) => boolean;
  readonly queueDepth: () => number;
  readonly uptimeSeconds: () => number;
  readonly memoryBytes: () => number;
  readonly storage: () => { freeBytes: number; totalBytes: number } | undefined;
  readonly sample: () => MachineSample;
}

/** What the machine says of itself, and what it can be asked. */
export interface MachineParts
  extends Pick<VitalsParts, 'software' | 'uptimeSeconds' | 'memoryBytes' | 'storage' | 'sample'> {
  /** Hands an ordered update on to the machine's updater, and returns at once; absent: there is none. */
  readonly update?: ((order: UpdateOrder) => void) | undefined;
}

export interface UpdateOrder {
  /** The command's `jti`. */
  readonly command: string;
  readonly release: number;
}

type Health = Omit<HealthPayload, 'at' | 'unsentRows'>;

/** Of a guard's deeds, those that a lane stays in. */
const LASTING: ReadonlySet<ManualVerb> = new Set<ManualVerb>(['hold', 'end-hold', 'lock-down', 'release']);

/** Whether what the gate says of itself may be another after it. */
export function changesStatus(evidence: Evidence): boolean {
  if (evidence.type === 'manual') return LASTING.has(evidence.verb);
  return evidence.type === 'door' || evidence.type === 'reader' || evidence.type === 'command';
}

export class GateVitals {
  readonly #parts: VitalsParts;
  readonly #changes = new Set<() => void>();
  readonly #alarms = new Set<(alarm: AlarmPayload) => void>();
  #latencies: number[] = [];
  #scans = 0;

  constructor(parts: VitalsParts) {
    this.#parts = parts;
  }

  status(): Pick<StatusPayload, 'software' | 'clock' | 'lanes'> {
    const { quality, errorSeconds } = this.#parts.now();
    return {
      software: this.#parts.software,
      clock: { quality, errorSeconds },
      lanes: this.#parts.lanes.map((lane) => ({
        lane: lane.id,
        direction: lane.direction,
        door: withShortDetail(lane.door.report()),
        mode: this.#modeOf(lane),
      })),
    };
  }

  /** Latencies and counts are those since the report before. */
  health(): Health {
    const { queueDepth, uptimeSeconds, memoryBytes, lanes, software } = this.#parts;
    const latency = quantiles(this.#latencies);
    const storage = this.#parts.storage();
    const { temperatureC, power } = this.#parts.sample();
    const health: Health = {
      uptimeSeconds: uptimeSeconds(),
      scans: this.#scans,
      queueDepth: queueDepth(),
      memoryBytes: memoryBytes(),
      readers: lanes.flatMap((lane) => lane.readers.map((reader) => withShortDetail(reader.health()))),
      versions: { software },
      ...(latency === undefined ? {} : { latency }),
      ...(storage === undefined ? {} : { storage }),
      ...(temperatureC === undefined ? {} : { temperatureC }),
      ...(power === undefined ? {} : { power }),
    };
    this.#latencies = [];
    this.#scans = 0;
    return health;
  }

  scanned(): void {
    this.#scans += 1;
  }

  opened(scanToRelayMs: number): void {
    if (this.#latencies.length < LATENCIES_KEPT_MAX) this.#latencies.push(scanToRelayMs);
  }

  changed(): void {
    for (const listener of this.#changes) listener();
  }

  alarm(alarm: AlarmPayload): void {
    for (const listener of this.#alarms) listener(alarm);
  }

  onChange(listener: () => void): () => void {
    return add(this.#changes, listener);
  }

  onAlarm(listener: (alarm: AlarmPayload) => void): () => void {
    return add(this.#alarms, listener);
  }

  #modeOf(lane: Lane): 'normal' | 'lock-down' | 'held-open' | 'fire' {
    if (lane.door.isFire) return 'fire';
    if (lane.door.isHeldOpen) return 'held-open';
    return this.#parts.isLockedDown(lane.id) ? 'lock-down' : 'normal';
  }
}

function withShortDetail<Told extends { readonly detail?: string }>(told: Told): Told {
  return told.detail === undefined ? told : { ...told, detail: told.detail.slice(0, DETAIL_MAX) };
}

function add<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  if (listeners.size >= LISTENERS_MAX) throw new Error('invariant broken: too many listeners');
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function quantiles(values: readonly number[]): { p50Ms: number; p99Ms: number; maxMs: number } | undefined {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return sorted.length === 0 ? undefined : { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}
