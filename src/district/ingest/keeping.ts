import type { Database } from '../database/database.ts';
import { ChainChecks, type ChainChecksOptions } from './chain-checks.ts';
import { CHECK_EVERY_MS, KEEPING_BEGINS_MS, PURGE_EVERY_MS } from './limits.ts';
import { purge, type RetentionRules } from './retention.ts';

/** Looks after what is stored, in the background, where this process leads: empties what is past its date, proves chains. */
export interface KeepingOptions extends ChainChecksOptions {
  readonly database: Database;
  readonly retention?: Omit<RetentionRules, 'communities'>;
  readonly communities: readonly {
    readonly id: number;
    /** Rules that differ from the policy's defaults. */
    readonly rules?: { readonly retention?: { readonly entryDays: number } };
  }[];
  readonly leads: () => boolean;
}

export class Keeping {
  readonly checks: ChainChecks;
  readonly #options: KeepingOptions;
  readonly #cancels = new Map<string, () => void>();
  #purging: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: KeepingOptions) {
    this.#options = options;
    this.checks = new ChainChecks(options);
  }

  start(): void {
    this.#later('retention', { firstMs: KEEPING_BEGINS_MS, everyMs: PURGE_EVERY_MS }, () => this.#purge());
    this.#later('chains', { firstMs: CHECK_EVERY_MS, everyMs: CHECK_EVERY_MS }, () => this.checks.startAll());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#cancels.values()) cancel();
    await this.checks.stop();
    await this.#purging;
  }

  #purge(): Promise<unknown> {
    const { database, communities, retention = {}, clock, log } = this.#options;
    const longer = communities.flatMap(({ id, rules }) =>
      rules?.retention === undefined ? [] : [{ id, entryDays: rules.retention.entryDays }],
    );
    const rules = { ...retention, communities: longer };
    const run = purge({ database, rules, clock, log, stopped: () => this.#stopped });
    this.#purging = run.catch(() => undefined);
    return run;
  }

  #later(work: string, when: { firstMs: number; everyMs: number }, run: () => Promise<unknown>): void {
    const { clock, log, leads } = this.#options;
    const next = (milliseconds: number) =>
      this.#cancels.set(
        work,
        clock.after(milliseconds, () => {
          next(when.everyMs);
          if (leads()) run().catch(() => log.error({ work }, 'work of the clock failed'));
        }),
      );
    next(when.firstMs);
  }
}
