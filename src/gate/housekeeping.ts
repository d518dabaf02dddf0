import { wallMs } from '../base/index.ts';
import type { Journal } from '../journal/index.ts';
import type { Clock, Log } from '../ports/index.ts';
import type { ClockReading } from '../time/index.ts';
import type { Policy } from '../wire/index.ts';

/**
 * What a gate does between two scans: signs checkpoints, forgets what is past its date, brings the journal's log back
 * into its database. It never does much at once, and a fault is told and tried again.
 */

export const CHECKPOINT_EVERY_MS = 60 * 60_000;
const TIDY_EVERY_MS = 60_000;
const MS_PER_DAY = 86_400_000;
const MS_PER_HOUR = 3_600_000;

export interface Chores {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly now: () => ClockReading;
  readonly policy: () => Policy;
  /** Last row that the district is known to have. */
  readonly acknowledgedUpTo: () => number;
}

export class Housekeeping {
  readonly #chores: Chores;
  #cancel: (() => void) | undefined;
  #checkpointAt = 0;

  constructor(chores: Chores) {
    this.#chores = chores;
  }

  start(): void {
    this.#cancel = this.#chores.clock.after(TIDY_EVERY_MS, () => {
      void this.tidy().finally(() => this.#cancel && this.start());
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async tidy(): Promise<void> {
    const { journal, clock, log, now } = this.#chores;
    journal.maintain();
    this.#purge(now());
    if (clock.monotonic() < this.#checkpointAt) return;
    this.#checkpointAt = clock.monotonic() + CHECKPOINT_EVERY_MS;
    const { at, quality } = now();
    const signed = await journal.checkpoint({ at, clock: quality });
    if (!signed.ok)
      log.warn({ fault: signed.error.code, detail: signed.error.detail }, 'no checkpoint could be kept');
  }

  /** docs/trust-documents.md: rows keep their content for the policy's days after the acknowledgement, and unsent ones longer. A clock that may be ahead forgets nothing. */
  #purge({ at, quality }: ClockReading): void {
    const { journal, log, policy, acknowledgedUpTo } = this.#chores;
    const { entryDays, unsentHours } = policy().retention;
    const keptMs = entryDays * MS_PER_DAY;
    if (quality === 'unsure') return;
    const purged = journal.purge({
      now: at,
      acknowledgedUpTo: acknowledgedUpTo(),
      olderThan: wallMs(at - keptMs),
      unsentOlderThan: wallMs(at - Math.max(unsentHours * MS_PER_HOUR, keptMs)),
    });
    if (!purged.ok) log.warn({ fault: purged.error.code }, 'old rows could not be purged');
  }
}
