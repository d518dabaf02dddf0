import type { MonotonicMs } from '../../base/index.ts';
import type { Clock, Log } from '../../ports/index.ts';
import type { Database } from '../database/database.ts';
import { type ProcessLock, takeProcessLock } from '../database/process-lock.ts';
import { LEASE_EVERY_MS, LEASE_MS } from '../ingest/limits.ts';
import { releaseLeases, takeLease } from './leases.ts';

/**
 * Of all processes on one database, one leads: it alone signs and publishes documents, tells the time and gives commands.
 * It stops leading by its own clock before another can begin.
 */
export interface LeadOptions {
  readonly database: Database;
  readonly worker: string;
  /**
   * Where all processes are on this machine, because their database is a file of it: whoever has locked this file leads,
   * until it ends. Left out: whoever holds the lease in the database, which is renewed as long as the database answers.
   */
  readonly lockFile?: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when this process comes to lead after its start. */
  readonly onWon: () => Promise<void>;
}

const NAME = 'lead';
/** A question to the database may take so long and the answer still counts. */
const MARGIN_MS = 1_000;

export class Lead {
  readonly #options: LeadOptions;
  #until: MonotonicMs | number = 0;
  #stopped = false;
  #lock: ProcessLock | undefined;
  #cancel: (() => void) | undefined;
  #led = false;
  #rounding: Promise<void> = Promise.resolve();

  constructor(options: LeadOptions) {
    this.#options = options;
  }

  get leads(): boolean {
    return this.#options.clock.monotonic() < this.#until;
  }

  /** Waits for as long as a process that died may still hold the lead. @returns whether this one leads */
  async start(): Promise<boolean> {
    const end = this.#options.clock.monotonic() + LEASE_MS + MARGIN_MS;
    while (!(await this.#ask()) && this.#options.clock.monotonic() < end) await this.#pause();
    this.#led = this.leads;
    if (!this.#led) this.#options.log.warn({}, 'another process of this district leads: this one stands by');
    this.#later();
    return this.#led;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    // A question that is under way would take the lead again.
    await this.#rounding;
    this.#until = 0;
    this.#lock?.release();
    this.#lock = undefined;
    const { database, worker, lockFile } = this.#options;
    if (lockFile !== undefined) return;
    await releaseLeases(database, worker, [NAME]).catch(() => undefined);
  }

  async #ask(): Promise<boolean> {
    const { database, worker, clock, lockFile } = this.#options;
    if (lockFile !== undefined) {
      this.#lock ??= takeProcessLock(lockFile);
      this.#until = this.#lock === undefined ? 0 : Number.POSITIVE_INFINITY;
      return this.#lock !== undefined;
    }
    const asked = clock.monotonic();
    const won = await takeLease(database, { name: NAME, worker, lifeMs: LEASE_MS });
    this.#until = won ? asked + LEASE_MS - MARGIN_MS : 0;
    return won;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.after(LEASE_EVERY_MS, resolve));
  }

  #later(): void {
    this.#cancel = this.#options.clock.after(LEASE_EVERY_MS, () => {
      this.#rounding = this.#round().finally(() => {
        if (!this.#stopped) this.#later();
      });
    });
  }

  async #round(): Promise<void> {
    const { log, onWon } = this.#options;
    try {
      const leads = await this.#ask();
      if (this.#stopped || leads === this.#led) return;
      this.#led = leads;
      if (!leads) return log.warn({}, 'another process of this district leads now: this one stands by');
      log.info({}, 'this process leads the district now');
      // The lead is renewed meanwhile, however long that takes.
      onWon().catch(() => log.error({}, 'the documents could not be published'));
    } catch {
      // The database is away: who stores nothing leads nobody. It is said where work fails.
    }
  }
}
