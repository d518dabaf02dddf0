import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Decision } from '../wire/index.ts';
import { MACHINE_TROUBLES, type MachineTrouble } from './machine-watch.ts';

interface Asked {
  readonly queueDepth: () => number;
  readonly troubles: () => readonly MachineTrouble[];
}

/** What Prometheus may ask the gate (`/metrics`). Counts and times only; labels are words of ours, never a person's. */
export class GateMetrics {
  readonly #registry = new Registry();
  readonly #decisions = new Counter({
    name: 'menwei_decisions_total',
    help: 'Rows written, by decision and refusal.',
    labelNames: ['decision', 'refusal'] as const,
    registers: [this.#registry],
  });
  readonly #scanToRelay = new Histogram({
    name: 'menwei_scan_to_relay_seconds',
    help: 'From the reader’s end of line to the relay command, the row durable first.',
    buckets: [0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.033, 0.1, 0.5, 2],
    registers: [this.#registry],
  });
  readonly #append = new Histogram({
    name: 'menwei_append_seconds',
    help: 'Until a batch of rows was durable: how quick the card is.',
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1, 3],
    registers: [this.#registry],
  });
  readonly #queue: Gauge;
  readonly #trouble: Gauge<'trouble'>;

  constructor({ queueDepth, troubles }: Asked) {
    this.#queue = new Gauge({
      name: 'menwei_queue_depth',
      help: 'Scans and messages that wait.',
      registers: [this.#registry],
      collect: () => this.#queue.set(queueDepth()),
    });
    this.#trouble = new Gauge({
      name: 'menwei_machine_trouble',
      help: '1 while the machine is too hot, weakly fed, or on a slow card.',
      labelNames: ['trouble'] as const,
      registers: [this.#registry],
      collect: () => {
        const standing = troubles();
        for (const trouble of MACHINE_TROUBLES)
          this.#trouble.set({ trouble }, standing.includes(trouble) ? 1 : 0);
      },
    });
    collectDefaultMetrics({ register: this.#registry, prefix: 'menwei_' });
  }

  decided(decision: Decision, refusal: string | undefined): void {
    this.#decisions.inc({ decision, refusal: refusal ?? '' });
  }

  opened(scanToRelayMs: number): void {
    this.#scanToRelay.observe(scanToRelayMs / 1000);
  }

  appended(tookMs: number): void {
    this.#append.observe(tookMs / 1000);
  }

  /** Prometheus text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
